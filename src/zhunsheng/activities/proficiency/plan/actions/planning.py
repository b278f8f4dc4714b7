"""The verbs of a plan: a scheme, a round drawn up, changed, cloned, announced, put off, cancelled."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from zhunsheng.activities.proficiency.models import Round, RoundMeasurand, Scheme
from zhunsheng.activities.proficiency.plan.models import AllowedMethod, Item, Plan, Promise
from zhunsheng.activities.proficiency.plan.queries import lacking_of, promise_of
from zhunsheng.activities.proficiency.plan.rules.planning import (
    Days,
    LatePolicy,
    PlanRefused,
    check_ahead,
    check_code,
    check_days,
    check_extension,
    check_late,
    check_zone,
)
from zhunsheng.activities.proficiency.rules.rounds import check_number
from zhunsheng.activities.proficiency.rules.settings import Settings
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import move
from zhunsheng.registry.institutions.models import Institution

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person decides about a round; promise: the confidentiality statement, receives: who is told identities."""

    number: str
    title: Text
    days: Days
    late: LatePolicy = field(default_factory=LatePolicy)
    assigned: str = "algorithm-a"
    u_assigned: str = ""
    sigma: str = "algorithm-a"
    expected: int = 0
    commissioned_by: Institution | None = None
    promise: Text = NOTHING
    receives: str = ""
    instructions: Text = NOTHING


@transaction.atomic
def begin_scheme(
    *, provider: Institution, code: str, title: Text, field_code: str, commissioned_by: Institution | None,
    actor: User | None, at: datetime,
) -> Scheme:  # fmt: skip
    """A scheme under which rounds are planned. Raises PlanRefused for a code that the provider has used."""
    code = check_code(code, list(Scheme.objects.filter(provider=provider).values_list("code", flat=True)))
    made = Scheme.objects.create(
        provider=provider, code=code, title_zh=title.zh.strip(), title_en=title.en.strip(), field=field_code,
        commissioned_by=commissioned_by, created_at=at,
    )  # fmt: skip
    journal.record(
        "begin_scheme", actor=actor, at=at, subject=f"scheme:{made.pk}",
        after={"code": made.code, "title_zh": made.title_zh, "title_en": made.title_en, "field": field_code,
               "commissioned_by": str(commissioned_by.pk) if commissioned_by else ""},
    )  # fmt: skip
    return made


@transaction.atomic
def plan_round(
    *, provider: Institution, scheme: Scheme | None, draft: Draft, actor: User | None, at: datetime, previous: Round | None = None
) -> Round:  # fmt: skip
    """Draw a round up; its coordinators alone see it. Raises PlanRefused, CannotDo for its number, SettingsError."""
    _check(draft)
    check_number(draft.number, list(Round.objects.filter(provider=provider).values_list("number", flat=True)))
    made = Round.objects.create(
        provider=provider, scheme=scheme, state="planned", created_at=at, settings_stamp=0,
        score=previous.score if previous else "z", judging=previous.judging if previous else {}, **_round_columns(draft),
    )  # fmt: skip
    Plan.objects.create(round=made, previous=previous, **_plan_columns(draft))
    _promise(made, draft, at)
    journal.record("plan_round", actor=actor, at=at, subject=f"round:{made.pk}", after=_as_json(draft))
    return made


@transaction.atomic
def change_plan(round_: Round, draft: Draft, *, actor: User | None, at: datetime) -> None:
    """Change a plan that was not announced yet. Raises as `plan_round` does, NotAllowedNow after the announcement."""
    _check(draft)
    held = Round.objects.select_for_update().get(pk=round_.pk)
    ROUND.check("announce", held.state)
    others = Round.objects.filter(provider=held.provider_id).exclude(pk=held.pk)
    check_number(draft.number, list(others.values_list("number", flat=True)))
    before = draft_of(held)
    Round.objects.filter(pk=held.pk).update(**_round_columns(draft))
    Plan.objects.filter(round=held).update(**_plan_columns(draft))
    if (draft.promise, draft.receives) != (before.promise, before.receives):
        _promise(held, draft, at)
    journal.record(
        "change_round_plan",
        actor=actor,
        at=at,
        subject=f"round:{held.pk}",
        before=_as_json(before),
        after=_as_json(draft),
    )
    round_.refresh_from_db()


