"""How the self-checks of an area add up: who is how far, which problems were found, who found none in anything."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Left

from zhunsheng.activities.campaigns.selfcheck.models import Answer, Call, SelfCheck, Tally
from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS, NOT_APPLICABLE, PROBLEM

PREFECTURE = 4
HANDED_IN = Q(submitted_at__isnull=False) & ~Q(state="returned")


@dataclass(slots=True)
class Counts:
    """How often each answer was given to an item."""

    by_answer: dict[str, int] = field(default_factory=lambda: {"": 0, **dict.fromkeys(ANSWERS, 0)})

    @property
    def asked(self) -> int:
        return sum(self.by_answer.values())

    @property
    def answered(self) -> int:
        return self.asked - self.by_answer[""]

    @property
    def problems(self) -> int:
        return self.by_answer[PROBLEM]

    @property
    def share(self) -> float | None:
        """Problems among the answers to which the item applies; None where there is none."""
        applying = self.answered - self.by_answer[NOT_APPLICABLE]
        return self.problems / applying if applying else None


@dataclass(slots=True)
class Progress:
    """How many institutions of a place are how far."""

    by_state: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    handed_in: int = 0
    without_a_problem: int = 0
    """handed in with “no problem found” or “not applicable” in every item: a fact to look at, no merit"""

    @property
    def all(self) -> int:
        return sum(self.by_state.values())

    @property
    def zero_share(self) -> float | None:
        return self.without_a_problem / self.handed_in if self.handed_in else None


def by_item(call: Call, *, within: str = "", field: str = "") -> dict[int, Counts]:
    """Number of the item → how it was answered in an area and a field, from the tallies; below the prefecture counted anew.

    `within`: first digits of region codes (none: everywhere). `field`: a code of the catalogue (none: whatever they test).
    """
    if len(within) > PREFECTURE:
        return counted(call, within=within, field=field)
    rows = Tally.objects.filter(call=call, field=field, prefecture__startswith=within)
    return _by_item(rows.values_list("item__no", "answer").annotate(total=Sum("n")).order_by())


def counted(call: Call, *, within: str = "", field: str = "") -> dict[int, Counts]:
    """The same, counted from the answers themselves: slow for a nation, and what the tallies must agree with."""
    rows = Answer.objects.filter(selfcheck__call=call, selfcheck__participant__region_code__startswith=within)
    if field:
        rows = rows.filter(selfcheck__in=_testing(call, within, field))
    return _by_item(rows.values_list("item__no", "answer").annotate(total=Count("pk")).order_by())


def _testing(call: Call, within: str, field: str) -> list[UUID]:
    """Asked in Python: what a list holds is not asked alike of both databases."""
    asked = SelfCheck.objects.filter(call=call, participant__region_code__startswith=within)
    return [pk for pk, fields in asked.values_list("pk", "participant__fields") if field in fields]


def _by_item(rows: Iterable[tuple[int, str, int]]) -> dict[int, Counts]:
    found: dict[int, Counts] = defaultdict(Counts)
    for no, answer, n in rows:
        found[no].by_answer[answer] += n
    return dict(sorted(found.items()))


def by_place(call: Call, *, within: str = "", digits: int = 2) -> dict[str, Progress]:
    """First digits of the region code → how far its institutions are; two queries.

    `digits`: 2 provinces, 4 prefectures, 6 counties.
    """
    asked = SelfCheck.objects.filter(call=call, participant__region_code__startswith=within)
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
        for answer, n in counts.by_answer.items():
            found[groups[no]].by_answer[answer] += n
    return dict(found)


def without_a_problem(call: Call, *, within: str = "") -> QuerySet[SelfCheck]:
    """Those who handed in a form without one problem."""
    found = SelfCheck.objects.filter(HANDED_IN, call=call, problems=0, participant__region_code__startswith=within)
    return found.select_related("participant__institution").order_by("participant__region_code", "pk")


def late(call: Call, *, within: str = "") -> QuerySet[SelfCheck]:
    """Those who have not handed it in."""
    found = SelfCheck.objects.filter(~HANDED_IN, call=call, participant__region_code__startswith=within)
    return found.select_related("participant__institution").order_by("participant__region_code", "pk")
