"""The plan of a round as its coordinator writes it: a new one, what it lacks and cannot do, the announcement, more time, an end."""

import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan import queries
from zhunsheng.activities.proficiency.plan.access import rounds_planned_by, schemes_of
from zhunsheng.activities.proficiency.plan.actions import planning
from zhunsheng.activities.proficiency.plan.rules.planning import LATE, PlanRefused, check_zone
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.activities.proficiency.rules.settings import SettingsError
from zhunsheng.faces.days import instant, told_in
from zhunsheng.faces.meanwhile import carry, locked, write
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_plan_forms import CloneForm, PlanForm, PutOffForm, ReasonForm, values_of
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import actor_of, institution_of, only, reason_of
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow

REFUSALS = (PlanRefused, CannotDo, SettingsError, NotAllowedNow)
ZONES = sorted(available_timezones())


def planned(request: VisitedRequest, pk: uuid.UUID) -> Round:
    """A round planned here that the visitor coordinates, or nothing there."""
    found = rounds_planned_by(request.visitor).select_related("provider", "commissioned_by", "scheme", "plan")
    return get_object_or_404(found, pk=pk)


def refused(form: forms.Form, refusal: Exception) -> None:
    """Say why beside the field that it is about, where the form has that field."""
    field = getattr(refusal, "field", None)
    form.add_error(field if field in form.fields else None, fault(reason_of(refusal)))


def tried(form: forms.Form, do: Callable[[], object]) -> bool:
    """Whether it was done; else the form says why not."""
    try:
        do()
    except REFUSALS as refusal:
        refused(form, refusal)
        return False
    return True


def scheme_choices(request: VisitedRequest) -> dict[str, Text]:
    found = schemes_of(request.visitor).filter(provider=institution_of(request, "provider"), ended_on=None)
    return {str(one.pk): t("{c} {x}", "{c} {x}", c=one.code, x=one.title) for one in found}


@only("provider")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Draw up a round; its items and measurands come next."""
    schemes = scheme_choices(request)
    form = PlanForm(request.POST or None, schemes=schemes, initial={"scheme": request.GET.get("scheme", "")})
    made: list[Round] = []

    def do() -> None:
        chosen = form.cleaned_data["scheme"]
        scheme = schemes_of(request.visitor).get(pk=chosen) if chosen else None
        made.append(
            planning.plan_round(
                provider=institution_of(request, "provider"), scheme=scheme, draft=form.draft(), actor=actor_of(request),
                at=timezone.now(),
            )
        )  # fmt: skip

    if request.method == "POST" and form.is_valid() and tried(form, do):
        messages.success(
            request, str(t("The round is planned. Enter its items next.", "已建立轮次，下一步请录入样品。"))
        )
        return redirect("office_round_plan", made[0].pk)
    return render(request, "office/rounds/edit.html", {"form": form, "ZONES": ZONES, "round": None})


@only("provider")
@require_GET
def plan(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The plan, what it lacks, what it cannot do."""
    round_ = planned(request, pk)
    measurands = queries.measurands_of(round_)
    shown: dict[str, Any] = {
        "round": round_, "plan": round_.plan, "steps": steps_of(round_), "rooms": rooms_of(round_), "LATE": LATE,
        "items": queries.items_of(round_), "measurands": measurands, "promise": queries.promise_of(round_),
        "lacking": queries.lacking_of(round_), "foreseen": queries.told_once(queries.foreseen_of(round_, measurands)), "told_in": told_in,
    }  # fmt: skip
    return render(request, "office/rounds/plan.html", shown)


