"""What the engine raises: every refusal names what was wrong, where, and how to mend it."""

from __future__ import annotations

from typing import Any


class InputError(ValueError):
    """Data that cannot be taken as they stand; the message names the argument, the row (from 1) and the mend."""

    def __init__(self, argument: str, problem: str, mend: str, *, row: int | None = None, measurand: int | None = None):
        place = argument
        if measurand is not None:
            place += f", measurand {measurand}"
        if row is not None:
            place += f", row {row}"
        super().__init__(f"{place}: {problem}; {mend}")
        self.argument, self.row, self.measurand = argument, row, measurand
        self.problem, self.mend = problem, mend


class NotConverged(ValueError):
    """An iteration that did not settle; `estimate` holds the last iterate, which is not a result."""

    def __init__(self, message: str, estimate: Any = None):
        super().__init__(message)
        self.estimate = estimate


class Degenerate(NotConverged):
    """Data without the spread (or the number) that the estimator needs; `estimate` holds what could be computed."""
