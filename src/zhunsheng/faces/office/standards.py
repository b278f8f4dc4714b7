"""Standards in the office: found as of a day, as known on a day; their states entered and corrected; new editions."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from zhunsheng.faces import meanwhile
from zhunsheng.faces.exports import CHUNK, every, file_asked, table_file
from zhunsheng.faces.lists import days_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.catalogue import enter, keeper_only, kept, said
from zhunsheng.faces.office.catalogue_forms import EditionForm, NewStandardForm, StateForm
from zhunsheng.faces.visits import only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import end_of
from zhunsheng.registry.catalogue import actions
from zhunsheng.registry.catalogue.access import may_keep
from zhunsheng.registry.catalogue.models import Standard, StandardState
from zhunsheng.registry.catalogue.queries import in_state, rows_of, standards_named, states_of
from zhunsheng.registry.catalogue.rules.standard_states import timeline
from zhunsheng.registry.catalogue.states import EXPERT_DECIDES, STATES, UNTIL_FILED
from zhunsheng.registry.catalogue.states import StandardState as Word

COLUMNS: tuple[Text, ...] = (
    t("Number", "编号"), t("Title", "名称"), t("State", "状态"), t("Since", "起始日期"), t("Replaced by", "被代替为"),
    t("Next", "下一变更"), t("From", "起始日期"), t("Sources disagree", "来源不一致"),
)  # fmt: skip


@only("authority")
@require_http_methods(["GET", "POST"])
def standards(request: VisitedRequest) -> HttpResponse:
    """Standards by number, title and the state they were in on a day, as known on a day; a keeper enters a new one below."""
    form = NewStandardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        keeper_only(request)
        if form.is_valid():
            made = Standard(**form.cleaned_data)
            if enter(form, lambda: actions.enter_standards([made], **kept(request))):
                said(request, made.number)
                return redirect("office_standard", made.pk)
    asked = standards_asked(request)
    if kind := file_asked(request):
        return standards_file(kind, asked["page"], *days_of(request))
    shown = {**asked, "form": form, "face": "office"}
    return render(request, "office/standards.html", {**shown, "may": may_keep(request.visitor)})


def standards_asked(request: VisitedRequest) -> dict[str, Any]:
    """The page of standards that the address asks for, with their states on a day, as known on a day."""
    words, (on, known_on) = words_of(request), days_of(request)
    state = given if (given := request.GET.get("state", "")) in STATES else ""
    rows = standards_named(words) if words else Standard.objects.order_by("number")
    if state:
        rows = in_state(rows, state, on=on, known_on=known_on)
    page = page_of(request, rows)
    states = states_of([one.pk for one in page], on=on, known_on=known_on)
    return {
        "page": page, "words": words, "state": state, "on": on, "known_on": known_on, "STATES": STATES, "states": states,
    }  # fmt: skip


def standards_file(kind: str, page: Page[Standard], on: date, known_on: date) -> HttpResponse:
    """All standards found, with their states on a day, as known on a day."""
    return table_file(kind, "standards", t("Standards", "标准"), COLUMNS, file_rows(list(every(page)), on, known_on))


def file_rows(found: list[Standard], on: date, known_on: date) -> Iterator[list[str]]:
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        states = states_of([one.pk for one in some], on=on, known_on=known_on)
        for one in some:
            day = states[one.pk]
            now, then = day.row, day.following
            yield [
                one.number, str(one.name), str(STATES[Word(now.state)]) if now else "", now.valid_from.isoformat() if now else "",
                now.replacement.number if now and now.replacement else "", str(STATES[Word(then.state)]) if then else "",
                then.valid_from.isoformat() if then else "", str(t("yes", "是")) if day.otherwise else "",
            ]  # fmt: skip


@only("authority")
@require_http_methods(["GET", "POST"])
def standard(request: VisitedRequest, pk: int) -> HttpResponse:
    """One edition: its state on a day as known on a day, its whole history, forms for what is new and what was wrong."""
    one = get_object_or_404(Standard, pk=pk)
    is_state, is_edition = (request.POST.get("form") == name for name in ("state", "edition"))
    state_form = StateForm(request.POST if is_state else None, standard=one, initial={"valid_from": request.today})
    meanwhile.carry(state_form, newest_state(one))
    edition_form = EditionForm(
        request.POST if is_edition else None, initial={"name_zh": one.name_zh, "name_en": one.name_en}
    )
    if request.method == "POST":
        keeper_only(request)
        if done := state_entered(request, one, state_form) if is_state else edition_entered(request, one, edition_form):
            return redirect("office_standard", done.pk)
    return render(
        request, "office/standard.html", {"state_form": state_form, "edition_form": edition_form, **about(request, one)}
    )


def about(request: VisitedRequest, one: Standard) -> dict[str, object]:
    on, known_on = days_of(request)
    rows = rows_of([one.pk], known_on=known_on).get(one.pk, [])
    return {
        "standard": one, "on": on, "known_on": known_on, "now": states_of([one.pk], on=on, known_on=known_on)[one.pk],
        "steps": timeline(rows, end_of(known_on)), "rows": sorted(rows, key=lambda row: (row.recorded_at, row.pk), reverse=True),
        "corrected": {row.supersedes_id for row in rows}, "replaces": one.replaces.all(), "replaced_by": one.replaced_by.all(),
        "methods": one.methods.all(), "STATES": STATES, "may": may_keep(request.visitor), "EXPERT_DECIDES": EXPERT_DECIDES,
        "UNTIL_FILED": UNTIL_FILED,
    }  # fmt: skip


def newest_state(one: Standard) -> dict[str, object]:
    """What was entered of a standard last, with the standard held until the transaction ends, if there is one."""
    if transaction.get_connection().in_atomic_block:
        meanwhile.locked(one)
    newest = one.states.order_by("-recorded_at", "-pk").first()
    return {name: getattr(newest, name, "") for name in ("state", "valid_from", "source")}


def state_entered(request: VisitedRequest, one: Standard, form: StateForm) -> Standard | None:
    if not form.is_valid():
        return None
    form.cleaned_data.pop(meanwhile.SEEN)
    row = StandardState(standard=one, **form.cleaned_data)
    if not enter(
        form, lambda: actions.enter_standard_states([row], **kept(request)), fresh=lambda: newest_state(one), adds=True
    ):
        return None
    said(request, one.number)
    return one


def edition_entered(request: VisitedRequest, one: Standard, form: EditionForm) -> Standard | None:
    if not form.is_valid():
        return None
    made: list[Standard] = []
    if not enter(form, lambda: made.append(actions.enter_new_edition(one, **form.cleaned_data, **kept(request)))):
        return None
    said(request, made[0].number)
    return made[0]