@only("provider")
@require_http_methods(["GET", "POST"])
def edit(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Change the plan before it is announced; nothing is overwritten that somebody else wrote meanwhile."""
    round_ = planned(request, pk)
    if round_.state != "planned":
        return redirect("office_round_plan", round_.pk)
    now = values_of(round_, planning.draft_of(round_))
    form = PlanForm(request.POST or None, schemes=scheme_choices(request), initial=now)
    form.fields["scheme"].disabled = True
    carry(form, now)

    def fresh() -> dict[str, Any]:
        held = locked(round_)
        return values_of(held, planning.draft_of(held))

    def save() -> None:
        planning.change_plan(round_, form.draft(), actor=actor_of(request), at=timezone.now())

    if request.method == "POST" and form.is_valid():
        kept = [False]
        if tried(form, lambda: kept.append(write(form, fresh, save))) and kept[-1]:
            messages.success(request, str(t("The plan is saved.", "方案已保存。")))
            return redirect("office_round_plan", round_.pk)
    return render(request, "office/rounds/edit.html", {"form": form, "ZONES": ZONES, "round": round_})


@only("provider")
@require_http_methods(["GET", "POST"])
def announce(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Open the enrolment, after a look at what will be told; the plan then stays as it is."""
    round_ = planned(request, pk)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def do() -> None:
        planning.announce(round_, actor=actor_of(request), at=timezone.now())

    if request.method == "POST" and form.is_valid() and tried(form, do):
        messages.success(request, str(t("Enrolment is open.", "已开放报名。")))
        return redirect("office_round_plan", round_.pk)
    shown = {
        "round": round_, "form": form, "plan": round_.plan, "promise": queries.promise_of(round_), "told_in": told_in,
        "lacking": queries.lacking_of(round_),
        "foreseen": queries.told_once(queries.foreseen_of(round_, queries.measurands_of(round_))),
    }  # fmt: skip
    return render(request, "office/rounds/announce.html", shown)


@only("provider")
@require_http_methods(["GET", "POST"])
def put_off(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Give more time."""
    round_ = planned(request, pk)
    form = PutOffForm(request.POST or None)
    if round_.state != "enrolling":
        del form.fields["enrol_until"]

    def do() -> None:
        zone = check_zone(round_.plan.zone)
        given = {name: form.cleaned_data.get(name) for name in ("enrol_until", "results_until")}
        moments = {name: instant(written, zone) if written else None for name, written in given.items()}
        if not any(moments.values()):
            raise PlanRefused(t("Give the new moment.", "请填写新的截止时间。"), "results_until")
        reason = form.cleaned_data["reason"]
        planning.put_off(round_, **moments, reason=reason, actor=actor_of(request), at=timezone.now())

    if request.method == "POST" and form.is_valid() and tried_at(form, do):
        messages.success(request, str(t("The deadline is put off.", "截止时间已延后。")))
        return redirect("office_round_plan", round_.pk)
    shown = {"round": round_, "form": form, "plan": round_.plan, "told_in": told_in}
    return render(request, "office/rounds/put_off.html", shown)


def tried_at(form: forms.Form, do: Callable[[], object]) -> bool:
    """As `tried`, where a moment may not exist in the zone of the round."""
    try:
        return tried(form, do)
    except ValidationError as none:
        form.add_error(None, none)
        return False


@only("provider")
@require_http_methods(["GET", "POST"])
def cancel(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the round up."""
    round_ = planned(request, pk)
    form = ReasonForm(request.POST or None)

    def do() -> None:
        planning.cancel(round_, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now())

    if request.method == "POST" and form.is_valid() and tried(form, do):
        messages.success(request, str(t("The round is cancelled.", "本轮次已取消。")))
        return redirect("office_round_plan", round_.pk)
    return render(request, "office/rounds/cancel.html", {"round": round_, "form": form})


@only("provider")
@require_http_methods(["GET", "POST"])
def clone(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """A new round like this one, under its own number and days."""
    round_ = planned(request, pk)
    form = CloneForm(request.POST or None, initial={"zone": round_.plan.zone})
    made: list[Round] = []

    def do() -> None:
        like = planning.draft_like(round_, number=form.cleaned_data["number"], days=form.days())
        made.append(planning.clone_round(round_, like, actor=actor_of(request), at=timezone.now()))

    if request.method == "POST" and form.is_valid() and tried(form, do):
        messages.success(request, str(t("The round is planned. Look its plan through.", "已建立轮次，请核对方案。")))
        return redirect("office_round_plan", made[0].pk)
    return render(request, "office/rounds/clone.html", {"round": round_, "form": form, "ZONES": ZONES})
