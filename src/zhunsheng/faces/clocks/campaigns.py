"""The clocks of a campaign: sign the commitment, read a task, do it, submit the self-check, leave a stage.

Days are those of the institution's region. Whoever is late stands with the nearest authority above its place; an authority that is
late, with the one that runs the campaign.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from zhunsheng.activities.campaigns.plan.models import Campaign, Gate, Participant, RegionalDays, Stage, Task
from zhunsheng.activities.campaigns.plan.queries.days import LastDays, TaskDays
from zhunsheng.activities.campaigns.plan.queries.received import authorities, below
from zhunsheng.activities.campaigns.plan.queries.waiting import (
    Waiting,
    tasks_under_way,
    unsigned,
    waiting_for,
)
from zhunsheng.activities.campaigns.plan.rules.gates import ASKED_ON_LEAVING
from zhunsheng.activities.campaigns.selfcheck.models import Call, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.days import STAGE as SELFCHECK_STAGE
from zhunsheng.activities.campaigns.selfcheck.queries.days import CallDays
from zhunsheng.faces.clocks.who import AuthorityOver, HoldersAt
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.messages.rules import Clock, Due
from zhunsheng.registry import regions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.jurisdiction import AREAS, area_of, lies_within
from zhunsheng.registry.people.states import Post

ANSWERS_FOR_IT = (Post.INSTITUTION_ADMIN, Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER)
READ_WITHIN = 3
"""Working days from setting a task to reading it."""
NEAR = 5
"""Working days before its day from which on a task is to be done, read or not."""
LONGEST = timedelta(days=30)
"""So many working days and the longest row of days off."""
BY_THE_PLAN = t("The days of the campaign’s plan in the region.", "整顿方案确定的本地区时间安排。")


def find_unsigned(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Commitments that nobody signed; the day is the last of the deployment, or of whatever stage is first. Three questions."""
    stages = first_stages()
    days = LastDays(stages.values())
    near = {key: one for key, one in stages.items() if any(since <= day <= until for day in days.all_of(one))}
    if not near:
        return
    for campaign, who in unsigned([one.campaign for one in near.values()], where):
        stage = near[campaign]
        if since <= (last := days.of(stage, who.region_code)) <= until:
            yield commitment_due(stage.campaign, who, last)


def first_stages() -> dict[UUID, Stage]:
    """Campaign under way → its first stage; one question."""
    rows = list(stages_under_way())
    later = {after.pk for before, after in pairwise(rows) if before.campaign_id == after.campaign_id}
    return {one.campaign_id: one for one in rows if one.pk not in later}


def stages_under_way() -> QuerySet[Stage]:
    found = Stage.objects.filter(campaign__state="published").select_related("campaign__authority")
    return found.order_by("campaign", "position")


def commitment_due(campaign: Campaign, who: Waiting, last: date) -> Due:
    return Due(
        about=f"commitment:{who.part}",
        due_on=last,
        what=t("Sign the commitment: {x}", "签署承诺书：{x}", x=campaign.title),
        why=t("{a} asks every institution that takes part.", "{a}要求各参加机构签署。", a=campaign.authority.name),
        address=reverse("workspace_campaign", args=[who.part]) + "#commitment",
        verb=t("Read and sign", "阅读并签署"),
        whose=who.name,
        holder=HoldersAt(who.institution, ANSWERS_FOR_IT),
        superior=AuthorityOver(who.region_code),
        superior_address=board(campaign.pk),
        together=f"commitments:{campaign.pk}",
    )


def board(campaign: UUID) -> str:
    """Where an authority sees a campaign."""
    return reverse("office_campaign", args=[campaign])


