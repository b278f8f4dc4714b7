"""Stock-taking as the authority sees it: open one, watch the returns come in, accept or give back, the totals."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces.days import DayField
from zhunsheng.faces.exports import EXPORTED, WHOLE, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.institutions import key_of
from zhunsheng.faces.stocktaking_words import POINTS
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.catalogue.models import Matrix
from zhunsheng.registry.stocktaking import access, actions
from zhunsheng.registry.stocktaking.models import Return, StockTaking
from zhunsheng.registry.stocktaking.queries import rollup, standing_returns
from zhunsheng.registry.stocktaking.states import RETURN

COLUMNS: tuple[Text, ...] = (
    t("Institution", "机构"), t("Unified social credit code", "统一社会信用代码"), t("Region", "地区"), t("State", "状态"),
    t("Complete", "完整"), t("points that apply", "适用项数"), t("Consistent", "一致"), t("points that apply", "适用项数"),
    t("People", "人员"), t("Instruments", "设备"), t("Scope lines", "能力项"),
)  # fmt: skip
LIST_COLUMNS: tuple[Text, ...] = (
    t("Name", "名称"), t("Region", "地区"), t("Confirm by", "截止日期"), t("Asked", "机构数"), t("To decide", "待审核"),
    t("Accepted", "已通过"), t("State", "状态"),
)  # fmt: skip
LAST_COLUMNS: tuple[Text, ...] = (t("Remark", "备注"), t("Reason", "退回原因"))


SHOWN = 25
"""So many returns are named in the preview of a decision."""


class OpenForm(forms.Form):
    """What a stock-taking asks: of whom, about what, until when."""

    title_zh = forms.CharField(label=words("Name in Chinese", "中文名称"), max_length=200)
    title_en = forms.CharField(label=words("Name in English", "英文名称"), max_length=200)
    region_code = forms.ChoiceField(label=words("Region", "地区"), required=False)
    fields_ = forms.MultipleChoiceField(
        label=words("Fields (none: all)", "领域（不选为全部）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    due_on = DayField(label=words("Confirm by", "确认截止日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, request: VisitedRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = regions_of(request)  # type: ignore[attr-defined]
        codes = sorted(set(Matrix.objects.values_list("field", flat=True)))
        self.fields["fields_"].choices = [(code, field_name(code)) for code in codes]  # type: ignore[attr-defined]


def regions_of(request: VisitedRequest) -> list[tuple[str, Text]]:
    """The regions for which the visitor's authority may call: its area and what lies directly in it."""
    day, reach = request.today, request.visitor.jurisdiction
    if reach.national:
        return [("", t("the whole country", "全国")), *((one.code, one.name) for one in regions.provinces(day))]
    found: list[tuple[str, Text]] = []
    for code in sorted(reach.areas):
        found.append((code, regions.name_of(code, day)))
        found += [(one.code, t("— {n}", "— {n}", n=one.name)) for one in regions.children(code, day)]
    return found


@only("authority")
@require_GET
def stocktakings(request: VisitedRequest) -> HttpResponse:
    """The stock-takings that the authority called or whose returns it may see, the newest first."""
    stands = Q(returns__in=standing_returns().order_by().values("pk"))
    found = access.seen_by_authority(request.visitor).annotate(
        asked=Count("returns", filter=stands), accepted=Count("returns", filter=stands & Q(returns__state="accepted")),
        confirmed=Count("returns", filter=stands & Q(returns__state="confirmed")),
    ).order_by("-opened_at", "pk")  # fmt: skip
    if kind := file_asked(request):
        return list_file(kind, found, request)
    return render(
        request, "office/stocktakings.html", {"page": page_of(request, found), "may_open": bool(regions_of(request))}
    )


def list_file(kind: str, found: QuerySet[Any], request: VisitedRequest) -> HttpResponse:
    """All stock-takings that the page shows."""
    states = {"open": t("open", "进行中"), "closed": t("closed", "已结束")}
    rows = (
        [str(one.title), str(regions.name_of(one.region_code, request.today) if one.region_code else t("the whole country", "全国")),
         one.due_on.isoformat(), one.asked, one.confirmed, one.accepted, str(states[one.state])]
        for one in found[: EXPORTED + 1]
    )  # fmt: skip
    return table_file(kind, "stock-takings", t("Stock-taking", "摸清底数"), LIST_COLUMNS, rows)


@only("authority")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Open one: choose region, fields and the last day."""
    if not regions_of(request):
        raise Http404  # an authority without a level reaches nobody
    form = OpenForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.open_stocktaking(
                authority=institution_of(request, "authority"), title_zh=given["title_zh"], title_en=given["title_en"],
                region_code=given["region_code"], fields=given["fields_"], due_on=given["due_on"], actor=actor_of(request),
                at=timezone.now(),
            )  # fmt: skip
        except NotAllowedNow as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_stocktaking", made.pk)
    return render(request, "office/stocktaking_new.html", {"form": form})


def returns_asked_for(request: VisitedRequest, stocktaking: StockTaking) -> QuerySet[Return]:
    """The returns that the visitor may see, as the address asks for them."""
    seen = access.returns_seen_by(request.visitor).filter(stocktaking=stocktaking)
    found = standing_returns().filter(pk__in=seen.order_by().values("pk")).select_related("institution")
    if said := words_of(request):
        found = found.filter(
            Q(institution__name_zh__icontains=said)
            | Q(institution__name_en__icontains=said)
            | Q(institution__uscc__startswith=said.upper())
        )
    state = request.GET.get("state", "")
    return found.filter(state=state) if state in RETURN.states else found


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One stock-taking: the totals by part of the region, the returns to work through."""
    found = get_object_or_404(access.seen_by_authority(request.visitor).select_related("authority"), pk=pk)
    mine = found.authority_id == institution_of(request, "authority").pk
    returns = returns_asked_for(request, found).order_by("institution__name_zh", "pk")
    if kind := file_asked(request):
        return export(kind, returns, found)
    return render(
        request,
        "office/stocktaking.html",
        {
            "stocktaking": found, "mine": mine, "page": page_of(request, returns), "words": words_of(request),
            "state": request.GET.get("state", ""), "totals": rollup(found) if mine else None, "RETURN": RETURN,
            "quarters": actions.quarters_of(found),
            "fields": [field_name(code) for code in found.fields],
        },
    )  # fmt: skip


