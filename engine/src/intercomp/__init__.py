"""Statistics of interlaboratory comparison."""

__version__ = "0.1.0"
