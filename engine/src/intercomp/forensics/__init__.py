"""Forensics: patterns in reported data that honest measurement seldom makes, as pure functions with gates.

Every test says when it does not apply, returns evidence with an effect size and innocent explanations, and has a
measured false-alarm rate (`benchmarks/forensic_sizes.py`). A finding is a question, never a verdict.
"""
# ruff: noqa: F401 -- these imports are the names of this package

from intercomp.forensics.arithmetic import FORMULAE, Arithmetic, formula_possible, mean_possible, sd_possible
from intercomp.forensics.copying import CopiedPairs, copied_results, match_chance, pairs_by_name
from intercomp.forensics.equal_spreads import geary_ratios, spreads_too_equal
from intercomp.forensics.finding import Finding
from intercomp.forensics.invented_replicates import mean_in_triple
from intercomp.forensics.last_digits import e_process, last_digit_counts, last_digits, log10_e_values
from intercomp.forensics.multiplicity import Discoveries, benjamini_hochberg, e_bh, merge_e, p_to_e
from intercomp.forensics.quality_control import VarianceRatios, pt_against_qc, variance_ratios
from intercomp.forensics.small_variance import LowVariances, replicate_variances, scores_too_good
