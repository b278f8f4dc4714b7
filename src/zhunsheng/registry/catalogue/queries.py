"""The questions asked of the catalogue: what is meant by these words, and in which state standards are on a day."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, When

from zhunsheng.foundation.calendar.validity import end_of
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, ParameterName, Standard, StandardState
from zhunsheng.registry.catalogue.rules.standard_numbers import read_standard_number
from zhunsheng.registry.catalogue.rules.standard_states import Change, changes, otherwise, state_on, timeline
from zhunsheng.registry.catalogue.rules.writing import clean

SUGGESTED = 12
OWN_NAMES = ("name_zh", "name_en", "code", "cas")


@dataclass(frozen=True, slots=True)
class Match:
    """A parameter that was looked for, and the other name by which it was found, if it was not one of its own."""

    parameter: Parameter
    also_called: str


@dataclass(frozen=True, slots=True)
class StandardOnDay:
    """A standard on a day: the row that says its state, the rows that contradict it, and what comes next."""

    row: StandardState | None
    otherwise: list[StandardState]
    following: StandardState | None


def rank(words: str, *fields: str) -> Case:
    """0 where a field is exactly the words, 1 where one begins with them, 2 elsewhere."""

    def any_of(how: str) -> Q:
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__{how}": words})
        return found

    exact, begins = any_of("iexact"), any_of("istartswith")
    return Case(When(exact, then=0), When(begins, then=1), default=2, output_field=IntegerField())


def parameters_named(words: str) -> QuerySet[Parameter]:
    """Parameters of which a name in either language, another name, the CAS number or the code holds these words; the best first."""
    words = clean(words)
    own = Q()
    for field in OWN_NAMES:
        own |= Q(**{f"{field}__icontains": words})
    other = ParameterName.objects.filter(name__icontains=words).values("parameter")
    return Parameter.objects.filter(own | Q(pk__in=other)).order_by(rank(words, *OWN_NAMES), "name_en", "pk")


def suggested_parameters(words: str, *, most: int = SUGGESTED) -> list[Match]:
    """The parameters that are probably meant by what was typed so far: exact, then beginning so, then holding it; three queries."""
    if not (words := clean(words)):
        return []
    own = Q()
    for field in OWN_NAMES:
        own |= Q(**{f"{field}__icontains": words})
    ranked = Parameter.objects.filter(own).annotate(rank=rank(words, *OWN_NAMES)).order_by("rank", "name_en", "pk")
    found = [(r, "", pk) for pk, r in ranked.values_list("pk", "rank")[:most]]
    others = ParameterName.objects.filter(name__icontains=words).annotate(rank=rank(words, "name"))
    found += [
        (r, name, pk)
        for pk, r, name in others.order_by("rank", "name", "pk").values_list("parameter", "rank", "name")[:most]
    ]
    best: dict[int, str] = {}
    for _, name, pk in sorted(found, key=lambda one: (one[0], bool(one[1]))):
        best.setdefault(pk, name)
    rows = Parameter.objects.in_bulk(list(best)[:most])
    return [Match(rows[pk], name) for pk, name in list(best.items())[:most]]


def matrices_named(words: str) -> QuerySet[Matrix]:
    """Matrices of which a name, the code or the field holds these words; the best first."""
    words = clean(words)
    held = Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(code__icontains=words)
    return Matrix.objects.filter(held | Q(field__iexact=words)).order_by(
        rank(words, "name_zh", "name_en", "code"), "name_en", "pk"
    )


def parts_of(matrix: Matrix) -> list[int]:
    """The keys of a matrix and of all that lies within it: asked of the whole tree, which is small, in one query."""
    within: dict[int | None, list[int]] = {}
    for pk, whole in Matrix.objects.order_by().values_list("pk", "within"):
        within.setdefault(whole, []).append(pk)
    found = [matrix.pk]
    for pk in found:  # grows while it is walked
        found.extend(within.get(pk, ()))
    return found


def wholes_of(matrix: Matrix) -> list[int]:
    """The keys of all that a matrix lies within, the narrowest first; in one query."""
    whole = dict(Matrix.objects.order_by().values_list("pk", "within"))
    return list(_above(matrix.pk, whole))


def relatives() -> dict[int, set[int]]:
    """For each matrix its own key, those of all that it lies within and of all that lies within it; one query."""
    whole = dict(Matrix.objects.order_by().values_list("pk", "within"))
    found = {key: {key} for key in whole}
    for key in whole:
        for above in _above(key, whole):
            found[key].add(above)
            found[above].add(key)
    return found


def _above(key: int, whole: Mapping[int, int | None]) -> Iterator[int]:
    while (above := whole.get(key)) is not None:
        yield above
        key = above


def standards_named(words: str) -> QuerySet[Standard]:
    """Standards whose number (however it was typed) or title holds these words; the best first."""
    words = clean(words)
    read = read_standard_number(words).number
    typed = str(read) if read else words
    held = Q(number__icontains=words) | Q(number__istartswith=typed)
    held |= Q(name_zh__icontains=words) | Q(name_en__icontains=words)
    return Standard.objects.filter(held).order_by(rank(typed, "number", "name_zh", "name_en"), "number")


def methods_named(words: str) -> QuerySet[Method]:
    """Methods whose number (however it was typed) or name holds these words; the best first."""
    words = clean(words)
    read = read_standard_number(words).number
    typed = str(read) if read else words
    held = Q(number__icontains=words) | Q(number__istartswith=typed)
    held |= Q(name_zh__icontains=words) | Q(name_en__icontains=words)
    return Method.objects.filter(held).order_by(rank(typed, "number", "name_zh", "name_en"), "number")


def with_state(standards: QuerySet[Standard], *, on: date, known_on: date) -> QuerySet[Standard]:
    """Standards with `state`, that of a day as known on a day, for lists to filter by; the same as `state_on` finds."""
    by_then = StandardState.objects.filter(recorded_at__lt=end_of(known_on))
    corrected = by_then.filter(supersedes=OuterRef("pk"))
    said = by_then.filter(~Exists(corrected), standard=OuterRef("pk"), valid_from__lte=on)
    newest = said.order_by("-valid_from", "-recorded_at", "-pk")
    return standards.annotate(state=Subquery(newest.values("state")[:1]))


def in_state(standards: QuerySet[Standard], state: str, *, on: date, known_on: date) -> QuerySet[Standard]:
    """Those of these standards that are in a state on a day, as known on a day."""
    return with_state(standards, on=on, known_on=known_on).filter(Q(state=state))


def states_of(standards: Collection[int], *, on: date, known_on: date) -> dict[int, StandardOnDay]:
    """The state of each of these standards (by key) on a day, as known when a day ended, in one query."""
    known = end_of(known_on)
    rows = rows_of(standards, known_on=known_on)
    found = {}
    for key in standards:
        own = rows.get(key, [])
        later = [row for row in timeline(own, known) if row.valid_from > on]
        found[key] = StandardOnDay(state_on(own, on, known), otherwise(own, on, known), next(iter(later), None))
    return found


def rows_of(standards: Iterable[int], *, known_on: date) -> dict[int, list[StandardState]]:
    """All that was recorded about these standards until a day ended."""
    by_then = StandardState.objects.filter(standard__in=standards, recorded_at__lt=end_of(known_on))
    rows: dict[int, list[StandardState]] = {}
    for row in by_then.select_related("standard", "replacement"):
        rows.setdefault(row.standard_id, []).append(row)
    return rows


def changed_standards(*, after: date, until: date, known_on: date) -> list[Change[int, StandardState]]:
    """Every change of a standard's state after a day, up to and with another: what has happened and what is announced. Two queries."""
    begun = StandardState.objects.filter(
        valid_from__gt=after, valid_from__lte=until, recorded_at__lt=end_of(known_on)
    ).values_list("standard", flat=True)
    rows = rows_of(list(begun.distinct().order_by()), known_on=known_on)
    return changes(rows, after=after, until=until, known=end_of(known_on))


def methods_by_standard(standards: Iterable[int]) -> dict[int, list[Method]]:
    """The methods that rest on each of these standards."""
    found: dict[int, list[Method]] = {}
    for method in Method.objects.filter(standard__in=standards):
        found.setdefault(method.standard_id or 0, []).append(method)
    return found
