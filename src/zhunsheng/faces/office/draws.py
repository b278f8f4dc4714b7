"""Draws as the authority makes them: promise, reveal, publish, draw again; and what is known of its officers."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.campaigns.draw import access, actions
from zhunsheng.activities.campaigns.draw.models import Competence, Draw, Interest
from zhunsheng.activities.campaigns.draw.queries import (
    Inspector,
    candidates_of,
    drawn_rows,
    inspectors_of,
    laboratories_by_field,
    listed_in,
    names_behind,
)
from zhunsheng.activities.campaigns.draw.rules.refusals import DrawRefused
from zhunsheng.activities.campaigns.draw.rules.teams import RECUSALS
from zhunsheng.activities.campaigns.draw.states import DRAW
from zhunsheng.activities.campaigns.plan.access import seen_by_authority
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.draw_forms import CompetenceForm, InterestForm, PlanForm, RedrawForm, RevealForm
from zhunsheng.faces.office.draw_lists import draws_file, officers_file
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.catalogue.fields import field_name
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.states import Post


@login_required
@require_GET
def draws(request: VisitedRequest) -> HttpResponse:
    """The draws of the authority, the newest first, for regulators and integrity officers; `format=xlsx` or `csv` gives those shown."""
    if not request.visitor.holds(Post.REGULATOR, Post.INTEGRITY_OFFICER):
        raise Http404
    found = access.draws_of(request.visitor).order_by("-committed_at", "pk")
    if said := words_of(request):
        found = found.filter(Q(title_zh__icontains=said) | Q(title_en__icontains=said))
    if campaign := _campaign_asked(request):
        found = found.filter(campaign=campaign)
    if kind := file_asked(request):
        return draws_file(kind, found)
    shown = {"page": page_of(request, found), "words": words_of(request), "DRAW": DRAW, "campaign": campaign}
    return render(request, "office/draws/list.html", {**shown, "may_draw": access.may_draw(request.visitor)})


def _campaign_asked(request: VisitedRequest) -> Campaign | None:
    """The campaign in the address, if the visitor's authority sees it."""
    try:
        key = uuid.UUID(request.GET.get("campaign", ""))
    except ValueError:
        return None
    return seen_by_authority(request.visitor).filter(pk=key).first()


