"""Precision experiments: accuracy of a measurement method by interlaboratory study (ISO 5725-2 and -5)."""
# ruff: noqa: F401 -- these imports are the names of this package

from intercomp.precision.critical import (
    cochran_critical,
    grubbs_critical,
    grubbs_double_cdf,
    grubbs_double_critical,
    mandel_h_critical,
    mandel_k_critical,
)
from intercomp.precision.estimates import LeftOut, Precision, precision
from intercomp.precision.outliers import OutlierTest, cochran_test, grubbs_double_test, grubbs_test
from intercomp.precision.robust import RobustPrecision, robust_precision
from intercomp.precision.scrutiny import Flag, Scrutiny, Step, scrutinise
from intercomp.precision.split_level import SplitLevel, split_level
from intercomp.precision.youden import Youden, youden
