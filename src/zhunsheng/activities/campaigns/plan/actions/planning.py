"""The verbs of a plan: draw it up, change it, clone last year's, publish, close, withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhunsheng.activities.campaigns.plan.models import Campaign, Stage, Task
from zhunsheng.activities.campaigns.plan.rules.planning import (
    PlanRefused,
    Section,
    StageDays,
    check_publishable,
    check_sections,
    check_stages,
    check_title,
)
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN, STAGES
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.rulebook.queries import rules_on


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person decides about a campaign."""

    title: Text
    opens_on: date
    closes_on: date
    stages: Sequence[StageDays]
    region_code: str = ""
    fields: Sequence[str] = ()
    sections: Sequence[Section] = ()
    commitment: Text = field(default_factory=lambda: Text("", ""))


@transaction.atomic
def plan_campaign(
    *, authority: Institution, plan: Plan, actor: User | None, at: datetime, previous: Campaign | None = None
) -> Campaign:
    """Draw up a campaign as a draft that only its authority sees. Raises PlanRefused for a plan that cannot be."""
    _check(plan)
    made = Campaign.objects.create(
        authority=authority, previous=previous, created_at=at, created_by=actor, **_columns(plan)
    )
    _write_stages(made, plan.stages)
    journal.record("plan_campaign", actor=actor, at=at, subject=f"campaign:{made.pk}", after=_as_json(plan))
    return made


@transaction.atomic
def change_plan(campaign: Campaign, plan: Plan, *, actor: User | None, at: datetime) -> Campaign:
    """Change a draft. Raises PlanRefused for a plan that cannot be or a stage left out that has tasks, NotAllowedNow once published."""
    _check(plan)
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    CAMPAIGN.check("publish", held.state)
    before = plan_of(held)
    Campaign.objects.filter(pk=held.pk).update(**_columns(plan))
    _leave_out_stages(held, plan.stages)
    _write_stages(held, plan.stages)
    journal.record(
        "change_plan", actor=actor, at=at, subject=f"campaign:{held.pk}", before=_as_json(before), after=_as_json(plan)
    )
    campaign.refresh_from_db()
    return campaign


def _check(plan: Plan) -> None:
    check_title(plan.title)
    check_sections(plan.sections)
    check_stages(plan.stages, plan.opens_on, plan.closes_on)


def _columns(plan: Plan) -> dict[str, Any]:
    return {
        "title_zh": plan.title.zh.strip(), "title_en": plan.title.en.strip(), "region_code": plan.region_code,
        "fields": sorted(plan.fields), "opens_on": plan.opens_on, "closes_on": plan.closes_on,
        "sections": [{"key": one.key, "zh": one.text.zh, "en": one.text.en} for one in plan.sections],
        "commitment_zh": plan.commitment.zh.strip(), "commitment_en": plan.commitment.en.strip(),
    }  # fmt: skip


def _leave_out_stages(campaign: Campaign, kept: Sequence[StageDays]) -> None:
    """Take out what the plan no longer names; what is to be done in a stage keeps it there."""
    gone = campaign.stages.exclude(key__in=[one.key for one in kept])
    if held := gone.filter(tasks__isnull=False).first():
        raise PlanRefused(
            t("“{s}” has tasks and cannot be left out.", "“{s}”已布置任务，不能略去。", s=held.title)
        )  # fmt: skip
    gone.delete()


def _write_stages(campaign: Campaign, stages: Sequence[StageDays]) -> None:
    Stage.objects.bulk_create(
        [
            Stage(
                campaign=campaign, position=list(STAGES).index(one.key) + 1, key=one.key, title_zh=STAGES[one.key].zh,
                title_en=STAGES[one.key].en, starts_on=one.starts_on, ends_on=one.ends_on,
            )
            for one in stages
        ],
        update_conflicts=True, unique_fields=["campaign", "key"], update_fields=["starts_on", "ends_on"],
    )  # fmt: skip


def _as_json(plan: Plan) -> dict[str, Any]:
    columns = _columns(plan)
    days = {"opens_on": plan.opens_on.isoformat(), "closes_on": plan.closes_on.isoformat()}
    return {
        **columns,
        **days,
        "stages": [[one.key, one.starts_on.isoformat(), one.ends_on.isoformat()] for one in plan.stages],
    }


