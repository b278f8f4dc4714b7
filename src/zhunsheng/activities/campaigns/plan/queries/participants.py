"""Who takes part in a campaign, and who should."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from django.utils.timezone import localdate

from zhunsheng.activities.campaigns.plan.models import Campaign, Commitment, Participant
from zhunsheng.activities.campaigns.plan.rules.gates import Count as Counted
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_has, standing
from zhunsheng.registry.regions.queries import within
from zhunsheng.registry.scopes.models import ScopeLine


def wanted(campaign: Campaign) -> QuerySet[Institution]:
    """The laboratories of the campaign's area, where it names fields those that test in one of them on the day of publishing."""
    day = localdate(campaign.published_at) if campaign.published_at else campaign.opens_on
    found = standing().filter(kind=Institution.Kind.LABORATORY)
    if campaign.region_code:
        found = found.filter(within(campaign.region_code, day))
    if campaign.fields:
        lines = ScopeLine.objects.filter(holding(day), known(day), matrix__field__in=campaign.fields, status="active")
        found = found.filter(family_has(lines))
    return found


def not_enrolled(campaign: Campaign) -> QuerySet[Institution]:
    """Those who should take part and do not stand there yet, by key."""
    enrolled = Participant.objects.filter(campaign=campaign, institution=OuterRef("pk"))
    return wanted(campaign).filter(~Exists(enrolled)).order_by("pk")


def fields_of(campaign: Campaign, institutions: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Institution → the fields of its active scope lines on the day of publishing, with those of entries merged into it."""
    day, keys = localdate(campaign.published_at), list(institutions)
    family = Institution.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).order_by().values("pk")
    lines = ScopeLine.objects.filter(holding(day), known(day), status="active", institution__in=family).order_by()
    head = Coalesce("institution__merged_into", "institution")
    found: dict[UUID, set[str]] = defaultdict(set)
    for key, code in lines.annotate(head=head).values_list("head", "matrix__field").distinct():
        found[key].add(code)
    return {key: sorted(codes) for key, codes in found.items()}


def taking_part(campaign: Campaign, region_code: str = "") -> QuerySet[Participant]:
    """The participants of a campaign, in a region by the codes of their enrolment."""
    found = Participant.objects.filter(campaign=campaign)
    return found.filter(within(region_code, campaign.opens_on)) if region_code else found


def enrolled_in(campaigns: Sequence[Campaign]) -> dict[UUID, int]:
    """Campaign → how many institutions take part; one query."""
    rows = Participant.objects.filter(campaign__in=campaigns).order_by().values_list("campaign")
    return dict(rows.annotate(n=Count("pk")))


def signed(participants: QuerySet[Participant]) -> QuerySet[Participant]:
    """Those whose responsible person signed the commitment."""
    return participants.filter(Exists(Commitment.objects.filter(participant=OuterRef("pk"))))


def commitments_in(campaign: Campaign, region_code: str = "") -> Counted:
    """How many of a region signed, of how many."""
    among = taking_part(campaign, region_code)
    return Counted(signed(among).count(), among.count())


def commitments_by_place(campaign: Campaign, *, beginning: str, digits: int) -> dict[str, Counted]:
    """First digits of the region code → how many signed, of how many; one query."""
    among = Participant.objects.filter(campaign=campaign, region_code__startswith=beginning).order_by()
    has = Exists(Commitment.objects.filter(participant=OuterRef("pk")))
    rows = (
        among.annotate(place=Left(F("region_code"), digits), has=has)
        .values_list("place")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(has=True)))
    )
    return {place: Counted(done, n) for place, n, done in sorted(rows)}


def with_signatures(participants: QuerySet[Participant]) -> QuerySet[Any]:
    """Participants with who signed for them last (`responsible`), and when (`signed_at`)."""
    last = Commitment.objects.filter(participant=OuterRef("pk")).order_by("-signed_at", "-pk")
    return participants.annotate(
        responsible=Subquery(last.values("responsible")[:1]), signed_at=Subquery(last.values("signed_at")[:1])
    )
