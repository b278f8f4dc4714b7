"""How the self-checks of an area add up: who is how far, which problems were found, who found none in anything.

Figures are of what was submitted and not given back since; they are kept with every verb, and `recounted` and `turned_out` count the
same from the forms themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast, Left

from zhunsheng.activities.campaigns.selfcheck.models import Answer, Call, SelfCheck, Tally, Turnout
from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS, NOT_APPLICABLE, PROBLEM, SELFCHECK

PREFECTURE = 4
HANDED_IN = Q(submitted_at__isnull=False) & ~Q(state="returned")
"""Whose word stands."""


def lies_in(within: str, path: str) -> Q:
    """Rows whose code begins with these digits: a range of numbers, which an index finds and every collation sorts alike."""
    if not within:
        return Q()
    return Q(**{f"{path}__gte": within, f"{path}__lt": f"{int(within) + 1:0{len(within)}}"})


@dataclass(slots=True)
class Counts:
    """How often each answer was submitted to an item."""

    by_answer: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ANSWERS, 0))

    @property
    def answered(self) -> int:
        return sum(self.by_answer.values())

    @property
    def problems(self) -> int:
        return self.by_answer[PROBLEM]

    @property
    def share(self) -> float | None:
        """Problems among the answers to which the item applies; None where there is none."""
        applying = self.answered - self.by_answer[NOT_APPLICABLE]
        return self.problems / applying if applying else None

    def add(self, other: "Counts") -> None:
        for answer, n in other.by_answer.items():
            self.by_answer[answer] += n


@dataclass(slots=True)
class Progress:
    """How many institutions of a place are how far."""

    by_state: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SELFCHECK.states, 0))
    handed_in: int = 0
    without_a_problem: int = 0
    """handed in with “no problem found” or “not applicable” in every item: a fact to look at, no merit"""

    @property
    def all(self) -> int:
        return sum(self.by_state.values())

    @property
    def missing(self) -> int:
        return self.all - self.handed_in

    @property
    def late(self) -> int:
        """Not handed in where the last day is over; what was made final without a word is waited for no more."""
        return self.by_state["open"] + self.by_state["returned"]

    @property
    def zero_share(self) -> float | None:
        return self.without_a_problem / self.handed_in if self.handed_in else None

    def add(self, other: "Progress") -> None:
        for state, n in other.by_state.items():
            self.by_state[state] += n
        self.handed_in += other.handed_in
        self.without_a_problem += other.without_a_problem


def by_item(call: Call, *, within: str = "", field: str = "") -> dict[int, Counts]:
    """Number of the item → how it was answered in an area and a field, from the tallies; below the prefecture counted anew.

    `within`: first digits of region codes (none: everywhere). `field`: a code of the catalogue (none: whatever they test).
    """
    if len(within) > PREFECTURE:
        return recounted(call, within=within, field=field)
    rows = Tally.objects.filter(lies_in(within, "prefecture"), call=call, field=field).order_by()
    return _by_item(call, rows.values_list("item").annotate(*(Sum(one) for one in ANSWERS)))


def _by_item(call: Call, rows: Iterable[tuple[int, ...]]) -> dict[int, Counts]:
    numbers = dict(call.checklist.items.values_list("pk", "no"))
    found = {numbers[item]: Counts(dict(zip(ANSWERS, n, strict=True))) for item, *n in rows if any(n)}
    return dict(sorted(found.items()))


def by_place_and_item(
    call: Call, *, within: str = "", digits: int = 2, field: str = ""
) -> dict[str, dict[int, Counts]]:
    """First digits of the region code → number of the item → how it was answered there; counties are counted anew."""
    numbers = dict(call.checklist.items.values_list("pk", "no"))
    found: dict[str, dict[int, Counts]] = defaultdict(dict)
    if digits > PREFECTURE:
        rows = _recounted(call, within, field).annotate(place=Left("selfcheck__participant__region_code", digits))
        for place, item, answer, n in rows.values_list("place", "item", "answer").annotate(Count("pk")).order_by():
            found[place].setdefault(numbers[item], Counts()).by_answer[answer] += n
    else:
        kept = Tally.objects.filter(lies_in(within, "prefecture"), call=call, field=field).order_by()
        placed = kept.annotate(place=Left("prefecture", digits)).values_list("place", "item")
        for place, item, *totals in placed.annotate(*(Sum(one) for one in ANSWERS)):
            if any(totals):
                found[place][numbers[item]] = Counts(dict(zip(ANSWERS, totals, strict=True)))
    return dict(sorted(found.items()))


def recounted(call: Call, *, within: str = "", field: str = "") -> dict[int, Counts]:
    """The same as `by_item`, counted from the answers themselves: slow for a nation, and what the tallies must agree with."""
    rows = _recounted(call, within, field).values_list("item__no", "answer").annotate(Count("pk")).order_by()
    found: dict[int, Counts] = defaultdict(Counts)
    for no, answer, n in rows:
        found[no].by_answer[answer] += n
    return dict(sorted(found.items()))


def _recounted(call: Call, within: str, field: str) -> QuerySet[Answer]:
    """The answers of an area whose form stands."""
    standing = SelfCheck.objects.filter(HANDED_IN, _in_area(within), call=call)
    if field:
        standing = testing_in(standing, field)
    return Answer.objects.filter(selfcheck__in=standing)


def _in_area(within: str) -> Q:
    return lies_in(within, "participant__region_code")


def testing_in(forms: QuerySet[SelfCheck], field: str) -> QuerySet[SelfCheck]:
    """Those whose institution tests in a field; the list is asked as text, alike of both databases."""
    listed = Cast("participant__fields", TextField())
    return forms.annotate(listed=listed).filter(listed__contains=f'"{field}"')


def by_place(
    call: Call, *, within: str = "", digits: int = 2, field: str = "", only: Q | None = None
) -> dict[str, Progress]:
    """First digits of the region code → how far its institutions are, from the figures kept; one query. `only`: of these counties.

    `digits`: 2 provinces, 4 prefectures, 6 counties.
    """
    rows = Turnout.objects.filter(lies_in(within, "region_code"), only or Q(), call=call, field=field).order_by()
    summed = rows.annotate(place=Left("region_code", digits)).values_list("place").annotate(
        *(Sum(one) for one in (*SELFCHECK.states, "handed_in", "without_a_problem"))
    )  # fmt: skip
    found = {place: Progress(dict(zip(SELFCHECK.states, n, strict=False)), *n[-2:]) for place, *n in summed}
    return dict(sorted((place, one) for place, one in found.items() if one.all))


def by_field(call: Call, *, within: str = "", only: Q | None = None) -> dict[str, Progress]:
    """Code of the field → how far the institutions are that test in it; one of several fields counts in each."""
    rows = Turnout.objects.filter(lies_in(within, "region_code"), only or Q(), call=call).exclude(field="").order_by()
    summed = rows.values_list("field").annotate(
        *(Sum(one) for one in (*SELFCHECK.states, "handed_in", "without_a_problem"))
    )  # fmt: skip
    return {code: Progress(dict(zip(SELFCHECK.states, n, strict=False)), *n[-2:]) for code, *n in summed if any(n)}


def turned_out(call: Call, *, within: str = "", digits: int = 2, field: str = "") -> dict[str, Progress]:
    """The same as `by_place`, counted from the forms themselves: what the figures kept must agree with."""
    asked = SelfCheck.objects.filter(_in_area(within), call=call)
    if field:
        asked = testing_in(asked, field)
    placed = asked.annotate(place=Left(F("participant__region_code"), digits)).order_by()
    found: dict[str, Progress] = defaultdict(Progress)
    for place, state, n, handed_in, zero in placed.values_list("place", "state").annotate(
        n=Count("pk"), handed_in=Count("pk", filter=HANDED_IN), zero=Count("pk", filter=HANDED_IN & Q(problems=0))
    ):
        one = found[place]
        one.by_state[state] += n
        one.handed_in += handed_in
        one.without_a_problem += zero
    return dict(sorted(found.items()))


def by_group(items: Mapping[int, Counts], groups: Mapping[int, str]) -> dict[str, Counts]:
    """Part of the criteria → the counts of its items together."""
    found: dict[str, Counts] = defaultdict(Counts)
    for no, counts in items.items():
        found[groups[no]].add(counts)
    return dict(found)


def total(places: Iterable[Progress]) -> Progress:
    """All places together."""
    found = Progress()
    for one in places:
        found.add(one)
    return found


def without_a_problem(call: Call, *, within: str = "") -> QuerySet[SelfCheck]:
    """Those who handed in a form without one problem."""
    found = SelfCheck.objects.filter(HANDED_IN, _in_area(within), call=call, problems=0)
    return found.select_related("participant__institution").order_by("participant__region_code", "pk")
