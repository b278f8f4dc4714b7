"""Inspections as the authority runs them: send officers, follow a visit, replace an officer, cancel, read the record."""

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.campaigns.draw.models import Draw
from zhunsheng.activities.campaigns.inspection import access, actions
from zhunsheng.activities.campaigns.inspection.documents import (
    finding_name,
)
from zhunsheng.activities.campaigns.inspection.models import Inspection
from zhunsheng.activities.campaigns.inspection.queries import (
    inspectors_by_key,
    last_looks,
    record_of,
    standing_findings,
    team_of,
    without_a_task,
)
from zhunsheng.activities.campaigns.inspection.rules.positions import position_words
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.activities.campaigns.inspection.states import (
    DISPOSITION,
    FINDING,
    GRADES,
    INSPECTION,
    KINDS,
    MANNERS,
    ON_TASK,
    OUTCOMES,
)
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.faces.days import DayField
from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_forms import AnswerForm, DecideForm, DrawnForm, OneForm, ReplaceForm
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.people.states import Post

COLUMNS: tuple[Text, ...] = (
    t("Task letter", "任务书编号"), t("Institution", "机构"), t("First day", "开始日期"), t("Last day", "结束日期"),
    t("State", "状态"), t("Findings", "问题数"),
)  # fmt: skip


def door(request: VisitedRequest) -> None:
    """Regulators and integrity officers look; to others the page does not exist."""
    if not request.visitor.holds(Post.REGULATOR, Post.INTEGRITY_OFFICER):
        raise Http404


@login_required
@require_GET
def inspections(request: VisitedRequest) -> HttpResponse:
    """The authority's visits, the newest first; `format=xlsx` or `csv` gives those shown as a file."""
    door(request)
    found = asked_for(request)
    if kind := file_asked(request):
        return export(kind, found)
    shown = {
        "page": page_of(request, found), "words": words_of(request), "state": request.GET.get("state", ""),
        "INSPECTION": INSPECTION, "may_send": request.visitor.authority is not None,
    }  # fmt: skip
    return render(request, "office/inspections/list.html", shown)


def asked_for(request: VisitedRequest) -> QuerySet[Inspection]:
    found = access.seen_by_authority(request.visitor).select_related("institution", "authority")
    if said := words_of(request):
        name = Q(institution__name_zh__icontains=said) | Q(institution__name_en__icontains=said)
        found = found.filter(name | Q(number__startswith=said))
    if (state := request.GET.get("state", "")) in INSPECTION.states:
        found = found.filter(state=state)
    counted = Count("findings", filter=~Q(findings__state="withdrawn"))
    return found.annotate(n_findings=counted).order_by("-on", "-number")


def export(kind: str, found: QuerySet[Inspection]) -> HttpResponse:
    """The visits shown as a file."""
    return table_file(
        kind,
        "inspections",
        t("Inspections", "检查任务"),
        COLUMNS,
        rows(found),
        widths=[16, 40, 14, 14, 24, 10],
        most=WHOLE,
    )


def rows(found: QuerySet[Inspection]) -> Iterator[list[str | int]]:
    for one in found.iterator(chunk_size=2_000):
        state = str(INSPECTION.states[one.state].name)
        n: int = one.n_findings  # type: ignore[attr-defined]
        yield [one.number, str(one.institution.name), one.on.isoformat(), one.until.isoformat(), state, n]


@only("authority")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Send officers: to one laboratory, or to all of a draw."""
    authority = institution_of(request, "authority")
    people = {str(key): one.name for key, one in inspectors_by_key(authority, request.today).items()}
    campaigns = Campaign.objects.filter(authority=authority, state="published")
    draws = Draw.objects.filter(authority=authority, state__in=("revealed", "published"))
    asked = request.POST.get("verb") if request.method == "POST" else None
    one = OneForm(
        request.POST if asked == "one" else None, campaigns=campaigns, people=people, reach=request.visitor.jurisdiction,
        today=request.today, prefix="one",
    )  # fmt: skip
    drawn = DrawnForm(request.POST if asked == "drawn" else None, campaigns=campaigns, draws=draws, prefix="drawn")
    for form, tasks in ((one, one_task), (drawn, drawn_tasks)):
        if form.is_bound and form.is_valid() and (made := sent(request, form, tasks(form))) is not None:
            return redirect("office_inspection", made[0].pk) if len(made) == 1 else redirect("office_inspections")
    return render(
        request, "office/inspections/new.html",
        {"one": one, "drawn": drawn, "any_officer": bool(people), "any_draw": draws.exists()},
    )  # fmt: skip


def one_task(form: Any) -> list[actions.Task]:
    given = form.cleaned_data
    people = inspectors_by_key_of(given["officers"])
    return [actions.Task(Institution.objects.get(pk=given["laboratory"]), people, form.reason)]


def inspectors_by_key_of(keys: list[str]) -> list[Person]:
    return list(Person.objects.filter(pk__in=keys).order_by("name", "pk"))


def drawn_tasks(form: Any) -> list[actions.Task]:
    found = without_a_task(form.cleaned_data["draw"])
    return [actions.Task(one.laboratory.institution, one.officers, drawn=one.laboratory) for one in found]


def sent(request: VisitedRequest, form: Any, tasks: list[actions.Task]) -> list[Inspection] | None:
    """The visits that were sent; None where that was refused, and the form says why."""
    given = form.cleaned_data
    try:
        if not tasks:
            raise InspectionRefused(
                t("Every laboratory of this draw has its task letter.", "该次抽取的机构均已下达任务书。")
            )
        return actions.plan_inspections(
            tasks, authority=institution_of(request, "authority"), on=given["on"], until=given["until"],
            campaign=given["campaign"], actor=actor_of(request), at=timezone.now(),
        )  # fmt: skip
    except InspectionRefused as refusal:
        form.add_error(None, fault(refusal.reason))
        return None


@login_required
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One visit: who went, what was looked at and found, who signed, what was decided, what comes next."""
    door(request)
    found = get_object_or_404(
        access.seen_by_authority(request.visitor).select_related("institution", "authority", "campaign", "sent_by"),
        pk=pk,
    )
    return page(request, found)


