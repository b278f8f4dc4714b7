"""What a coordinator does with the results of item studies: enter them, have them judged again, let go with a reason."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.prepare.actions import studying
from zhunsheng.activities.proficiency.prepare.models import Verdict
from zhunsheng.activities.proficiency.prepare.queries import names_of
from zhunsheng.activities.proficiency.prepare.rules.reading import Known, read_study
from zhunsheng.activities.proficiency.prepare.states import GOOD, Kind
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round_prepare import around, kind_of, measurand_of, prepared, study_page
from zhunsheng.faces.office.round_prepare_forms import StudyForm, WaiveForm, empty_table
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.attachments.actions import keep
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.spreadsheets import BadFile, read_guarded


@only("provider")
@require_http_methods(["GET", "POST"])
def enter(request: VisitedRequest, pk: uuid.UUID, kind: str) -> HttpResponse:
    """Type, paste or upload the results of a study; they are judged at once."""
    round_, which = prepared(request, pk), kind_of(kind)
    known = names_of(round_)
    asked = request.GET.get("measurand", "")
    only_one = next((one for one in known if str(one.pk) == asked), None)
    initial = {"measurand": asked, "table": empty_table(which)} if only_one else {}
    choices = [(str(one.pk), str(one.shown)) for one in known]
    form = StudyForm(request.POST or None, request.FILES or None, choices=choices, initial=initial)
    context = around(request, round_) | {"kind": which, "form": form, "known": known, "bad": None, "only": only_one}
    if request.method == "POST" and form.is_valid():
        try:
            verdicts = taken(request, round_, which, form, known)
        except BadFile as bad:
            context["bad"] = bad
        except CannotDo as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return judged(request, round_, which, verdicts)
    return render(request, "office/rounds/prepare_enter.html", context)


def taken(request: VisitedRequest, round_: Round, kind: Kind, form: StudyForm, known: list[Known]) -> list[Verdict]:
    """Keep what came and judge it, or do neither."""
    name, content = form.received()
    chosen = next((one for one in known if str(one.pk) == form.cleaned_data["measurand"]), None)
    table = read_guarded(content, filename=name)
    found = read_study(table, kind, known, only=chosen)
    actor, now = actor_of(request), timezone.now()
    with transaction.atomic():
        kept = keep(name=name, content=content, actor=actor, at=now)
        return studying.take_studies(round_, kind, found, attachment=kept, sheet=table.sheet, actor=actor, at=now)


def judged(request: VisitedRequest, round_: Round, kind: Kind, verdicts: list[Verdict]) -> HttpResponse:
    """Say what came out; one measurand shows its verdict, several the overview."""
    good = sum(one.outcome in GOOD for one in verdicts)
    messages.success(
        request,
        str(
            t("Results of {n} measurands are kept and judged; {g} passed.", "已保存并判定 {n} 个被测量的结果，{g} 个通过。",
              n=len(verdicts), g=good)
        ),
    )  # fmt: skip
    if len(verdicts) == 1:
        return redirect("office_round_prepare_study", round_.pk, verdicts[0].study.measurand_id, kind)
    return redirect("office_round_prepare", round_.pk)


@only("provider")
@require_POST
def waive(request: VisitedRequest, pk: uuid.UUID, number: int, kind: str) -> HttpResponse:
    """Let the items go in one respect, with a reason, in view of the verdict that was looked at."""
    round_, which = prepared(request, pk), kind_of(kind)
    measurand = measurand_of(round_, number)
    form = WaiveForm(request.POST)
    seen = request.POST.get("verdict", "")
    if form.is_valid():
        try:
            studying.waive(
                round_, measurand, which, verdict=int(seen) if seen.isdecimal() else None,
                reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now(),
            )  # fmt: skip
        except CannotDo as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            messages.success(request, str(t("It is waived, with your reason.", "已按您说明的理由豁免。")))
            return redirect("office_round_prepare_study", round_.pk, number, which)
    return study_page(request, round_, measurand, which, form)


@only("provider")
@require_POST
def judge(request: VisitedRequest, pk: uuid.UUID, number: int, kind: str) -> HttpResponse:
    """Judge with what holds now."""
    round_, which = prepared(request, pk), kind_of(kind)
    try:
        studying.judge_again(round_, measurand_of(round_, number), which, actor=actor_of(request), at=timezone.now())
    except CannotDo as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(t("It was judged again.", "已重新判定。")))
    return redirect("office_round_prepare_study", round_.pk, number, which)
