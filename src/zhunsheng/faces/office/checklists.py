"""Checklists as authorities keep them: the shipped one and their own, as a workbook to change, the next version, what changed in it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng import __version__
from zhunsheng.activities.campaigns.selfcheck.actions.checklists import enter_checklist, shipped_checklist
from zhunsheng.activities.campaigns.selfcheck.models import Call, Checklist, ChecklistItem
from zhunsheng.activities.campaigns.selfcheck.queries.shipped import POINTS
from zhunsheng.activities.campaigns.selfcheck.rules.answering import AnswerRefused
from zhunsheng.activities.campaigns.selfcheck.rules.checklists import (
    COLUMNS,
    LENGTHS,
    Item,
    RowFault,
    difference,
    items_of,
)
from zhunsheng.activities.campaigns.selfcheck.states import GROUPS
from zhunsheng.faces.files import download
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.institutions import key_of
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.faces.wording import fault, words
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.bilingual import Language, Text, language, t
from zhunsheng.foundation.imports.rules.headers import EXPLANATION
from zhunsheng.foundation.spreadsheets import BadFile, FormColumn, Table, read_guarded, write_form
from zhunsheng.registry.institutions.models import Institution

NEEDED = ("no", "item_zh", "item_en")
WIDE, NARROW = 60, 18
SHOWN = 50
"""So many faults of a file are shown at once."""


class SendForm(forms.Form):
    """A file, and what the checklist is called."""

    name_zh = forms.CharField(label=words("Name in Chinese", "中文名称"), max_length=200)
    name_en = forms.CharField(label=words("Name in English", "英文名称"), max_length=200)
    file = forms.FileField(
        label=words("File (.xlsx or .csv)", "文件（.xlsx 或 .csv）"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """An item that is new, gone, or says otherwise: before and after."""

    no: int
    before: Item | None
    after: Item | None


def kept_by(authority: Institution) -> QuerySet[Checklist]:
    """Every version of the shipped checklist and of the authority's own."""
    return Checklist.objects.filter(Q(authority=None) | Q(authority=authority)).order_by("entered_at", "pk")


def usable_by(authority: Institution) -> QuerySet[Checklist]:
    """Of each the newest: by these it may call a self-check."""
    return kept_by(authority).filter(replaced_by=None)


@only("authority")
@require_GET
def checklists(request: VisitedRequest) -> HttpResponse:
    """The checklists by which the authority can call a self-check, and their former versions."""
    shipped_checklist(at=timezone.now())
    found = kept_by(institution_of(request, "authority")).select_related("replaced_by", "entered_by__person")
    counted = found.annotate(items_n=Count("items"), starred_n=Count("items", filter=Q(items__starred=True)))
    return render(request, "office/checklists/list.html", {"checklists": counted.order_by("-entered_at", "pk")})


def one_of(request: VisitedRequest, pk: uuid.UUID) -> Checklist:
    return get_object_or_404(kept_by(institution_of(request, "authority")).select_related("replaced_by"), pk=pk)


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """A version with its items, and beside another what changed."""
    found, authority = one_of(request, pk), institution_of(request, "authority")
    others = list(kept_by(authority).exclude(pk=found.pk))
    chosen = key_of(request.GET.get("with", "")) or found.replaces_id
    other = next((one for one in others if one.pk == chosen), None)
    shown: dict[str, Any] = {
        "checklist": found, "others": others, "other": other, "changes": changes(other, found) if other else [],
        "parts": grouped(list(found.items.all())), "ASKED": POINTS,
        "calls": Call.objects.filter(checklist=found, campaign__authority=authority).select_related("campaign"),
    }  # fmt: skip
    return render(request, "office/checklists/one.html", shown)


def grouped(items: list[ChecklistItem]) -> list[tuple[Text, list[ChecklistItem]]]:
    """The items by part of the criteria, in the order of the checklist."""
    found: dict[str, list[ChecklistItem]] = {}
    for one in items:
        found.setdefault(one.group, []).append(one)
    return [(GROUPS.get(key, t("{g}", "{g}", g=key)), those) for key, those in found.items()]


def changes(before: Checklist, after: Checklist) -> list[Changed]:
    """What differs between two versions, by number."""
    old, new = ({one.no: one.as_item() for one in each.items.all()} for each in (before, after))
    found = difference(list(old.values()), list(new.values()))
    return [Changed(no, old.get(no), new.get(no)) for no in sorted((*found.added, *found.removed, *found.changed))]


