"""Credit-risk classes within reach: who is in which class on a day, the history of each, entering and publishing."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.faces.days import DayField
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import day_of, order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.areas import area_of
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.institutions.states import LETTERS
from zhunsheng.registry.management import access
from zhunsheng.registry.management.actions import Refused, enter_risk_classes, publish_risk_classes
from zhunsheng.registry.management.queries.risk import history, with_letter
from zhunsheng.registry.regions.rules import name_of

NONE = "none"
SORTS: Mapping[str, str] = {"name": "name_zh", "letter": "risk_letter", "since": "risk_since"}
PUBLISHED: Mapping[str, Text] = {"yes": t("published", "已公布"), "no": t("not published", "未公布")}
COLUMNS: tuple[Text, ...] = (
    t("Laboratory", "检验检测机构"), t("Code", "统一社会信用代码"), t("Region", "地区"), t("Class", "类别"),
    t("Since", "自"), t("Published", "公布时间"),
)  # fmt: skip


@only("authority")
@require_GET
def classes(request: VisitedRequest) -> HttpResponse:
    """The laboratories within reach with their class on a day; `format=xlsx` or `csv` gives the same rows as a file."""
    found, day = asked_for(request), day_of(request) or request.today
    if kind := file_asked(request):
        return export(kind, request, found)
    return render(
        request,
        "office/risk.html",
        {
            "page": page_of(request, found), "day": day, "words": words_of(request), "area": area_of(request),
            "letter": request.GET.get("letter", ""), "published": request.GET.get("published", ""), "NONE": NONE,
            "LETTERS": LETTERS, "PUBLISHED": PUBLISHED, "sort": order_of(request, SORTS, "name"), "name_of": name_of,
            "may_classify": access.may_classify(request.visitor),
            "bad_day": bool(request.GET.get("on")) and day_of(request) is None,
        },
    )  # fmt: skip


def asked_for(request: VisitedRequest) -> QuerySet[Any]:
    reach = area_of(request).narrowed(access.supervised(request.visitor))
    found = with_letter(reach, day_of(request) or request.today, known_on=request.today)
    if text := words_of(request):
        found = found.filter(Q(name_zh__icontains=text) | Q(name_en__icontains=text) | Q(uscc__istartswith=text))
    letter, published = request.GET.get("letter", ""), request.GET.get("published", "")
    if letter in LETTERS:
        found = found.filter(risk_letter=letter)
    if letter == NONE:
        found = found.filter(risk_letter=None)
    if published in PUBLISHED:
        found = found.filter(risk_published__isnull=published == "no").exclude(risk_letter=None)
    sort = order_of(request, SORTS, "name")
    minus = "-" if sort.startswith("-") else ""
    return found.order_by(minus + SORTS[sort.removeprefix("-")], "name_zh", "pk")


def export(kind: str, request: VisitedRequest, found: QuerySet[Any]) -> HttpResponse:
    rows = (
        [
            str(one.name), one.uscc or "", str(name_of(one.region_code, request.today)), one.risk_letter or "",
            one.risk_since.isoformat() if one.risk_since else "",
            timezone.localtime(one.risk_published).isoformat(sep=" ", timespec="minutes") if one.risk_published else "",
        ]
        for one in found.iterator(chunk_size=1000)
    )  # fmt: skip
    return table_file(
        kind,
        "risk-classes",
        t("Credit-risk classes", "信用风险分类"),
        COLUMNS,
        rows,
        widths=[40, 22, 30, 8, 14, 26],
        most=WHOLE,
    )


class ClassForm(forms.Form):
    """A class of one institution, from a day."""

    letter = forms.ChoiceField(
        label=words("Class", "类别"), choices=[(one.value, t("{x}: {w}", "{x}：{w}", x=one.value, w=w)) for one, w in LETTERS.items()]
    )  # fmt: skip
    valid_from = DayField(label=words("From", "自"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    valid_to = DayField(
        label=words("Last day", "至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=words("Reason", "理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=words("The laboratory reads it once the class is published.", "公布后机构可查看。"),
    )  # fmt: skip
    source = forms.CharField(
        label=words("Source", "来源"),
        max_length=200,
        help_text=words("The decision it was taken from.", "所依据的决定或文件。"),
    )


@only("authority")
@require_http_methods(["GET", "POST"])
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The history of one laboratory's classes, and a new one."""
    where = get_object_or_404(access.supervised(request.visitor), pk=pk)
    may = access.may_classify(request.visitor)
    if request.method == "POST" and not may:
        raise Http404
    form = ClassForm(request.POST or None, initial={"valid_from": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            entered = enter_risk_classes(
                [RiskClass(institution=where, **form.cleaned_data)], actor=actor_of(request), at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            done = t("Nothing new was entered.", "没有新内容。") if entered.unchanged else t(
                "The class was entered. The laboratory sees it when it is published.", "已录入类别，公布后机构可见。"
            )  # fmt: skip
            messages.success(request, str(done))
            return redirect("office_risk_one", where.pk)
    return render(
        request,
        "office/risk_one.html",
        {
            "institution": where, "rows": history(where), "form": form if may else None, "LETTERS": LETTERS,
            "region": name_of(where.region_code, request.today), "now": timezone.now(),
        },
    )  # fmt: skip


@only("authority")
@require_http_methods(["GET", "POST"])
def publish(request: VisitedRequest) -> HttpResponse:
    """Publish the classes that wait among the laboratories of the filter: first shown how many, then done."""
    if not access.may_classify(request.visitor):
        raise Http404
    waiting: list[Institution] = list(asked_for(request).filter(risk_published=None).exclude(risk_letter=None))
    back = f"{reverse('office_risk')}?{request.GET.urlencode()}"
    if request.method == "POST":
        now = timezone.now()
        n = publish_risk_classes(waiting, published_at=now, actor=actor_of(request), at=now)
        messages.success(
            request,
            str(
                t(
                    "{n} classes were published; each laboratory sees its own.",
                    "已公布 {n} 个类别，各机构可查看本机构类别。",
                    n=n,
                )
            ),
        )
        return redirect(back)
    return render(request, "office/risk_publish.html", {"waiting": waiting, "back": back, "LETTERS": LETTERS})
