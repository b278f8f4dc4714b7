"""What an authority asked our laboratory about our logs, and our answers."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.campaigns.screen import access, actions
from zhunsheng.activities.campaigns.screen.models import Statement, Suspicion
from zhunsheng.activities.campaigns.screen.rules.catalogue import BY_KEY
from zhunsheng.activities.campaigns.screen.rules.settling import ScreenRefused
from zhunsheng.activities.campaigns.screen.states import SUSPICION
from zhunsheng.faces import told
from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.screen_forms import SayForm
from zhunsheng.faces.office.suspicions import FIRST_ROWS, bases_of, export_rows, rows_of
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import NotAllowedNow


@only("laboratory")
@require_GET
def suspicions(request: VisitedRequest) -> HttpResponse:
    """What was put to us, the newest first; what waits for our answer stands out."""
    found = access.put_to(request.visitor).select_related("screen__authority").order_by("-asked_at", "pk")
    state = request.GET.get("state", "")
    shown = found.filter(state=state) if state in SUSPICION.states else found
    return render(
        request, "workspace/suspicions/list.html",
        {"page": page_of(request, shown), "state": state, "SUSPICION": SUSPICION, "BY_KEY": BY_KEY},
    )  # fmt: skip


@only("laboratory")
@require_http_methods(["GET", "POST"])
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One question with our rows, and the form for the answer."""
    found = get_object_or_404(access.put_to(request.visitor).select_related("screen__authority", "institution"), pk=pk)
    if kind := file_asked(request):
        return export_rows(kind, found, to_laboratory=True)
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            with transaction.atomic():
                actions.answer(found, text=form.cleaned_data["text"], actor=actor_of(request), at=at)
                told.answered(found, at=at)
        except (ScreenRefused, NotAllowedNow) as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            messages.success(request, str(t("Your answer was given to the authority.", "答复已提交主管部门。")))
            return redirect("workspace_suspicion", found.pk)
    rows = rows_of(found, most=FIRST_ROWS, to_laboratory=True)
    shown = {
        "one": found, "rule": BY_KEY[found.rule], "rows": rows, "SUSPICION": SUSPICION, "form": form, "bases": bases_of(found),
        "statements": said_to_us(found),
    }  # fmt: skip
    return render(request, "workspace/suspicions/one.html", shown)


def said_to_us(found: Suspicion) -> QuerySet[Statement]:
    """Questions and answers; for what reason it was settled is the authority's own note until it says so itself."""
    return found.statements.filter(verb__in=["ask", "answer"]).select_related("by__person")
