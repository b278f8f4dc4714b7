"""Lived rules in the laboratory's eyes: what is due, what was made, what is missing; entering, correcting and withdrawing records."""

import io
import uuid
from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.faces import meanwhile
from zhunsheng.faces.days import DayField
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, reason_of
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.management import access
from zhunsheng.registry.management.actions import correct_record, enter_record, withdraw_record
from zhunsheng.registry.management.models import ManagementRecord
from zhunsheng.registry.management.queries.records import history, lived_by
from zhunsheng.registry.management.queries.requirements import basis_of, dues_of, requirements
from zhunsheng.registry.management.rules.entering import Refused
from zhunsheng.registry.management.rules.requirements import periods
from zhunsheng.registry.management.states import CYCLES, STATES

FIRST_YEAR = 2018
DOCUMENTS = (".pdf", ".docx", ".xlsx", ".jpg", ".jpeg", ".png")


@login_required
@require_GET
def lived(request: VisitedRequest) -> HttpResponse:
    """A year's requirements, each with its state, its basis and its record; below, every record ever entered for the year."""
    where, year = system_seen(request), year_of(request)
    lines = lived_by(where, year, request.today)
    return render(
        request,
        "workspace/lived.html",
        {
            "lines": [(line, basis_of(line.due)) for line in lines], "year": year, "years": years(request.today),
            "records": history(where, year), "requirements": requirements(), "STATES": STATES, "CYCLES": CYCLES,
            "counts": {state: sum(line.state is state for line in lines) for state in STATES},
            "keeps": access.keeps_system_of(request.visitor) == where, "period_words": period_words(year),
        },
    )  # fmt: skip


def system_seen(request: VisitedRequest) -> Institution:
    where = access.sees_system_of(request.visitor)
    if where is None:
        raise Http404
    return where


def system_kept(request: VisitedRequest) -> Institution:
    where = access.keeps_system_of(request.visitor)
    if where is None:
        raise Http404
    return where


def years(today: date) -> list[int]:
    return list(range(today.year + 1, FIRST_YEAR - 1, -1))


def year_of(request: VisitedRequest) -> int:
    """The year that the address asks about; this year for one that cannot be."""
    asked = request.GET.get("year", "")
    found = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else request.today.year
    return found if found in years(request.today) else request.today.year


def period_words(year: int) -> dict[str, Any]:
    return {period.key: period.words for cycle in CYCLES for period in periods(cycle, year)}