def draft_of(round_: Round) -> Draft:
    """The plan of a round as it stands."""
    plan, promise = Plan.objects.get(round=round_), promise_of(round_)
    return Draft(
        number=round_.number, title=round_.title, commissioned_by=round_.commissioned_by, assigned=round_.assigned,
        u_assigned=round_.u_assigned, sigma=round_.sigma, expected=plan.expected, instructions=plan.instructions,
        days=Days(plan.zone, plan.enrol_until, plan.ship_on, plan.results_until), late=LatePolicy(**plan.late),
        promise=promise.text if promise else NOTHING, receives=promise.receives if promise else "",
    )  # fmt: skip


def _check(draft: Draft) -> None:
    if not draft.title.zh.strip() or not draft.title.en.strip():
        raise PlanRefused(t("Give the round a title in both languages.", "请填写中英文名称。"), "title_zh")
    check_days(draft.days)
    check_late(draft.late)
    Settings.parse(assigned=draft.assigned, u_assigned=draft.u_assigned or None, sigma=draft.sigma)


def _round_columns(draft: Draft) -> dict[str, Any]:
    closes = draft.days.results_until.astimezone(check_zone(draft.days.zone)).date()
    return {
        "number": draft.number.strip(), "title_zh": draft.title.zh.strip(), "title_en": draft.title.en.strip(),
        "commissioned_by": draft.commissioned_by, "performed_on": closes, "assigned": draft.assigned,
        "u_assigned": draft.u_assigned, "sigma": draft.sigma,
    }  # fmt: skip


def _plan_columns(draft: Draft) -> dict[str, Any]:
    days = draft.days
    return {
        "zone": days.zone, "enrol_until": days.enrol_until, "ship_on": days.ship_on, "results_until": days.results_until,
        "late": draft.late.as_json(), "expected": draft.expected, "instructions_zh": draft.instructions.zh.strip(),
        "instructions_en": draft.instructions.en.strip(),
    }  # fmt: skip


def _promise(round_: Round, draft: Draft, at: datetime) -> None:
    """A changed statement is a new version: what was accepted stays as it was read."""
    if not draft.promise.zh.strip() and not draft.promise.en.strip():
        return
    zh, en = draft.promise.zh.strip(), draft.promise.en.strip()
    said = canonical_json({"zh": zh, "en": en, "receives": draft.receives.strip()})
    last = Promise.objects.filter(round=round_).aggregate(last=Max("version"))["last"] or 0
    Promise.objects.create(
        round=round_, version=last + 1, text_zh=zh, text_en=en, receives=draft.receives.strip(),
        sha256=hashlib.sha256(said).hexdigest(), made_at=at,
    )  # fmt: skip


def _as_json(draft: Draft) -> dict[str, Any]:
    columns = {**_round_columns(draft), **_plan_columns(draft)}
    moments: Mapping[str, Any] = {
        name: columns[name].isoformat() for name in ("enrol_until", "ship_on", "results_until", "performed_on")
    }
    said = {"promise_zh": draft.promise.zh, "promise_en": draft.promise.en, "receives": draft.receives}
    whom = {"commissioned_by": str(draft.commissioned_by.pk) if draft.commissioned_by else ""}
    return {**columns, **moments, **said, **whom}


@transaction.atomic
def clone_round(round_: Round, draft: Draft, *, actor: User | None, at: datetime) -> Round:
    """A new round with the items, measurands and methods of an earlier one, under its own number and days.

    What was found out about the earlier items (assigned values, homogeneity) belongs to them and is not taken over; a σ_pt is.
    """
    made = plan_round(provider=round_.provider, scheme=round_.scheme, draft=draft, actor=actor, at=at, previous=round_)
    items = [
        Item(round=made, position=one.position, code=one.code, name_zh=one.name_zh, name_en=one.name_en, matrix_id=one.matrix_id,
             variants=one.variants, prepared=one.prepared)
        for one in Item.objects.filter(round=round_)
    ]  # fmt: skip
    Item.objects.bulk_create(items)
    _clone_measurands(round_, made)
    return made


