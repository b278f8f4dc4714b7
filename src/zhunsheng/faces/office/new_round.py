"""From a results file to a round: upload, see what will happen, confirm."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

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
from zhunsheng.foundation.attachments.actions import discard, keep_draft, stage
from zhunsheng.foundation.attachments.models import Draft
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.spreadsheets import BadFile, read_guarded


@only("provider")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Upload a results file; it is staged and shown back before anything else happens."""
    form = ResultsUpload(request.POST, request.FILES) if request.method == "POST" else ResultsUpload()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        draft = stage(name=file.name, content=file.read(), actor=actor_of(request), at=timezone.now())
        return redirect("office_round_preview", draft.pk)
    return render(request, "office/round_new.html", {"form": form})


@only("provider")
@require_http_methods(["GET", "POST"])
def confirm(request: VisitedRequest, draft: uuid.UUID) -> HttpResponse:
    """What the file would become; on confirmation it is kept and the round is made of it."""
    file = own_draft(request, draft)
    try:
        results = read_results(bytes(file.content), file.name, read=read_guarded)
    except BadFile as bad:
        return render(request, "office/round_faults.html", {"file": file, "bad": bad})
    seen = preview(results)
    given = request.POST if request.method == "POST" else None
    form = RoundForm(given, provider=institution_of(request, "provider"), today=request.today)
    catalogue = CatalogueForm(given, measurands=results.measurands, title=file.name)
    if given is not None and form.is_valid() and catalogue.is_valid():
        try:
            made = create(request, file, form.cleaned_data, catalogue)
        except (CannotDo, SettingsError) as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(
                request,
                str(t("Round {n} was created. Evaluate it next.", "已创建轮次 {n}，下一步请评定。", n=made.number)),
            )
            return redirect("office_round", made.pk)
    again = rounds_coordinated_by(request.visitor).filter(attachment__sha256=file.sha256).first()
    return render(
        request,
        "office/round_preview.html",
        {
            "file": file,
            "results": results,
            "preview": seen,
            "rows": sum(len(one.left_out) + sum(len(r.rows) for r in one.results) for one in results.measurands),
            "form": form,
            "catalogue": catalogue,
            "again": again,
        },
    )


@transaction.atomic
def create(request: VisitedRequest, draft: Draft, given: dict[str, Any], catalogue: CatalogueForm) -> Round:
    """Keep the file and make the round of it, or do neither."""
    now = timezone.now()
    return proficiency.create_round(
        attachment=keep_draft(draft, at=now), number=given["number"], title_zh=given["title_zh"],
        title_en=given["title_en"], performed_on=given["performed_on"], assigned=given["assigned"],
        u_assigned=given["u_assigned"], sigma=given["sigma"], catalogue=catalogue.catalogue(),
        commissioned_by=given["commissioned_by"], provider=institution_of(request, "provider"),
        actor=actor_of(request), at=now,
    )  # fmt: skip


@only("provider")
@require_POST
def leave(request: VisitedRequest, draft: uuid.UUID) -> HttpResponse:
    """Do not make a round of the file: it is forgotten, and the visitor goes on with another file or without."""
    discard(own_draft(request, draft))
    messages.success(request, str(t("The uploaded file was deleted.", "已删除上传的文件。")))
    return redirect("office_round_new" if "another" in request.POST else "office_rounds")


def own_draft(request: VisitedRequest, draft: uuid.UUID) -> Draft:
    return get_object_or_404(Draft, pk=draft, uploaded_by=actor_of(request))
