"""How our scores run over rounds: the items, and one item as a control chart, by analyst and by method."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency.follow.histories import Run, points, runs_of
from zhunsheng.activities.proficiency.follow.rules.trends import SPLITS, chart_data
from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.institutions.queries import family_of

SORTS: dict[str, Any] = {
    "item": lambda run: str(name_of(run)),
    "rounds": lambda run: run.trend.n,
    "last": lambda run: abs(run.trend.results[-1].score),
    "cusum": lambda run: max(run.trend.high, run.trend.low),
}
HEADS: tuple[Text, ...] = (
    t("Item", "项目"), t("Rounds", "轮次数"), t("Last score", "最近比分数"), t("CUSUM", "累积和"),
    t("Two of three beyond 2", "三轮中两轮超过 2"),
)  # fmt: skip
POINT_HEADS: tuple[Text, ...] = (
    t("Day", "日期"), t("Round", "轮次"), t("Score", "比分数"), t("Analyst", "检测人员"), t("Method", "方法"), t("C+", "C+"), t("C−", "C−"),
)  # fmt: skip


def name_of(run: Run) -> Text:
    return t("{p} in {x}", "{x}中{p}", p=run.parameter.name, x=run.matrix.name)


@only("laboratory")
@require_GET
def trends(request: VisitedRequest) -> HttpResponse:
    """Every item with a result; `format=xlsx` or `csv` gives those shown."""
    runs, said = our_runs(request), words_of(request).casefold()
    found = [one for one in runs if said in name_of(one).en.casefold() or said in name_of(one).zh.casefold()]
    sort = order_of(request, SORTS, "item")
    found.sort(key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    if kind := file_asked(request):
        rows: Iterator[list[CellValue]] = (
            [str(name_of(one)), one.trend.n, one.trend.results[-1].score, max(one.trend.high, one.trend.low),
             str(t("yes", "是") if one.trend.two_of_three else t("no", "否"))]
            for one in found
        )  # fmt: skip
        return table_file(
            kind, "trends", t("Our scores over rounds", "本室历轮比分数"), HEADS, rows, widths=[40, 12, 16, 12, 24]
        )
    shown = {"page": page_of(request, found), "words": words_of(request), "sort": sort, "name_of": name_of}
    return render(request, "workspace/trends.html", shown)


def our_runs(request: VisitedRequest) -> list[Run]:
    return runs_of(visible_to(request.visitor), family_of(request.visitor.laboratories), on=request.today)


@only("laboratory")
@require_GET
def trend(request: VisitedRequest, parameter: int, matrix: int) -> HttpResponse:
    """One item as a control chart with its table; `by` splits it by analyst or method."""
    run = next((one for one in our_runs(request) if (one.parameter.pk, one.matrix.pk) == (parameter, matrix)), None)
    if run is None:
        raise Http404
    by = request.GET.get("by", "")
    by = by if by in SPLITS else ""
    found = points(run, own=family_of(request.visitor.laboratories))
    if kind := file_asked(request):
        rows: Iterator[list[CellValue]] = (
            [one.result.occurred_on.isoformat(), one.result.round, one.result.score, one.group("analyst"), one.group("method"),
             one.high, one.low]
            for one in found
        )  # fmt: skip
        return table_file(kind, "trend", name_of(run), POINT_HEADS, rows)
    shown = {
        "run": run, "name": name_of(run), "points": found, "by": by, "SPLITS": SPLITS, "entries": True,
        "chart": chart_data(found, by, name=name_of(run)),
    }  # fmt: skip
    return render(request, "workspace/trend.html", shown)
