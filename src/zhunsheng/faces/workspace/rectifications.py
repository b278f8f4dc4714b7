"""Rectifications as the institution does them: what is to be put right by when, and the report with its evidence."""

import uuid

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.rectification import access, actions
from zhunsheng.activities.campaigns.rectification.models import Rectification, SubmittedFile
from zhunsheng.activities.campaigns.rectification.queries import with_names
from zhunsheng.activities.campaigns.rectification.rules.reports import PARTS, RectificationRefused, Report
from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_papers import file_response
from zhunsheng.faces.office.rectification_lists import asked_for, export, listed
from zhunsheng.faces.office.rectifications import story
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import NotAllowedNow

MOST_FILES = 10


class ReportForm(forms.Form):
    """Cause, correction, corrective action, like cases."""

    cause = forms.CharField(label=words("Cause", "原因分析"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    correction = forms.CharField(
        label=words("Correction: what was done about this case", "纠正：对本问题的处置"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    corrective_action = forms.CharField(
        label=words("Corrective action: so that it does not happen again", "纠正措施：防止再次发生"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    like_cases = forms.CharField(
        label=words("Like cases: where else was looked, and what was found", "举一反三：排查范围和结果"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def report(self) -> Report:
        return Report(**{name: self.cleaned_data[name] for name in PARTS})


@only("laboratory")
@require_GET
def rectifications(request: VisitedRequest) -> HttpResponse:
    """What we have to put right, the nearest day first; `format=xlsx` or `csv` gives those shown."""
    mine = access.seen_by_institution(request.visitor)
    if kind := file_asked(request):
        return export(kind, asked_for(request, mine))
    return render(request, "workspace/rectifications/list.html", listed(request, mine))


@only("laboratory")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One: the finding, what we reported, what was said of it, and the form."""
    return page(request, get_object_or_404(with_names(access.seen_by_institution(request.visitor)), pk=pk), None)


def page(request: VisitedRequest, found: Rectification, form: ReportForm | None) -> HttpResponse:
    shown = story(request, found)
    last = shown["reports"][-1] if shown["reports"] else None
    before = {name: getattr(last, name) for name in PARTS} if last else None
    may = access.submitted_by(request.visitor).filter(pk=found.pk).exists()
    return render(
        request, "workspace/rectifications/one.html", {**shown, "form": form or ReportForm(initial=before), "may": may}
    )


@only("laboratory")
@require_POST
def submit(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Submit the report with its evidence; what was typed stays where it is refused."""
    found = get_object_or_404(with_names(access.submitted_by(request.visitor)), pk=pk)
    form, sent = ReportForm(request.POST), request.FILES.getlist("files")
    if len(sent) > MOST_FILES:
        form.add_error(None, fault(t("At most {n} files.", "最多 {n} 份文件。", n=MOST_FILES)))
    if form.is_valid():
        files = {f"{i + 1}-{one.name}": one.read() for i, one in enumerate(sent)}
        try:
            actions.submit(found, form.report(), files, actor=actor_of(request), at=timezone.now())
        except (RectificationRefused, NotAllowedNow) as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("workspace_rectification", pk)
    return page(request, found, form)


@only("laboratory")
@require_GET
def file(request: VisitedRequest, pk: int) -> HttpResponse:
    """One file of our report."""
    mine = access.seen_by_institution(request.visitor).order_by().values("pk")
    found = get_object_or_404(SubmittedFile.objects.filter(submission__rectification__in=mine), pk=pk)
    return file_response(found.attachment.name, bytes(found.attachment.content))
