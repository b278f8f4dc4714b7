"""Who takes part in a campaign: the institutions with their commitments and self-checks, to search, to narrow down, to take home."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.plan import access
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.plan.queries.participants import with_signatures
from zhunsheng.activities.campaigns.plan.states import CAMPAIGN
from zhunsheng.activities.campaigns.selfcheck.states import SELFCHECK
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.campaign_board import is_own, region_of, seen
from zhunsheng.faces.office.campaign_stages import choices_of
from zhunsheng.faces.templating import moment, region_name
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.regions.queries import within

COLUMNS: tuple[Text, ...] = (
    t("Institution", "机构"), t("Unified social credit code", "统一社会信用代码"), t("Region", "地区"), t("Fields", "领域"),
    t("Commitment signed by", "承诺书签署人"), t("Signed", "签署时间"), t("Self-check", "自查"),
)  # fmt: skip
SIGNED = {"signed": t("signed", "已签署"), "unsigned": t("not signed", "未签署")}
STEP = 2_000


@only("authority")
@require_GET
def participants(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The institutions that take part, as far as the visitor reaches; `format=xlsx` or `csv` gives those shown."""
    found = seen(request, pk)
    region = region_of(request, found, request.GET.get("region", ""))
    rows = asked_for(request, found, region)
    if kind := file_asked(request):
        return export(kind, rows)
    page = page_of(request, rows)
    shown = {
        "campaign": found, "mine": is_own(request, found), "page": page, "words": words_of(request), "region": region,
        "choices": choices_of(request, found, region), "signed": request.GET.get("signed", ""), "SIGNED": SIGNED,
        "sort": order(request), "CAMPAIGN": CAMPAIGN, "SELFCHECK": SELFCHECK, "field_name": field_name,
    }  # fmt: skip
    return render(request, "office/campaigns/participants.html", shown)


def orders() -> dict[str, str]:
    name = "institution__name_zh" if language() == "zh" else "institution__name_en"
    return {"name": name, "region": "region_code", "signed": "signed_at"}


def order(request: VisitedRequest) -> str:
    return order_of(request, orders(), "region")


def asked_for(request: VisitedRequest, campaign: Campaign, region: str) -> QuerySet[Any]:
    """The participants that the address asks for and the visitor may see."""
    seen_here = access.participants_seen_by(request.visitor).filter(campaign=campaign)
    found = with_signatures(seen_here.select_related("institution", "selfcheck"))
    if region:
        found = found.filter(within(region, campaign.opens_on))
    if said := words_of(request):
        found = found.filter(
            Q(institution__name_zh__icontains=said)
            | Q(institution__name_en__icontains=said)
            | Q(institution__uscc__startswith=said.upper())
        )
    if (asked := request.GET.get("signed", "")) in SIGNED:
        found = found.filter(signed_at__isnull=asked == "unsigned")
    by = order(request)
    column = F(orders()[by.removeprefix("-")])
    first = column.desc(nulls_last=True) if by.startswith("-") else column.asc(nulls_last=True)
    return found.order_by(first, orders()["name"], "pk")


def export(kind: str, found: QuerySet[Any]) -> HttpResponse:
    """The institutions shown as a file."""
    return table_file(
        kind,
        "participants",
        t("Institutions", "参加机构"),
        COLUMNS,
        rows(found),
        widths=[40, 22, 16, 30, 16, 22, 16],
        most=WHOLE,
    )


def rows(found: QuerySet[Any]) -> Iterator[list[str]]:
    for one in found.iterator(chunk_size=STEP):
        check = getattr(one, "selfcheck", None)
        yield [
            str(one.institution.name), one.institution.uscc or "", str(region_name(one.region_code)),
            "; ".join(str(field_name(code)) for code in one.fields), one.responsible or "",
            moment(one.signed_at) if one.signed_at else "", str(SELFCHECK.states[check.state].name) if check else "",
        ]  # fmt: skip