def plan_of(campaign: Campaign) -> Plan:
    """A campaign's plan as it stands."""
    return Plan(
        title=campaign.title, opens_on=campaign.opens_on, closes_on=campaign.closes_on, region_code=campaign.region_code,
        fields=campaign.fields, sections=sections_of(campaign), commitment=commitment_of(campaign),
        stages=[StageDays(one.key, one.starts_on, one.ends_on) for one in campaign.stages.order_by("position")],
    )  # fmt: skip


def sections_of(campaign: Campaign) -> list[Section]:
    """The written parts of a plan."""
    return [Section(one["key"], Text(en=one["en"], zh=one["zh"])) for one in campaign.sections]


def commitment_of(campaign: Campaign) -> Text:
    """What the responsible people of institutions sign."""
    return Text(en=campaign.commitment_en, zh=campaign.commitment_zh)


@transaction.atomic
def clone_campaign(previous: Campaign, *, title: Text, opens_on: date, actor: User | None, at: datetime) -> Campaign:
    """A new draft like an earlier campaign of the same authority: text, stages and tasks, all days moved by as much as its first."""
    shift = opens_on - previous.opens_on
    old = plan_of(previous)
    plan = Plan(
        title=title, opens_on=opens_on, closes_on=old.closes_on + shift, region_code=old.region_code, fields=old.fields,
        sections=old.sections, commitment=old.commitment,
        stages=[StageDays(one.key, one.starts_on + shift, one.ends_on + shift) for one in old.stages],
    )  # fmt: skip
    made = plan_campaign(authority=previous.authority, plan=plan, actor=actor, at=at, previous=previous)
    _copy_tasks(previous, made, shift, actor=actor, at=at)
    return made


def _copy_tasks(old: Campaign, new: Campaign, shift: timedelta, *, actor: User | None, at: datetime) -> None:
    """Those of the plan; what a meeting decided belongs to that year."""
    stages = {one.key: one for one in new.stages.all()}
    Task.objects.bulk_create(
        Task(
            campaign=new, stage=stages.get(one.stage.key) if one.stage else None, role=one.role, region_code=one.region_code,
            text_zh=one.text_zh, text_en=one.text_en, due_on=one.due_on + shift, set_at=at, set_by=actor,
        )
        for one in old.tasks.filter(point=None).select_related("stage")
    )  # fmt: skip


@transaction.atomic
def publish_campaign(campaign: Campaign, *, actor: User | None, at: datetime) -> Campaign:
    """Let everybody read the plan; who takes part is enrolled afterwards (`enrol_participants`), step by step.

    The rules of the day are kept with it. Raises PlanRefused for a plan that is not complete in both languages, NotAllowedNow.
    """
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)  # a colleague may have changed it since it was read
    check_publishable(sections_of(held), commitment_of(held))
    rules = rules_on(timezone.localdate(at))
    kept = {"rulepack": rules.id, "rulepack_sha256": rules.sha256}
    move(CAMPAIGN, "publish", Campaign.objects.filter(pk=campaign.pk), published_at=at, **kept)
    journal.record(
        "publish_campaign", actor=actor, at=at, subject=f"campaign:{campaign.pk}",
        after={"rules": rules.id, "rules_sha256": rules.sha256, **_as_json(plan_of(held))},
    )  # fmt: skip
    campaign.refresh_from_db()
    return campaign


@transaction.atomic
def close_campaign(campaign: Campaign, *, actor: User | None, at: datetime) -> Campaign:
    """End a campaign; its plan stays readable."""
    return _end(campaign, "close", "close_campaign", actor=actor, at=at, closed_at=at)


@transaction.atomic
def withdraw_campaign(campaign: Campaign, *, actor: User | None, at: datetime) -> Campaign:
    """Put a draft away."""
    return _end(campaign, "withdraw", "withdraw_campaign", actor=actor, at=at)


def _end(campaign: Campaign, verb: str, act: str, *, actor: User | None, at: datetime, **also: Any) -> Campaign:
    move(CAMPAIGN, verb, Campaign.objects.filter(pk=campaign.pk), **also)
    journal.record(act, actor=actor, at=at, subject=f"campaign:{campaign.pk}", before={"state": campaign.state})
    campaign.refresh_from_db()
    return campaign
