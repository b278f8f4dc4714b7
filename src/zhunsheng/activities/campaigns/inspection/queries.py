"""The questions asked of visits, findings and decisions; a constant number of queries each."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Max, Prefetch, Q, QuerySet, Sum, When

from zhunsheng.activities.campaigns.draw.models import Draw, DrawnLaboratory
from zhunsheng.activities.campaigns.draw.queries import inspectors_of, recusals_of
from zhunsheng.activities.campaigns.inspection.models import (
    Declaration,
    Disposition,
    Exhibit,
    Finding,
    Inspection,
    Look,
    Officer,
    Record,
)
from zhunsheng.activities.campaigns.inspection.states import KINDS
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_of, head_of, heads_of
from zhunsheng.registry.people.models import Person

MEASURES = {"major", "minor"}
"""Grades that name a nonconformity: they need evidence before a record is closed."""


def team_of(inspection: Inspection) -> list[Person]:
    """The officers who stand on a task now, in their order."""
    standing = Officer.objects.filter(inspection=inspection, replaced_at=None).select_related("person")
    return [one.person for one in standing.order_by("position", "pk")]


def everybody_of(inspection: Inspection) -> set[UUID]:
    """The persons who were ever sent on a task."""
    return set(Officer.objects.filter(inspection=inspection).values_list("person_id", flat=True))


def recused_from(institution: Institution, people: Collection[UUID], on: date) -> dict[UUID, frozenset[str]]:
    """Why some of these people may not judge an institution on a day; who may is not in it."""
    head = head_of(institution).pk
    found = recusals_of(people, on)
    return {person: frozenset(found[person][head]) for person in found if head in found[person]}


def inspectors_by_key(authority: Institution, on: date) -> dict[UUID, Person]:
    """The authority's inspectors on a day."""
    return {one.person.pk: one.person for one in inspectors_of(authority, on=on)}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A laboratory of a draw with the officers who were drawn for it."""

    laboratory: DrawnLaboratory
    officers: tuple[Person, ...]


def without_a_task(draw: Draw) -> list[Drawn]:
    """The laboratories of a draw for which no task letter was issued yet, with their officers; two queries."""
    rows = (
        draw.laboratories.filter(inspection=None).select_related("institution")
        .prefetch_related("officers__officer__person").order_by("position")
    )  # fmt: skip
    return [
        Drawn(one, tuple(sent.officer.person for sent in sorted(one.officers.all(), key=lambda sent: sent.position)))
        for one in rows
    ]


def declared_free(inspection: Inspection, on: Iterable[Any]) -> set[UUID]:
    """The officers whose last answer within a period (two instants) is that nothing stands in the way."""
    first, last = on
    rows = Declaration.objects.filter(inspection=inspection, at__gte=first, at__lt=last).order_by("at", "pk")
    said = dict(rows.values_list("person_id", "free"))
    return {person for person, free in said.items() if free}


def standing_findings(inspection: Inspection) -> QuerySet[Finding]:
    """The findings of a visit that were not withdrawn, with officers and exhibits."""
    exhibits = Prefetch("exhibits", Exhibit.objects.order_by("taken_at", "pk"))
    found = inspection.findings.exclude(state="withdrawn").select_related("found_by")
    return found.prefetch_related(exhibits).order_by("found_at", "pk")


def unproven_codes(inspection: Inspection) -> list[str]:
    """The classes of nonconformities of a visit that have no exhibit."""
    found = inspection.findings.filter(state="recorded", grade__in=MEASURES, exhibits=None)
    return sorted(found.order_by().values_list("code", flat=True))


def last_looks(inspection: Inspection) -> dict[str, list[Look]]:
    """Code → the last word of each officer about it; two officers who differ stand beside each other."""
    said: dict[tuple[str, UUID], Look] = {}
    for one in inspection.looks.select_related("officer").order_by("seen_at", "recorded_at", "pk"):
        said[one.code, one.officer_id] = one
    found: dict[str, list[Look]] = defaultdict(list)
    for (code, _), one in said.items():
        found[code].append(one)
    return found


def record_of(inspection: Inspection) -> Record | None:
    """The closed record, if there is one."""
    return Record.objects.filter(inspection=inspection).first()


def numbered_this_year(authority: Institution, year: int) -> int:
    """How many task letters an authority issued in a year."""
    return Inspection.objects.filter(authority=authority, number__startswith=f"{year}-").count()


Offence = tuple[UUID, str]
"""The entry that stands for an institution, and a class of findings."""


def earlier_of(findings: Collection[Finding], *, years: int) -> dict[UUID, int]:
    """For each finding, how many of the same class the institution had whose act lies within so many years before; three queries.

    Withdrawn ones do not count. One whose decision was revoked does: what was found stands until it is withdrawn.
    """
    if not findings:
        return {}
    places = heads_of(one.inspection.institution_id for one in findings)
    family = family_of(Institution.objects.filter(pk__in=set(places.values())))
    rows = Finding.objects.exclude(state="withdrawn").exclude(grade="good_practice").filter(
        code__in={one.code for one in findings}, inspection__institution__in=family
    )  # fmt: skip
    acts: dict[Offence, list[tuple[date, UUID]]] = defaultdict(list)
    for pk, code, act_on, place, head in rows.values_list(
        "pk", "code", "act_on", "inspection__institution", "inspection__institution__merged_into"
    ):
        acts[head or place, code].append((act_on, pk))
    return {
        one.pk: _before(acts[places[one.inspection.institution_id], one.code], one, years) for one in findings
    }  # fmt: skip


def _before(acts: Collection[tuple[date, UUID]], one: Finding, years: int) -> int:
    since = years_before(one.act_on, years)
    return sum(since <= act_on < one.act_on for act_on, pk in acts if pk != one.pk)


def years_before(day: date, years: int) -> date:
    """The same day so many years before; 28 February for a leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True, slots=True)
