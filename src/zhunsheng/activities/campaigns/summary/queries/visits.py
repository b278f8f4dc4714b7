"""The signed visits of a campaign with what was found, as the rules of a summary read them."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.activities.campaigns.inspection.models import Finding, Inspection
from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.activities.campaigns.summary.rules.visits import Problem, Visit

HEAD = Coalesce(F("institution__merged_into"), F("institution"))
"""The entry that stands for an institution."""


def participants_of(seen: QuerySet[Participant], campaign: Campaign, within: str = "") -> QuerySet[Participant]:
    """Of the participants that somebody sees those of one campaign whose region code begins like that."""
    return seen.filter(campaign=campaign, region_code__startswith=within)


def visits_of(campaign: Campaign, participants: QuerySet[Participant]) -> list[Visit]:
    """The visits of a campaign whose record is signed, to these participants, first to last; three queries."""
    return _visits(Inspection.objects.filter(campaign=campaign, state="signed"), participants)


def later_visits(visits: Iterable[Visit], participants: QuerySet[Participant]) -> list[Visit]:
    """All signed visits, whatever for, to the institutions of these; three queries."""
    wanted = {one.institution for one in visits}
    if not wanted:
        return []
    signed = Inspection.objects.filter(state="signed", on__gte=min(one.on for one in visits))
    return [one for one in _visits(signed, participants) if one.institution in wanted]


def _visits(inspections: QuerySet[Inspection], participants: QuerySet[Participant]) -> list[Visit]:
    heads = inspections.order_by().annotate(head=HEAD).values("head")
    rows = participants.order_by().annotate(head=HEAD).filter(head__in=heads)
    places = {head: (code, tuple(fields)) for head, code, fields in rows.values_list("head", "region_code", "fields")}
    found = _problems(inspections)
    made = inspections.annotate(head=HEAD).order_by("on", "pk")
    return [
        Visit(pk, head, *places[head], on, begun_at, drawn is not None, tuple(found[pk]))
        for pk, head, on, begun_at, drawn in made.values_list("pk", "head", "on", "begun_at", "drawn")
        if head in places
    ]


def _problems(inspections: QuerySet[Inspection]) -> dict[UUID, list[Problem]]:
    rows = Finding.objects.filter(inspection__in=inspections.order_by().values("pk")).exclude(state="withdrawn")
    found: dict[UUID, list[Problem]] = defaultdict(list)
    for visit, pk, code, grade, state in rows.order_by("found_at", "pk").values_list(
        "inspection", "pk", "code", "grade", "state"
    ):
        found[visit].append(Problem(pk, code, grade, state == "decided"))
    return found
