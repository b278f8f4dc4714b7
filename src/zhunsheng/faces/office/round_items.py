"""Items of a planned round and what is determined in them: enter, change, remove."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.actions import arranging
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_plan import REFUSALS, planned, tried
from zhunsheng.faces.office.round_plan_forms import ItemForm, MeasurandForm
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.foundation.bilingual import Text, t


def item_of(round_: Round, pk: uuid.UUID) -> Item:
    return get_object_or_404(Item.objects.select_related("matrix", "round"), pk=pk, round=round_)


def measurand_of(round_: Round, number: int) -> RoundMeasurand:
    return get_object_or_404(round_.measurands.select_related("parameter", "matrix", "round"), pk=number)


@only("provider")
@require_http_methods(["GET", "POST"])
def item(request: VisitedRequest, pk: uuid.UUID, item: uuid.UUID | None = None) -> HttpResponse:
    """Enter an item, or change it."""
    round_ = planned(request, pk)
    held = item_of(round_, item) if item else None
    form = ItemForm(request.POST or None, initial=ItemForm.initial_of(held) if held else {})

    def do() -> None:
        arranging.set_item(round_, form.said(), actor=actor_of(request), at=timezone.now(), item=held)

    if request.method == "POST" and form.is_valid() and tried(form, do):
        messages.success(request, str(t("The item is kept.", "样品已保存。")))
        return redirect("office_round_plan", round_.pk)
    return page(request, "office/rounds/item.html", round_, {"form": form, "item": held})


@only("provider")
@require_http_methods(["GET", "POST"])
def measurand(
    request: VisitedRequest, pk: uuid.UUID, item: uuid.UUID | None = None, number: int | None = None
) -> HttpResponse:
    """Enter what is determined in an item, or change it."""
    round_ = planned(request, pk)
    held = measurand_of(round_, number) if number is not None else None
    of = get_object_or_404(Item, round=round_, code=held.item) if held else item_of(round_, item)  # type: ignore[arg-type]
    form = MeasurandForm(request.POST or None, initial=MeasurandForm.initial_of(held) if held else {})

    def do() -> None:
        said = form.said(of)
        arranging.set_measurand(round_, said, actor=actor_of(request), at=timezone.now(), measurand=held)

    if request.method == "POST" and form.is_valid() and tried(form, do):
        messages.success(request, str(t("The measurand is kept.", "被测量已保存。")))
        return redirect("office_round_plan", round_.pk)
    return page(request, "office/rounds/measurand.html", round_, {"form": form, "item": of, "measurand": held})


def page(request: VisitedRequest, template: str, round_: Round, more: dict[str, Any]) -> HttpResponse:
    return render(request, template, {"round": round_, **more})


@only("provider")
@require_POST
def remove_item(request: VisitedRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Take an item out with its measurands."""
    round_ = planned(request, pk)
    held = item_of(round_, item)
    return removed(request, round_, lambda: arranging.remove_item(held, actor=actor_of(request), at=timezone.now()),
                   t("Item {c} is removed.", "已删除样品 {c}。", c=held.code))  # fmt: skip


@only("provider")
@require_POST
def remove_measurand(request: VisitedRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Take a measurand out."""
    round_ = planned(request, pk)
    held = measurand_of(round_, number)
    return removed(request, round_, lambda: arranging.remove_measurand(held, actor=actor_of(request), at=timezone.now()),
                   t("The measurand is removed.", "已删除被测量。"))  # fmt: skip


def removed(request: VisitedRequest, round_: Round, do: Any, said: Text) -> HttpResponse:
    try:
        do()
    except REFUSALS as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(said))
    return redirect("office_round_plan", round_.pk)
