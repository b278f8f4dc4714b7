"""Statistics of interlaboratory comparison."""
# ruff: noqa: F401 -- these imports are the public names

from intercomp import forensics
from intercomp.algorithm_s import RobustScale, algorithm_s, algorithm_s_factors
from intercomp.anova import Anova, MeanSd, NestedAnova, anova, mean_sd, nested_anova
from intercomp.assigned_value import (
    ASSIGNED_METHODS,
    AssignedValue,
    ComparedValue,
    ReferenceComparison,
    assigned_by,
    by_comparison,
    by_expert_laboratories,
    by_formulation,
    by_reference_material,
    compare_with_reference,
)
from intercomp.bayes import HierarchicalBayes, hierarchical_bayes
from intercomp.bootstrap_consensus import BootstrapConsensus, dersimonian_laird_bootstrap
from intercomp.budget import (
    Budget,
    MonteCarlo,
    MultivariateBudget,
    Quantity,
    budget,
    calibration_line,
    monte_carlo,
    observed,
    type_a,
)
from intercomp.censored import Censored, MaximumLikelihood, censored, censored_likelihood, parse_limits
from intercomp.comparison_median import ComparisonMedian, comparison_median, weighted_median
from intercomp.consensus import (
    CONSENSUS_METHODS,
    Consensus,
    dersimonian_laird,
    hartung_knapp,
    mandel_paule,
    reml,
    weighted_mean,
)
from intercomp.decision_tree import DecisionTree, decision_tree
from intercomp.drift import Drift, corrected, joint_covariance, linear_drift, loop_drift
from intercomp.equivalence import (
    BilateralDegrees,
    DegreesOfEquivalence,
    bilateral_degrees,
    degrees_of_equivalence,
    e_n_matrix,
    leave_one_out,
)
from intercomp.errors import Degenerate, InputError, NotConverged
from intercomp.evaluation import Diagnostics, RoundEvaluation, evaluate_round
from intercomp.homogeneity import Homogeneity, HomogeneityGuide35, homogeneity, homogeneity_factors, homogeneity_guide35
from intercomp.kernel_density import KernelDensity, Mode, kernel_density
from intercomp.m_estimates import hampel, huber, q_hampel
from intercomp.pairwise import q_method, qn, qn_correction, sn, sn_correction
from intercomp.pool import LinearPool, linear_pool
from intercomp.precision import (
    Flag,
    LeftOut,
    OutlierTest,
    Precision,
    RobustPrecision,
    Scrutiny,
    SplitLevel,
    Step,
    Youden,
    cochran_critical,
    cochran_test,
    grubbs_critical,
    grubbs_double_critical,
    grubbs_double_test,
    grubbs_test,
    mandel_h_critical,
    mandel_k_critical,
    precision,
    robust_precision,
    scrutinise,
    split_level,
    youden,
)
from intercomp.qualitative import (
    Categories,
    Proportion,
    Screening,
    nominal,
    ordinal,
    ordinal_distances,
    proportion,
    sensitivity_specificity,
)
from intercomp.rater_agreement import Agreement, QualitativePrecision, accordance_concordance, agreement
from intercomp.resampling import ESTIMATORS, Bootstrap, bootstrap
from intercomp.robust import RobustEstimate, algorithm_a, algorithm_a_iterations, mad_e, median, niqr
from intercomp.scores import (
    deviation,
    deviation_percent,
    e_n,
    p_a,
    rsz,
    score_for,
    signals,
    ssz,
    u_is_negligible,
    uncertainty_flags,
    z,
    z_prime,
    zeta,
)
from intercomp.sigma_pt import (
    SIGMA_METHODS,
    PreviousRounds,
    SigmaPt,
    by_perception,
    by_precision_experiment,
    by_prescription,
    by_previous_rounds,
    horwitz,
    sigma_from,
)
from intercomp.skew_bayes import SkewStudentBayes, hierarchical_skew_student
from intercomp.small_samples import mean_absolute_scale, score_ceiling
from intercomp.stability import Stability, StabilityTrend, stability, stability_trend, transport
from intercomp.subset import LargestConsistentSubset, largest_consistent_subset
from intercomp.trends import Cusum, Ewma, Prediction, Shewhart, cusum, ewma, predict_next, shewhart

__version__ = "0.1.0"
