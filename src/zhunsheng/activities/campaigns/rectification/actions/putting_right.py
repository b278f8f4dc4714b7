"""Putting right: open, submit, judge, confirm the effect."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.inspection.models import Disposition
from zhunsheng.activities.campaigns.inspection.queries import recused_from
from zhunsheng.activities.campaigns.inspection.rules.teams import recusal_words
from zhunsheng.activities.campaigns.rectification.models import (
    EffectCheck,
    Judgement,
    Rectification,
    Submission,
    SubmittedFile,
)
from zhunsheng.activities.campaigns.rectification.queries import (
    places_of,
    submitters_of,
)
from zhunsheng.activities.campaigns.rectification.rules.reports import (
    RectificationRefused,
    Report,
    check_outsider,
    check_reason,
    check_report,
    check_verifier,
    digest_of,
    due_day,
)
from zhunsheng.activities.campaigns.rectification.states import EFFECT_CHECKS, OUTCOMES, RECTIFICATION
from zhunsheng.capability.evidence import actions as evidence
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.rulebook.queries import clock

BATCH = 300
Item = tuple[int, int]
"""Keys of a parameter and a matrix that a finding concerns."""


@transaction.atomic
def open_rectifications(
    disposition: Disposition, *, effect_check: str, actor: User | None, at: datetime
) -> list[Rectification]:
    """Open one for every finding of a decision; the day is the decided one, else 30 working days (SAMR 2023 No. 21, 4.5).

    Raises RectificationRefused for a check of the effect that there is not.
    """
    if effect_check not in EFFECT_CHECKS:
        raise RectificationRefused(t("Choose by what the effect will be seen.", "请选择效果确认方式。"))
    today, inspection = timezone.localdate(at), disposition.inspection
    due_on, warnings = _due(today, disposition.due_on)
    made = [
        Rectification(
            finding_id=key, disposition=disposition, institution=inspection.institution, authority=inspection.authority,
            opened_on=today, due_on=due_on, warnings=[{"en": one.en, "zh": one.zh} for one in warnings],
            effect_check=effect_check, opened_at=at,
        )
        for key in disposition.items.order_by("pk").values_list("finding_id", flat=True)
    ]  # fmt: skip
    Rectification.objects.bulk_create(made, batch_size=BATCH)
    journal.record(
        "open_rectifications", actor=actor, at=at, subject=f"disposition:{disposition.pk}",
        rows=[journal.columns(one) for one in made], after={"n": len(made), "due_on": due_on.isoformat()},
    )  # fmt: skip
    return made


def _due(today: date, decided: date | None) -> tuple[date, list[Text]]:
    days = clock("assessment_rectification", on=today).value
    calendar = working_calendar(today, decided or date(today.year + 1, 12, 31))
    if decided is not None:
        return decided, calendar.warnings(today, decided)
    return due_day(today, None, days, calendar)


@transaction.atomic
def void_rectifications(disposition: Disposition, *, actor: User | None, at: datetime) -> int:
    """End the rectifications of a revoked decision; what was accepted and proven before stays as it is. Returns how many."""
    ended = RECTIFICATION.transitions["end"]
    n = Rectification.objects.filter(disposition=disposition, state__in=ended.sources).update(state=ended.target)
    journal.record("void_rectifications", actor=actor, at=at, subject=f"disposition:{disposition.pk}", after={"n": n})
    return n


@transaction.atomic
def submit(
    rectification: Rectification, report: Report, files: Mapping[str, bytes], *, actor: User, at: datetime
) -> Submission:
    """Submit what was done, with its evidence. Raises RectificationRefused for a part that is missing, NotAllowedNow twice."""
    check_report(report, len(files))
    move(RECTIFICATION, "submit", Rectification.objects.filter(pk=rectification.pk))
    kept = [keep(name=name, content=content, actor=actor, at=at) for name, content in files.items()]
    made = Submission.objects.create(
        rectification=rectification, number=rectification.submissions.count() + 1, cause=report.cause,
        correction=report.correction, corrective_action=report.corrective_action, like_cases=report.like_cases,
        sha256=digest_of(report, [one.sha256 for one in kept]), submitted_by=actor, submitted_at=at,
    )  # fmt: skip
    proofs = SubmittedFile.objects.bulk_create(SubmittedFile(submission=made, attachment=one) for one in kept)
    journal.record(
        "submit_rectification", actor=actor, at=at, subject=f"rectification:{rectification.pk}", covers=[made, *proofs],
        after={"sha256": made.sha256},
    )  # fmt: skip
    rectification.refresh_from_db()
    return made


@transaction.atomic
def judge(
    submission: Submission, *, outcome: str, reason: str, actor: User, at: datetime, due_on: date | None = None,
    items: Sequence[Item] = (),
) -> Judgement:  # fmt: skip
    """Accept, give back or fail a submission, with reasons; `items` are what the finding concerns, for the evidence.

    Raises RectificationRefused for the submitter, somebody of the institution or a recused person, without reasons, or where
    something is given back without a new day; NotAllowedNow where it was judged already.
    """
    rectification, today = submission.rectification, timezone.localdate(at)
    check_judge(rectification, actor, today, reason)
    if outcome not in OUTCOMES:
        raise RectificationRefused(t("Accept, give back or fail it.", "请选择通过、退回或不通过。"))
    if outcome == "returned" and (due_on is None or due_on <= today):
        raise RectificationRefused(t("What is given back gets a new day.", "退回须确定新的整改期限。"))
    verb = {"accepted": "accept", "returned": "give_back", "failed": "fail"}[outcome]
    also = {"due_on": due_on} if outcome == "returned" else {}
    move(RECTIFICATION, verb, Rectification.objects.filter(pk=rectification.pk), **also)
    made = Judgement.objects.create(
        submission=submission, outcome=outcome, reason=reason, due_on=due_on if outcome == "returned" else None,
        judged_by=actor, judged_at=at,
    )  # fmt: skip
    lines = [] if outcome == "returned" else _lines(rectification, outcome, reason, items, submission.sha256, at)
    entry = journal.record(
        "judge_rectification", actor=actor, at=at, subject=f"rectification:{rectification.pk}", covers=[made, *lines],
        reason=reason, after={"outcome": outcome},
    )  # fmt: skip
    evidence.record(lines, entry=entry)
    rectification.refresh_from_db()
    return made


def check_judge(rectification: Rectification, actor: User, today: date, reason: str) -> None:
    check_reason(reason)
    check_verifier(actor.pk, submitters_of(rectification))
    person = Person.objects.filter(user=actor).first()
    if person is None:
        return
    family = family_ids(rectification.institution)
    if places_of(person, today) & set(family):
        check_outsider(family, rectification.institution_id)
    if why := recused_from(rectification.institution, [person.pk], today).get(person.pk):
        raise RectificationRefused(
            t("You cannot judge this institution: {why}.", "您应当回避该机构：{why}。", why=recusal_words(why))
        )


def _lines(
    rectification: Rectification, outcome: str, reason: str, items: Sequence[Item], sha256: str, at: datetime
) -> list[Evidence]:
    """One line for each item; a finding about the system as a whole concerns none."""
    finding = rectification.finding
    shown = [
        evidence.Shown(
            institution_id=rectification.institution_id, parameter_id=parameter, matrix_id=matrix, kind="finding_outcome",
            version=1, occurred_on=timezone.localdate(at), source=f"rectification:{rectification.pk}:{outcome}",
            disclosed_to_id=rectification.authority_id,
            payload={
                "finding": str(finding.pk), "code": finding.code, "grade": finding.grade, "act_on": finding.act_on.isoformat(),
                "outcome": outcome, "reason": reason,
            },
        )
        for parameter, matrix in sorted(set(items))
    ]  # fmt: skip
    return evidence.lines(shown, at=at, source_sha256=sha256)


@transaction.atomic
def check_effect(
    rectification: Rectification, *, effective: bool, basis: str, actor: User, at: datetime
) -> EffectCheck:
    """Say whether it helped, by what the chosen check has shown; for the items of the acceptance, as evidence.

    Raises RectificationRefused for the submitter, a recused person or without a basis, NotAllowedNow before the acceptance.
    """
    check_judge(rectification, actor, timezone.localdate(at), basis)
    move(RECTIFICATION, "confirm" if effective else "deny", Rectification.objects.filter(pk=rectification.pk))
    made = EffectCheck.objects.create(
        rectification=rectification, effective=effective, basis=basis, judged_by=actor, judged_at=at
    )
    outcome = "effective" if effective else "ineffective"
    lines = _lines(rectification, outcome, basis, _items_of(rectification, outcome), _sha256_of(rectification), at)
    entry = journal.record(
        "check_effect", actor=actor, at=at, subject=f"rectification:{rectification.pk}", covers=[made, *lines], reason=basis,
        after={"effective": effective},
    )  # fmt: skip
    evidence.record(lines, entry=entry)
    rectification.refresh_from_db()
    return made


def _items_of(rectification: Rectification, outcome: str) -> list[Item]:
    """The items of the acceptance of which this outcome was not said before (it may be confirmed again after a look-back)."""
    lines = Evidence.objects.filter(kind="finding_outcome", institution=rectification.institution)
    accepted, said = (
        set(lines.filter(source=f"rectification:{rectification.pk}:{one}").values_list("parameter_id", "matrix_id"))
        for one in ("accepted", outcome)
    )
    return sorted(accepted - said)


def _sha256_of(rectification: Rectification) -> str:
    return rectification.submissions.order_by("-number").values_list("sha256", flat=True)[0]
