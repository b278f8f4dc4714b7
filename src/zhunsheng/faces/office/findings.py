"""What the registers themselves give reason to look at: a person in two institutions, a serial number in two scopes.

The software suspects, a person decides: nothing follows from a row here. Whoever answers for both institutions settles it, with a
reason, and reopens it, with a reason.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.finding_files import (
    lines_of,
    people_file,
    reached,
    serials_file,
    who_reopened,
    who_settled,
)
from zhunsheng.faces.office.institutions import suspected
from zhunsheng.faces.registers.forms import ReasonForm
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.equipment.queries import SharedSerial
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.findings import actions
from zhunsheng.registry.findings.access import answered_for_by
from zhunsheng.registry.findings.queries import Finding, double_posts, in_state, serials
from zhunsheng.registry.findings.states import STATES, State
from zhunsheng.registry.institutions.access import overseen_by
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.institutions.rules.refusals import CannotEnter
from zhunsheng.registry.people.double_posts import DoublePost
from zhunsheng.registry.people.states import NAMES

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
MOST_LINES = 5
MOST_TICKED = 500
ALL = "all"
DONE: dict[str, Text] = {
    "settle": t("Settled: they are open again when a fact changes.", "已办结；相关事实变更后将重新列为待核实。"),
    "reopen": t("Reopened.", "已恢复为待核实。"),
}


@only("authority")
@require_http_methods(["GET", "POST"])
def findings(request: VisitedRequest) -> HttpResponse:
    """People, or (`what=serials`) serial numbers, that two institutions have on the day or in the period of the address.

    Those that are open, or (`state=settled`, `state=all`) settled; what is sent settles or reopens the ones ticked.
    """
    first, last, wrong = period_of(request)
    reach, said, state = overseen_by(request.visitor), words_of(request), state_of(request)
    every_person = [row for row in double_posts(first, last, within=reach) if speaks_of_people(row.row, said)]
    every_serial = [row for row in serials(last, within=reach) if speaks_of_serials(row.row, said)]
    what = "serials" if request.GET.get("what") == "serials" else "people"
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and decided(request, form, every_serial if what == "serials" else every_person):
        return redirect(request.get_full_path())
    people, numbers = in_state(every_person, state), in_state(every_serial, state)
    if kind := file_asked(request):
        if what == "serials":
            return serials_file(kind, numbers, reach, last, request.visitor)
        return people_file(kind, people, reach, request.visitor)
    page = page_of(request, numbers if what == "serials" else people)
    found: list[Finding[Any]] = list(page.object_list)
    shown = [one.row for one in found]
    return render(
        request,
        "office/findings.html",
        {
            "first": first, "last": last, "wrong": wrong, "page": page, "names": NAMES, "head_of": head_of, "what": what,
            "words": said, "counts": {"people": len(people), "serials": len(numbers)}, "most": MOST_LINES,
            "lines": lines_of(shown, last) if what == "serials" else {},
            "reached": reached(reach, *(([], shown) if what == "serials" else (shown, []))),
            "duplicates": suspected(request).count(), "state": state, "states": {**STATES, ALL: t("all", "全部")},
            "may": {one.digest for one in answered_for_by(request.visitor, found)}, "form": form,
            "ticked": set(request.POST.getlist("finding")), "verb": request.POST.get("decision", ""),
            "settled_by": lambda one: who_settled(one, request.visitor),
            "reopened_by": lambda one: who_reopened(one, request.visitor),
        },
    )  # fmt: skip


def state_of(request: VisitedRequest) -> str:
    """Open, unless the address asks for what is settled or for all."""
    asked = request.GET.get("state", "")
    return asked if asked in (*State, ALL) else State.OPEN


def decided(request: VisitedRequest, form: ReasonForm, found: Sequence[Finding[Any]]) -> bool:
    """Settle or reopen what was ticked; whether that was done, else the form says why not."""
    verb = request.POST.get("decision", "")
    ticked = dict(one.partition(":")[::2] for one in request.POST.getlist("finding")[:MOST_TICKED])
    chosen = chosen_of(request, found, set(ticked))
    if verb not in DONE:
        raise Http404
    if not form.is_valid():
        return False
    try:
        check_chosen(chosen, ticked, State.OPEN if verb == "settle" else State.SETTLED)
        who: dict[str, Any] = {"authority": institution_of(request, "authority"), "actor": actor_of(request)}
        decide = actions.settle if verb == "settle" else actions.reopen
        decide(chosen, reason=form.cleaned_data["reason"], at=timezone.now(), **who)
    except CannotEnter as refusal:
        form.add_error(refusal.field or None, fault(refusal.reason))
        return False
    messages.success(request, str(DONE[verb]))
    return True


def chosen_of(request: VisitedRequest, found: Sequence[Finding[Any]], pairs: set[str]) -> list[Finding[Any]]:
    """The findings of these pairs. Raises Http404 where one is none that the visitor answers for, or nothing that is found."""
    chosen = [one for one in found if one.pair in pairs]
    if len(chosen) != len(pairs) or len(answered_for_by(request.visitor, chosen)) != len(chosen):
        raise Http404
    return chosen


def check_chosen(chosen: Sequence[Finding[Any]], ticked: Mapping[str, str], wanted: State) -> None:
    """Raise CannotEnter for none, for one whose facts are others than those that were read, and for one decided meanwhile."""
    if not chosen:
        raise CannotEnter(t("Tick the findings that you decide about.", "请勾选要处理的疑点。"))
    if any(one.digest != ticked[one.pair] for one in chosen):
        raise CannotEnter(
            t("Facts have changed meanwhile: look at the list again.", "相关事实已变更，请重新查看列表。")
        )
    if any(one.state != wanted for one in chosen):
        raise CannotEnter(actions.MEANWHILE)


def speaks_of_people(row: DoublePost, said: str) -> bool:
    """Do these words stand in the name of the person or of one of the institutions?"""
    return holds(said, row.person.name, *names_of(row.one.institution), *names_of(row.other.institution))


def speaks_of_serials(row: SharedSerial, said: str) -> bool:
    """Do these words stand in the serial number or in the name of one of the institutions?"""
    number = bool(serial_key(said)) and serial_key(said) in row.serial_key
    return number or holds(said, *names_of(row.one.institution), *names_of(row.other.institution))


def names_of(institution: Institution) -> tuple[str, str]:
    """Of an institution out of reach the name is told, so it may be searched for."""
    name = head_of(institution).name
    return name.zh, name.en


def holds(said: str, *texts: str) -> bool:
    return any(said.casefold() in text.casefold() for text in texts)


def period_of(request: VisitedRequest) -> tuple[date, date, bool]:
    """The days asked about, today unless the address says otherwise, and whether it said something else than days."""
    try:
        first = date.fromisoformat(request.GET["from"]) if request.GET.get("from") else request.today
        last = date.fromisoformat(request.GET["to"]) if request.GET.get("to") else max(first, request.today)
    except ValueError:
        return request.today, request.today, True
    sound = EARLIEST <= first <= last <= LATEST
    return (first, last, False) if sound else (request.today, request.today, True)
