"""The self-checks of a campaign as a list: searched, narrowed, sorted, and as a file."""

import uuid
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.selfcheck import access
from zhunsheng.activities.campaigns.selfcheck.models import Call, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.days import CallDays, among, over_in
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import HANDED_IN, lies_in, testing_in
from zhunsheng.activities.campaigns.selfcheck.states import SELFCHECK
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_board import seen
from zhunsheng.faces.office.selfchecks import Asked, asked_by, way_down
from zhunsheng.faces.templating import region_name
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.catalogue.fields import FIELDS, field_name

WHICH: dict[str, tuple[Text, Q]] = {
    "": (t("all institutions", "全部机构"), Q()),
    "missing": (t("not handed in", "未提交"), ~HANDED_IN),
    "late": (t("late", "逾期未提交"), ~HANDED_IN & ~Q(state="frozen")),
    "handed_in": (t("handed in", "已提交"), HANDED_IN),
    "zero": (t("no problem in any item", "全部项目均未发现问题"), HANDED_IN & Q(problems=0)),
    "problems": (t("with problems", "发现问题"), HANDED_IN & Q(problems__gt=0)),
    "returned": (t("given back", "已退回"), Q(state="returned")),
    "frozen": (t("final", "已定稿"), Q(state="frozen")),
}
"""What the list can be narrowed to; late, besides, only where the last day of the region is over.

Of a draft nobody but its writers learns how many problems it names.
"""
COLUMNS: tuple[Text, ...] = (
    t("Institution", "机构名称"), t("Unified social credit code", "统一社会信用代码"), t("Region", "地区"), t("Fields", "领域"),
    t("State", "状态"), t("Submitted", "提交时间"), t("Problems found", "发现问题数"),
    t("Last day to submit", "提交期限"),
)  # fmt: skip


def orders() -> dict[str, str]:
    """Key of the address → column; a name is sorted as the reader reads it."""
    return {
        "institution": f"participant__institution__name_{'zh' if language() == 'zh' else 'en'}",
        "region": "participant__region_code", "state": "state", "submitted": "submitted_at",
    }  # fmt: skip


@only("authority")
@require_GET
def institutions(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The institutions behind the figures; `format=xlsx` or `csv` gives those shown as a file."""
    campaign = seen(request, pk)
    found = get_object_or_404(Call.objects.select_related("checklist"), campaign=campaign)
    asked = asked_by(request, campaign)
    forms, days = asked_for(request, found, asked), CallDays([found])
    if kind := file_asked(request):
        return export(kind, forms, found, days)
    page = page_of(request, forms)
    shown = {
        "campaign": campaign, "call": found, "asked": asked, "way": way_down(campaign, asked, request),
        "page": page, "last": {one.pk: days.of(found, one.participant.region_code) for one in page},
        "words": words_of(request), "which": which(request), "WHICH": WHICH,
        "sort": order(request), "choices": [(code, field_name(code)) for code in FIELDS], "SELFCHECK": SELFCHECK,
        "differ": days.differ(found), "last_here": days.of(found, asked.region), "today": request.today,
    }  # fmt: skip
    return render(request, "office/selfchecks/list.html", shown)


def which(request: VisitedRequest) -> str:
    said = request.GET.get("list", "")
    return said if said in WHICH else ""


def order(request: VisitedRequest) -> str:
    return order_of(request, orders(), "region")


def asked_for(request: VisitedRequest, found: Call, asked: Asked) -> QuerySet[SelfCheck]:
    """The forms that the address asks for, of those that the visitor may see."""
    here = {
        "call": found,
        "participant__campaign": found.campaign_id,
    }  # twice the same: so the index by region can be walked
    wanted = WHICH[which(request)][1]
    if which(request) == "late":
        wanted &= among(over_in(found, request.today, within=asked.beginning), "participant__region_code")
    seen_here = access.seen_by_authority(request.visitor).filter(wanted, **here)
    forms = seen_here.filter(lies_in(asked.beginning, "participant__region_code"))
    if asked.field:
        forms = testing_in(forms, asked.field)
    if said := words_of(request):
        place = "participant__institution__"
        name = Q(**{f"{place}name_zh__icontains": said}) | Q(**{f"{place}name_en__icontains": said})
        forms = forms.filter(name | Q(**{f"{place}uscc__startswith": said.upper()}))
    sort = order(request)
    column = orders()[sort.removeprefix("-")]
    return forms.select_related("participant__institution").order_by(
        f"-{column}" if sort.startswith("-") else column, "participant__region_code", "participant"
    )


def export(kind: str, forms: QuerySet[SelfCheck], call: Call, days: CallDays) -> HttpResponse:
    """The institutions shown as a file."""
    return table_file(
        kind,
        "self-checks",
        t("Self-checks", "自查"),
        COLUMNS,
        rows(forms, call, days),
        widths=[40, 22, 24, 30, 18, 18, 14, 14],
        most=WHOLE,
    )


def rows(forms: QuerySet[SelfCheck], call: Call, days: CallDays) -> Iterator[list[CellValue]]:
    for one in forms.iterator(chunk_size=2_000):
        place, standing = one.participant, one.submitted_at is not None
        yield [
            str(place.institution.name), place.institution.uscc or "", str(region_name(place.region_code)),
            str(t(", ", "、")).join(str(field_name(code)) for code in place.fields), str(SELFCHECK.states[one.state].name),
            f"{timezone.localtime(one.submitted_at):%Y-%m-%d %H:%M}" if one.submitted_at else "",
            one.problems if standing else None, days.of(call, place.region_code).isoformat(),
        ]  # fmt: skip
