"""Statistics of interlaboratory comparison."""
# ruff: noqa: F401 -- these imports are the public names

from intercomp.assigned_value import ASSIGNED_METHODS, AssignedValue, assigned_by
from intercomp.errors import Degenerate, InputError, NotConverged
from intercomp.robust import RobustEstimate, algorithm_a, algorithm_a_iterations, mad_e, median, niqr
from intercomp.scores import e_n, signals, u_is_negligible, z, z_prime, zeta
from intercomp.sigma_pt import SIGMA_METHODS, SigmaPt, horwitz, sigma_from

__version__ = "0.1.0"