def page(request: VisitedRequest, found: Inspection, decide: DecideForm | None = None) -> HttpResponse:
    """The page of a visit, with a form that was refused or an empty one."""
    findings, team = list(standing_findings(found)), team_of(found)
    mine = access.sent_by(request.visitor).filter(pk=found.pk).exists()
    open_ones = found.findings.filter(state="recorded").exclude(grade="good_practice")
    record = record_of(found)
    names = [(str(key), person.name) for key, person in inspectors_by_key(found.authority, request.today).items()]
    shown = {
        "inspection": found, "team": team, "findings": findings, "looks": sorted(last_looks(found).items()), "mine": mine,
        "record": record, "INSPECTION": INSPECTION, "FINDING": FINDING, "DISPOSITION": DISPOSITION, "GRADES": GRADES,
        "OUTCOMES": OUTCOMES, "KINDS": KINDS, "MANNERS": MANNERS, "finding_name": finding_name,
        "signatures": list(found.signatures.all()), "declarations": list(found.declarations.select_related("person")),
        "replaced": list(found.officers.exclude(replaced_at=None).select_related("person")),
        "dispositions": list(
            found.dispositions.select_related("decided_by", "answered_by", "appeal").prefetch_related("items__finding")
        ),
        "decide": decide or DecideForm(findings=open_ones), "open_ones": {one.pk: one for one in open_ones},
        "answer": AnswerForm(), "loose": list(found.exhibits.filter(finding=None)),
        "extensions": list(found.extensions.all()), "ON_TASK": ON_TASK, "position_words": position_words,
        "replace": ReplaceForm(team=[(str(one.pk), one.name) for one in team], people=names),
    }  # fmt: skip
    return render(request, "office/inspections/one.html", shown)


@only("authority")
@require_POST
def replace(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Send another officer."""
    found = get_object_or_404(access.sent_by(request.visitor).select_related("institution", "authority"), pk=pk)
    team, inspectors = team_of(found), inspectors_by_key(found.authority, request.today)
    form = ReplaceForm(
        request.POST, team=[(str(one.pk), one.name) for one in team], people=[(str(key), one.name) for key, one in inspectors.items()]
    )  # fmt: skip
    if form.is_valid():
        given = form.cleaned_data
        officer = next(one for one in team if str(one.pk) == given["officer"])
        by = inspectors[uuid.UUID(given["by"])]
        said(
            request,
            lambda: actions.replace_officer(
                found, officer=officer, by=by, reason=given["reason"], actor=actor_of(request), at=timezone.now()
            ),
        )
    else:
        messages.error(request, str(t("Choose who is replaced by whom, and say why.", "请选择人员并写明理由。")))
    return redirect("office_inspection", pk)


class ExtendForm(forms.Form):
    """To which day a task goes on, and why."""

    until = DayField(required=True)
    reason_zh = forms.CharField(max_length=1000)
    reason_en = forms.CharField(max_length=1000)


@only("authority")
@require_POST
def extend(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a task go on to a later day."""
    found = get_object_or_404(access.sent_by(request.visitor).select_related("institution", "authority"), pk=pk)
    form = ExtendForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        reason = Text(en=given["reason_en"], zh=given["reason_zh"])
        said(
            request,
            lambda: actions.extend_inspection(
                found, until=given["until"], reason=reason, actor=actor_of(request), at=timezone.now()
            ),
        )
    else:
        messages.error(
            request, str(t("Name a day, and say why in both languages.", "请填写日期，并用中英文写明理由。"))
        )
    return redirect("office_inspection", pk)


@only("authority")
@require_POST
def cancel(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Cancel a task."""
    found = get_object_or_404(access.sent_by(request.visitor), pk=pk)
    zh, en = (request.POST.get(name, "").replace("\x00", "")[:1000] for name in ("reason_zh", "reason_en"))
    reason = Text(en=en, zh=zh)
    said(
        request,
        lambda: actions.cancel_inspection(found, reason=reason, actor=actor_of(request), at=timezone.now()),
    )
    return redirect("office_inspection", pk)


def said(request: VisitedRequest, verb: Any) -> bool:
    """Do it and say so; if it is refused, say why."""
    try:
        verb()
    except (InspectionRefused, NotAllowedNow) as refusal:
        messages.error(request, str(refusal.reason))
        return False
    messages.success(request, str(t("Done.", "已完成。")))
    return True
