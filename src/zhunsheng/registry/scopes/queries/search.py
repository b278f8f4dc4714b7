"""Search in ten million lines: as of a day, as known on a day, a page at a time from where the last one ended.

Nothing is counted to the end and nothing is skipped over: a page is a walk along an index from a place in it. Each kind of question
walks the index that begins with what it fixes; several regions or methods are walked one after the other, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from itertools import groupby, product
from operator import or_
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.models import Matrix
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.states import Status

PAGE = 25
COUNTED = 200
"""Each line counted is a look at the table, somewhere; so many are told exactly, of more it is said that there are more."""
WALKED_APART, WALKED_APART_THERE = 60, 5
"""So many matrices are walked one after the other in the whole country, and in one region; of more of them the regions are walked,
which hold enough of them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for; an empty part does not narrow the search. `status` "" is any, else a status that is stored."""

    on: date
    known_on: date
    parameter: int | None = None
    matrices: tuple[int, ...] = ()
    methods: tuple[int, ...] = ()
    institutions: tuple[UUID, ...] = ()
    region: str = ""
    status: str = Status.ACTIVE.value


@dataclass(frozen=True, slots=True)
class Found:
    """One page of lines, and from where the pages after and before it begin; "" where there is none."""

    lines: list[ScopeLine]
    following: str
    preceding: str


@dataclass(frozen=True, slots=True)
class Walk:
    """How the answer lies in an index: stretches of it, one after the other, each in the order of these columns."""

    stretches: tuple[Q, ...]
    order: tuple[str, ...]


def lines_asked(question: Question) -> QuerySet[ScopeLine]:
    """The lines that answer a question, in no order."""
    asked = ScopeLine.objects.filter(known(question.known_on), holding(question.on))
    if question.status:
        asked = asked.filter(status=question.status)
    if question.parameter is not None:
        asked = asked.filter(parameter=question.parameter)
    if question.matrices:
        asked = asked.filter(matrix__in=question.matrices)
    if question.institutions:
        asked = asked.filter(institution__in=question.institutions)
    return asked


def scope_search(
    question: Question, *, after: str = "", before: str = "", size: int = PAGE, walk: Walk | None = None
) -> Found:
    """One page of the answer: the first, or the one after or before a place that an earlier page gave."""
    walk = walk or walk_of(question)
    place = _place(after or before, walk)
    backwards = place is not None and not after
    rows = list(_rows(question, walk, place, backwards=backwards, most=size + 1))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    lines = _lines([row[-1] for row in rows])
    has_next, has_previous = (True, more) if backwards else (more, place is not None)
    return Found(
        lines, following=_written(rows[-1]) if rows and has_next else "",
        preceding=_written(rows[0]) if rows and has_previous else "",
    )  # fmt: skip


def count_up_to(question: Question, most: int = COUNTED, *, walk: Walk | None = None) -> int:
    """How many lines answer, counted no further than one above `most`."""
    counted = 0
    for stretch in (walk or walk_of(question)).stretches:
        counted += lines_asked(question).filter(stretch).order_by()[: most + 1 - counted].count()
        if counted > most:
            break
    return counted


def every_line(question: Question, *, most: int) -> Iterator[ScopeLine]:
    """The lines that answer, in the order of the pages, at most so many; for a file."""
    walk = walk_of(question)
    keys = [row[-1] for row in _rows(question, walk, None, backwards=False, most=most)]
    for start in range(0, len(keys), 500):
        yield from _lines(keys[start : start + 500])


def walk_of(question: Question) -> Walk:
    """Which index to walk: the one that begins with the most telling part of the question."""
    places = _ranges(question.region, question.on)
    if question.institutions:
        narrowed = Q(method__in=question.methods) if question.methods else Q()
        somewhere = reduce(or_, places)
        return Walk((narrowed & somewhere,), ("parameter_id", "matrix_id", "id"))
    if question.parameter is not None:
        narrowed = Q(method__in=question.methods) if question.methods else Q()
        return Walk(tuple(narrowed & place for place in places), ("region_code", "matrix_id", "id"))
    if question.methods:
        return _apart("method", question.methods, places)
    most = WALKED_APART_THERE if question.region else WALKED_APART
    if question.matrices and len(used := matrices_in_use(question.matrices)) <= most:
        return _apart("matrix", used, places)
    return Walk(tuple(places), ("region_code", "institution_id", "id"))


def matrices_in_use(matrices: Sequence[int]) -> list[int]:
    """Those of these matrices that any line names: one look into an index for each."""
    named = ScopeLine.objects.filter(matrix=OuterRef("pk")).order_by()
    return list(Matrix.objects.filter(Exists(named), pk__in=matrices).order_by("pk").values_list("pk", flat=True))


def _apart(field: str, keys: Sequence[int], places: Sequence[Q]) -> Walk:
    stretches = tuple(Q(**{field: key}) & place for key, place in product(sorted(keys), places))
    return Walk(stretches, (f"{field}_id", "region_code", "id"))


def _ranges(region: str, on: date) -> list[Q]:
    """The codes of all places within a region, in order: a range for each province that they begin with, and in it what belongs."""
    if not region:
        return [Q()]
    return [
        Q(region_code__gte=bounds[0][0], region_code__lte=bounds[-1][1]) & (_any(bounds) if len(bounds) > 1 else Q())
        for bounds in _bounds(region, on)
    ]


@lru_cache(maxsize=4096)
def _bounds(region: str, on: date) -> tuple[tuple[tuple[str, str], ...], ...]:
    """First and last codes of ranges, by province. Kept: the regions of a day do not change while the program runs."""
    prefixes, codes = regions.codes_within(region, on)
    ends = [(prefix.ljust(6, "0"), prefix.ljust(6, "9")) for prefix in prefixes] + [(c, c) for c in codes | {region}]
    return tuple(tuple(_merged(list(group))) for _, group in groupby(sorted(ends), key=lambda one: one[0][:2]))


def _merged(bounds: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    merged: list[tuple[str, str]] = []
    for first, last in bounds:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _any(bounds: Sequence[tuple[str, str]]) -> Q:
    found = Q()
    for first, last in bounds:
        found |= Q(region_code__gte=first, region_code__lte=last)
    return found


def _rows(
    question: Question, walk: Walk, place: tuple[Any, ...] | None, *, backwards: bool, most: int
) -> Iterator[tuple[Any, ...]]:
    """The values of the order, row by row, from a place on (or back from it)."""
    order = [f"-{name}" for name in walk.order] if backwards else list(walk.order)
    asked, left = lines_asked(question).order_by(*order), most
    if place is not None:
        asked = asked.filter(Beyond(walk.order, place, backwards=backwards))
    for stretch in reversed(walk.stretches) if backwards else walk.stretches:
        rows = list(asked.filter(stretch).values_list(*walk.order)[:left])
        yield from rows
        left -= len(rows)
        if left <= 0:
            return


def _lines(keys: Sequence[UUID]) -> list[ScopeLine]:
    named = ("institution__merged_into", "site", "parameter", "matrix", "method__standard")
    rows = ScopeLine.objects.select_related(*named).in_bulk(keys)
    return [rows[key] for key in keys]


class Beyond(Func):
    """(a, b, c) > (x, y, z): both databases walk an index from there, which they do not for the same said with AND and OR."""

    output_field: ClassVar[Any] = BooleanField()
    arity = None

    def __init__(self, names: Sequence[str], values: Sequence[Any], *, backwards: bool) -> None:
        fields = [ScopeLine._meta.get_field(name.removesuffix("_id")) for name in names]
        targets: list[Any] = [getattr(field, "target_field", field) for field in fields]
        super().__init__(
            *(F(name) for name in names),
            *(Value(value, output_field=target) for value, target in zip(values, targets, strict=True)),
        )
        self.sign, self.width = "<" if backwards else ">", len(names)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        said = [compiler.compile(one) for one in self.get_source_expressions()]
        left, right = (", ".join(sql for sql, _ in half) for half in (said[: self.width], said[self.width :]))
        return f"({left}) {self.sign} ({right})", tuple(one for _, params in said for one in params)


def _key(text: str) -> int:
    """A key as both databases hold it. Raises ValueError for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValueError(text)
    return int(text)


def _code(text: str) -> str:
    if not (text.isascii() and text.isalnum()):
        raise ValueError(text)
    return text


READERS: dict[str, Callable[[str], Any]] = {"region_code": _code, "id": UUID, "institution_id": UUID}


def _written(row: Sequence[Any]) -> str:
    return "_".join(value.hex if isinstance(value, UUID) else str(value) for value in row)


def _place(text: str, walk: Walk) -> tuple[Any, ...] | None:
    """A place that an address names; None for one that does not fit the question, whose first page is shown then."""
    parts = text.split("_")
    if len(parts) != len(walk.order):
        return None
    try:
        return tuple(READERS.get(name, _key)(part[:40]) for name, part in zip(walk.order, parts, strict=True))
    except ValueError:
        return None
