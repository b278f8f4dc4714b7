"""Bulletins as the authority of a campaign writes them: figures, texts, consents, a look at the whole, the release."""

import hashlib
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.campaigns.summary import access, actions
from zhunsheng.activities.campaigns.summary.documents import (
    bulletin_paper,
    bulletin_pdf,
    bulletin_workbook,
    parts_of,
)
from zhunsheng.activities.campaigns.summary.documents.printed import facts_of
from zhunsheng.activities.campaigns.summary.models import Bulletin, Figures, Passage
from zhunsheng.activities.campaigns.summary.queries import bulletins as queries
from zhunsheng.activities.campaigns.summary.rules.bulletins import BulletinRefused
from zhunsheng.activities.campaigns.summary.states import BULLETIN, KINDS, PRACTICE
from zhunsheng.faces.exports import EXPORTED, file_asked, table_file
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.bulletin_forms import BeginForm, ConsentForm, ReleaseForm, TextForm
from zhunsheng.faces.templating import moment
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.foundation.statechart import NotAllowedNow

ORDERS = {"begun": "begun_at", "campaign": "campaign__opens_on", "number": "number", "state": "state"}
COLUMNS: tuple[Text, ...] = (
    t("Campaign", "整顿行动"), t("Number", "编号"), t("Begun", "起草时间"), t("State", "状态"), t("Corrigendum", "更正"),
)  # fmt: skip
WIDTHS = (44, 24, 22, 16, 14)
REFUSED = (BulletinRefused, NotAllowedNow)


@only("authority")
@require_GET
def bulletins(request: VisitedRequest) -> HttpResponse:
    """The authority's bulletins, drafts as well; `format=xlsx` or `csv` gives those shown."""
    sort = order_of(request, ORDERS, "-begun")
    column = ORDERS[sort.removeprefix("-")]
    found = asked_for(request).order_by(f"-{column}" if sort.startswith("-") else column, "pk")
    if kind := file_asked(request):
        return table_file(
            kind, "bulletins", t("Bulletins", "整顿通报"), COLUMNS, map(row_of, found[: EXPORTED + 1]), widths=WIDTHS
        )
    shown = {
        "page": page_of(request, found), "words": words_of(request), "state": request.GET.get("state", ""), "sort": sort,
        "BULLETIN": BULLETIN, "may_begin": access.told_of_by(request.visitor).exists(),
    }  # fmt: skip
    return render(request, "office/bulletins/list.html", shown)


def row_of(one: Bulletin) -> list[CellValue]:
    """One bulletin as a row of the file."""
    return [
        str(one.campaign.title), one.number, moment(one.begun_at), str(BULLETIN.states[one.state].name),
        str(t("yes", "是") if one.corrects_id else t("no", "否")),
    ]  # fmt: skip


def asked_for(request: VisitedRequest) -> QuerySet[Bulletin]:
    """The bulletins that the address asks for."""
    found = queries.with_campaigns(access.written_by(request.visitor))
    if said := words_of(request):
        found = found.filter(Q(campaign__title_zh__icontains=said) | Q(campaign__title_en__icontains=said))
    state = request.GET.get("state", "")
    return found.filter(state=state) if state in BULLETIN.states else found


@only("authority")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Begin one; its figures are computed and frozen at once."""
    campaigns = access.told_of_by(request.visitor).order_by("-opens_on", "pk")
    form = BeginForm(request.POST or None, campaigns=campaigns)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_bulletin(
                form.cleaned_data["campaign"], actor=actor_of(request), at=timezone.now(), reason=form.reason()
            )
        except BulletinRefused as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_bulletin", made.pk)
    return render(request, "office/bulletins/new.html", {"form": form, "any": campaigns.exists()})


def own(request: VisitedRequest, pk: uuid.UUID | str) -> Bulletin:
    """A bulletin of the visitor's authority, or nothing there."""
    return get_object_or_404(queries.with_campaigns(access.written_by(request.visitor)), pk=pk)


def figures_in(bulletin: Bulletin) -> Figures:
    found = queries.last_figures(bulletin)
    if found is None:
        raise Http404
    return found


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One: what is next, its texts, and its figures in full, which only the authority sees."""
    found = own(request, pk)
    figures, passages = figures_in(found), queries.standing_passages(found)
    paper = bulletin_paper(found, figures, [], whole=True)
    shown: dict[str, Any] = {
        "bulletin": found, "figures": figures, "agreed": queries.agreed(passages), "BULLETIN": BULLETIN, "KINDS": KINDS,
        "texts": [(kind, [one for one in passages if one.kind == kind]) for kind in KINDS], "parts": parts_of(paper),
        "number": found.number or actions.next_number(found.campaign),
    }  # fmt: skip
    return render(request, "office/bulletins/one.html", shown)


@only("authority")
@require_POST
def compute(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Freeze the figures of today in place of the earlier."""
    found = own(request, pk)
    try:
        made = actions.compute_figures(found, actor=actor_of(request), at=timezone.now())
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal.reason))
    else:
        said = t("The figures are frozen anew, version {v}.", "已重新固定数据，第 {v} 版。", v=made.version)
        messages.success(request, str(said))
    return redirect("office_bulletin", found.pk)


