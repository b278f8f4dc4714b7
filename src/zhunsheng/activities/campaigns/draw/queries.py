"""What a draw is made of: candidates and officers from the registers, as they stand on a day; a constant number of queries."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.activities.campaigns.draw.models import Competence, Draw, Interest, OfficerNumber
from zhunsheng.activities.campaigns.draw.rules.frame import Frame, Words
from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import heads_of, standing
from zhunsheng.registry.management.queries.risk import with_letter
from zhunsheng.registry.people.jurisdiction import Jurisdiction
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.states import Post as PostWord
from zhunsheng.registry.scopes.models import ScopeLine


@dataclass(frozen=True, slots=True)
class Found:
    """A laboratory within reach: its fields by active scope lines, and its risk class ("none": not classified)."""

    institution: Institution
    fields: frozenset[str]
    risk: str


@dataclass(frozen=True, slots=True)
class Inspector:
    """An officer of the authority, the fields of competence on the day, and the laboratories where a recusal holds."""

    person: Person
    fields: frozenset[str]
    recused: Mapping[UUID, frozenset[str]] = field(default_factory=dict)


def laboratories_within(reach: Jurisdiction, *, on: date) -> QuerySet[Institution]:
    """The standing laboratories in the area of an authority."""
    return standing().filter(reach.q("region_code", on), kind=Institution.Kind.LABORATORY)


def found_within(reach: Jurisdiction, *, on: date, campaign: Campaign | None = None) -> list[Found]:
    """All laboratories in the area with an active scope line, their fields and classes, by key; of a campaign those who take part."""
    them = laboratories_within(reach, on=on).order_by("pk")
    if campaign is not None:
        part = Participant.objects.filter(campaign=campaign).order_by()
        them = them.filter(pk__in=part.values(head=Coalesce("institution__merged_into", "institution")))
    fields: dict[UUID, set[str]] = defaultdict(set)
    lines = ScopeLine.objects.filter(
        holding(on), known(on), status="active", institution__in=them.order_by().values("pk")
    )
    for institution, code in lines.values_list("institution", "matrix__field").distinct():
        fields[institution].add(code)
    classified = with_letter(them, on, known_on=on)
    return [Found(one, frozenset(fields[one.pk]), one.risk_letter or "none") for one in classified if one.pk in fields]


def inspectors_of(authority: Institution, *, on: date) -> list[Inspector]:
    """The authority's inspectors on a day with competences, and recusals from declarations and from their posts elsewhere."""
    posts = Post.objects.filter(holding(on), institution=authority, kind=PostWord.INSPECTOR)
    people = list(Person.objects.filter(pk__in=posts.values("person")).order_by("pk"))
    keys = [one.pk for one in people]
    fields: dict[Any, set[str]] = defaultdict(set)
    for person, code in Competence.objects.filter(holding(on), person__in=keys).values_list("person", "field"):
        fields[person].add(code)
    recused = recusals_of(keys, on)
    return [
        Inspector(one, frozenset(fields[one.pk]), {lab: frozenset(why) for lab, why in recused.get(one.pk, {}).items()})
        for one in people
    ]


def recusals_of(people: Collection[UUID], on: date) -> dict[UUID, dict[UUID, set[str]]]:
    """Declared interests that hold on the day; and whoever ever worked in a laboratory came from it, or mentors it.

    A laboratory that was merged into another entry counts as that entry.
    """
    declared = Interest.objects.filter(holding(on), person__in=people)
    posts = Post.objects.filter(person__in=people, institution__kind=Institution.Kind.LABORATORY)
    rows = [
        *declared.values_list("person", "institution", "kind"),
        *(
            (person, lab, POSTS.get(kind, "origin"))
            for person, lab, kind in posts.values_list("person", "institution", "kind")
        ),
    ]
    heads = heads_of(laboratory for _, laboratory, _ in rows)
    found: dict[UUID, dict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))
    for person, laboratory, why in rows:
        found[person][heads[laboratory]].add(why)
    return found


POSTS = {PostWord.MENTOR.value: "mentor"}
"""What a post in a laboratory says of an officer; every other one says: came from there."""


def stratum_of_each(found: Iterable[Found], fields: Collection[str]) -> dict[UUID, str]:
    """The one stratum of each laboratory that works in some of the fields.

    Those of one field first; then those of two, of three …, in the order of their keys, each where the fewest stand so far. In a
    fixed order of fields the last would be left without candidates, where laboratories work in several.
    """
    counts: Counter[str] = Counter()
    strata: dict[UUID, str] = {}
    among = sorted((len(mine), one.institution.pk, mine) for one in found if (mine := sorted(one.fields & set(fields))))
    for _, pk, mine in among:
        strata[pk] = min(mine, key=lambda code: (counts[code], code))
        counts[strata[pk]] += 1
    return strata


def listed_in(draw: Draw) -> Frame:
    """The list of a draw as it was frozen."""
    frozen: Frame = json.loads(bytes(draw.frozen.content))
    return frozen


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a page says of a list's candidates: how many in each stratum, and their names."""

    per_stratum: Mapping[str, int]
    names: Mapping[str, Words]


def candidates_of(listed: Frame) -> Candidates:
    """Counted in one pass over the list."""
    them = listed["laboratories"]
    return Candidates(Counter(one["stratum"] for one in them), {one["id"]: one["name"] for one in them})


def names_behind(draw: Draw) -> dict[str, str]:
    """Number → name of the officer, for those who send them."""
    return dict(OfficerNumber.objects.filter(draw=draw).values_list("number", "person__name"))


def drawn_rows(draw: Draw) -> Iterable[dict[str, Any]]:
    """The drawn laboratories with their officers' numbers, in order; two queries."""
    found = draw.laboratories.select_related("institution").prefetch_related("officers__officer").order_by("position")
    for one in found:
        numbers = [sent.officer.number for sent in sorted(one.officers.all(), key=lambda sent: sent.position)]
        yield {"laboratory": one, "numbers": numbers}


def laboratories_by_field(reach: Jurisdiction, *, on: date) -> dict[str, int]:
    """Field → how many laboratories in the area have an active scope line in it."""
    them = laboratories_within(reach, on=on).order_by()
    lines = ScopeLine.objects.filter(holding(on), known(on), status="active", institution__in=them.values("pk"))
    counted = lines.values("matrix__field").annotate(n=Count("institution", distinct=True)).order_by("matrix__field")
    return dict(counted.values_list("matrix__field", "n"))


def laboratories_called(names: Collection[str], reach: Jurisdiction, *, on: date) -> dict[str, list[UUID]]:
    """What was typed (unified social credit code or Chinese or English name) → the laboratories in the area that it may mean."""
    found: dict[str, set[UUID]] = {name: set() for name in names}
    meant = Q(uscc__in=names) | Q(name_zh__in=names) | Q(name_en__in=names)
    for pk, *said in laboratories_within(reach, on=on).filter(meant).values_list("pk", "uscc", "name_zh", "name_en"):
        for name in said:
            if name in found:
                found[name].add(pk)
    return {name: sorted(those) for name, those in found.items()}
