"""The questions asked of parcels, a constant number of queries each."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zhunsheng.activities.proficiency.enrol.models import Enrolment
from zhunsheng.activities.proficiency.models import Identity, Participation, Round
from zhunsheng.activities.proficiency.plan.queries import items_of
from zhunsheng.activities.proficiency.prepare.queries import assignments
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.activities.proficiency.ship.states import IN_ORDER
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.registry.institutions.queries import heads_of

YEAR = timedelta(days=400)


def without_parcel(round_: Round) -> QuerySet[Participation]:
    """The participants for whom nothing is packed."""
    there = Parcel.objects.filter(participation=OuterRef("pk"))
    return Participation.objects.filter(round=round_).exclude(Exists(there)).order_by("code")


def variants_of(round_: Round) -> dict[UUID, dict[str, int]]:
    """The variant of each varied item that each participant has now."""
    found: dict[UUID, dict[str, int]] = {}
    for participation, item, variant in assignments(round_).values_list("participation", "item__code", "variant"):
        found.setdefault(participation, {})[item] = variant
    return found


def prepared_in(round_: Round) -> dict[str, int]:
    """How many units of each item were prepared; 0: not said."""
    return {one.code: one.prepared for one in items_of(round_)}


def used_in(round_: Round) -> Counter[str]:
    """How many units of each item are in parcels."""
    return Counter(one["item"] for given in round_.parcels.values_list("contents", flat=True) for one in given)


def newest(round_: Round) -> QuerySet[Parcel]:
    """The parcel of each participant that counts: the last replacement."""
    later = Parcel.objects.filter(participation=OuterRef("participation"), replacement__gt=OuterRef("replacement"))
    return Parcel.objects.filter(round=round_).exclude(Exists(later))


FOUND = {
    "packed": Q(state="packed"),
    "sent": Q(state="sent"),
    "received": Q(state="received", receipt__condition=IN_ORDER),
    "faulty": Q(state="received") & ~Q(receipt__condition=IN_ORDER),
    "lost": Q(state="lost"),
    "returned": Q(state="returned"),
}
"""Where the newest parcel of a participant is; with those without one, these add up to the participants."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """How shipping stands: of the participants, how many have what; `overdue` are among those on their way."""

    participants: int
    none: int
    counts: Mapping[str, int]
    overdue: int
    asked: int
    warnings: list[Text]


def monitor(round_: Round, *, on: date) -> Monitor:
    """The counts of a round on a day; four queries."""
    calendar = calendar_around(on)
    found = newest(round_).aggregate(
        **{key: Count("pk", filter=where) for key, where in FOUND.items()},
        asked=Count("pk", filter=Q(asked_at__isnull=False)),
    )
    expected = [day for day in waiting_since(round_) if day]
    late = sum(calendar.between(day, on) > 0 for day in expected)
    asked = found.pop("asked")
    warnings = calendar.warnings(min(expected, default=on), on) if expected else []
    return Monitor(round_.participations.count(), without_parcel(round_).count(), found, late, asked, warnings)


def waiting_since(round_: Round) -> list[date | None]:
    return list(newest(round_).filter(state="sent").values_list("expected_on", flat=True))


def calendar_around(on: date) -> WorkingCalendar:
    """The working days of a year before and after."""
    return working_calendar(on - YEAR, on + YEAR)


def overdue_in(round_: Round, *, on: date) -> QuerySet[Parcel]:
    """Those on their way that are expected no longer: the last working day before `on` lies after the expected one."""
    last = calendar_around(on).on_or_before(on)
    return newest(round_).filter(state="sent", expected_on__lt=last)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a parcel goes."""

    laboratory: Text
    contact: str
    phone: str
    address: str


def addresses(round_: Round) -> dict[str, Address]:
    """Code → laboratory and what it said at enrolment; for the coordinator alone. Entries merged since are followed."""
    named = list(Identity.objects.filter(participation__round=round_).select_related("institution", "participation"))
    said = {one.institution_id: one for one in Enrolment.objects.filter(round=round_)}
    heads = heads_of([*said, *(one.institution_id for one in named if one.institution_id)])
    by_head = {heads[key]: one for key, one in said.items()}
    return {
        one.participation.code: _address(one, by_head.get(heads[one.institution_id]) if one.institution_id else None)
        for one in named
    }


def _address(who: Identity, said: Enrolment | None) -> Address:
    name = who.institution.name if who.institution else Text(en=who.name, zh=who.name)
    return Address(name, said.contact, said.phone, said.address) if said else Address(name, "", "", "")


def history_of(participation: Participation) -> list[Parcel]:
    """Every parcel of a participant, the first first."""
    return list(participation.parcels.select_related("participation", "receipt__by").order_by("replacement"))
