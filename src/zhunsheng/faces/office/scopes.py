"""The scope of an institution within a regulator's reach: seen, changed in bulk, mended line by line."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces import meanwhile
from zhunsheng.faces.days import DayField
from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.scopes.changes import Bulk, ChangeForm, change
from zhunsheng.faces.scopes.instruments import used_by
from zhunsheng.faces.scopes.lists import Asked, asked, found, lines_file, without_status
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.equipment.states import DATES
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.scopes import actions
from zhunsheng.registry.scopes.access import institutions_supervised_by, lines_supervised_by
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.changing import history, kin, last_row, reasons
from zhunsheng.registry.scopes.rules import CannotChange
from zhunsheng.registry.scopes.states import STATUSES

VERBS = ("suspend", "reinstate", "cancel", "change_method")
"""What an institution suspended by itself it takes up again by itself; what the authority suspended it does not."""


@only("authority")
@require_GET
def of_institution(request: VisitedRequest, pk: UUID) -> HttpResponse:
    """The lines of one institution, to look at, to choose from, to download."""
    institution = get_object_or_404(institutions_supervised_by(request.visitor), pk=pk)
    question = asked(request, institutions=tuple(family_ids(institution)), around=False)
    if kind := file_asked(request):
        return lines_file(kind, question, "scope")
    asked_for = {name: request.GET[name][:64] for name in ("verb", "method") if name in request.GET}
    form = ChangeForm(verbs=VERBS, earliest=None, initial={"from_day": request.today, **asked_for})
    return render(request, "office/scope.html", {"institution": institution, "form": form, **found(question, request)})


@only("authority")
@require_POST
def change_lines(request: VisitedRequest, pk: UUID) -> HttpResponse:
    """Preview of a bulk act, then the act: suspend, reinstate or cancel, from any day."""
    institution = get_object_or_404(institutions_supervised_by(request.visitor), pk=pk)
    return change(request, bulk_of(request, institution))


def bulk_of(request: VisitedRequest, institution: Institution) -> Bulk:
    family = tuple(family_ids(institution))
    question: Asked = asked(request, institutions=family)
    return Bulk(
        lines=lines_supervised_by(request.visitor).filter(institution__in=family), question=without_status(question),
        verbs=VERBS, earliest=None, back=reverse("office_scope", args=[institution.pk]),
        title=t("Change the scope of {x}", "变更{x}能力范围", x=institution.name),
    )  # fmt: skip


class MendForm(forms.Form):
    """What a line says, from a day on."""

    low = forms.CharField(label=words("Lower end of the range", "范围下限"), required=False, max_length=40)
    high = forms.CharField(label=words("Upper end of the range", "范围上限"), required=False, max_length=40)
    unit = forms.CharField(label=words("Unit", "单位"), required=False, max_length=40)
    uncertainty = forms.CharField(label=words("Uncertainty", "不确定度"), required=False, max_length=100)
    limits = forms.CharField(label=words("Limits", "限制范围"), required=False, max_length=300)
    from_day = DayField(
        label=words("From the day", "生效日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=words(
            "The first day of the line corrects it from the beginning.", "填写项目的起始日期，即为自始更正。"
        ),
    )  # fmt: skip
    reason = forms.CharField(label=words("Reason", "原因"), max_length=300)


@only("authority")
@require_http_methods(["GET", "POST"])
def one(request: VisitedRequest, series: UUID) -> HttpResponse:
    """One line: what it says now, all that was ever known of it, a form to mend it."""
    if not lines_supervised_by(request.visitor).filter(series=series).exists():
        raise Http404
    rows = history(series)
    line = next((row for row in rows if row.superseded_at is None), rows[0])
    shown: dict[str, Any] = {
        "rows": rows, "line": line, "STATUSES": STATUSES, "reasons": reasons(rows), "kin": kin(rows), "form": None,
    }  # fmt: skip
    if line.superseded_at is None:
        form = mend_form(request, line)
        meanwhile.carry(form, said_of(series))
        if request.method == "POST" and form.is_valid() and mended(request, series, form):
            return redirect("office_scope", line.institution.merged_into_id or line.institution_id)
        shown |= {"form": form, "used": used_by(request.visitor, line, request.today), "DATES": DATES}
        shown["edition"] = edition_form(max(request.today, line.valid_from))
    return render(request, "office/scope_line.html", shown)


def edition_form(first: date) -> ChangeForm:
    """The bulk form for one line and one verb."""
    form = ChangeForm(verbs=("change_method",), earliest=None, auto_id="edition_%s", initial={"from_day": first})
    form.fields["method"].required, form.fields["method"].help_text = True, ""
    return form


def mend_form(request: VisitedRequest, line: ScopeLine) -> MendForm:
    if request.method == "POST":
        return MendForm(request.POST)
    initial: dict[str, Any] = {name: getattr(line, name) for name in actions.MENDABLE}
    return MendForm(initial={**initial, "from_day": max(request.today, line.valid_from)})


def said_of(series: UUID) -> dict[str, Any]:
    """What the line says in its last days."""
    last = last_row(series)
    return {name: getattr(last, name) for name in actions.MENDABLE} if last else {}


def mended(request: VisitedRequest, series: UUID, form: MendForm) -> bool:
    given = dict(form.cleaned_data)
    day: date = given.pop("from_day")
    reason = given.pop("reason")
    who: dict[str, Any] = {"actor": actor_of(request), "at": timezone.now()}
    given.pop(meanwhile.SEEN)
    try:
        done = meanwhile.write(
            form,
            lambda: said_of(series),
            lambda: actions.mend(series, from_day=day, values=given, reason=reason, **who),
        )
    except CannotChange as refused:
        form.add_error(None, fault(reason_of(refused)))
        return False
    if not done:
        return False
    messages.success(request, str(t("Mended from {d}.", "已更正，自 {d} 起。", d=day.isoformat())))
    return True
