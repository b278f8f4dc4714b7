"""How one self-check stands: its items with answers and proofs, what was frozen of it, whose it is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.selfcheck.models import Answer, Call, ChecklistItem, Frozen, Proof, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.registers import Said, said_of
from zhunsheng.activities.campaigns.selfcheck.rules.answering import Given
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import head_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form: the item, what was answered, its proofs, and what the registers said when it was opened."""

    item: ChecklistItem
    answer: Answer
    proofs: Sequence[Proof]
    said: Said | None
    former: Sequence[Proof] = ()
    """proofs that were taken back; what was submitted before names them still"""

    @property
    def given(self) -> Given:
        return Given(self.item.no, self.answer.answer, self.answer.remark, self.answer.correction)


def call_of(campaign: Campaign) -> Call | None:
    """The self-check of a campaign, if it was called."""
    return Call.objects.filter(campaign=campaign).select_related("checklist", "campaign").first()


def selfchecks_of(institutions: Sequence[Institution]) -> QuerySet[SelfCheck]:
    """The self-checks of institutions, under whichever of their entries, the newest first."""
    keys = [one.pk for one in institutions]
    found = SelfCheck.objects.filter(participant__institution__in=keys) | SelfCheck.objects.filter(
        participant__institution__merged_into__in=keys
    )
    return found.select_related("call__campaign", "call__checklist", "participant__institution").order_by(
        "-call__opened_at", "pk"
    )


def lines_of(selfcheck: SelfCheck, *, with_registers: bool = True, private: bool = False) -> list[Line]:
    """All lines in the order of the checklist; a constant number of queries. `private`: for the institution's own eyes (`said_of`)."""
    answers = list(selfcheck.answers.select_related("item", "by").order_by("item__no"))
    proofs: dict[int, list[Proof]] = {one.pk: [] for one in answers}
    former: dict[int, list[Proof]] = {one.pk: [] for one in answers}
    for proof in (
        Proof.objects.filter(answer__selfcheck=selfcheck)
        .select_related("attachment", "withdrawn")
        .defer("attachment__content")
        .order_by("added_at")
    ):
        (former if hasattr(proof, "withdrawn") else proofs)[proof.answer_id].append(proof)
    said = _said_at_opening(selfcheck, [one.item for one in answers], private) if with_registers else {}
    return [Line(one.item, one, proofs[one.pk], said.get(one.item.no), former[one.pk]) for one in answers]


def _said_at_opening(selfcheck: SelfCheck, items: Sequence[ChecklistItem], private: bool) -> dict[int, Said]:
    """As the registers stood, and as was known, on the day of the opening: mended since, they say otherwise now."""
    place, day = head_of(selfcheck.participant.institution), selfcheck.call.opened_on
    return said_of([place], [one.as_item() for one in items], on=day, known_on=day, private=private).get(place.pk, {})


def given_of(lines: Sequence[Line]) -> list[Given]:
    """The answers as the rules look at them."""
    return [one.given for one in lines]


def frozen_of(selfcheck: SelfCheck) -> Frozen | None:
    """What was submitted last: all that is shown to whoever inspects."""
    return selfcheck.frozen.order_by("-version").first()


def answers_in(frozen: Frozen) -> list[dict[str, Any]]:
    """The answers of what was frozen."""
    found: list[dict[str, Any]] = json.loads(bytes(frozen.content))["answers"]
    return found


def as_submitted(lines: Sequence[Line], frozen: Frozen) -> list[Line]:
    """The lines as they were submitted, whatever was written since."""
    said = {one["no"]: one for one in answers_in(frozen)}
    return [_submitted(one, said[one.item.no]) for one in lines]


def _submitted(line: Line, said: dict[str, Any]) -> Line:
    parts = {key: said[key] for key in ("answer", "remark", "correction")}
    answer = Answer(pk=line.answer.pk, item=line.item, by=line.answer.by, at=line.answer.at, **parts)
    named = [one for one in (*line.proofs, *line.former) if one.attachment.sha256 in said["proofs"]]
    return replace(line, answer=answer, proofs=named, former=())


@dataclass(frozen=True, slots=True)
class Done:
    """How many items a person has answered or confirmed, of how many; the first that nobody has."""

    done: int
    of: int
    next: int | None


def progress_of(selfcheck: SelfCheck) -> Done:
    """How far a form is; one query."""
    rows = selfcheck.answers.order_by("item__no").values_list("item__no", "answer", "prefilled")
    waiting = [no for no, answer, prefilled in rows if not answer or prefilled]
    return Done(len(rows) - len(waiting), len(rows), next(iter(waiting), None))
