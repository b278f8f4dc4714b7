"""The results of one laboratory over rounds, from the ledger; with who found them and how, for the laboratory itself alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from zhunsheng.activities.proficiency.collect.models import Value
from zhunsheng.activities.proficiency.follow.rules.trends import Entered, Point, points_of
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.queries import by_pair, current, results_of
from zhunsheng.capability.profile.rules import Trend, trends
from zhunsheng.registry.catalogue.models import Matrix, Parameter

KIND = "proficiency_result"
Place = tuple[UUID, int]
"""A round and the place of a measurand in it."""


@dataclass(frozen=True, slots=True)
class Run:
    """How one item runs: its lines of evidence and what they say together."""

    parameter: Parameter
    matrix: Matrix
    lines: list[Evidence]
    trend: Trend


def runs_of(evidence: QuerySet[Evidence], family: Collection[UUID], *, on: date) -> list[Run]:
    """Every item with a result in a round, by name; one query. `evidence` is what the asker may see."""
    rows = current(evidence, on=on, known_on=on).filter(institution__in=family, kind=KIND)
    found = by_pair(rows.select_related("parameter", "matrix"))
    drawn = trends([results_of(lines) for lines in found.values()])
    runs = [
        Run(lines[0].parameter, lines[0].matrix, lines, trend)
        for lines, trend in zip(found.values(), drawn, strict=True)
    ]
    return sorted(runs, key=lambda one: (one.parameter.code, one.matrix.code))


def points(run: Run, *, own: Collection[UUID] = ()) -> list[Point]:
    """The rounds of an item, oldest first; for the families `own`, with who found each result and by which method."""
    kinds = {str(one.pk): one.payload["score_kind"] for one in run.lines}
    return points_of(run.trend, kinds, entered_by(run.lines, own) if own else {})


def entered_by(lines: Sequence[Evidence], own: Collection[UUID]) -> dict[str, Entered]:
    """What the laboratories `own`, and nobody else, entered here for these results; one query."""
    places = {str(one.pk): place for one in lines if (place := place_of(one.source))}
    rows = Value.objects.filter(
        submission__participation__round__in={round_ for round_, _ in places.values()},
        submission__participation__identity__institution__in=own,
    ).order_by("replicate")
    said: defaultdict[Place, list[tuple[str, str]]] = defaultdict(list)
    columns = ("submission__participation__round_id", "measurand__position", "analyst", "method__number", "method_text")
    for round_, position, analyst, number, written in rows.values_list(*columns):
        said[round_, position].append((analyst.strip(), (number or written).strip()))
    return {
        key: Entered(_each(a for a, _ in said[place]), _each(m for _, m in said[place]))
        for key, place in places.items()
    }


def place_of(source: str) -> Place | None:
    """Which measurand of which round a line of evidence comes from; None for one that comes from elsewhere."""
    parts = source.split(":")
    if len(parts) != 3 or parts[0] != "round" or not parts[2].isdigit():
        return None
    try:
        return UUID(parts[1]), int(parts[2])
    except ValueError:
        return None


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one for one in texts if one}))


def lines_of_rounds(rounds: Collection[UUID], family: Collection[UUID]) -> QuerySet[Evidence]:
    """What these rounds have shown about a laboratory: for the provider that held them."""
    mine = Evidence.objects.filter(institution__in=family, kind=KIND)
    wanted = {
        pk for pk, source in mine.values_list("pk", "source") if (place := place_of(source)) and place[0] in rounds
    }
    return Evidence.objects.filter(pk__in=wanted)
