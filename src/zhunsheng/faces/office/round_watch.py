"""The watch over standards for a coordinator: which of our open rounds measure by a method whose standard changes."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.lists import day_of, page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.scopes.touched_rounds import TouchedRound, rounds_touched
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.states import STATES
from zhunsheng.registry.catalogue.states import StandardState as Word
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.watch import LOOK_AHEAD, LOOK_BACK, watched

COLUMNS: tuple[Text, ...] = (
    t("Day", "日期"), t("Standard", "标准"), t("Title", "名称"), t("State before", "变更前状态"), t("State after", "变更后状态"),
    t("Replaced by", "被代替为"), t("Round", "轮次"), t("Name of the round", "轮次名称"), t("Parameter", "参数"), t("Matrix", "基质"),
)  # fmt: skip


@only("provider")
@require_GET
def watch(request: VisitedRequest) -> HttpResponse:
    """Every change between two days with the open rounds that it touches; the lines of laboratories are nothing to a provider."""
    first = day_of(request, "from") or request.today - LOOK_BACK
    last = day_of(request, "to") or request.today + LOOK_AHEAD
    nobody = ScopeLine.objects.none()
    changes = watched(nobody, after=first - timedelta(days=1), until=last, on=request.today, known_on=request.today)
    found = rounds_touched(request, changes)
    if kind := file_asked(request):
        return table_file(kind, "rounds-touched", t("Rounds touched", "涉及的轮次"), COLUMNS, map(row_of, found))
    shown = {"page": page_of(request, found), "first": first, "last": last, "STATES": STATES}
    return render(request, "office/round_watch.html", shown)


def row_of(one: TouchedRound) -> list[str]:
    before, after, measured = one.change.change.before, one.change.change.after, one.measurand
    return [
        one.change.change.day.isoformat(), after.standard.number, str(after.standard.name),
        str(STATES[Word(before.state)]) if before else "", str(STATES[Word(after.state)]),
        after.replacement.number if after.replacement else "", measured.round.number, str(measured.round.title),
        str(measured.parameter.name) if measured.parameter else "", str(measured.matrix.name) if measured.matrix else "",
    ]  # fmt: skip
