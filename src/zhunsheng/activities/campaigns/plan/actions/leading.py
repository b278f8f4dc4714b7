"""The verbs of whoever leads a campaign in a region: set its days, open its gates, set tasks, record meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhunsheng.activities.campaigns.plan.models import AgendaPoint, Campaign, Gate, Meeting, RegionalDays, Stage, Task
from zhunsheng.activities.campaigns.plan.queries.board import stages_in
from zhunsheng.activities.campaigns.plan.rules.gates import Count, Side, check_open
from zhunsheng.activities.campaigns.plan.rules.planning import PlanRefused, StageDays, check_days
from zhunsheng.activities.campaigns.plan.states import ROLES
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal

OVER = t("The campaign is over.", "整顿行动已结束。")


@transaction.atomic
def set_regional_days(
    stage: Stage, *, region_code: str, starts_on: date, ends_on: date, actor: User | None, at: datetime
) -> RegionalDays:
    """Give a stage days of its own in a region. Raises PlanRefused for days outside the campaign, or once it is over."""
    _check_runs(stage.campaign)
    check_days(StageDays(stage.key, starts_on, ends_on), stage.campaign.opens_on, stage.campaign.closes_on)
    old = RegionalDays.objects.select_for_update().filter(stage=stage, region_code=region_code).first()
    before = {"starts_on": old.starts_on.isoformat(), "ends_on": old.ends_on.isoformat()} if old else None
    made, _ = RegionalDays.objects.update_or_create(
        stage=stage, region_code=region_code, defaults={"starts_on": starts_on, "ends_on": ends_on}
    )
    journal.record(
        "set_regional_days", actor=actor, at=at, subject=f"campaign:{stage.campaign_id}", before=before,
        after={
            "stage": stage.key, "region": region_code, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat(),
        },
    )  # fmt: skip
    return made


@transaction.atomic
def open_gate(
    stage: Stage, side: Side, *, region_code: str, count: Count | None, reason: str, actor: User | None, at: datetime
) -> Gate:
    """Let a region enter or leave a stage. `count`: what the gate out of it asks for, counted in the region by whoever calls.

    Raises PlanRefused for a gate that is not met without a reason, one that was opened already, or unless the campaign is under way.
    """
    _check_runs(stage.campaign)
    if stage.campaign.state == "draft":
        raise PlanRefused(t("Gates are opened once the plan is published.", "方案发布后才能放行。"))
    counts = {stage.key: count} if count else {}
    standing = next(one for one in stages_in(stage.campaign, region_code, counts) if one.stage.pk == stage.pk)
    door = standing.entry if side == "entry" else standing.exit
    if door.passed:
        raise PlanRefused(t("This gate was opened already.", "该环节已放行。"))
    check_open(door.met, reason)
    found = {"done": count.done, "of": count.of} if count and side == "exit" else {}
    try:
        with transaction.atomic():
            made = Gate.objects.create(
                stage=stage, region_code=region_code, side=side, met=door.met, found=found, reason=reason.strip(),
                opened_at=at, opened_by=actor,
            )  # fmt: skip
    except IntegrityError as twice:
        raise PlanRefused(t("This gate was opened already.", "该环节已放行。")) from twice
    journal.record(
        "open_gate", actor=actor, at=at, subject=f"campaign:{stage.campaign_id}", covers=[made], reason=reason.strip(),
        after={"stage": stage.key, "region": region_code, "side": side, "met": door.met, **found},
    )  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class TaskGiven:
    """What is to be done, by everybody of a role, by when."""

    text: Text
    role: str
    due_on: date
    region_code: str = ""
    stage: Stage | None = None
    point: AgendaPoint | None = None


@transaction.atomic
def set_task(campaign: Campaign, given: TaskGiven, *, actor: User | None, at: datetime) -> Task:
    """Set a task. Raises PlanRefused for a role that there is not, words in one language, or once the campaign is over."""
    _check_runs(campaign)
    if given.role not in ROLES:
        raise PlanRefused(t("There is no such role.", "没有该角色。"))
    if not given.text.zh.strip() or not given.text.en.strip():
        raise PlanRefused(t("Say in both languages what is to be done.", "请用中英文写明任务内容。"))
    made = Task.objects.create(
        campaign=campaign, stage=given.stage, point=given.point, role=given.role, region_code=given.region_code,
        text_zh=given.text.zh.strip(), text_en=given.text.en.strip(), due_on=given.due_on, set_at=at, set_by=actor,
    )  # fmt: skip
    journal.record(
        "set_task", actor=actor, at=at, subject=f"campaign:{campaign.pk}",
        after={
            "task": str(made.pk), "role": made.role, "region": made.region_code, "zh": made.text_zh, "en": made.text_en,
            "due_on": made.due_on.isoformat(), "decision": given.point.pk if given.point else None,
        },
    )  # fmt: skip
    return made


@transaction.atomic
def record_meeting(
    campaign: Campaign,
    *,
    title: str,
    held_on: date,
    attended: str,
    points: Sequence[tuple[str, str]],
    actor: User | None,
    at: datetime,
) -> Meeting:
    """Keep the record of a meeting: each point of the agenda with its decision. Tasks name the point that they came of.

    Raises PlanRefused without a title or a point, or once the campaign is over.
    """
    _check_runs(campaign)
    if not title.strip() or not points or any(not agenda.strip() for agenda, _ in points):
        raise PlanRefused(t("A record has a title and at least one point.", "会议记录须有标题和至少一项议题。"))
    made = Meeting.objects.create(
        campaign=campaign,
        title=title.strip(),
        held_on=held_on,
        attended=attended.strip(),
        entered_at=at,
        entered_by=actor,
    )
    rows = [
        AgendaPoint(meeting=made, position=i, agenda=agenda.strip(), decision=decision.strip())
        for i, (agenda, decision) in enumerate(points, 1)
    ]
    AgendaPoint.objects.bulk_create(rows)
    journal.record(
        "record_meeting", actor=actor, at=at, subject=f"campaign:{campaign.pk}", covers=[made, *rows],
        after={"title": made.title, "held_on": held_on.isoformat()},
    )  # fmt: skip
    return made


def _check_runs(campaign: Campaign) -> None:
    """Hold the campaign as it is now, not as it was when the page was asked: nobody closes it meanwhile."""
    if Campaign.objects.select_for_update().get(pk=campaign.pk).state not in ("draft", "published"):
        raise PlanRefused(OVER)