@only("authority")
@require_GET
def template(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """A checklist as a workbook, to be changed and sent back."""
    found, lang = one_of(request, pk), language()
    columns = [
        FormColumn(name.in_(lang), key in NEEDED, True, WIDE if key.startswith("item") else NARROW)
        for key, name in COLUMNS.items()
    ]
    content = write_form(
        t("Checklist", "自查表").in_(lang), columns, rows=[cells(one) for one in found.items.all()],
        explanation=(EXPLANATION.in_(lang), told(lang)),
        label={"checklist": str(found.pk), "language": lang, "version": __version__},
    )  # fmt: skip
    return download(content, "checklist.xlsx")


def cells(one: ChecklistItem) -> list[str]:
    return [
        str(one.no), one.clause, "*" if one.starred else "", one.item_zh, one.item_en, one.evidence_zh, one.evidence_en,
        " ".join(one.register),
    ]  # fmt: skip


def told(lang: Language) -> list[list[str]]:
    """What each column holds, and the points of the register that may be named."""
    most = {key: t("up to {n} characters", "不超过 {n} 字", n=n) for key, n in LENGTHS.items()}
    most["no"] = t("a number from 1 to 9999, each once", "1 至 9999 的序号，不得重复")
    most["starred"] = t("* or yes where the item decides alone", "关键项填“*”或“是”")
    most["register"] = t("codes from below, with spaces between", "填写下列核对点代码，用空格分隔")
    return [
        *([name.in_(lang), most[key].in_(lang)] for key, name in COLUMNS.items()),
        *([code, asked.in_(lang)] for code, asked in POINTS.items()),
    ]


@only("authority")
@require_http_methods(["GET", "POST"])
def send(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the next version of a checklist; where a row is wrong nothing is kept, and each row says why."""
    found = one_of(request, pk)
    named = {"name_zh": found.name_zh, "name_en": found.name_en} if found.authority_id else None
    form = SendForm(request.POST or None, request.FILES or None, initial=named)
    faults: list[RowFault] = []
    if request.method == "POST" and form.is_valid():
        items, faults = items_in(form.cleaned_data["file"])
        if not faults and (made := keep_version(request, found, form, items)):
            messages.success(request, str(t("Version {v} is kept.", "第 {v} 版已保存。", v=made.version)))
            return redirect("office_checklist", made.pk)
    shown = {"checklist": found, "form": form, "faults": faults[:SHOWN], "more": max(len(faults) - SHOWN, 0)}
    return render(request, "office/checklists/send.html", shown)


def keep_version(request: VisitedRequest, found: Checklist, form: SendForm, items: list[Item]) -> Checklist | None:
    """The next version of the authority's own list, or its first own list after the shipped one; None where it is refused."""
    name = Text(en=form.cleaned_data["name_en"], zh=form.cleaned_data["name_zh"])
    actor, at, file = actor_of(request), timezone.now(), form.cleaned_data["file"]
    file.seek(0)
    try:
        with transaction.atomic():
            keep(name=file.name, content=file.read(), actor=actor, at=at)
            return enter_checklist(
                authority=institution_of(request, "authority"), name=name, items=items, actor=actor, at=at,
                replaces=found if found.authority_id else None,
            )  # fmt: skip
    except AnswerRefused as refusal:
        form.add_error(None, fault(refusal.reason))
        return None


def items_in(file: UploadedFile) -> tuple[list[Item], list[RowFault]]:
    """The items of an uploaded table, and what is wrong with its rows."""
    try:
        table = read_guarded(file.read(), filename=file.name or "")
    except BadFile as bad:
        return [], [RowFault(one.row or 1, one.message) for one in bad.faults]
    columns = columns_of(table)
    if lacking := [COLUMNS[key] for key in NEEDED if key not in columns]:
        return [], [RowFault(1, t("There is no column “{x}”.", "缺少“{x}”列。", x=one)) for one in lacking]
    items, faults = items_of(
        [(row.number, {key: row.cell(index).text for key, index in columns.items()}) for row in table.rows], POINTS
    )
    return items, sorted([*damaged(table, columns), *faults], key=lambda one: one.row)


def damaged(table: Table, columns: dict[str, int]) -> list[RowFault]:
    """Cells of our columns whose meaning the program that wrote them lost."""
    return [RowFault(row, said) for (row, index), said in table.damaged.items() if index in columns.values()]


def columns_of(table: Table) -> dict[str, int]:
    """Key of a column → its index: headed by its key or its words in either language."""
    heads = {cell.text.strip().lower(): index for index, cell in reversed(list(enumerate(table.header)))}
    found: dict[str, int] = {}
    for key, name in COLUMNS.items():
        for head in (key, name.zh, name.en.lower()):
            if head in heads:
                found.setdefault(key, heads[head])
    return found
