"""Findings over all visits, decisions about them, appeals, and who decided what."""

import uuid
from collections.abc import Iterator
from itertools import islice

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.inspection import access, actions
from zhunsheng.activities.campaigns.inspection.documents import finding_name, letter_of
from zhunsheng.activities.campaigns.inspection.models import Disposition, Finding
from zhunsheng.activities.campaigns.inspection.policies import repeat_years
from zhunsheng.activities.campaigns.inspection.queries import deciders as deciders_of
from zhunsheng.activities.campaigns.inspection.queries import earlier_of, with_decision
from zhunsheng.activities.campaigns.inspection.rules.checklist import BY_CODE
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.activities.campaigns.inspection.states import FINDING, GRADES, KINDS
from zhunsheng.activities.campaigns.rectification.actions import open_rectifications, void_rectifications
from zhunsheng.faces.clocks.who import HoldersAt, who
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_forms import AnswerForm, DecideForm
from zhunsheng.faces.office.inspection_papers import paper_file
from zhunsheng.faces.office.inspections import door, page, said
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.messages.actions import tell
from zhunsheng.foundation.messages.rules import Notice
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.states import Post

CHUNK = 500
COLUMNS: tuple[Text, ...] = (
    t("Task letter", "任务书编号"), t("Institution", "机构"), t("Class", "问题类别"), t("Grade", "程度"), t("Facts", "事实"),
    t("Day of the act", "行为日期"), t("Same class before", "此前同类问题"), t("State", "状态"), t("Decision", "处理方式"), t("By", "期限"),
)  # fmt: skip


@login_required
@require_GET
def findings(request: VisitedRequest) -> HttpResponse:
    """All findings of the authority's visits, filtered; `format=xlsx` or `csv` gives those shown as a file."""
    door(request)
    found = asked_for(request)
    if kind := file_asked(request):
        return export(kind, found, repeat_years(request.today))
    shown = page_of(request, found)
    return render(
        request, "office/inspections/findings.html",
        {
            "page": shown, "words": words_of(request), "asked": {name: request.GET.get(name, "") for name in ("code", "grade", "state")},
            "codes": list(BY_CODE), "finding_name": finding_name, "GRADES": GRADES, "FINDING": FINDING, "KINDS": KINDS,
            "earlier": earlier_of(list(shown.object_list), years=repeat_years(request.today)),
        },
    )  # fmt: skip


def asked_for(request: VisitedRequest) -> QuerySet[Finding]:
    found = with_decision(access.findings_of_authority(request.visitor))
    if words := words_of(request):
        name = Q(inspection__institution__name_zh__icontains=words) | Q(
            inspection__institution__name_en__icontains=words
        )
        found = found.filter(name | Q(facts__icontains=words) | Q(inspection__number__startswith=words))
    for field, allowed in (("code", BY_CODE), ("grade", GRADES), ("state", FINDING.states)):
        if (asked := request.GET.get(field, "")) in allowed:
            found = found.filter(**{field: asked})
    return found.order_by("-recorded_at", "pk")


def export(kind: str, found: QuerySet[Finding], years: int) -> HttpResponse:
    """The findings shown as a file, read in chunks."""
    return table_file(
        kind,
        "findings",
        t("Findings", "问题"),
        COLUMNS,
        rows(found, years),
        widths=[16, 36, 36, 16, 60, 14, 10, 20, 24, 14],
        most=WHOLE,
    )


def rows(found: QuerySet[Finding], years: int) -> Iterator[list[str | int]]:
    every = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(every, CHUNK)):
        earlier = earlier_of(chunk, years=years)
        for one in chunk:
            yield row(one, earlier[one.pk])


def row(one: Finding, earlier: int) -> list[str | int]:
    kind, due = one.decision_kind, one.decision_due  # type: ignore[attr-defined]
    return [
        one.inspection.number, str(one.inspection.institution.name), f"{one.code} {finding_name(one.code)}", str(GRADES[one.grade]),
        one.facts, one.act_on.isoformat(), earlier, str(FINDING.states[one.state].name), str(KINDS[kind]) if kind else "",
        due.isoformat() if due else "",
    ]  # fmt: skip


@only("authority")
@require_POST
def decide(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Decide about findings of a visit and deliver the letter."""
    found = get_object_or_404(
        access.sent_by(request.visitor).select_related("institution", "authority", "campaign", "sent_by"), pk=pk
    )
    open_ones = found.findings.filter(state="recorded").exclude(grade="good_practice")
    form = DecideForm(request.POST, findings=open_ones)
    if form.is_valid():
        given = form.cleaned_data
        decision = actions.Decision(given["kind"], given["reasons"], given["due_on"], given["handed_to"])
        at = timezone.now()
        try:
            with transaction.atomic():
                made = actions.dispose(
                    found, list(given["findings"]), decision, actor=actor_of(request), at=at, deliver=deliver
                )
                open_rectifications(made, effect_check=given["effect_check"], actor=actor_of(request), at=at)
        except (InspectionRefused, NotAllowedNow) as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_inspection", pk)
    return page(request, found, form)


def deliver(made: Disposition) -> int:
    """Tell the institution's quality manager or administrator that a letter waits."""
    inspection = made.inspection
    notice = Notice(
        HoldersAt(head_of(inspection.institution).pk, (Post.QUALITY_MANAGER, Post.INSTITUTION_ADMIN)),
        f"disposition|{made.pk}", "rectification", t("Decision after an inspection: {k}", "检查处理决定：{k}", k=KINDS[made.kind]),
        t(
            "{n} of {a}. An appeal is possible until {d}.", "{a}，编号 {n}。申诉期限：{d}。", n=made.number,
            a=inspection.authority.name, d=made.appeal_until.isoformat(),
        ),
        reverse("workspace_inspection", args=[inspection.pk]), f"disposition:{made.pk}", made.due_on,
    )  # fmt: skip
    return tell([notice], who=who, at=made.decided_at)


@only("authority")
@require_POST
def answer(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Uphold or revoke a decision that was appealed against."""
    mine = access.sent_by(request.visitor).order_by().values("pk")
    found = get_object_or_404(
        Disposition.objects.filter(inspection__in=mine).select_related("inspection__institution"), pk=pk
    )
    form = AnswerForm(request.POST)
    verdict = request.POST.get("verdict") == "uphold"
    reasons = form.cleaned_data.get("answer", "") if form.is_valid() else ""
    said(request, lambda: answered(request, found, uphold=verdict, answer=reasons))
    return redirect("office_inspection", found.inspection_id)


@transaction.atomic
def answered(request: VisitedRequest, found: Disposition, *, uphold: bool, answer: str) -> None:
    """With a decision that is revoked, what had to be put right under it ends too."""
    at = timezone.now()
    actions.answer_appeal(found, uphold=uphold, answer=answer, actor=actor_of(request), at=at)
    if not uphold:
        void_rectifications(found, actor=actor_of(request), at=at)


@login_required
@require_GET
def letter(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The letter of a decision as a PDF."""
    door(request)
    return letter_pdf(get_object_or_404(access.dispositions_of_authority(request.visitor), pk=pk))


def letter_pdf(found: Disposition) -> HttpResponse:
    return paper_file(letter_of(found), f"decision-{found.number}.pdf")


@login_required
@require_GET
def deciders(request: VisitedRequest) -> HttpResponse:
    """Who decided what: numbers to compare, which a person judges."""
    door(request)
    shown = deciders_of(access.dispositions_of_authority(request.visitor))
    return render(request, "office/inspections/deciders.html", {"deciders": shown, "KINDS": KINDS})
