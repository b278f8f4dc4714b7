"""Rectifications as a list, for the authority and for the institution: searched, narrowed, sorted, and as a file."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from zhunsheng.activities.campaigns.inspection.documents import finding_name
from zhunsheng.activities.campaigns.inspection.states import GRADES
from zhunsheng.activities.campaigns.rectification.models import Rectification
from zhunsheng.activities.campaigns.rectification.queries import WAITS_FOR_INSTITUTION, counted, with_names
from zhunsheng.activities.campaigns.rectification.states import EFFECT_CHECKS, RECTIFICATION
from zhunsheng.faces.exports import WHOLE, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.foundation.bilingual import Text, t

COLUMNS: tuple[Text, ...] = (
    t("Institution", "机构"), t("Class", "问题类别"), t("Grade", "程度"), t("Decision", "决定书编号"), t("Opened", "启动日期"),
    t("Due", "期限"), t("State", "状态"), t("Effect seen by", "效果确认方式"),
)  # fmt: skip
SORTS = {
    "due": "due_on",
    "institution": "institution__name_zh",
    "code": "finding__code",
    "state": "state",
    "number": "disposition__number",
}


def asked_for(request: VisitedRequest, seen: QuerySet[Rectification]) -> QuerySet[Rectification]:
    """What the address asks for, of those that the visitor may see."""
    found = with_names(seen)
    if said := words_of(request):
        name = Q(institution__name_zh__icontains=said) | Q(institution__name_en__icontains=said)
        found = found.filter(name | Q(finding__code__iexact=said) | Q(disposition__number__startswith=said))
    if (state := request.GET.get("state", "")) in RECTIFICATION.states:
        found = found.filter(state=state)
    elif state == "late":
        found = found.filter(state__in=WAITS_FOR_INSTITUTION, due_on__lt=request.today)
    sort = order_of(request, SORTS, "due")
    return found.order_by(("-" if sort.startswith("-") else "") + SORTS[sort.removeprefix("-")], "due_on", "pk")


def listed(request: VisitedRequest, seen: QuerySet[Rectification]) -> dict[str, Any]:
    """What a page of the list shows, on either side."""
    return {
        "page": page_of(request, asked_for(request, seen)), "words": words_of(request), "state": request.GET.get("state", ""),
        "sort": order_of(request, SORTS, "due"), "RECTIFICATION": RECTIFICATION, "counts": counted(seen, request.today),
        "finding_name": finding_name, "today": request.today,
    }  # fmt: skip


def export(kind: str, found: QuerySet[Rectification]) -> HttpResponse:
    """The rectifications shown as a file."""
    return table_file(
        kind,
        "rectifications",
        t("Rectifications", "整改"),
        COLUMNS,
        rows(found),
        widths=[40, 40, 16, 18, 14, 14, 24, 20],
        most=WHOLE,
    )


def rows(found: QuerySet[Rectification]) -> Iterator[list[str]]:
    for one in found.iterator(chunk_size=2_000):
        yield [
            str(one.institution.name), f"{one.finding.code} {finding_name(one.finding.code)}", str(GRADES[one.finding.grade]),
            one.disposition.number, one.opened_on.isoformat(), one.due_on.isoformat(),
            str(RECTIFICATION.states[one.state].name), str(EFFECT_CHECKS[one.effect_check]),
        ]  # fmt: skip
