"""The record of a verification as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from intercomp.verify.runner import CaseRecord, Figure, Record
from intercomp.verify.tolerance import worst_element

_LONGEST_LIST = 4


def lines(record: Record) -> Iterator[str]:
    """Each case with its figures, then the sums."""
    for case in record.cases:
        yield from _case(case)
    yield summary(record)


def summary(record: Record) -> str:
    told = f"{len(record.cases)} cases: {record.passed} figures passed, {record.failed} failed"
    return f"{told}, {record.uncovered} uncovered"


def _case(case: CaseRecord) -> Iterator[str]:
    yield f"{case.id} ({case.kind}) — {case.source}" if case.source else f"{case.id} ({case.kind})"
    for figure in case.figures:
        verdict = "pass" if figure.ok else "FAIL"
        yield f"  {verdict}  {figure.name}: {_beside(figure)}, tolerance {figure.tolerance}"
    for name in case.uncovered:
        yield f"  uncovered  {name}"
    yield ""


def _beside(figure: Figure) -> str:
    expected, got = figure.expected, figure.got
    if not figure.ok and not isinstance(expected, list):
        return f"expected {expected!r}, got {got!r}"
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got) > _LONGEST_LIST:
        at = worst_element(expected, got)
        return f"{len(expected)} values, farthest at {at + 1}: expected {shown(expected[at])}, got {shown(got[at])}"
    return f"expected {shown(expected)}, got {shown(got)}"


def shown(value: Any) -> str:
    """A figure for reading: ten significant figures, long lists cut short."""
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list):
        inner = ", ".join(shown(one) for one in value[:_LONGEST_LIST])
        return f"[{inner}, … {len(value)} values]" if len(value) > _LONGEST_LIST else f"[{inner}]"
    return str(value)