@login_required
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One draw: what was promised, what comes next, who was drawn and who goes where."""
    draw = get_object_or_404(
        access.draws_of(request.visitor).select_related("authority", "frozen", "replaces", "campaign"), pk=pk
    )
    return _page(request, draw, RevealForm())


def _page(request: VisitedRequest, draw: Draw, form: RevealForm) -> HttpResponse:
    listed = listed_in(draw)
    shown: dict[str, Any] = {
        "draw": draw, "listed": listed, "candidates": candidates_of(listed), "DRAW": DRAW, "form": form, "today": request.today,
        "mine": access.drawn_by(request.visitor).filter(pk=draw.pk).exists(), "RECUSALS": RECUSALS,
        "names": names_behind(draw), "rows": list(drawn_rows(draw)) if draw.revealed_at else [],
        "strata": {one["id"]: one for one in listed["strata"]},
        "successor": Draw.objects.filter(replaces=draw).first(),
        "board": draw.campaign_id and seen_by_authority(request.visitor).filter(pk=draw.campaign_id).exists(),
    }  # fmt: skip
    return render(request, "office/draws/one.html", shown)


@only("authority")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Plan a draw and promise it."""
    if not access.may_draw(request.visitor):
        raise Http404
    form = PlanForm(request.POST or None, initial={"campaign": _campaign_asked(request)}, **_around(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.commit_draw(
                authority=institution_of(request, "authority"),
                plan=form.plan(),
                actor=actor_of(request),
                at=timezone.now(),
            )
        except DrawRefused as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            messages.success(
                request, str(t("The list is frozen and the promise is public.", "名单已固定，承诺已公布。"))
            )
            return redirect("office_draw", made.pk)
    return render(request, "office/draws/new.html", {"form": form, "replaces": None})


def _around(request: VisitedRequest) -> dict[str, Any]:
    reach, found = request.visitor.jurisdiction, inspectors_of(institution_of(request, "authority"), on=request.today)
    return {
        "counts": laboratories_by_field(reach, on=request.today), "reach": reach, "on": request.today,
        "officers": [(one.person.pk, one.person.name) for one in found],
        "campaigns": seen_by_authority(request.visitor).filter(state="published"),
    }  # fmt: skip


@only("authority")
@require_http_methods(["GET", "POST"])
def redraw(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Draw again: the plan as it was, to be changed, and the reason."""
    draw = get_object_or_404(access.drawn_by(request.visitor).exclude(state="redrawn").select_related("frozen"), pk=pk)
    form = RedrawForm(request.POST or None, initial=_as_it_was(draw), **_around(request))
    if request.method == "POST" and form.is_valid():
        reason = t(form.cleaned_data["reason_en"], form.cleaned_data["reason_zh"])
        try:
            made = actions.redraw(draw, plan=form.plan(), reason=reason, actor=actor_of(request), at=timezone.now())
        except (DrawRefused, NotAllowedNow) as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_draw", made.pk)
    return render(request, "office/draws/new.html", {"form": form, "replaces": draw})


def _as_it_was(draw: Draw) -> dict[str, Any]:
    """The plan of a draw as it fills the form; the second party makes a new promise."""
    listed = listed_in(draw)
    beacon, witness = listed["beacon"]["source"], listed["parties"][1]
    return {
        "title_zh": draw.title_zh, "title_en": draw.title_en, "beacon_zh": beacon["zh"], "beacon_en": beacon["en"],
        "witness_zh": witness["zh"], "witness_en": witness["en"],
        "cap": max((one["cap"] for one in listed["officers"]), default=5),
        "excluded": "\n".join(f"{one['name']['zh']} | {one['reason']['zh']} | {one['reason']['en']}" for one in listed["excluded"]),
        "no_shows": "\n".join(f"{one['name']['zh']} | {one['no_shows']}" for one in listed["laboratories"] if one["no_shows"]),
        **{f"quota_{one['field']}": one["quota"] for one in listed["strata"]},
    }  # fmt: skip


@only("authority")
@require_POST
def reveal(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the result from the published value and both secrets."""
    draw = get_object_or_404(access.drawn_by(request.visitor).select_related("authority", "frozen", "replaces"), pk=pk)
    form = RevealForm(request.POST)
    if form.is_valid():
        try:
            actions.reveal_draw(
                draw, beacon=form.cleaned_data["beacon"], secret=form.cleaned_data["secret"].lower(),
                actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except (DrawRefused, NotAllowedNow) as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            messages.success(
                request, str(t("Drawn. The file can be computed again by anyone.", "抽取完成，任何人均可重新计算。"))
            )
            return redirect("office_draw", draw.pk)
    return _page(request, draw, form)


@only("authority")
@require_POST
def publish(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Let everybody see list, result and file."""
    draw = get_object_or_404(access.drawn_by(request.visitor), pk=pk)
    try:
        actions.publish_draw(draw, actor=actor_of(request), at=timezone.now())
        messages.success(request, str(t("Published.", "已公开。")))
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("office_draw", draw.pk)


@login_required
@require_GET
def file(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The finished file, for the authority also before it is published."""
    draw = get_object_or_404(access.draws_of(request.visitor).filter(outcome__isnull=False), pk=pk)
    return download(bytes(draw.outcome.content), f"draw-{draw.pk}.json")


@only("authority")
@require_http_methods(["GET", "POST"])
def officers(request: VisitedRequest) -> HttpResponse:
    """The authority's inspectors: their fields, and where they may not be sent; both are entered here; `format=` gives those shown."""
    authority = institution_of(request, "authority")
    found = inspectors_of(authority, on=request.today)
    people = {str(one.person.pk): one.person.name for one in found}
    asked = request.POST.get("verb") if request.method == "POST" else None
    competence = CompetenceForm(request.POST if asked == "competence" else None, people=people)
    interest = InterestForm(
        request.POST if asked == "interest" else None,
        people=people,
        reach=request.visitor.jurisdiction,
        on=request.today,
    )
    if asked == "competence" and competence.is_valid():
        return _enter_competence(request, competence.cleaned_data)
    if asked == "interest" and interest.is_valid():
        return _declare(request, interest.cleaned_data)
    laboratories = {lab for one in found for lab in one.recused}
    named = {one.pk: one.name for one in Institution.objects.filter(pk__in=laboratories)}
    shown = [one for one in found if searched(one, words_of(request))]
    if kind := file_asked(request):
        return officers_file(kind, shown, named)
    return render(
        request, "office/draws/officers.html",
        {
            "page": page_of(request, shown), "any": bool(found), "words": words_of(request),
            "competence": competence, "interest": interest, "named": named,
            "RECUSALS": RECUSALS, "field_name": field_name,
        },
    )  # fmt: skip


def searched(one: Inspector, said: str) -> bool:
    """Is it in the name, or in the name of a field in either language?"""
    names = [one.person.name, *(name for code in one.fields for name in (field_name(code).zh, field_name(code).en))]
    return any(said.lower() in name.lower() for name in names)


def _enter_competence(request: VisitedRequest, given: dict[str, Any]) -> HttpResponse:
    row = Competence(person_id=given["person"], field=given["field"], valid_from=given["valid_from"])
    actions.enter_competences([row], actor=actor_of(request), at=timezone.now())
    return redirect("office_officers")


def _declare(request: VisitedRequest, given: dict[str, Any]) -> HttpResponse:
    row = Interest(
        person_id=given["officer"], institution_id=given["laboratory"], kind=given["kind"], valid_from=given["since"],
        valid_to=given["until"],
    )  # fmt: skip
    actions.declare_interest(row, actor=actor_of(request), at=timezone.now())
    return redirect("office_officers")
