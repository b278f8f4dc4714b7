"""The questions asked of enrolments, a constant number of queries each."""

from collections.abc import Collection, Sequence
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


def codes_before(round_: Round) -> dict[UUID, frozenset[str]]:
    """Every code that each laboratory had in earlier rounds of the same scheme, under whichever of its entries; two queries."""
    if round_.scheme_id is None:
        return {}
    rows = Identity.objects.filter(participation__round__scheme=round_.scheme_id, institution__isnull=False)
    pairs = list(rows.exclude(participation__round=round_).values_list("institution_id", "participation__code"))
    heads = heads_of(key for key, _ in pairs if key)
    found: dict[UUID, set[str]] = {}
    for key, code in pairs:
        if key:
            found.setdefault(heads[key], set()).add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def one_each(enrolled: Sequence[Enrolment]) -> list[Enrolment]:
    """Entries merged since they enrolled are one laboratory: of its enrolments the one of the entry that stands for it, else the first."""
    heads = heads_of(one.institution_id for one in enrolled)
    chosen: dict[UUID, Enrolment] = {}
    for one in enrolled:
        head = heads[one.institution_id]
        if head not in chosen or one.institution_id == head:
            chosen[head] = one
    return list(chosen.values())


def by_head(found: QuerySet[Enrolment], heads: Collection[UUID]) -> dict[UUID, Enrolment]:
    """Of these enrolments those of some institutions, under whichever of their entries, by the entry that stands for it; one query."""
    mine = found.filter(Q(institution__in=heads) | Q(institution__merged_into__in=heads)).select_related("institution")
    chosen: dict[UUID, Enrolment] = {}
    for one in mine.order_by("accepted_at", "pk"):
        head = one.institution.merged_into_id or one.institution_id
        if head not in chosen or one.institution_id == head:
            chosen[head] = one
    return chosen


def standing_for(institutions: Sequence[Institution]) -> list[Institution]:
    """For each entry the one that stands for it now, in one query."""
    found = Institution.objects.filter(pk__in={one.pk for one in institutions}).select_related("merged_into")
    heads = {one.pk: one.merged_into or one for one in found}
    return [heads[one.pk] for one in institutions]


def found_in_register(names: Collection[str]) -> dict[str, Institution]:
    """Laboratories by what a file calls them; entries merged into another stand for that one."""
    matched = {name: one for name, one in match_laboratories(names).items() if one.kind == Institution.Kind.LABORATORY}
    return dict(zip(matched, standing_for(list(matched.values())), strict=True))


def last_round_of(round_: Round) -> Round | None:
    """The newest other round of the scheme in which laboratories have codes."""
    if round_.scheme_id is None:
        return None
    others = Round.objects.filter(scheme=round_.scheme_id).exclude(pk=round_.pk)
    return others.filter(participations__isnull=False).order_by("-created_at", "pk").distinct().first()


def took_part_in(round_: Round) -> list[str]:
    """The laboratories of a round as a list of invitations takes them: the code, else the name."""
    rows = Identity.objects.filter(participation__round=round_, institution__isnull=False)
    keys = heads_of(rows.values_list("institution", flat=True)).values()
    found = Institution.objects.filter(pk__in=set(keys)).order_by("name_zh", "pk")
    return [one.uscc or one.name_zh for one in found]
