"""Statistics of interlaboratory comparison."""

from intercomp.errors import Degenerate as Degenerate
from intercomp.errors import InputError as InputError
from intercomp.errors import NotConverged as NotConverged

__version__ = "0.1.0"
