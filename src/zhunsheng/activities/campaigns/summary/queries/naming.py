"""By what a text about a campaign could give somebody away: everything that names whoever takes part in it."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from uuid import UUID

from django.db.models import Q, QuerySet

from zhunsheng.activities.campaigns.inspection.models import Inspection, Officer, Signature
from zhunsheng.activities.campaigns.plan.models import Campaign, Commitment, Participant
from zhunsheng.activities.campaigns.summary.queries.visits import HEAD, visits_of
from zhunsheng.activities.campaigns.summary.rules.anonymity import (
    Mark,
    Marks,
    marks_of_name,
    sayings_of_place,
    within_names,
)
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.institutions.models import Certificate, Contact, Institution, Site
from zhunsheng.registry.people.models import Post

RANKS = (2, 4, 6)
"""By so many digits a code names a province, a prefecture, a county."""


def marks_of(campaign: Campaign, *, on: date, alone_from: int) -> Marks:
    """Every mark of whoever takes part; a constant number of queries."""
    heads = Participant.objects.filter(campaign=campaign).order_by().annotate(head=HEAD).values("head")
    taking_part = Institution.objects.filter(Q(pk__in=heads) | Q(merged_into__in=heads))
    found = chain(_of_institutions(taking_part, on), _of_papers(taking_part), _of_people(campaign, taking_part))
    return Marks(found, shared_from=alone_from)


def spared_for(institution: Institution, marks: Marks, *, on: date) -> set[tuple[str, str]]:
    """What a text may bear that names an institution on purpose: the marks that are its alone, and short names within its names."""
    family = Institution.objects.filter(Q(pk=institution.pk) | Q(merged_into=institution.pk))
    own = Marks(chain(_of_institutions(family, on), _of_papers(family))).times
    alone = {one for one, n in own.items() if marks.times[one] <= n}
    return alone | within_names(marks, (institution.name_zh, institution.name_en))


def _of_institutions(institutions: QuerySet[Institution], on: date) -> Iterator[Mark]:
    """Names, former names, codes, addresses and legal representatives; one query."""
    places: dict[str, list[str]] = {}
    for zh, en, former, code, uscc, address, person in institutions.order_by().values_list(
        "name_zh", "name_en", "former_names", "region_code", "uscc", "address", "legal_representative"
    ):
        if code not in places:
            places[code] = _names_around(code, on)
        yield from marks_of_name(zh, en, places[code])
        for name in former.splitlines():
            yield from marks_of_name(name, name, places[code])
        yield from (Mark("uscc", uscc or ""), Mark("address", address), Mark("person", person))


def _names_around(code: str, on: date) -> list[str]:
    """How the regions are named in which a code lies."""
    return sorted({saying for one in regions.path_of(code, on) for saying in _sayings(one.code, on)})


def _sayings(code: str, on: date) -> set[str]:
    """How one region is named by itself; a code of which nothing is known cannot be named."""
    one = regions.region(code, on)
    return sayings_of_place(one.name.zh, one.name.en) if one else set()


def _of_papers(institutions: QuerySet[Institution]) -> Iterator[Mark]:
    keys = institutions.order_by().values("pk")
    for number in Certificate.objects.filter(institution__in=keys).order_by().values_list("number", flat=True):
        yield Mark("certificate", number)
    for zh, en, address in Site.objects.filter(institution__in=keys).values_list("name_zh", "name_en", "address"):
        yield from (Mark("name", zh), Mark("name", en), Mark("address", address))


def _of_people(campaign: Campaign, institutions: QuerySet[Institution]) -> Iterator[Mark]:
    """Who is known by name in the campaign: officers, who signed, contacts, and whoever holds a post where there was a visit."""
    keys = institutions.order_by().values("pk")
    here = Inspection.objects.filter(campaign=campaign).order_by()
    names = (
        Officer.objects.filter(inspection__campaign=campaign).order_by().values_list("person__name", flat=True),
        Signature.objects.filter(inspection__campaign=campaign).order_by().values_list("name", flat=True),
        Commitment.objects.filter(participant__campaign=campaign).order_by().values_list("responsible", flat=True),
        Contact.objects.filter(institution__in=keys).order_by().values_list("name", flat=True),
        Post.objects.filter(institution__in=here.values("institution")).order_by().values_list("person__name", flat=True),
    )  # fmt: skip
    return (Mark("person", one) for one in sorted(set(chain(*names))))


def places_too_small(campaign: Campaign, *, field: str, texts: str, alone_from: int, on: date) -> Iterator[Mark]:
    """The regions in which fewer than so many institutions of the kind were inspected: whoever names one names a laboratory.

    The kind: inspected in this campaign (the list of a draw is public), and testing in the field of the case and
    in each field that the text names. A region without any names nobody. Four queries.
    """
    visits = visits_of(campaign, Participant.objects.filter(campaign=campaign))
    kinds = {code for one in visits for code in one.fields if _names_field(texts, code)} | {field}
    for code, n in _fewest(((one.institution, one.region_code, one.fields) for one in visits), kinds).items():
        if n < alone_from:
            yield from (Mark("region", saying) for saying in sorted(_sayings(code, on)))


def _names_field(texts: str, code: str) -> bool:
    name = field_name(code)
    return name.zh in texts or name.en.lower() in texts.lower()


def _fewest(inspected: Iterator[tuple[UUID, str, tuple[str, ...]]], kinds: set[str]) -> dict[str, int]:
    """Region → the fewest inspected institutions of one of the kinds (none: of any) that lie in it."""
    found: dict[str, dict[str, set[UUID]]] = {}
    for institution, region_code, fields in inspected:
        for digits in RANKS:
            region = found.setdefault(region_code[:digits].ljust(6, "0"), {kind: set() for kind in kinds})
            for kind in kinds:
                if not kind or kind in fields:
                    region[kind].add(institution)
    return {code: min(len(each) for each in counted.values()) for code, counted in found.items()}
