"""What a change of a standard's state touches: methods, and the scope lines that name them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.catalogue.models import Method, StandardState
from zhunsheng.registry.catalogue.queries import changed_standards, methods_by_standard
from zhunsheng.registry.catalogue.rules.standard_states import Change
from zhunsheng.registry.catalogue.states import STEPS
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.states import Status

LOOK_BACK, LOOK_AHEAD = timedelta(days=90), timedelta(days=365)
"""How far the watch looks unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A change of a standard, the methods that rest on it, and how many lines and institutions name them."""

    change: Change[int, StandardState]
    methods: Sequence[Method]
    lines: int
    institutions: int


def touched_by(standards: Collection[int], *, on: date, known_on: date) -> QuerySet[ScopeLine]:
    """The lines in force on a day, suspended ones too, whose method rests on one of these standards (by key)."""
    methods = Method.objects.filter(standard__in=standards)
    rows = ScopeLine.objects.filter(holding(on), known(known_on), method__in=methods)
    return rows.exclude(status=Status.CANCELLED)


def watched(lines: QuerySet[ScopeLine], *, after: date, until: date, on: date, known_on: date) -> list[Touched]:
    """The changes of standards between two days with what each touches among `lines` (those a visitor looks after); five queries.

    A change that touches none of them is told too: its methods may be entered later.
    """
    changes = changed_standards(after=after, until=until, known_on=known_on)
    methods = methods_by_standard({change.standard for change in changes})
    counted = _counts(lines, [m.pk for group in methods.values() for m in group], on=on, known_on=known_on)
    return [_touched(change, methods.get(change.standard, []), counted) for change in changes]


def _counts(
    lines: QuerySet[ScopeLine], methods: Collection[int], *, on: date, known_on: date
) -> dict[int, list[tuple[UUID, int]]]:
    """For each method, the institutions that name it and in how many lines; an institution that was merged counts as the one kept."""
    held = lines.filter(holding(on), known(known_on), method__in=methods).exclude(status=Status.CANCELLED)
    kept = Coalesce("institution__merged_into", "institution")
    found: dict[int, list[tuple[UUID, int]]] = {}
    for method, institution, n in held.order_by().values_list("method", kept).annotate(n=Count("pk")):
        found.setdefault(method, []).append((institution, n))
    return found


def _touched(
    change: Change[int, StandardState], methods: Sequence[Method], counted: dict[int, list[tuple[UUID, int]]]
) -> Touched:
    rows = [row for method in methods for row in counted.get(method.pk, ())]
    return Touched(change, methods, sum(n for _, n in rows), len({institution for institution, _ in rows}))


def institutions_touched(
    lines: QuerySet[ScopeLine], standard: int, *, on: date, known_on: date
) -> list[tuple[Institution, int]]:
    """The institutions with lines that name a standard, those with the most first."""
    methods = Method.objects.filter(standard=standard).values_list("pk", flat=True)
    totals: dict[UUID, int] = {}
    for rows in _counts(lines, list(methods), on=on, known_on=known_on).values():
        for institution, n in rows:
            totals[institution] = totals.get(institution, 0) + n
    named = _institutions(totals)
    return sorted(
        ((named[key], n) for key, n in totals.items()), key=lambda one: (-one[1], one[0].name_zh, str(one[0].pk))
    )


def _institutions(keys: Iterable[UUID]) -> dict[UUID, Institution]:
    wanted, found = sorted(keys), {}
    for start in range(0, len(wanted), 500):
        found.update(Institution.objects.in_bulk(wanted[start : start + 500]))
    return found


def own_lines_touched(
    lines: QuerySet[ScopeLine], found: Sequence[Touched], *, on: date, known_on: date
) -> dict[int, list[ScopeLine]]:
    """For each changed standard (by key), the lines that name it: for a laboratory's own list; one query."""
    standard_of = {method.pk: one.change.standard for one in found for method in one.methods}
    rows = lines.filter(holding(on), known(known_on), method__in=standard_of).exclude(status=Status.CANCELLED)
    touched: dict[int, list[ScopeLine]] = {}
    for line in rows.select_related("parameter", "matrix", "method").order_by("parameter__code", "matrix__code", "pk"):
        touched.setdefault(standard_of[line.method_id], []).append(line)
    return touched


def touched_institutions(
    lines: QuerySet[ScopeLine], *, after: date, until: date, on: date, known_on: date
) -> Iterator[tuple[Change[int, StandardState], Institution, int]]:
    """Every standard that stops being current between two days, with each institution whose lines still name it, and how many lines."""
    changes = changed_standards(after=after, until=until, known_on=known_on)
    ended = [change for change in changes if STEPS[change.after.state] > STEPS["current"]]
    methods = methods_by_standard({change.standard for change in ended})
    counted = _counts(lines, [m.pk for group in methods.values() for m in group], on=on, known_on=known_on)
    named = _institutions({institution for rows in counted.values() for institution, _ in rows})
    for change in ended:
        totals: dict[UUID, int] = {}
        for method in methods.get(change.standard, ()):
            for institution, n in counted.get(method.pk, ()):
                totals[institution] = totals.get(institution, 0) + n
        yield from ((change, named[key], totals[key]) for key in sorted(totals))


def items_tested_by(
    methods: Collection[int], items: Collection[tuple[int, int]], *, on: date, known_on: date
) -> dict[int, set[tuple[int, int]]]:
    """For each of these methods, which of these items (parameter, matrix) any line in force names with it; one query, none for nothing.

    A round names no method: that laboratories test its item by a method is what their scopes, which are public, say.
    """
    if not methods or not items:
        return {}
    wanted = set(items)
    lines = ScopeLine.objects.filter(
        holding(on), known(known_on), method__in=methods, parameter__in={one for one, _ in wanted}, matrix__in={one for _, one in wanted}
    )  # fmt: skip
    named: dict[int, set[tuple[int, int]]] = {}
    for method, *item in (
        lines.exclude(status=Status.CANCELLED).order_by().values_list("method", "parameter", "matrix").distinct()
    ):
        if (item[0], item[1]) in wanted:
            named.setdefault(method, set()).add((item[0], item[1]))
    return named
