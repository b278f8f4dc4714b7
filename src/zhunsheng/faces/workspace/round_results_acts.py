"""What is done with the results of the own laboratory once they are entered: submitted, approved, given back, withdrawn; the receipt."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.collect.actions import entering
from zhunsheng.activities.proficiency.collect.models import Receipt
from zhunsheng.activities.proficiency.collect.queries.entering import deadline_of, submission_of
from zhunsheng.activities.proficiency.collect.rules.given import LABELS, ResultsRefused, WrittenMeanwhile
from zhunsheng.activities.proficiency.collect.rules.late import is_late
from zhunsheng.activities.proficiency.models import Participation
from zhunsheng.faces.days import told_in, written_in
from zhunsheng.faces.files import download
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.faces.workspace.round_results import CHANGED, Refused, Table, is_number, may_approve, own, table_of
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import parse_strict


@only("laboratory")
@require_http_methods(["GET", "POST"])
@never_cache
def submit(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Look through what is submitted, then submit it."""
    part = own(request, pk)
    table = table_of(part)
    if not table.is_open or table.submission is None:
        return redirect("workspace_round_results", pk)
    if request.method == "POST" and request.POST.get("sure"):
        try:
            receipt = entering.submit(
                part, version=version_in(request), actor=actor_of(request), at=timezone.now(),
                late_reason=request.POST.get("late_reason", ""),
            )  # fmt: skip
        except WrittenMeanwhile:
            messages.error(request, str(CHANGED))
        except Refused as refusal:
            messages.error(request, str(reason_of(refusal)))
        else:
            messages.success(request, str(t("Submitted. A second person approves it now.", "已提交，请由另一人审核。")))
            return redirect("workspace_round_receipt", pk, receipt.pk)
    elif request.method == "POST":
        messages.error(request, str(t("Tick that the results are your own work.", "请勾选独立检测承诺。")))
    return render(request, "workspace/results/submit.html", {**reviewed(table), "table": table})


def reviewed(table: Table) -> dict[str, Any]:
    deadline, refused, late = deadline_of(table.part.round.plan, table.submission), None, False
    try:
        late = is_late(deadline, timezone.now(), "a reason")
    except ResultsRefused as refusal:
        refused = refusal.reason
    return {
        "round": table.part.round, "part": table.part, "submission": table.submission, "late": late, "refused": refused,
        "needs_reason": late and deadline.policy.accept == "with_reason", "deadline": deadline, "told_in": told_in,
        "plan": table.part.round.plan,
    }  # fmt: skip


def version_in(request: VisitedRequest) -> int:
    said = request.POST.get("version", "")
    return int(said) if is_number(said) else -1


def done(request: VisitedRequest, pk: uuid.UUID, verb: Callable[[], object], said: Text) -> HttpResponse:
    """Do it and say so, or say why not; back to the table."""
    try:
        verb()
    except WrittenMeanwhile:
        messages.error(request, str(CHANGED))
    except Refused as refusal:
        messages.error(request, str(reason_of(refusal)))
    else:
        messages.success(request, str(said))
    return redirect("workspace_round_results", pk)


def submitted_of(request: VisitedRequest, pk: uuid.UUID, *, vouching: bool = False) -> Participation:
    """The participation, if there is a submission; and, `vouching`, if the visitor may approve it."""
    part = own(request, pk)
    if submission_of(part) is None or (vouching and not may_approve(request, part)):
        raise Http404
    return part


@only("laboratory")
@require_POST
def approve(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve what was submitted."""
    part, version = submitted_of(request, pk, vouching=True), version_in(request)
    return done(
        request, pk, lambda: entering.approve(part, version=version, actor=actor_of(request), at=timezone.now()),
        t("Approved.", "已审核通过。"),
    )  # fmt: skip


@only("laboratory")
@require_POST
def give_back(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Give it back to be mended."""
    part, reason = submitted_of(request, pk, vouching=True), request.POST.get("reason", "")
    return done(
        request, pk, lambda: entering.give_back(part, reason=reason, actor=actor_of(request), at=timezone.now()),
        t("Given back; it can be changed now.", "已退回，可继续修改。"),
    )  # fmt: skip


@only("laboratory")
@require_POST
def withdraw(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Take it back before the deadline."""
    part = submitted_of(request, pk)
    return done(
        request, pk, lambda: entering.withdraw(part, actor=actor_of(request), at=timezone.now()),
        t("Withdrawn; it can be changed now.", "已撤回，可继续修改。"),
    )  # fmt: skip


@only("laboratory")
@require_GET
@never_cache
def receipt(request: VisitedRequest, pk: uuid.UUID, receipt: uuid.UUID) -> HttpResponse:
    """What was submitted, when, with its hash; to be printed."""
    part = own(request, pk)
    found = get_object_or_404(Receipt, pk=receipt, submission__participation=part)
    plan = part.round.plan
    at = written_in(found.at, plan.zone)
    said: dict[str, Any] = parse_strict(bytes(found.content))
    given = {name for one in said["values"] for name in LABELS if one[name]} | {"result", "uncertainty", "k"}
    shown = {
        "receipt": found, "said": said, "round": part.round, "part": part,
        "columns": {name: words for name, words in LABELS.items() if name in given},
        "at": f"{at:%Y-%m-%d %H:%M:%S} ({plan.zone})",
    }  # fmt: skip
    return render(request, "workspace/results/receipt.html", shown)


@only("laboratory")
@require_GET
def receipt_file(request: VisitedRequest, pk: uuid.UUID, receipt: uuid.UUID) -> HttpResponse:
    """The receipt byte for byte: its SHA-256 is the one that is shown."""
    found = get_object_or_404(Receipt, pk=receipt, submission__participation=own(request, pk))
    return download(bytes(found.content), "receipt.json")