class Decider:
    """What one person decided, so that leniency can be compared; a person judges it."""

    name: str
    findings: int
    kinds: Mapping[str, int]
    fineable: int
    lenient: int

    @property
    def share(self) -> float | None:
        """Of what a rule lets be fined, the share left to self-correction; None where there was nothing."""
        return self.lenient / self.fineable if self.fineable else None


def deciders(dispositions: QuerySet[Disposition]) -> list[Decider]:
    """Who decided what of these decisions, by name; one query. Revoked decisions do not count."""
    fineable = Q(items__finding__fine_cap_cny__isnull=False)
    rows = (
        dispositions.exclude(state="revoked").order_by()
        .values("decided_by", "decided_by__username", "decided_by__person__name", "kind")
        .annotate(n=Count("items"), fineable=_counted(fineable), lenient=_counted(fineable & Q(kind="self_correct")))
    )  # fmt: skip
    by_person: dict[tuple[Any, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        who = row["decided_by"], row["decided_by__person__name"] or row["decided_by__username"] or ""
        by_person[who].update({row["kind"]: row["n"], "fineable": row["fineable"], "lenient": row["lenient"]})
    return sorted(
        (
            Decider(name, sum(n[kind] for kind in KINDS), {kind: n[kind] for kind in KINDS}, n["fineable"], n["lenient"])
            for (_, name), n in by_person.items()
        ),
        key=lambda one: one.name,
    )  # fmt: skip


def _counted(which: Q) -> Sum:
    return Sum(Case(When(which, then=1), default=0, output_field=IntegerField()))


def with_decision(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Findings as lists show them: institution, task, the standing decision's kind and day."""
    standing = Q(dispositions__disposition__state__in=("issued", "appealed", "upheld"))
    return findings.select_related("inspection__institution__merged_into", "inspection__authority").annotate(
        decision_kind=Max("dispositions__disposition__kind", filter=standing),
        decision_due=Max("dispositions__disposition__due_on", filter=standing),
        institution_zh=F("inspection__institution__name_zh"),
    )  # fmt: skip
