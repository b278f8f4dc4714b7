"""Putting right: open, submit, judge, confirm the effect."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.inspection.models import Disposition
from zhunsheng.activities.campaigns.inspection.queries import recused_from
from zhunsheng.activities.campaigns.inspection.rules.teams import recusal_words
from zhunsheng.activities.campaigns.rectification.actions.proving import Item, outcome_lines, standing_lines
from zhunsheng.activities.campaigns.rectification.models import (
    EffectCheck,
    Judgement,
    NewOrder,
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
    check_new_day,
    check_outsider,
    check_reason,
    check_report,
    check_verifier,
    digest_of,
    due_day,
)
from zhunsheng.activities.campaigns.rectification.states import EFFECT_CHECKS, OUTCOMES, RECTIFICATION
from zhunsheng.capability.evidence import actions as evidence
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
    if outcome == "returned":
        check_new_day(due_on, today)
    verb = {"accepted": "accept", "returned": "give_back", "failed": "fail"}[outcome]
    also = {"due_on": due_on} if outcome == "returned" else {}
    move(RECTIFICATION, verb, Rectification.objects.filter(pk=rectification.pk), **also)
    made = Judgement.objects.create(
        submission=submission, outcome=outcome, reason=reason, due_on=due_on if outcome == "returned" else None,
        judged_by=actor, judged_at=at,
    )  # fmt: skip
    lines = [] if outcome == "returned" else outcome_lines(rectification, outcome, reason, items, at)
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
    lines = outcome_lines(rectification, outcome, basis, standing_lines(rectification), at)
    entry = journal.record(
        "check_effect", actor=actor, at=at, subject=f"rectification:{rectification.pk}", covers=[made, *lines], reason=basis,
        after={"effective": effective},
    )  # fmt: skip
    evidence.record(lines, entry=entry)
    rectification.refresh_from_db()
    return made


@transaction.atomic
def order_anew(rectification: Rectification, *, due_on: date, reason: str, actor: User, at: datetime) -> NewOrder:
    """Order that what failed, or was without effect, is put right again by a new day.

    Raises RectificationRefused for the submitter, somebody of the institution or a recused person, without reasons or a later
    day; NotAllowedNow where it neither failed nor was without effect.
    """
    today = timezone.localdate(at)
    check_judge(rectification, actor, today, reason)
    check_new_day(due_on, today)
    _, warnings = _due(today, due_on)
    move(
        RECTIFICATION, "order_anew", Rectification.objects.filter(pk=rectification.pk), due_on=due_on,
        warnings=[{"en": one.en, "zh": one.zh} for one in warnings],
    )  # fmt: skip
    made = NewOrder.objects.create(
        rectification=rectification, reason=reason, due_on=due_on, ordered_by=actor, ordered_at=at
    )
    journal.record(
        "order_anew", actor=actor, at=at, subject=f"rectification:{rectification.pk}", covers=[made], reason=reason,
        before={"due_on": rectification.due_on.isoformat()}, after={"due_on": due_on.isoformat()},
    )  # fmt: skip
    rectification.refresh_from_db()
    return made
