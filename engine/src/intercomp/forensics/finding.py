"""What every forensic test returns: a pattern with its evidence, or the reason why the test does not apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One test on one data set. A finding is a question to the laboratory, never a verdict about it.

    applicable: whether the gate was passed; if not, `reason` says why and there is no p · p under honest measurement,
    e the evidence value for running monitoring (`e_bh`) · effect, the size that must matter as well (its meaning in
    `effect_name`) · says: the pattern in one sentence · innocent: explanations to rule out first · detail: the figures
    behind it, for recomputation · version: of the test.
    """

    test: str
    applicable: bool
    n: int
    statistic: float | None = None
    p: float | None = None
    e: float | None = None
    effect: float | None = None
    effect_name: str = ""
    says: str = ""
    innocent: tuple[str, ...] = ()
    reason: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    version: str = "1"


def not_applicable(test: str, n: int, reason: str) -> Finding:
    """The gate is shut: no p value, which is not the same as p = 1."""
    return Finding(test, applicable=False, n=n, reason=reason)
