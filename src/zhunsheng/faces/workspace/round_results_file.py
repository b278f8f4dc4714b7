"""The results as a workbook: downloaded with what is there, uploaded, compared cell by cell, and taken over as a draft."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.collect.actions.entering import save_draft
from zhunsheng.activities.proficiency.collect.documents import label, replicates_in, workbook
from zhunsheng.activities.proficiency.collect.rules.given import LABELS, WrittenMeanwhile
from zhunsheng.activities.proficiency.collect.rules.workbook import Uploaded, read_workbook
from zhunsheng.faces.files import download
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.workspace.round_results import Refused, Table, meanwhile, own, table_of, typed_in
from zhunsheng.foundation.attachments.actions import discard, stage
from zhunsheng.foundation.attachments.models import Draft
from zhunsheng.foundation.bilingual import language, t
from zhunsheng.foundation.spreadsheets import BadFile, read_guarded

MOST_MEGABYTES = 4


def parts_of(table: Table) -> dict[str, Any]:
    """What a workbook is made of: label, what is asked for, what stands, rows a measurand."""
    asked = list({line.asked.measurand: line.asked for line in table.lines}.values())
    standing = {one.key: one for one in table.given if not one.empty}
    n = replicates_in(standing)
    version = table.submission.version if table.submission else 0
    whose = label(str(table.part.round_id), table.part.code, version, asked, n)
    return {"whose": whose, "asked": asked, "standing": standing, "replicates": n}


@only("laboratory")
@require_GET
@never_cache
def form(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The workbook with what was entered so far."""
    made = parts_of(table_of(own(request, pk)))
    content = workbook(made["whose"], made["asked"], made["standing"], made["replicates"], language())
    return download(content, "results.xlsx")


@only("laboratory")
@require_POST
def upload(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Hold the file until its uploader has seen what it would change."""
    own(request, pk)
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > MOST_MEGABYTES * 2**20:
        said = t(
            "Choose a file of at most {n} MB that is not empty.", "请选择不超过 {n} MB 的非空文件。", n=MOST_MEGABYTES
        )
        messages.error(request, str(said))
        return redirect("workspace_round_results", pk)
    held = stage(name=file.name or "", content=file.read(), actor=actor_of(request), at=timezone.now())
    return redirect("workspace_round_results_difference", pk, held.pk)


def compared(table: Table, file: Draft) -> Uploaded:
    """What the file says differently. Raises BadFile."""
    made = parts_of(table)
    read = read_guarded(bytes(file.content), filename=file.name)
    rows = max(made["replicates"], 10)  # a workbook downloaded when there were more rows is read whole
    return read_workbook(read, made["whose"], made["asked"], made["standing"], rows)


@only("laboratory")
@require_http_methods(["GET", "POST"])
@never_cache
def difference(request: VisitedRequest, pk: uuid.UUID, draft: uuid.UUID) -> HttpResponse:
    """Every cell that the file changes and everything in it that is not taken over; confirmed, it is the draft."""
    part = own(request, pk)
    file = get_object_or_404(Draft, pk=draft, uploaded_by=actor_of(request))
    table = table_of(part)
    shown: dict[str, Any] = {"round": part.round, "part": part, "file": file, "table": table, "LABELS": LABELS}
    try:
        found = compared(table, file)
    except BadFile as bad:
        return render(request, "workspace/results/difference.html", {**shown, "bad": bad})
    if request.method == "POST":
        return taken_over(request, table, file, found)
    stamps = {one.key: one.stamp for one in table.given}
    names = {line.given.key: f"{line.asked.item} {line.asked.title} ({line.given.replicate})" for line in table.lines}
    return render(
        request, "workspace/results/difference.html", {**shown, "found": found, "stamps": stamps, "names": names}
    )


def taken_over(request: VisitedRequest, table: Table, file: Draft, found: Uploaded) -> HttpResponse:
    """Keep what the file says, unless it was called off or somebody wrote meanwhile in what its uploader saw."""
    here = table.part.round_id
    if "discard" in request.POST:
        discard(file)
        messages.success(request, str(t("Nothing was taken over.", "未采用文件内容。")))
        return redirect("workspace_round_results", here)
    _, was = typed_in(request.POST)
    try:
        save_draft(table.part, found.given, actor=actor_of(request), at=timezone.now(), was=was)
    except WrittenMeanwhile as clash:
        messages.warning(request, str(meanwhile(table.part, clash.keys)))
        return redirect("workspace_round_results_difference", here, file.pk)
    except Refused as refusal:
        messages.error(request, str(reason_of(refusal)))
        return redirect("workspace_round_results_difference", here, file.pk)
    discard(file)
    said = t(
        "{n} cells were taken over. Look through them, then submit.",
        "已采用 {n} 个单元格，请核对后提交。",
        n=len(found.differences),
    )
    messages.success(request, str(said))
    return redirect("workspace_round_results", here)
