"""The verbs that say what is handed out and what is determined in it, while the plan is not announced yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, ProtectedError, QuerySet

from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import AllowedMethod, Item
from zhunsheng.activities.proficiency.plan.rules.planning import PlanRefused, check_code
from zhunsheng.activities.proficiency.rules.reported_values import read_value
from zhunsheng.activities.proficiency.rules.settings import Settings
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter

MOST_VARIANTS = 9


@dataclass(frozen=True, slots=True)
class ItemSaid:
    """An item as a person describes it."""

    code: str
    name: Text
    matrix: Matrix | None = None
    variants: int = 1
    prepared: int = 0


@dataclass(frozen=True, slots=True)
class MeasurandSaid:
    """A measurand as a person describes it; what is empty stands as the round says."""

    item: Item
    parameter: Parameter
    unit: str
    step: str = ""
    assigned: str = ""
    u_assigned: str = ""
    sigma: str = ""
    methods: Sequence[Method] = ()


def _open(round_: Round) -> Round:
    held = Round.objects.select_for_update().get(pk=round_.pk)
    ROUND.check("announce", held.state)
    return held


@transaction.atomic
def set_item(round_: Round, said: ItemSaid, *, actor: User | None, at: datetime, item: Item | None = None) -> Item:
    """Add an item, or change this one; its measurands go with its code. Raises PlanRefused, NotAllowedNow after the announcement."""
    held = _open(round_)
    others = Item.objects.filter(round=held).exclude(pk__in=[item.pk] if item else [])
    code = check_code(said.code, list(others.values_list("code", flat=True)))
    if not said.name.zh.strip() or not said.name.en.strip():
        raise PlanRefused(t("Name the item in both languages.", "请填写样品的中英文名称。"), "name_zh")
    if not 1 <= said.variants <= MOST_VARIANTS:
        raise PlanRefused(t("From 1 to {n} variants.", "变体数须为 1～{n}。", n=MOST_VARIANTS), "variants")
    before = _item_json(item) if item else None
    made = item or Item(
        round=held, position=_next(Item.objects.filter(round=held).aggregate(last=Max("position"))["last"])
    )
    was = made.code
    made.code, made.name_zh, made.name_en = code, said.name.zh.strip(), said.name.en.strip()
    made.matrix, made.variants, made.prepared = said.matrix, said.variants, said.prepared
    made.save()
    if item:
        held.measurands.filter(item=was).update(item=code, matrix=said.matrix)
    journal.record(
        "set_round_item", actor=actor, at=at, subject=f"round:{held.pk}", before=before, after=_item_json(made)
    )
    return made


def _item_json(item: Item) -> dict[str, object]:
    return {
        "code": item.code, "name_zh": item.name_zh, "name_en": item.name_en, "matrix": item.matrix_id,
        "variants": item.variants, "prepared": item.prepared,
    }  # fmt: skip


def _next(last: int | None) -> int:
    return 0 if last is None else last + 1


@transaction.atomic
def remove_item(item: Item, *, actor: User | None, at: datetime) -> None:
    """Take an item out with what is determined in it."""
    held = _open(item.round)
    journal.record("remove_round_item", actor=actor, at=at, subject=f"round:{held.pk}", before=_item_json(item))
    _remove(held.measurands.filter(item=item.code))
    item.delete()
    _close_ranks(held)


def _remove(measurands: QuerySet[RoundMeasurand]) -> None:
    """Measurands with results of item studies, or sealed values, stay: those are never removed."""
    try:
        measurands.delete()
    except ProtectedError:
        raise PlanRefused(
            t(
                "Results of item studies or a sealed value belong to it; it stays.",
                "已有样品检验结果或封存的指定值，不能删除。",
            )
        ) from None


@transaction.atomic
def set_measurand(
    round_: Round, said: MeasurandSaid, *, actor: User | None, at: datetime, measurand: RoundMeasurand | None = None
) -> RoundMeasurand:
    """Add a measurand, or change this one. Raises PlanRefused, SettingsError, NotAllowedNow after the announcement."""
    held = _open(round_)
    _check_measurand(held, said, measurand)
    before = _measurand_json(measurand) if measurand else None
    last = held.measurands.aggregate(last=Max("position"))["last"]
    made = measurand or RoundMeasurand(round=held, position=_next(last))
    made.name, made.item, made.unit, made.step = (
        said.parameter.name.both(),
        said.item.code,
        said.unit.strip(),
        said.step,
    )
    made.assigned, made.u_assigned, made.sigma = said.assigned, said.u_assigned, said.sigma
    made.parameter, made.matrix = said.parameter, said.item.matrix
    made.save()
    made.allowed.all().delete()
    AllowedMethod.objects.bulk_create(AllowedMethod(measurand=made, method=one) for one in said.methods)
    after = {**_measurand_json(made), "methods": [one.number for one in said.methods]}
    journal.record("set_round_measurand", actor=actor, at=at, subject=f"round:{held.pk}", before=before, after=after)
    return made


def _check_measurand(held: Round, said: MeasurandSaid, measurand: RoundMeasurand | None) -> None:
    twins = held.measurands.filter(item=said.item.code, parameter=said.parameter).exclude(
        pk__in=[measurand.pk] if measurand else []
    )
    if twins.exists():
        raise PlanRefused(
            t(
                "{p} is determined in {i} already.",
                "样品 {i} 中已有被测量“{p}”。",
                p=said.parameter.name,
                i=said.item.code,
            ),
            "parameter",
        )
    if not said.unit.strip():
        raise PlanRefused(t("Give the unit in which results are reported.", "请填写报告结果的单位。"), "unit")
    step = read_value(said.step)
    if said.step and (step.kind != "number" or float(step.number) <= 0):
        raise PlanRefused(
            t("The reporting step is a number above zero, like 0.01.", "修约间隔须为正数，例如 0.01。"), "step"
        )
    Settings.parse(assigned=said.assigned or None, u_assigned=said.u_assigned or None, sigma=said.sigma or None)


def _measurand_json(one: RoundMeasurand) -> dict[str, object]:
    return {
        "item": one.item, "parameter": one.parameter_id, "unit": one.unit, "step": one.step, "assigned": one.assigned,
        "u_assigned": one.u_assigned, "sigma": one.sigma,
    }  # fmt: skip


@transaction.atomic
def remove_measurand(measurand: RoundMeasurand, *, actor: User | None, at: datetime) -> None:
    """Take a measurand out of the plan."""
    held = _open(measurand.round)
    journal.record(
        "remove_round_measurand", actor=actor, at=at, subject=f"round:{held.pk}", before=_measurand_json(measurand)
    )
    _remove(held.measurands.filter(pk=measurand.pk))
    _close_ranks(held)


def _close_ranks(round_: Round) -> None:
    """Positions count from 0 without gaps: the results file and the evaluation have the same order."""
    for position, one in enumerate(round_.measurands.order_by("position")):
        if one.position != position:
            RoundMeasurand.objects.filter(pk=one.pk).update(position=position)
