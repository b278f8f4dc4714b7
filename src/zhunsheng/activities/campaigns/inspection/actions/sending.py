"""Sending officers: task letters, the question of recusal on the day, another officer, a task that is cancelled."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.draw.models import DrawnLaboratory
from zhunsheng.activities.campaigns.draw.queries import recusals_of
from zhunsheng.activities.campaigns.inspection.models import Declaration, Extension, Inspection, Officer
from zhunsheng.activities.campaigns.inspection.queries import (
    declared_free,
    inspectors_by_key,
    numbered_this_year,
    recused_from,
    team_of,
)
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.activities.campaigns.inspection.rules.teams import check_free, check_period, check_ready, check_team
from zhunsheng.activities.campaigns.inspection.states import INSPECTION, ON_TASK
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import NotAllowedNow, move
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import heads_of
from zhunsheng.registry.people.models import Person

BATCH = 300
NO_WORDS = Text("", "")


@dataclass(frozen=True, slots=True)
class Task:
    """Where officers are sent, and who."""

    institution: Institution
    officers: Sequence[Person]
    reason: Text = NO_WORDS
    drawn: DrawnLaboratory | None = None


@transaction.atomic
def plan_inspections(
    tasks: Sequence[Task], *, authority: Institution, on: date, until: date, actor: User | None, at: datetime,
    campaign: Campaign | None = None,
) -> list[Inspection]:  # fmt: skip
    """Issue task letters for a set of visits, all or none.

    Raises InspectionRefused for fewer than two officers, one who is no inspector of the authority on the first day, or one
    whom a recusal holds back.
    """
    today = timezone.localdate(at)
    check_period(on, until, today)
    _check_teams(tasks, authority, on)
    Institution.objects.select_for_update().get(pk=authority.pk)  # two at once would take the same number
    before = numbered_this_year(authority, today.year)
    made = [
        Inspection(
            campaign=campaign, authority=authority, institution=task.institution, drawn=task.drawn, on=on, until=until,
            number=f"{today.year}-{before + i:05d}", reason_zh=task.reason.zh, reason_en=task.reason.en, sent_by=actor,
            sent_at=at,
        )
        for i, task in enumerate(tasks, 1)
    ]  # fmt: skip
    Inspection.objects.bulk_create(made, batch_size=BATCH)
    sent = [
        Officer(inspection=one, person=person, position=i)
        for one, task in zip(made, tasks, strict=True)
        for i, person in enumerate(task.officers, 1)
    ]
    Officer.objects.bulk_create(sent, batch_size=BATCH)
    rows = [
        {"inspection": str(one.pk), "institution": str(one.institution_id), "officers": [str(p.pk) for p in task.officers]}
        for one, task in zip(made, tasks, strict=True)
    ]  # fmt: skip
    subject = f"inspection:{made[0].pk}" if len(made) == 1 else f"institution:{authority.pk}"
    journal.record(
        "plan_inspections", actor=actor, at=at, subject=subject, rows=rows,
        after={"n": len(made), "on": on.isoformat(), "until": until.isoformat()},
    )  # fmt: skip
    return made


def _check_teams(tasks: Sequence[Task], authority: Institution, on: date) -> None:
    inspectors = inspectors_by_key(authority, on)
    heads = heads_of(task.institution.pk for task in tasks)
    recused = recusals_of(inspectors.keys(), on)
    for task in tasks:
        for one in task.officers:
            if one.pk not in inspectors:
                raise InspectionRefused(
                    t("{name} is no inspector of the authority on that day.", "{name}当日不是本部门检查人员。", name=one.name)
                )  # fmt: skip
        head = heads[task.institution.pk]
        why: dict[Hashable, frozenset[str]] = {
            one.pk: frozenset(recused.get(one.pk, {}).get(head, ())) for one in task.officers
        }
        check_team([one.pk for one in task.officers], {one.pk: one.name for one in task.officers}, why)


@transaction.atomic
def replace_officer(
    inspection: Inspection, *, officer: Person, by: Person, reason: str, actor: User | None, at: datetime
) -> None:
    """Send another officer, for a reason that is kept. Raises InspectionRefused where the other may not go, or without a reason."""
    today = timezone.localdate(at)
    if inspection.state not in ("sent", "open") or not reason.strip():
        raise InspectionRefused(
            t("An officer is replaced before the record is closed, and with a reason.", "更换检查人员须在记录定稿前办理并写明理由。")
        )  # fmt: skip
    team = [by if one.pk == officer.pk else one for one in team_of(inspection)]
    if by not in team:
        raise InspectionRefused(t("That officer is not on the task.", "该人员不在检查任务中。"))
    _check_teams([Task(inspection.institution, team)], inspection.authority, today)
    row = Officer.objects.get(inspection=inspection, person=officer, replaced_at=None)
    Officer.objects.filter(pk=row.pk).update(replaced_at=at, replaced_why=reason)
    Officer.objects.create(inspection=inspection, person=by, position=row.position)
    journal.record(
        "replace_officer", actor=actor, at=at, subject=f"inspection:{inspection.pk}", reason=reason,
        before={"officer": str(officer.pk)}, after={"officer": str(by.pk)},
    )  # fmt: skip


@transaction.atomic
def declare_recusal(
    inspection: Inspection, *, officer: Person, free: bool, detail: str, actor: User | None, at: datetime
) -> Inspection:
    """An officer answers on the day whether anything stands in the way; when all are free, the visit begins.

    Raises InspectionRefused outside the days of the task, and where the registers know of a recusal that the answer denies.
    """
    today = timezone.localdate(at)
    if not inspection.on <= today <= inspection.until:
        raise InspectionRefused(t("The task is not for today.", "今日不在任务期限内。"))
    if free:
        check_free(officer.name, recused_from(inspection.institution, [officer.pk], today).get(officer.pk, ()))
    elif not detail.strip():
        raise InspectionRefused(t("Say what stands in the way.", "请写明应当回避的情形。"))
    INSPECTION.check("begin", inspection.state)
    said = Declaration.objects.create(inspection=inspection, person=officer, free=free, detail=detail, at=at)
    begun = _is_ready(inspection, today, at)
    if begun:
        move(INSPECTION, "begin", Inspection.objects.filter(pk=inspection.pk), begun_at=at)
    journal.record(
        "declare_recusal", actor=actor, at=at, subject=f"inspection:{inspection.pk}", covers=[said], after={"begun": begun}
    )  # fmt: skip
    inspection.refresh_from_db()
    return inspection


def _is_ready(inspection: Inspection, today: date, at: datetime) -> bool:
    """Have all standing officers answered today that they are free?"""
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    free = declared_free(inspection, (start, start + timedelta(days=1)))
    team: list[UUID] = [one.pk for one in team_of(inspection)]
    try:
        check_ready(team, free)
    except InspectionRefused:
        return False
    return True


@transaction.atomic
def cancel_inspection(inspection: Inspection, *, reason: Text, actor: User | None, at: datetime) -> None:
    """Cancel a task, for a reason in both languages. Raises InspectionRefused without one, NotAllowedNow after the record was closed."""
    if not reason.zh.strip() or not reason.en.strip():
        raise InspectionRefused(t("Say why, in both languages.", "请用中英文写明取消理由。"))
    move(
        INSPECTION, "cancel", Inspection.objects.filter(pk=inspection.pk), reason_zh=reason.zh, reason_en=reason.en, ended_at=at
    )  # fmt: skip
    journal.record("cancel_inspection", actor=actor, at=at, subject=f"inspection:{inspection.pk}", reason=reason.both())
    inspection.refresh_from_db()


@transaction.atomic
def extend_inspection(
    inspection: Inspection, *, until: date, reason: Text, actor: User | None, at: datetime
) -> Extension:
    """Let a task go on to a later day, for a reason in both languages; its officers must still be free to judge.

    Raises InspectionRefused for a day that is not later than the last or lies behind, without a reason, or where an officer may not
    go on; NotAllowedNow once the record is signed or the task cancelled.
    """
    today = timezone.localdate(at)
    if not reason.zh.strip() or not reason.en.strip():
        raise InspectionRefused(t("Say why, in both languages.", "请用中英文写明理由。"))
    if until <= inspection.until or until < today:
        raise InspectionRefused(
            t("The new last day is later than {d}, and not past.", "新的截止日期应晚于 {d}，且不早于今日。", d=inspection.until.isoformat())
        )  # fmt: skip
    _check_teams([Task(inspection.institution, team_of(inspection))], inspection.authority, today)
    still = Inspection.objects.filter(pk=inspection.pk, until=inspection.until, state__in=ON_TASK)
    if still.update(until=until) != 1:
        raise NotAllowedNow(t("The task has ended, or was extended meanwhile.", "任务已结束，或期限已被他人延长。"))
    made = Extension.objects.create(
        inspection=inspection, until_before=inspection.until, until=until, reason_zh=reason.zh, reason_en=reason.en,
        extended_by=actor, extended_at=at,
    )  # fmt: skip
    journal.record(
        "extend_inspection", actor=actor, at=at, subject=f"inspection:{inspection.pk}", covers=[made], reason=reason.both(),
        before={"until": inspection.until.isoformat()}, after={"until": until.isoformat()},
    )  # fmt: skip
    inspection.refresh_from_db()
    return made
