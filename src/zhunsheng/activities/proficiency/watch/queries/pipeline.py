"""How many participants of each round are where: five tables counted once each, however many rounds and participants there are."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Subquery, When

from zhunsheng.activities.proficiency.documents import measurands_of
from zhunsheng.activities.proficiency.enrol.models import Enrolment
from zhunsheng.activities.proficiency.models import Evaluation, Participation, Round
from zhunsheng.activities.proficiency.ship.models import Parcel
from zhunsheng.activities.proficiency.watch.rules.pipeline import Facts, Scored, Shipped, Step, steps_of, unreconciled

CHUNK = 20
"""So many evaluation documents are held at a time."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One round with its steps; `due` is the moment by which its next step was to be done, if its plan says so."""

    round: Round
    steps: list[Step]
    due: datetime | None

    @property
    def due_on(self) -> date | None:
        """The day of the round's own zone on which that moment falls."""
        return self.due.astimezone(ZoneInfo(self.round.plan.zone)).date() if self.due else None

    @property
    def differs(self) -> dict[str, int]:
        return unreconciled(self.steps)


def flows_of(rounds: QuerySet[Round]) -> list[Flow]:
    """The flow of each of these rounds, in their order; five queries."""
    found = list(rounds.select_related("plan"))
    keys = rounds.order_by().values("pk")
    enrolled, handed_in, scored, shipped = _enrolled(keys), _handed_in(keys), _scored(keys), _shipped(keys)
    return [
        Flow(
            one,
            steps_of(_facts(one, enrolled[one.pk], handed_in[one.pk], scored.get(one.pk), shipped.get(one.pk))),
            _due(one),
        )
        for one in found
    ]


def _enrolled(keys: Any) -> dict[UUID, dict[str, int]]:
    rows = Enrolment.objects.filter(round__in=keys).order_by().values_list("round", "state").annotate(n=Count("pk"))
    return _by_round(rows)


def _handed_in(keys: Any) -> dict[UUID, dict[str, int]]:
    """How many codes stand where with their results; "nothing" where there is no submission."""
    found = Participation.objects.filter(round__in=keys).order_by().values_list("round", "submission__state")
    return _by_round((key, state or "nothing", n) for key, state, n in found.annotate(n=Count("pk")))


def _by_round(rows: Any) -> dict[UUID, dict[str, int]]:
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for key, state, n in rows:
        found[key][state] = n
    return found


def _shipped(keys: Any) -> dict[UUID, Shipped]:
    """How far the items of each participant came, in rounds for which anything was packed."""
    of = Parcel.objects.filter(participation=OuterRef("pk"))
    rows = (
        Participation.objects.filter(round__in=keys)
        .filter(round__in=Parcel.objects.order_by().values("round"))
        .annotate(
            sent=Exists(of.filter(state__in=["sent", "received", "lost"])),
            here=Exists(of.filter(receipt__isnull=False)),
        )
        .order_by()
        .values_list("round", "submission__state", "sent", "here")
        .annotate(n=Count("pk"))
    )
    found: dict[UUID, Shipped] = {}
    for key, state, sent, here, n in rows:
        found[key] = found.get(key, Shipped(0, 0, 0, 0)) + _place(state in ("submitted", "approved"), sent, here, n)
    return found


def _place(handed_in: bool, sent: bool, here: bool, n: int) -> Shipped:
    if handed_in:
        return Shipped(0, 0, 0, 0 if here else n)
    if here:
        return Shipped(0, 0, n, 0)
    return Shipped(0, n, 0, 0) if sent else Shipped(n, 0, 0, 0)


def _scored(keys: Any) -> dict[UUID, Scored]:
    """The evaluation that counts: the released one of a released round, else the newest."""
    of = Evaluation.objects.filter(round=OuterRef("round")).order_by("-version")
    issued = of.filter(reports__isnull=False)
    counts = Case(
        When(round__state="released", then=Subquery(issued.values("pk")[:1])), default=Subquery(of.values("pk")[:1])
    )
    rows = Evaluation.objects.filter(round__in=keys).annotate(counting=counts).filter(pk=F("counting")).order_by()
    return {
        key: standing_in(json.loads(bytes(text)))
        for key, text in rows.values_list("round", "document").iterator(chunk_size=CHUNK)
    }


def standing_in(document: dict[str, Any]) -> Scored:
    """Who is scored for something in an evaluation; of the others, who gave no result at all and whose were no numbers."""
    scored: set[str] = set()
    reasons: dict[str, set[str]] = defaultdict(set)
    for measurand in measurands_of(document):
        scored.update(one["laboratory"] for one in measurand["scores"])
        for one in measurand["left_out"]:
            reasons[one["laboratory"]].add(one["code"])
    others = [said for laboratory, said in reasons.items() if laboratory not in scored]
    could_not = sum(said == {"no_result"} for said in others)
    return Scored(len(scored), could_not, len(others) - could_not)


def _facts(
    one: Round, enrolled: dict[str, int], handed_in: dict[str, int], scored: Scored | None, shipped: Shipped | None
) -> Facts:
    return Facts(
        one.state, hasattr(one, "plan"), registered=sum(enrolled.values()), codes=sum(handed_in.values()),
        **{state: enrolled.get(state, 0) for state in ("enrolled", "withdrawn")},
        **{state: handed_in.get(state, 0) for state in ("nothing", "draft", "submitted", "approved")},
        evaluation=scored if one.state in ("evaluated", "released") else None, shipped=shipped,
    )  # fmt: skip


def _due(one: Round) -> datetime | None:
    if not hasattr(one, "plan"):
        return None
    if one.state in ("planned", "enrolling"):
        return one.plan.enrol_until
    return one.plan.results_until if one.state == "running" else None