class RecordForm(forms.Form):
    """A record that was made."""

    what = forms.ChoiceField(label=words("Record", "记录"))
    held_on = DayField(
        label=words("Made on", "完成日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    title = forms.CharField(label=words("Title", "名称"), max_length=200)
    made_by = forms.CharField(label=words("Made by", "完成人"), max_length=100)
    document = forms.FileField(
        label=words("Document", "文件"),
        required=False,
        help_text=words(
            "PDF, Word, Excel or a picture; kept as it is, with its SHA-256.",
            "PDF、Word、Excel 或图片；按原样保存并记录 SHA-256。",
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(DOCUMENTS)}),
    )
    reason = forms.CharField(
        label=words("Why it is corrected", "更正原因"), max_length=500, widget=forms.TextInput(), required=True
    )

    def __init__(self, *args: Any, year: int, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if correcting:
            del self.fields["what"]
        else:
            del self.fields["reason"]
            what = self.fields["what"]
            assert isinstance(what, forms.ChoiceField)
            what.choices = [
                (":".join(due.key), t("{n}, {p}", "{p}{n}", n=due.requirement.name, p=due.period.words))
                for of in (year, year - 1)
                for due in dues_of(of)
            ]

    def clean_document(self) -> Any:
        file = self.cleaned_data["document"]
        if file and file.size > settings.UPLOAD_LIMIT:
            raise fault(t("The file is larger than {n} MB.", "文件超过 {n} MB。", n=settings.UPLOAD_LIMIT // 2**20))
        if file and PurePath(file.name).suffix.lower() not in DOCUMENTS:
            raise fault(t("Upload a PDF, Word or Excel file, or a picture.", "请上传 PDF、Word、Excel 文件或图片。"))
        return file


@login_required
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Enter a record."""
    where, year = system_kept(request), year_of(request)
    first = {"what": request.GET.get("what", ""), "held_on": request.today}
    form = RecordForm(request.POST or None, request.FILES or None, year=year, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = enter(request, where, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, fault(reason_of(refusal)))
        else:
            messages.success(request, str(t("Entered: {x}.", "已录入：{x}。", x=requirements()[made.kind].name)))
            return redirect(f"{reverse('workspace_lived')}?year={made.period[:4]}")
    return render(request, "workspace/lived_record.html", {"form": form, "year": year, "old": None})


@transaction.atomic
def enter(request: VisitedRequest, where: Institution, given: dict[str, Any]) -> ManagementRecord:
    """Keep the document and enter the record, or do neither."""
    kind, _, period = given["what"].partition(":")
    return enter_record(
        institution=where, kind=kind, period=period, held_on=given["held_on"], title=given["title"],
        made_by=given["made_by"], document=kept(request, given), actor=actor_of(request), at=timezone.now(),
    )  # fmt: skip


def kept(request: VisitedRequest, given: dict[str, Any]) -> Attachment | None:
    if not (file := given["document"]):
        return None
    return keep(name=file.name, content=file.read(), actor=actor_of(request), at=timezone.now())


@login_required
@require_http_methods(["GET", "POST"])
def change(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct a record, or take it back."""
    where = system_kept(request)
    old = standing_record(where, pk)
    form = RecordForm(
        request.POST or None, request.FILES or None, year=int(old.period[:4]), correcting=True, initial=said_of(old)
    )
    meanwhile.carry(form, said_of(old))
    if request.method == "POST" and form.is_valid():
        try:
            done = meanwhile.write(
                form, lambda: said_of(standing_record(where, old.pk)), lambda: correct(request, old, form.cleaned_data)
            )
        except Refused as refusal:
            done = False
            form.add_error(None, fault(reason_of(refusal)))
        if done:
            messages.success(
                request,
                str(t("The record was changed; the earlier one stays readable.", "记录已更改，原记录仍可查阅。")),
            )
            return redirect(f"{reverse('workspace_lived')}?year={old.period[:4]}")
    return render(
        request,
        "workspace/lived_record.html",
        {"form": form, "year": int(old.period[:4]), "old": old, "requirement": requirements().get(old.kind)},
    )


@transaction.atomic
def correct(request: VisitedRequest, old: ManagementRecord, given: dict[str, Any]) -> None:
    now, actor = timezone.now(), actor_of(request)
    if "withdraw" in request.POST:
        withdraw_record(old, reason=given["reason"], actor=actor, at=now)
        return
    correct_record(
        old, held_on=given["held_on"], title=given["title"], made_by=given["made_by"], document=kept(request, given),
        reason=given["reason"], actor=actor, at=now,
    )  # fmt: skip


@login_required
@require_GET
def document(request: VisitedRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The document of a record, as it was received."""
    record = own_record(system_seen(request), pk)
    if record.document is None:
        raise Http404
    content = io.BytesIO(bytes(record.document.content))
    return FileResponse(
        content, as_attachment=True, filename=record.document.name, content_type="application/octet-stream"
    )


def said_of(record: ManagementRecord) -> dict[str, Any]:
    """What a record says in the columns that the form shows."""
    return {"held_on": record.held_on, "title": record.title, "made_by": record.made_by}


def standing_record(where: Institution, pk: uuid.UUID) -> ManagementRecord:
    """The record of an address, or the one that was entered in its place since."""
    found = own_record(where, pk)
    rows = ManagementRecord.objects.select_related("document", "institution")
    while later := rows.filter(supersedes=found).first():
        found = later
    return found


def own_record(where: Institution, pk: uuid.UUID) -> ManagementRecord:
    mine = ManagementRecord.objects.select_related("document", "institution")
    return get_object_or_404(mine, pk=pk, institution__in=family_ids(where))
