"""From a results file to a round: upload, see what will happen, confirm."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from zhunsheng.activities.proficiency import actions as proficiency
from zhunsheng.activities.proficiency.access import rounds_coordinated_by
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.queries import preview
from zhunsheng.activities.proficiency.rules.results_file import read_results
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.activities.proficiency.rules.settings import SettingsError
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.forms import CatalogueForm, ResultsUpload, RoundForm
from zhunsheng.faces.visits import actor_of, institution_of, only, reason_of
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.spreadsheets import BadFile


@only("provider")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Upload a results file; it is kept as received and shown back before anything else happens."""
    form = ResultsUpload(request.POST, request.FILES) if request.method == "POST" else ResultsUpload()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        kept = keep(name=file.name, content=file.read(), actor=actor_of(request), at=timezone.now())
        return redirect("office_round_preview", kept.pk)
    return render(request, "office/round_new.html", {"form": form})


@only("provider")
@require_http_methods(["GET", "POST"])
def confirm(request: VisitedRequest, attachment: uuid.UUID) -> HttpResponse:
    """What the file would become; on confirmation the round is made of it."""
    kept = get_object_or_404(Attachment, pk=attachment, uploaded_by=actor_of(request))
    try:
        results = read_results(bytes(kept.content), kept.name)
    except BadFile as bad:
        return render(request, "office/round_faults.html", {"file": kept, "bad": bad})
    seen = preview(results)
    given = request.POST if request.method == "POST" else None
    form = RoundForm(given, provider=institution_of(request, "provider"), today=request.today)
    catalogue = CatalogueForm(given, measurands=results.measurands, title=kept.name)
    if given is not None and form.is_valid() and catalogue.is_valid():
        try:
            made = create(request, kept, form.cleaned_data, catalogue)
        except (CannotDo, SettingsError) as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(
                request,
                str(t("Round {n} was created. Evaluate it next.", "已创建轮次 {n}，下一步请评定。", n=made.number)),
            )
            return redirect("office_round", made.pk)
    again = rounds_coordinated_by(request.visitor).filter(attachment__sha256=kept.sha256).first()
    return render(
        request,
        "office/round_preview.html",
        {
            "file": kept,
            "results": results,
            "preview": seen,
            "rows": sum(len(one.left_out) + sum(len(r.rows) for r in one.results) for one in results.measurands),
            "form": form,
            "catalogue": catalogue,
            "again": again,
        },
    )


def create(request: VisitedRequest, kept: Attachment, given: dict[str, Any], catalogue: CatalogueForm) -> Round:
    return proficiency.create_round(
        attachment=kept, number=given["number"], title_zh=given["title_zh"], title_en=given["title_en"],
        performed_on=given["performed_on"], assigned=given["assigned"], u_assigned=given["u_assigned"],
        sigma=given["sigma"], catalogue=catalogue.catalogue(), commissioned_by=given["commissioned_by"],
        provider=institution_of(request, "provider"), actor=actor_of(request), at=timezone.now(),
    )  # fmt: skip
