"""The cases of the rounds that a regulator's authority commissioned, with the identities announced to it; confirming a retest."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.proficiency.access import identities_visible_to, rounds_commissioned_by
from zhunsheng.activities.proficiency.follow.access import cases_commissioned_by
from zhunsheng.activities.proficiency.follow.actions.retesting import confirm as confirm_case
from zhunsheng.activities.proficiency.follow.queries import WAITS_FOR_LABORATORY, counted, rows_of_all
from zhunsheng.activities.proficiency.follow.states import CASE
from zhunsheng.activities.proficiency.queries import identities
from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_case import ReasonForm, story, whole
from zhunsheng.faces.office.round_follow import REFUSALS, SORTS, by_code_or_name, cases_file, in_order
from zhunsheng.faces.visits import only, reason_of
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import t


@only("authority")
@require_GET
def cases(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The cases of one round; `format=xlsx` or `csv` gives those shown."""
    round_ = get_object_or_404(rounds_commissioned_by(request.visitor).select_related("provider"), pk=pk)
    names = identities(identities_visible_to(request.visitor, round_))
    every = cases_commissioned_by(request.visitor).filter(round=round_)
    found = every.select_related("participation")
    if said := words_of(request):
        found = found.filter(by_code_or_name(said, names))
    if (state := request.GET.get("state", "")) in CASE.states:
        found = found.filter(state=state)
    elif state == "late":
        found = found.filter(state__in=WAITS_FOR_LABORATORY, due_on__lt=request.today)
    sort = order_of(request, SORTS, "due")
    found = in_order(found, SORTS, sort)
    if kind := file_asked(request):
        return cases_file(kind, found, names)
    page = page_of(request, found)
    shown = {
        "round": round_, "names": names, "page": page, "rows": rows_of_all(page.object_list), "state": state, "sort": sort,
        "words": words_of(request), "counts": counted(every, request.today), "CASE": CASE, "today": request.today,
        "WAITS": WAITS_FOR_LABORATORY, "coordinates": True,
    }  # fmt: skip
    return render(request, "office/commissioned_follow.html", shown)


@only("authority")
@require_http_methods(["GET", "POST"])
def case(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One case without the files of the laboratory; a POST confirms the retest that was passed."""
    found = get_object_or_404(whole(cases_commissioned_by(request.visitor)), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_case(found, reason=form.cleaned_data["reason"], visitor=request.visitor, at=timezone.now())
        except PermissionError:
            raise Http404 from None
        except REFUSALS as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(request, str(t("Confirmed: the item is no longer suspended.", "已确认，该项目不再暂停。")))
            return redirect("office_commissioned_case", pk)
    names = identities(identities_visible_to(request.visitor, found.round).filter(participation=found.participation_id))
    shown = {
        **story(request, found), "form": form,
        "laboratory": next(iter(names.values()))[0] if names else found.participation.code,
    }  # fmt: skip
    return render(request, "office/commissioned_case.html", shown)
