"""Stock-taking as a laboratory sees it: what the registers hold of us, point by point, and the button that confirms it."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.stocktaking_words import MENDED_AT, POINTS, REGISTRARS, mended_by
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.access import kept_heads
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.stocktaking import access, actions
from zhunsheng.registry.stocktaking.models import Return
from zhunsheng.registry.stocktaking.queries import facts_of, standing_beside
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
    if request.method == "POST" and may:
        return save(request, found, quarters)
    facts = facts_of([place], on=request.today, quarters=quarters)[place.pk]
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
            "quarters": [(quarter, facts.quarters.get(quarter)) for quarter in quarters], "POINTS": POINTS,
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


def save(request: VisitedRequest, found: Return, quarters: list[str]) -> HttpResponse:
    """Keep the numbers of reports that were typed; an empty place says nothing."""
    typed = {quarter: request.POST.get(quarter, "").replace(",", "").strip() for quarter in quarters}
    wrong = [
        quarter
        for quarter, text in typed.items()
        if text and not (text.isascii() and text.isdecimal() and len(text) < 10)
    ]
    try:
        if wrong:
            raise NotAllowedNow(t("{q}: type a whole number.", "{q}：请填写整数。", q=wrong[0]))
        numbers = {quarter: int(text) for quarter, text in typed.items() if text}
        actions.enter_reports(found, numbers, actor=actor_of(request), at=timezone.now())
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
