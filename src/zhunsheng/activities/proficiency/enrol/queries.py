"""The questions asked of enrolments, a constant number of queries each."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from zhunsheng.activities.proficiency.enrol.models import Enrolment
from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.activities.proficiency.queries import match_laboratories
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import heads_of


def standing_in(round_: Round) -> QuerySet[Enrolment]:
    """Who takes part in a round."""
    return Enrolment.objects.filter(round=round_, state="enrolled").select_related("institution", "promise")


def counts_of(round_: Round) -> dict[str, int]:
    """How many are enrolled, withdrawn and invited; two queries."""
    found = Enrolment.objects.filter(round=round_).aggregate(
        enrolled=Count("pk", filter=Q(state="enrolled")), withdrawn=Count("pk", filter=Q(state="withdrawn"))
    )
    return {**found, "invited": round_.invitations.count()}


def codes_before(round_: Round) -> dict[UUID, str]:
    """The code that each laboratory had in the newest earlier round of the same scheme whose codes were drawn."""
    if round_.scheme_id is None:
        return {}
    earlier = Round.objects.filter(scheme=round_.scheme_id, participations__isnull=False).exclude(pk=round_.pk)
    last = earlier.order_by("-performed_on", "-created_at").first()
    rows = Identity.objects.filter(participation__round=last, institution__isnull=False)
    pairs = list(rows.values_list("institution_id", "participation__code")) if last else []
    heads = heads_of(key for key, _ in pairs if key)
    return {heads[key]: code for key, code in pairs if key}


def found_in_register(names: Collection[str]) -> dict[str, Institution]:
    """Laboratories by what a file calls them; entries merged into another stand for that one."""
    matched = {name: one for name, one in match_laboratories(names).items() if one.kind == Institution.Kind.LABORATORY}
    heads = {one.merged_into_id for one in matched.values() if one.merged_into_id}
    standing = {one.pk: one for one in Institution.objects.filter(pk__in=heads)}
    return {name: standing.get(one.merged_into_id, one) if one.merged_into_id else one for name, one in matched.items()}
