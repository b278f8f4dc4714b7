"""The watch over standards for a regulator: what changes, whom it touches within reach."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import file_asked, table_file
from zhunsheng.faces.lists import day_of, page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.scopes.touched_rounds import rounds_touched
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.models import Method, Standard
from zhunsheng.registry.catalogue.queries import StandardOnDay, states_of
from zhunsheng.registry.catalogue.states import EXPERT_DECIDES, STATES, UNTIL_FILED
from zhunsheng.registry.catalogue.states import StandardState as Word
from zhunsheng.registry.scopes.access import lines_supervised_by
from zhunsheng.registry.scopes.queries.watch import LOOK_AHEAD, LOOK_BACK, Touched, institutions_touched, watched

COLUMNS: tuple[Text, ...] = (
    t("Day", "日期"), t("Standard", "标准"), t("Title", "名称"), t("State before", "变更前状态"), t("State after", "变更后状态"),
    t("Replaced by", "被代替为"), t("Methods", "方法"), t("Institutions", "机构"), t("Lines", "项目"),
)  # fmt: skip


@only("authority")
@require_GET
def watch(request: VisitedRequest) -> HttpResponse:
    """Every change of a state between two days, with how many methods, lines and institutions within reach it touches."""
    first, last = (
        day_of(request, "from") or request.today - LOOK_BACK,
        day_of(request, "to") or request.today + LOOK_AHEAD,
    )
    known_on = day_of(request, "known") or request.today
    found = watched(
        lines_supervised_by(request.visitor),
        after=first - timedelta(days=1),
        until=last,
        on=request.today,
        known_on=known_on,
    )
    if kind := file_asked(request):
        return table_file(kind, "standards-watch", t("Standards that change", "标准变更"), COLUMNS, map(row_of, found))
    return render(
        request, "office/watch.html",
        {
            "found": found, "rounds": rounds_touched(request, found), "first": first, "last": last, "known_on": known_on, "STATES": STATES,
            "EXPERT_DECIDES": EXPERT_DECIDES, "UNTIL_FILED": UNTIL_FILED,
        },
    )  # fmt: skip


def row_of(one: Touched) -> list[str | int]:
    before, after = one.change.before, one.change.after
    return [
        one.change.day.isoformat(), after.standard.number, str(after.standard.name), str(STATES[Word(before.state)]) if before else "",
        str(STATES[Word(after.state)]), after.replacement.number if after.replacement else "", len(one.methods), one.institutions,
        one.lines,
    ]  # fmt: skip


@only("authority")
@require_GET
def standard(request: VisitedRequest, pk: int) -> HttpResponse:
    """The institutions within reach whose lines name a standard, and how many lines."""
    one = get_object_or_404(Standard, pk=pk)
    touched = institutions_touched(
        lines_supervised_by(request.visitor), one.pk, on=request.today, known_on=request.today
    )
    now = states_of([one.pk], on=request.today, known_on=request.today)[one.pk]
    shown = {
        "standard": one,
        "now": now,
        "page": page_of(request, touched),
        "STATES": STATES,
        "methods": one.methods.all(),
        "successor": method_after(now),
    }
    return render(
        request, "office/watch_standard.html", {**shown, "EXPERT_DECIDES": EXPERT_DECIDES, "UNTIL_FILED": UNTIL_FILED}
    )


def method_after(now: StandardOnDay) -> Method | None:
    """The method by which lines would go on: that of the edition which replaces this one, where it has one only."""
    rows = [row for row in (now.following, now.row) if row is not None and row.replacement_id is not None]
    found = list(Method.objects.filter(standard=rows[0].replacement_id)[:2]) if rows else []
    return found[0] if len(found) == 1 else None