def reports_in(quarter: str) -> Text:
    """The head of the column of one quarter, like 2026Q1."""
    return t("Reports {q}", "{q} 报告", q=quarter)


def export(kind: str, returns: QuerySet[Return], stocktaking: StockTaking) -> HttpResponse:
    """The returns shown as a file."""
    quarters = actions.quarters_of(stocktaking)
    columns = (*COLUMNS, *map(reports_in, quarters), *LAST_COLUMNS)
    widths = [36, 22, 24, 20] + [12] * (7 + len(quarters)) + [30, 30]
    rows = return_rows(returns, stocktaking, quarters)
    return table_file(kind, "returns", t("Returns", "填报"), columns, rows, widths=widths, most=WHOLE)


def return_rows(
    returns: QuerySet[Return], stocktaking: StockTaking, quarters: Sequence[str]
) -> Iterator[list[CellValue]]:
    for each in returns.iterator(chunk_size=2_000):
        totals = each.totals or {}
        yield [
            each.institution.name_zh, each.institution.uscc, str(regions.name_of(each.institution.region_code, stocktaking.as_of)),
            str(RETURN.states[each.state].name), each.complete, each.complete_of, each.consistent,
            each.consistent_of, totals.get("people"), totals.get("instruments"), totals.get("lines"),
            *(totals.get("reports", {}).get(quarter) for quarter in quarters), each.remark, each.reason,
        ]  # fmt: skip


@only("authority")
@require_GET
def given_back_or_not(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One return with every point as it was when confirmed."""
    found = get_object_or_404(
        access.returns_seen_by(request.visitor).select_related(
            "stocktaking", "institution", "confirmed_by", "decided_by"
        ),
        pk=pk,
    )
    mine = found.stocktaking.authority_id == institution_of(request, "authority").pk
    return render(
        request, "office/stocktaking_return.html", {"return_": found, "mine": mine, "POINTS": POINTS, "RETURN": RETURN}
    )


@only("authority")
@require_POST
def decide(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """First which returns would be accepted or given back, of those ticked or of all that the list shows; then, confirmed, do it."""
    found = get_object_or_404(access.called_by(request.visitor), pk=pk)
    verb = "return" if request.POST.get("verb") == "return" else "accept"
    keys = [key for one in request.POST.getlist("returns") if (key := key_of(one)) is not None]
    all_shown = bool(request.POST.get("all"))
    chosen = returns_asked_for(request, found) if all_shown else Return.objects.filter(stocktaking=found, pk__in=keys)
    moving = actions.movable(found, chosen, verb)
    n = moving.count()
    # What was confirmed after the preview has not been seen: the preview is shown again.
    if (
        request.POST.get("sure")
        and request.POST.get("seen", str(n)) == str(n)
        and decided(request, found, chosen, verb)
    ):
        return redirect(back_to(request, found))
    shown = moving.select_related("institution").order_by("institution__name_zh", "pk")[:SHOWN]
    return render(
        request, "office/stocktaking_decide.html",
        {
            "stocktaking": found, "verb": verb, "n": n, "chosen": chosen.count(), "keys": keys, "all": all_shown,
            "shown": shown, "reason": request.POST.get("reason", ""), "back": back_to(request, found),
        },
    )  # fmt: skip


def decided(request: VisitedRequest, found: StockTaking, chosen: QuerySet[Return], verb: str) -> bool:
    """Do it and say so; if it is refused, say why."""
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        if verb == "return":
            n = actions.give_back(found, chosen, reason=reason, actor=actor_of(request), at=timezone.now())
            said = t("{n} given back.", "已退回 {n} 份。", n=n)
        else:
            n = actions.accept(found, chosen, actor=actor_of(request), at=timezone.now())
            said = t("{n} accepted.", "已通过 {n} 份。", n=n)
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal.reason))
        return False
    messages.success(request, str(said))
    return True


def back_to(request: VisitedRequest, found: StockTaking) -> str:
    """The list as it was filtered."""
    asked = urlencode({name: request.GET[name] for name in ("q", "state") if request.GET.get(name)})
    return reverse("office_stocktaking", args=[found.pk]) + (f"?{asked}" if asked else "")


@only("authority")
@require_POST
def close(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """End it and freeze the totals."""
    found = get_object_or_404(access.called_by(request.visitor), pk=pk)
    try:
        actions.close(found, actor=actor_of(request), at=timezone.now())
        messages.success(request, str(t("Closed; the totals are kept as they are now.", "已结束，汇总数据已固定。")))
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("office_stocktaking", found.pk)
