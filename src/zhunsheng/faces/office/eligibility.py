"""The regulator's question and its answer, with everything that it rests on."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.actions import confirm_retest
from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.evidence.kinds import KINDS
from zhunsheng.capability.profile.queries import capability
from zhunsheng.capability.profile.rules import Suspension
from zhunsheng.decisions.eligibility.access import answer_for, decisions_for
from zhunsheng.decisions.eligibility.actions import decide
from zhunsheng.decisions.eligibility.models import Decision
from zhunsheng.decisions.eligibility.policies import policy_by_version, policy_on
from zhunsheng.decisions.eligibility.queries import known_on_of, recomputes
from zhunsheng.decisions.eligibility.rules import ANSWERS, Answer
from zhunsheng.faces.exports import EXPORTED, file_asked, table_file
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.questions import SUGGESTIONS, EligibilityForm, laboratories_like
from zhunsheng.faces.templating import moment
from zhunsheng.faces.visits import only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow

COLUMNS: tuple[Text, ...] = (
    t("Laboratory", "实验室"), t("Parameter", "参数"), t("Matrix", "基质"), t("On the day", "日期"), t("Answer", "答复"),
    t("Asked", "查询时间"), t("Policy", "判定规则"),
)  # fmt: skip


@only("authority")
@require_http_methods(["GET", "POST"])
def ask(request: VisitedRequest) -> HttpResponse:
    """Ask whether a laboratory may be the subcontractor; earlier answers of the authority stand below."""
    given, earlier = request.POST if request.method == "POST" else None, decisions_for(request.visitor)
    if kind := file_asked(request):
        return answers_file(kind, earlier)
    form = EligibilityForm(
        given, today=request.today, initial={"on": request.today, "known_on": request.today, **request.GET.dict()}
    )
    if given is not None and form.is_valid():
        try:
            decision = decide(**form.cleaned_data, visitor=request.visitor, at=timezone.now())
        except LookupError:
            form.add_error("on", fault(t("No policy was in force on this day.", "该日期没有生效的判定规则。")))
        else:
            return redirect("office_decision", decision.pk)
    return render(
        request,
        "office/eligibility.html",
        {"form": form, "page": page_of(request, earlier), "policy": policy_today(request)},
    )


def answers_file(kind: str, earlier: QuerySet[Decision]) -> HttpResponse:
    """All earlier answers of the authority, a row each."""
    rows = (
        [
            str(one.institution.name), str(one.parameter.name), str(one.matrix.name), one.on.isoformat(),
            str(ANSWERS[cast(Answer, one.answer)]), moment(one.asked_at), one.policy,
        ]
        for one in earlier[: EXPORTED + 1]
    )  # fmt: skip
    return table_file(kind, "eligibility", t("Subcontractor eligibility", "分包资格"), COLUMNS, rows)


def policy_today(request: VisitedRequest) -> dict[str, Any] | None:
    """The policy in force today, for the reader."""
    try:
        return policy_on("subcontract", request.today)
    except LookupError:
        return None


@only("authority")
@require_GET
def suggestions(request: VisitedRequest) -> HttpResponse:
    """Names of laboratories for what has been typed so far."""
    words = words_of(request) or request.GET.get("institution", "").replace("\x00", "").strip()[:100]
    found = laboratories_like(words)[:SUGGESTIONS] if words else []
    return render(request, "office/suggestions.html", {"found": found})


@only("authority")
@require_GET
def decision(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One answer as it was frozen: each rule with its value and evidence, and whether it comes out the same again."""
    found = get_object_or_404(decisions_for(request.visitor).select_related("asked_for", "asked_by"), pk=pk)
    answer = answer_for(request.visitor, found)
    used = [key for rule in answer["rules"] for key in rule["evidence"]]
    return render(
        request,
        "office/decision.html",
        {
            "decision": found, "verdict": answer, "both": both, "policy": policy_by_version(found.policy),
            "evidence": visible_to(request.visitor).filter(pk__in=used), "kinds": KINDS, "same": recomputes(found),
            "waiting": retest_waiting(found, request), "known_on": known_on_of(found),
        },
    )  # fmt: skip


@only("authority")
@require_POST
def confirm(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Confirm the retest that an answer of ours named as missing, and go on to ask again."""
    found = get_object_or_404(decisions_for(request.visitor), pk=pk)
    try:
        confirm_retest(
            institution=found.institution, parameter=found.parameter, matrix=found.matrix,
            reason=request.POST.get("reason", "").replace("\x00", ""), visitor=request.visitor, at=timezone.now(),
        )  # fmt: skip
    except NotAllowedNow as refusal:
        messages.error(request, str(refusal.reason))
        return redirect("office_decision", found.pk)
    messages.success(request, str(t("Confirmed: the item is no longer suspended.", "已确认，该项目不再暂停。")))
    return redirect("office_decision", found.pk)


def retest_waiting(decision: Decision, request: VisitedRequest) -> Suspension | None:
    """The suspension of the item today, when a later result passed and only the confirmation is missing."""
    known = capability(
        decision.institution, decision.parameter, decision.matrix, on=request.today, known_on=request.today,
        evidence=visible_to(request.visitor),
    )  # fmt: skip
    return known.suspended if known.suspended and known.suspended.passed else None


def both(pair: dict[str, str]) -> Text:
    """A sentence of a frozen answer, in the reader's language."""
    return Text(en=pair["en"], zh=pair["zh"])
