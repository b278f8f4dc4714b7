"""Statistics of interlaboratory comparison."""
# ruff: noqa: F401 -- these imports are the public names

from intercomp.algorithm_s import RobustScale, algorithm_s, algorithm_s_factors
from intercomp.anova import Anova, MeanSd, NestedAnova, anova, mean_sd, nested_anova
from intercomp.assigned_value import ASSIGNED_METHODS, AssignedValue, assigned_by
from intercomp.errors import Degenerate, InputError, NotConverged
from intercomp.homogeneity import Homogeneity, HomogeneityGuide35, homogeneity, homogeneity_factors, homogeneity_guide35
from intercomp.m_estimates import hampel, huber, q_hampel
from intercomp.pairwise import q_method, qn, qn_correction, sn, sn_correction
from intercomp.precision import (
    Flag,
    LeftOut,
    OutlierTest,
    Precision,
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
    scrutinise,
    split_level,
    youden,
)
from intercomp.robust import RobustEstimate, algorithm_a, algorithm_a_iterations, mad_e, median, niqr
from intercomp.scores import e_n, signals, u_is_negligible, z, z_prime, zeta
from intercomp.sigma_pt import SIGMA_METHODS, SigmaPt, horwitz, sigma_from
from intercomp.small_samples import mean_absolute_scale, score_ceiling
from intercomp.stability import Stability, StabilityTrend, stability, stability_trend, transport

__version__ = "0.1.0"
