"""Deciding about findings: by a person who was not on the visit, with a letter; and what follows an appeal."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.inspection.documents import decision_letter
from zhunsheng.activities.campaigns.inspection.models import (
    Appeal,
    DisposedFinding,
    Disposition,
    Finding,
    Inspection,
)
from zhunsheng.activities.campaigns.inspection.policies import policy_on
from zhunsheng.activities.campaigns.inspection.queries import everybody_of, recused_from
from zhunsheng.activities.campaigns.inspection.rules.dispositions import (
    appeal_until,
    check_decider,
    check_decision,
    check_findings,
    check_in_time,
    check_other_head,
)
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.activities.campaigns.inspection.rules.teams import check_free
from zhunsheng.activities.campaigns.inspection.states import DISPOSITION, FINDING
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import NotAllowedNow, move
from zhunsheng.registry.people.models import Person

Deliver = Callable[[Disposition], object]
"""Hands the letter to the institution, inside the same transaction; given by faces, which know who is behind a post."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides."""

    kind: str
    reasons: str
    due_on: date | None = None
    handed_to: str = ""


@transaction.atomic
def dispose(
    inspection: Inspection, findings: Sequence[Finding], decision: Decision, *, actor: User, at: datetime, deliver: Deliver
) -> Disposition:  # fmt: skip
    """Decide about findings of a signed record, freeze the letter and deliver it.

    Raises InspectionRefused where the decider was on the visit or is recused, a finding is of another visit, or reasons or the
    day are missing; NotAllowedNow where the record is not signed or a finding was decided already.
    """
    today = timezone.localdate(at)
    check_decision(decision.kind, decision.due_on, today, decision.reasons, decision.handed_to)
    check_findings([one.grade for one in findings])
    _check_person(inspection, actor, today)
    _take(inspection, findings)
    made = _made(inspection, findings, decision, actor, at)
    items = [DisposedFinding(disposition=made, finding=one) for one in findings]
    DisposedFinding.objects.bulk_create(items, batch_size=300)
    journal.record(
        "dispose", actor=actor, at=at, subject=f"disposition:{made.pk}", covers=items,
        after={"kind": made.kind, "sha256": made.sha256, "findings": [str(one.pk) for one in findings]},
    )  # fmt: skip
    deliver(made)
    return made


def _check_person(inspection: Inspection, actor: User, today: date) -> None:
    person = Person.objects.filter(user=actor).first()
    if person is None:
        return
    check_decider(person.pk, everybody_of(inspection))
    check_free(person.name, recused_from(inspection.institution, [person.pk], today).get(person.pk, ()))


def _take(inspection: Inspection, findings: Sequence[Finding]) -> None:
    """Move all findings at once; whoever comes second finds a smaller count and does nothing."""
    wanted = Finding.objects.filter(
        pk__in=[one.pk for one in findings], inspection=inspection, inspection__state="signed", state="recorded"
    ).values("pk")
    moved = Finding.objects.filter(pk__in=list(wanted.values_list("pk", flat=True)), state="recorded").update(
        state=FINDING.transitions["decide"].target
    )
    if moved != len(findings):
        raise NotAllowedNow(
            t(
                "A decision needs a signed record, and findings that were not yet decided.",
                "须在检查记录签字后处理，且所选问题尚未处理。",
            )
        )


def _made(
    inspection: Inspection, findings: Sequence[Finding], decision: Decision, actor: User, at: datetime
) -> Disposition:
    today = timezone.localdate(at)
    last, warnings = _appeal_until(today)
    if decision.due_on:
        warnings = working_calendar(today, max(last, decision.due_on)).warnings(today, max(last, decision.due_on))
    number = f"{inspection.number}-{inspection.dispositions.count() + 1}"
    letter = canonical_json(
        decision_letter(
            inspection, findings, number=number, kind=decision.kind, facts=_facts(decision), reasons=decision.reasons,
            appeal=appeal_words(last), warnings=warnings, at=at,
        )
    )  # fmt: skip
    return Disposition.objects.create(
        id=uuid4(), inspection=inspection, number=number, kind=decision.kind, reasons=decision.reasons, due_on=decision.due_on,
        handed_to=decision.handed_to, appeal_until=last, warnings=[{"en": one.en, "zh": one.zh} for one in warnings],
        letter=letter, sha256=hashlib.sha256(letter).hexdigest(), decided_by=actor, decided_at=at,
    )  # fmt: skip


def _appeal_until(today: date) -> tuple[date, list[Text]]:
    days = int(policy_on("inspection", today)["appeal_working_days"])
    return appeal_until(today, days, working_calendar(today, date(today.year + 1, 12, 31)))


def _facts(decision: Decision) -> list[tuple[Text, Text | str]]:
    found: list[tuple[Text, Text | str]] = []
    if decision.due_on:
        found.append((t("By", "期限"), decision.due_on.isoformat()))
    if decision.handed_to:
        found.append((t("Handed over to", "移送至"), decision.handed_to))
    return found


def appeal_words(last: date) -> Text:
    """How to appeal, as a letter says it."""
    return t(
        "You may appeal against this decision in your workspace until {d}.",
        "对本决定有异议的，可于 {d} 前在本机构工作台提出申诉。",
        d=last.isoformat(),
    )


@transaction.atomic
def appeal(disposition: Disposition, *, grounds: str, actor: User, at: datetime) -> Appeal:
    """The institution appeals. Raises InspectionRefused without grounds or after the last day, NotAllowedNow the second time."""
    if not grounds.strip():
        raise InspectionRefused(t("Say what you hold against the decision.", "请写明申诉理由。"))
    check_in_time(timezone.localdate(at), disposition.appeal_until)
    move(DISPOSITION, "appeal", Disposition.objects.filter(pk=disposition.pk))
    made = Appeal.objects.create(disposition=disposition, grounds=grounds, made_by=actor, made_at=at)
    journal.record("appeal_disposition", actor=actor, at=at, subject=f"disposition:{disposition.pk}", covers=[made])
    disposition.refresh_from_db()
    return made


@transaction.atomic
def answer_appeal(disposition: Disposition, *, uphold: bool, answer: str, actor: User, at: datetime) -> Disposition:
    """Uphold the decision, or revoke it: then its findings wait for a decision again. Raises InspectionRefused for the first decider."""
    if not answer.strip():
        raise InspectionRefused(t("Answer with reasons.", "请写明答复理由。"))
    check_other_head(actor.pk, disposition.decided_by_id)
    _check_person(disposition.inspection, actor, timezone.localdate(at))
    move(
        DISPOSITION, "uphold" if uphold else "revoke", Disposition.objects.filter(pk=disposition.pk), answer=answer,
        answered_by=actor, answered_at=at,
    )  # fmt: skip
    if not uphold:
        keys = list(disposition.items.values_list("finding_id", flat=True))
        Finding.objects.filter(pk__in=keys, state="decided").update(state=FINDING.transitions["take_back"].target)
    journal.record(
        "answer_appeal",
        actor=actor,
        at=at,
        subject=f"disposition:{disposition.pk}",
        reason=answer,
        after={"upheld": uphold},
    )
    disposition.refresh_from_db()
    return disposition
