"""Lived rules in the authority's eyes: how much of what the rules ask was made, by requirement, by region, by laboratory."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.areas import Area, area_of
from zhunsheng.faces.visits import only
from zhunsheng.faces.workspace.lived import year_of, years
from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.management import access
from zhunsheng.registry.management.queries.records import lived_by_page
from zhunsheng.registry.management.queries.requirements import basis_of, dues_of
from zhunsheng.registry.management.queries.rollup import Share, shares, with_something_missing
from zhunsheng.registry.management.rules.lived import Line, missing
from zhunsheng.registry.management.rules.requirements import Due
from zhunsheng.registry.management.states import STATES, State
from zhunsheng.registry.regions.rules import name_of

CHUNK = 500
COLUMNS: tuple[Text, ...] = (
    t("Laboratory", "检验检测机构"), t("Code", "统一社会信用代码"), t("Region", "地区"), t("Asked", "应完成"),
    t("Made", "已完成"), t("Late", "逾期完成"), t("Missing", "缺失"), t("What is missing", "缺失项目"),
)  # fmt: skip


@only("authority")
@require_GET
def lived(request: VisitedRequest) -> HttpResponse:
    """The shares of a year within reach, and each laboratory; `format=xlsx` or `csv` gives the laboratories as a file."""
    year, area = year_of(request), area_of(request)
    dues = access.dues_open_to(request.visitor, year)
    reach = area.narrowed(access.supervised(request.visitor))
    found = asked_for(request, reach, dues)
    if kind := file_asked(request):
        return export(kind, request, found, dues, area)
    page = page_of(request, found)
    each, areas = shares(reach, dues, request.today, digits=area.digits)
    return render(
        request,
        "office/lived.html",
        {
            "year": year, "years": years(request.today), "area": area, "words": words_of(request),
            "missing_only": "missing" in request.GET, "page": page, "STATES": STATES, "name_of": name_of,
            "lines": lived_by_page(list(page.object_list), dues, request.today), "missing": missing, "State": State,
            "shares": [(due, basis_of(due), share) for due, share in each],
            "total": sum((share for _, share in each), Share(0, 0, 0)),
            "areas": areas,
            "closed": [due for due in dues_of(year) if due not in dues],
        },
    )  # fmt: skip


def asked_for(request: VisitedRequest, reach: QuerySet[Institution], dues: list[Due]) -> QuerySet[Institution]:
    found = reach
    if words := words_of(request):
        found = found.filter(Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(uscc__istartswith=words))
    if "missing" in request.GET:
        found = with_something_missing(found, dues, request.today)
    return found.order_by("name_zh", "pk")


def export(
    kind: str, request: VisitedRequest, found: QuerySet[Institution], dues: list[Due], area: Area
) -> HttpResponse:
    return table_file(
        kind,
        "lived-rules",
        t("Lived rules", "制度落实"),
        COLUMNS,
        rows(request, found, dues, area),
        widths=[40, 22, 30, 10, 10, 10, 10, 60],
        most=WHOLE,
    )


def rows(
    request: VisitedRequest, found: QuerySet[Institution], dues: list[Due], area: Area
) -> Iterator[list[str | int]]:
    """A row a laboratory, read in chunks: a national list is 50,000."""
    every = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(every, CHUNK)):
        lines = lived_by_page(chunk, dues, request.today)
        for one in chunk:
            yield row(one, lines.get(one.pk, []), area)


def row(one: Institution, lines: list[Line], area: Area) -> list[str | int]:
    lacking = missing(lines)
    named = join(t("{n}, {p}", "{p}{n}", n=line.due.requirement.name, p=line.due.period.words) for line in lacking)
    late = sum(line.state is State.LATE for line in lines)
    made = sum(line.made for line in lines)
    return [
        str(one.name), one.uscc or "", str(name_of(one.region_code, area.on)), len(lines), made, late, len(lacking), str(named)
    ]  # fmt: skip
