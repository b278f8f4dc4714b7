"""Which results of which laboratories an evaluation finds at fault; pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Object = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One measurand of one laboratory, by its place in the round; without a score where none could be given."""

    position: int
    result: str = ""
    score_kind: str = ""
    score: float | None = None
    signal: str = ""


def faults_of(document: Object) -> dict[str, list[Fault]]:
    """For each laboratory with something at fault, by code: what, in the order of the round.

    An action signal always is. Where the round has a rule and a laboratory failed by it, so is every measurand that kept it from
    passing: a questionable result where the rule asks for satisfactory ones, and a measurand without a score.
    """
    found: defaultdict[str, list[Fault]] = defaultdict(list)
    failed = _failed(document)
    for position, one in enumerate(document.get("measurands") or [document]):
        rows = {row["laboratory"]: row for row in one["scores"]}
        for code, row in rows.items():
            if row["signal"] == "action" or (row["signal"] == "warning" and failed.get(code)):
                used = one["score_used"]
                found[code].append(Fault(position, str(row["result"]), used, float(row[used]), row["signal"]))
        for code in failed.keys() - rows.keys():
            found[code].append(Fault(position, _without_score(one, code)))
    return dict(sorted(found.items()))


def _failed(document: Object) -> dict[str, bool]:
    """The laboratories that failed by the rule of the round; whether questionable results kept them from passing."""
    if "judging" not in document:
        return {}
    judging = document["judging"]
    counts = not judging["rule"]["questionable_passes"]
    return {one["laboratory"]: counts for one in judging["laboratories"] if not one["passed"]}


def _without_score(measurand: Object, code: str) -> str:
    return next(_results(measurand, code), "")


def _results(measurand: Object, code: str) -> Iterator[str]:
    return (str(row["result"] or "") for row in measurand["left_out"] if row["laboratory"] == code)


@dataclass(frozen=True, slots=True)
class Known:
    """A case that there is: where it stands, and the places of the measurands at fault in it."""

    state: str
    positions: frozenset[int]


def what_follows(known: Known | None, faults: list[Fault], *, same_evaluation: bool) -> str:
    """What becomes of a laboratory's case under the evaluation that stands: "open", "renew", "reopen", "resolve" or nothing ("").

    A case that was closed is opened again only by a fault that it did not have; one that a corrigendum settled, by any.
    """
    if known is None:
        return "open" if faults else ""
    if same_evaluation:
        return ""
    standing = known.state not in ("closed", "resolved")
    if not faults:
        return "resolve" if standing else ""
    if standing:
        return "renew"
    fresh = {one.position for one in faults} - known.positions
    return "reopen" if known.state == "resolved" or fresh else ""