def find_unread(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Tasks that an institution or a lower authority has not read; near their day they are to be done instead. Five questions."""
    lately = Q(set_at__date__gte=since - LONGEST) | Q(campaign__published_at__date__gte=since - LONGEST)
    soon, tasks = calendar.add(on, NEAR), list(tasks_under_way().filter(lately))
    last, read = TaskDays(tasks), {one: read_by(one, calendar) for one in tasks}
    near = [one for one, day in read.items() if since <= day <= until and max(last.all_of(one)) > soon]
    for task, who in waiting_for(near, ("read", "done"), where):
        if last.of(task, who.region_code) > soon:
            yield task_due(task, who, "read", read[task])


def read_by(task: Task, calendar: WorkingCalendar) -> date:
    """The last day for reading a task: so many working days after it was set, or after the campaign that it is of was published."""
    known = max(filter(None, (task.set_at, task.campaign.published_at)))
    return calendar.add(localdate(known), READ_WITHIN)


def find_undone(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Tasks that an institution or a lower authority has not done by the day of its region; nobody unread is asked before it is near.

    Eight questions.
    """
    soon, every = calendar.add(on, NEAR), list(tasks_under_way())
    days = TaskDays(every)
    tasks = [one for one in every if any(since <= day <= until for day in days.all_of(one))]
    far = [one for one in tasks if max(days.all_of(one)) > soon]
    unread = {(task.pk, who.key) for task, who in waiting_for(far, ("read", "done"), where)}
    for task, who in waiting_for(tasks, ("done",), where):
        last = days.of(task, who.region_code)
        if since <= last <= until and (last <= soon or (task.pk, who.key) not in unread):
            yield task_due(task, who, "done", last)


def task_due(task: Task, who: Waiting, kind: str, last: date) -> Due:
    said = (
        t("Confirm that you read: {x}", "签收任务：{x}", x=task.text)
        if kind == "read"
        else t("Do and report: {x}", "完成任务：{x}", x=task.text)
    )
    return Due(
        about=f"task:{kind}:{task.pk}:{who.key}",
        due_on=last,
        what=said,
        why=t("A task of the campaign “{x}”.", "“{x}”布置的任务。", x=task.campaign.title),
        address=where_received(task, who),
        verb=t("Open the task", "查看任务"),
        whose=who.name,
        holder=HoldersAt(who.institution, posts_for(task, who)),
        superior=AuthorityOver(who.region_code)
        if who.part
        else HoldersAt(task.campaign.authority_id, (Post.REGULATOR,)),
        superior_address=board(task.campaign_id),
        together=f"task:{kind}:{task.pk}",
    )


def where_received(task: Task, who: Waiting) -> str:
    page = reverse("workspace_campaign", args=[who.part]) if who.part else reverse("workspace_campaign_received")
    return f"{page}#task-{task.pk}"


def posts_for(task: Task, who: Waiting) -> tuple[Post, ...]:
    """Those of the role that the task is for; where an institution has nobody in it, whoever answers for the institution."""
    if who.part is None:
        return (Post.REGULATOR,)
    role = Post(task.role)
    return (role, *(one for one in ANSWERS_FOR_IT if one is not role))


def find_unsubmitted(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Self-checks that wait for their institution and are due in the period, in their region; two questions."""
    waiting = SelfCheck.objects.filter(
        Q(call__due_on__gte=since, call__due_on__lte=until) | Q(call__campaign__in=with_days_between(since, until)),
        state__in=("open", "returned"), call__campaign__state="published",
    )  # fmt: skip
    if where is not None:
        waiting = waiting.filter(participant__institution__in=where)
    rows = waiting.select_related("call__campaign__authority", "participant__institution__merged_into")
    days = CallDays(Call.objects.filter(campaign__state="published"))
    for one in rows.order_by("call__due_on", "pk").iterator(chunk_size=2_000):
        if since <= (last := days.of(one.call, one.participant.region_code)) <= until:
            yield selfcheck_due(one, last)


def with_days_between(since: date, until: date) -> QuerySet[RegionalDays, Any]:
    """The campaigns in which the self-check of some region ends in the period."""
    rows = RegionalDays.objects.filter(stage__key=SELFCHECK_STAGE, ends_on__gte=since, ends_on__lte=until)
    return rows.order_by().values("stage__campaign")


def selfcheck_due(form: SelfCheck, last: date) -> Due:
    campaign, institution = form.call.campaign, head_of(form.participant.institution)
    return Due(
        about=f"selfcheck:{form.pk}",
        due_on=last,
        what=t("Submit the self-check: {x}", "提交自查：{x}", x=campaign.title),
        why=t("Given back: {r}", "已退回：{r}", r=form.reason)
        if form.state == "returned"
        else t("{a} asks every institution that takes part.", "{a}要求各参加机构开展自查。", a=campaign.authority.name),
        address=reverse("workspace_selfcheck", args=[form.pk]),
        verb=t("Go on with the self-check", "继续自查"),
        whose=institution.name,
        holder=HoldersAt(institution.pk, (Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.INSTITUTION_ADMIN)),
        superior=AuthorityOver(form.participant.region_code),
        superior_address=board(campaign.pk),
        together=f"selfchecks:{form.call_id}",
    )


def find_not_left(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Stages that nobody left: of whole campaigns, of the areas of the authorities below, and of regions that have days of their own.

    Six questions.
    """
    passed = set(
        Gate.objects.filter(side="exit", stage__campaign__state="published").values_list("stage", "region_code")
    )  # fmt: skip
    own = set(RegionalDays.objects.filter(stage__campaign__state="published").values_list("stage", "region_code"))
    near = [
        one for one in stages_under_way().filter(ends_on__gte=since, ends_on__lte=until) if (one.pk, "") not in passed
    ]
    areas = areas_below({one.campaign_id: one.campaign for one in near}.values(), on)
    reached = None if where is None else set(areas_of(where, on))
    for stage in near:
        if where is None or stage.campaign.authority_id in where:
            yield stage_due(stage, stage.ends_on)
        for code in areas[stage.campaign_id]:
            if (stage.pk, code) not in passed | own and (reached is None or code in reached):
                yield stage_due(stage, stage.ends_on, code)
    for one in regional_days(since, until, where, on):
        if (one.stage_id, one.region_code) not in passed:
            yield stage_due(one.stage, one.ends_on, one.region_code)


def areas_below(campaigns: Collection[Campaign], on: date) -> dict[UUID, list[str]]:
    """Campaign → the areas of the authorities next below the one that runs it, in which anybody takes part; two questions.

    A county within a prefecture that has an authority hears of it from there.
    """
    part: dict[UUID, set[str]] = {one.pk: set() for one in campaigns}
    taking = Participant.objects.filter(campaign__in=part).order_by().values_list("campaign", "region_code")
    for campaign, code in taking.distinct():
        part[campaign].add(code)
    standing = list(authorities().filter(level__in=AREAS)) if part else []
    return {one.pk: _next_below(one, part[one.pk], standing, on) for one in campaigns}


def _next_below(campaign: Campaign, codes: Collection[str], standing: Iterable[Institution], on: date) -> list[str]:
    areas = {area_of(one, on) for one in standing if below(campaign, one)}
    holding = {area for area in areas if any(lies_within(code, area, on) for code in codes)}
    return sorted(
        area for area in holding if not any(other != area and lies_within(area, other, on) for other in holding)
    )


def regional_days(since: date, until: date, where: Collection[UUID] | None, on: date) -> Iterable[RegionalDays]:
    found = RegionalDays.objects.filter(stage__campaign__state="published", ends_on__gte=since, ends_on__lte=until)
    if where is not None:
        found = found.filter(region_code__in=areas_of(where, on))
    return found.select_related("stage__campaign__authority").order_by(
        "stage__campaign", "stage__position", "region_code"
    )


def areas_of(where: Collection[UUID], on: date) -> list[str]:
    """The regions that authorities among these institutions lead."""
    authorities = Institution.objects.filter(pk__in=where, kind=Institution.Kind.AUTHORITY, level__in=AREAS)
    return [area_of(one, on) for one in authorities]


def stage_due(stage: Stage, last: date, region_code: str = "") -> Due:
    campaign = stage.campaign
    address = board(campaign.pk) + (f"?region={region_code}" if region_code else "")
    runs_it = HoldersAt(campaign.authority_id, (Post.REGULATOR,))
    return Due(
        about=f"stage:{stage.pk}:{region_code}",
        due_on=last,
        what=t("Finish the stage “{s}”: {x}", "完成“{s}”阶段：{x}", s=stage.title, x=campaign.title),
        why=asked_on_leaving(stage),
        address=address,
        verb=t("See where it stands", "查看进展"),
        whose=regions.name_of(region_code, campaign.opens_on) if region_code else campaign.authority.name,
        holder=AuthorityOver(region_code) if region_code else runs_it,
        superior=runs_it if region_code else None,
        superior_address=address,
        together=f"stage:{stage.pk}",
    )


def asked_on_leaving(stage: Stage) -> Text:
    if asked := ASKED_ON_LEAVING.get(stage.key):
        return t("It is left when {w}.", "完成条件：{w}。", w=asked)
    return t("It is left when whoever leads it says so.", "由负责部门认定完成。")


COMMITMENT = Clock(
    kind="commitment",
    name=t("Commitment of a campaign", "整顿承诺书"),
    basis=BY_THE_PLAN,
    offsets=(10, 5, 2, 0, -1, -3),
    escalate_after=1,
    find=find_unsigned,
)
TASK_READ = Clock(
    kind="campaign_task_read",
    name=t("New task of a campaign", "整顿任务签收"),
    basis=t(
        "Three working days after it was set; no rule names a period, this one is the platform’s.",
        "任务布置后 3 个工作日；法规未规定期限，此为平台约定。",
    ),
    offsets=(READ_WITHIN, 0, -1),
    escalate_after=1,
    find=find_unread,
)
TASK = Clock(
    kind="campaign_task",
    name=t("Task of a campaign", "整顿任务"),
    basis=t("The day of the task.", "任务确定的完成期限。"),
    offsets=(NEAR, 2, 0, -1),
    escalate_after=1,
    find=find_undone,
)
SELFCHECK = Clock(
    kind="selfcheck",
    name=t("Self-check", "自查"),
    basis=t("The day set by the authority that calls for it.", "由部署自查的监管部门确定的提交期限。"),
    offsets=(10, 5, 2, 0, -1, -3),
    escalate_after=1,
    find=find_unsubmitted,
)
STAGE = Clock(
    kind="campaign_stage",
    name=t("Stage of a campaign", "整顿阶段"),
    basis=BY_THE_PLAN,
    offsets=(5, 2, 0, -1),
    escalate_after=1,
    find=find_not_left,
)