def _clone_measurands(round_: Round, made: Round) -> None:
    earlier = list(round_.measurands.order_by("position").prefetch_related("allowed"))
    fresh = RoundMeasurand.objects.bulk_create(
        RoundMeasurand(round=made, position=one.position, name=one.name, item=one.item, unit=one.unit, step=one.step,
                       sigma=one.sigma, parameter_id=one.parameter_id, matrix_id=one.matrix_id)
        for one in earlier
    )  # fmt: skip
    AllowedMethod.objects.bulk_create(
        AllowedMethod(measurand=new, method_id=held.method_id)
        for old, new in zip(earlier, fresh, strict=True)
        for held in old.allowed.all()
    )


def draft_like(round_: Round, *, number: str, days: Days) -> Draft:
    """What a clone of a round begins with: everything but its number and its days."""
    return replace(draft_of(round_), number=number, days=days)


@transaction.atomic
def announce(round_: Round, *, actor: User | None, at: datetime) -> None:
    """Open the enrolment. Raises PlanRefused for what is lacking, NotAllowedNow unless the round is planned."""
    held = Round.objects.select_for_update().get(pk=round_.pk)
    draft = draft_of(held)
    if missing := lacking_of(held):
        raise PlanRefused(t("The plan lacks: {x}", "方案缺少：{x}", x=join(missing, en=" ", zh="")))
    check_ahead(draft.days, at)
    move(ROUND, "announce", Round.objects.filter(pk=held.pk))
    Plan.objects.filter(round=held).update(announced_at=at)
    promise = promise_of(held)
    assert promise is not None  # lacking_of has seen it
    journal.record(
        "announce_round", actor=actor, at=at, subject=f"round:{held.pk}",
        after={"promise": promise.sha256, "results_until": draft.days.results_until.isoformat()},
    )  # fmt: skip
    round_.refresh_from_db()


@transaction.atomic
def put_off(
    round_: Round, *, enrol_until: datetime | None, results_until: datetime | None, reason: str, actor: User | None, at: datetime
) -> None:  # fmt: skip
    """Give more time to enrol or to report, with a reason. Raises PlanRefused for less time, NotAllowedNow once it is over."""
    held = Round.objects.select_for_update().get(pk=round_.pk)
    ROUND.check("begin" if enrol_until else "cancel", held.state)
    plan = Plan.objects.get(round=held)
    moved = {"enrol_until": enrol_until, "results_until": results_until}
    given = {name: moment for name, moment in moved.items() if moment is not None}
    before = {name: getattr(plan, name) for name in given}
    for name, moment in given.items():
        check_extension(before[name], moment, at, reason)
    for name, moment in given.items():
        setattr(plan, name, moment)
    check_days(Days(plan.zone, plan.enrol_until, plan.ship_on, plan.results_until))
    Plan.objects.filter(round=held).update(**given)
    closes = plan.results_until.astimezone(check_zone(plan.zone)).date()
    Round.objects.filter(pk=held.pk).update(performed_on=closes)
    journal.record(
        "put_off_round", actor=actor, at=at, subject=f"round:{held.pk}", reason=reason.strip(),
        before={name: moment.isoformat() for name, moment in before.items()},
        after={name: moment.isoformat() for name, moment in given.items()},
    )  # fmt: skip
    round_.refresh_from_db()


@transaction.atomic
def cancel(round_: Round, *, reason: str, actor: User | None, at: datetime) -> None:
    """Give a round up before its results are in, with a reason that participants are told."""
    if not reason.strip():
        raise PlanRefused(t("Say why the round is cancelled.", "请说明取消原因。"), "reason")
    move(ROUND, "cancel", Round.objects.filter(pk=round_.pk))
    Plan.objects.filter(round=round_).update(cancelled_because=reason.strip())
    journal.record("cancel_round", actor=actor, at=at, subject=f"round:{round_.pk}", reason=reason.strip())
    round_.refresh_from_db()