@only("authority")
@require_http_methods(["GET", "POST"])
def write(request: VisitedRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """Write a new text."""
    found = own(request, pk)
    if kind not in KINDS:
        raise Http404
    form = TextForm(request.POST or None, kind=kind, campaign=found.campaign)
    return _writing(request, found, form, None)


@only("authority")
@require_http_methods(["GET", "POST"])
def rewrite(request: VisitedRequest, pk: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Write a new version of a text; the earlier ones stay."""
    found = own(request, pk)
    old = passage(found, key)
    names = ("title_zh", "title_en", "text_zh", "text_en", "code", "field")
    begun = {name: getattr(old, name) for name in names} | {
        "institution": (old.institution.uscc or "") if old.institution else ""
    }
    form = TextForm(request.POST or None, kind=old.kind, campaign=found.campaign, initial=begun)
    return _writing(request, found, form, old)


def passage(bulletin: Bulletin, key: uuid.UUID) -> Passage:
    """A text that stands in the bulletin, or nothing there."""
    found = next((one for one in queries.standing_passages(bulletin) if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _writing(request: VisitedRequest, bulletin: Bulletin, form: TextForm, old: Passage | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.keep_passage(
                bulletin, form.written(), actor=actor_of(request), at=timezone.now(), key=old.key if old else None
            )
        except REFUSED as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            if kept.institution_id:
                return redirect("office_bulletin_consent", bulletin.pk, kept.key)
            return redirect("office_bulletin", bulletin.pk)
    shown = {"bulletin": bulletin, "form": form, "old": old, "kind": KINDS[form.kind]}
    return render(request, "office/bulletins/write.html", shown)


@only("authority")
@require_POST
def take_out(request: VisitedRequest, pk: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Take a text out of the draft."""
    found = own(request, pk)
    try:
        actions.take_out(found, key, actor=actor_of(request), at=timezone.now())
    except REFUSED as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("office_bulletin", found.pk)


@only("authority")
@require_http_methods(["GET", "POST"])
def consent(request: VisitedRequest, pk: uuid.UUID, key: uuid.UUID) -> HttpResponse:
    """Record what an institution said about being named with a text as it stands."""
    found = own(request, pk)
    text = passage(found, key)
    if text.kind != PRACTICE or text.institution_id is None:
        raise Http404
    form = ConsentForm(request.POST or None, initial={"on": request.today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_consent(text, form.said(), actor=actor_of(request), at=timezone.now())
        except REFUSED as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_bulletin", found.pk)
    shown = {"bulletin": found, "text": text, "form": form, "stands": queries.agreed([text]).get(text.pk)}
    return render(request, "office/bulletins/consent.html", shown)


@only("authority")
@require_http_methods(["GET", "POST"])
def release(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Read it as everybody will; then let everybody read it."""
    found = own(request, pk)
    if found.state != "draft":
        return redirect("office_bulletin", found.pk)
    paper = bulletin_paper(found, figures_in(found), queries.standing_passages(found))
    seen = hashlib.sha256(canonical_json(paper)).hexdigest()
    form = ReleaseForm(request.POST or None, initial={"seen": seen})
    if request.method == "POST" and form.is_valid():
        try:
            actions.release_bulletin(
                found, seen=form.cleaned_data["seen"], actor=actor_of(request), at=timezone.now()
            )  # fmt: skip
        except REFUSED as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            messages.success(request, str(t("The bulletin is released.", "通报已发布。")))
            return redirect("office_bulletin", found.pk)
    fresh = ReleaseForm(initial={"seen": seen})  # what is on the page now is what the next click is about
    shown = {
        "bulletin": found, "paper": paper, "parts": parts_of(paper), "facts": facts_of(paper), "form": form, "fresh": fresh,
        "number": actions.next_number(found.campaign),
    }  # fmt: skip
    return render(request, "office/bulletins/release.html", shown)


@only("authority")
@require_POST
def withdraw(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a draft away."""
    found = own(request, pk)
    try:
        actions.withdraw_bulletin(found, actor=actor_of(request), at=timezone.now())
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("office_bulletin", found.pk)


@only("authority")
@require_GET
def file(request: VisitedRequest, pk: str, form: str) -> HttpResponse:
    """The draft as everybody will read it as a PDF; or all tables in full as a workbook, for the authority alone."""
    found = own(request, pk)
    figures, passages = figures_in(found), queries.standing_passages(found)
    name = f"bulletin-draft-{figures.version}.{form}"
    if form == "xlsx":
        return download(bulletin_workbook(bulletin_paper(found, figures, [], whole=True), language()), name)
    paper = bulletin_paper(found, figures, passages)
    return download(bulletin_pdf(paper, language(), number=None, released_at=None), name)
