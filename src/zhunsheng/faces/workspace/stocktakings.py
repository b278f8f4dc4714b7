"""Stock-taking as a laboratory sees it: what the registers hold of us, point by point, and the button that confirms it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces import meanwhile
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.stocktaking_words import MENDED_AT, POINTS, REGISTRARS, mended_by
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.access import kept_heads
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.stocktaking import access, actions
from zhunsheng.registry.stocktaking.models import Return
from zhunsheng.registry.stocktaking.queries import facts_of, reports_of, standing_beside
from zhunsheng.registry.stocktaking.rules import Point, points, score
from zhunsheng.registry.stocktaking.states import RETURN


@only("laboratory")
@require_GET
def returns(request: VisitedRequest) -> HttpResponse:
    """The stock-takings that ask us, the newest first."""
    found = (
        access.own_returns(request.visitor).select_related("stocktaking__authority").order_by("-stocktaking__opened_at")
    )
    return render(request, "workspace/returns.html", {"returns": found, "RETURN": RETURN})


@dataclass(frozen=True, slots=True)
class Shown:
    """A point, who can mend it, and the page on which the visitor can; none where somebody else has to."""

    point: Point
    who: Text
    address: str


@only("laboratory")
@require_http_methods(["GET", "POST"])
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Our entry today, point by point; the numbers of reports; the confirmation."""
    mine = access.ever_own(request.visitor).select_related("stocktaking__authority", "institution__merged_into")
    found = get_object_or_404(mine, pk=pk)
    if (stands := standing_beside(found)).pk != found.pk:
        return redirect("workspace_return", stands.pk)  # the link was sent before the entry was merged
    may, place = access.may_confirm(request.visitor, found.institution), head_of(found.institution)
    quarters = actions.quarters_of(found.stocktaking)
    form = NumbersForm(request.POST if request.method == "POST" else None, quarters=quarters)
    if request.method == "POST" and may and (done := save(request, found, form)):
        return done
    facts = facts_of([place], on=request.today, quarters=quarters)[place.pk]
    if not form.is_bound:
        form.initial = numbers_of(facts.quarters, quarters)
        meanwhile.carry(form, form.initial)
    day = found.stocktaking.as_of
    counted = facts_of([place], on=day, known_on=request.today, quarters=quarters)[place.pk]
    looked = points(facts, quarters)
    return render(
        request,
        "workspace/return.html",
        {
            "return_": found, "may": may, "open": found.stocktaking.state == "open" and RETURN.can("confirm", found.state),
            "points": [shown(point, may=may, keeps=place.pk in kept_heads(request.visitor)) for point in looked], "facts": counted,
            "complete": score(looked, "completeness"), "consistent": score(looked, "consistency"), "RETURN": RETURN,
            "form": form, "quarters": [(quarter, facts.quarters.get(quarter)) for quarter in quarters], "POINTS": POINTS,
        },
    )  # fmt: skip


def shown(point: Point, *, may: bool, keeps: bool) -> Shown:
    """A point for a visitor who may confirm the entry, or keeps it, or neither: a link only where it leads to a form."""
    works = may if point.mend == "reports" else keeps and point.code not in REGISTRARS
    return Shown(point, mended_by(point.code), address_of(point.mend) if works else "")


def address_of(part: str) -> str:
    """Where a part of the entry is mended; reports are mended on the very page."""
    try:
        return reverse(MENDED_AT[part])
    except (KeyError, NoReverseMatch):
        return "#reports"


class NumbersForm(forms.Form):
    """How many reports were issued, quarter by quarter; an empty place says nothing."""

    def __init__(self, *args: Any, quarters: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        for quarter in quarters:
            self.fields[quarter] = forms.CharField(label=quarter, required=False, widget=forms.TextInput(attrs=attrs))

    def numbers(self) -> dict[str, int]:
        """What was typed. Raises NotAllowedNow for what is no whole number."""
        found: dict[str, int] = {}
        for quarter, given in self.cleaned_data.items():
            if text := given.replace(",", "").strip():
                if not (text.isascii() and text.isdecimal() and len(text) < 10):
                    raise NotAllowedNow(t("{q}: type a whole number.", "{q}：请填写整数。", q=quarter))
                found[quarter] = int(text)
        return found


def numbers_of(known: Mapping[str, int], quarters: list[str]) -> dict[str, Any]:
    return {quarter: known.get(quarter) for quarter in quarters}


def save(request: VisitedRequest, found: Return, form: NumbersForm) -> HttpResponse | None:
    """Keep the numbers of reports that were typed; nothing, with the form saying why, where somebody else was faster."""
    quarters = list(form.fields)
    meanwhile.carry(form, {})

    def fresh() -> dict[str, Any]:
        meanwhile.locked(found)
        place = head_of(found.institution)
        return numbers_of(reports_of([place], quarters).get(place.pk, {}), quarters)

    try:
        form.is_valid()
        form.cleaned_data.pop(meanwhile.SEEN, None)
        numbers = form.numbers()
        if not meanwhile.write(
            form, fresh, lambda: actions.enter_reports(found, numbers, actor=actor_of(request), at=timezone.now())
        ):
            return None
        messages.success(request, str(t("The numbers are kept.", "报告数量已保存。")))
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("workspace_return", found.pk)


@only("laboratory")
@require_POST
def confirm(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm the entry as it stands."""
    mine = access.own_returns(request.visitor).select_related("stocktaking", "institution__merged_into")
    found = get_object_or_404(mine, pk=pk)
    if not access.may_confirm(request.visitor, found.institution):
        messages.error(request, str(t("Your post does not confirm the entry.", "您的职务不能确认登记信息。")))
        return redirect("workspace_return", found.pk)
    try:
        remark = request.POST.get("remark", "").replace("\x00", "")[:2000]
        actions.confirm(found, remark=remark, actor=actor_of(request), at=timezone.now())
        messages.success(request, str(t("Confirmed. The authority looks at it now.", "已确认，等待监管部门审核。")))
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("workspace_return", found.pk)
