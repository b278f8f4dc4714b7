"""The results of the own laboratory for a round: the table in which they are entered, submission, approval, receipt."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.proficiency.collect import access
from zhunsheng.activities.proficiency.collect.actions import entering
from zhunsheng.activities.proficiency.collect.models import Receipt, Submission
from zhunsheng.activities.proficiency.collect.queries.entering import (
    Line,
    asked_of,
    deadline_of,
    lines_of,
    receipts_of,
    submission_of,
    values_of,
)
from zhunsheng.activities.proficiency.collect.rules.checking import Remark, check_ready, remarks
from zhunsheng.activities.proficiency.collect.rules.given import (
    LABELS,
    LONGEST,
    MOST_REPLICATES,
    Given,
    Key,
    ResultsRefused,
    WrittenMeanwhile,
    given_of,
)
from zhunsheng.activities.proficiency.collect.rules.late import is_late
from zhunsheng.activities.proficiency.collect.states import SUBMISSION
from zhunsheng.activities.proficiency.models import Participation
from zhunsheng.faces.days import told_in, written_in
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import parse_strict
from zhunsheng.foundation.statechart import NotAllowedNow

Refused = (ResultsRefused, NotAllowedNow)
SHELL = (
    "css/zhunsheng.css",
    "img/mark.svg",
    "js/zhunsheng.js",
    "django_htmx/htmx-2.min.js",
    "js/results.js",
    "inspector/start.js",
)
CHANGED = t(
    "The results were changed since you looked at them. Look at what stands now.", "您查看之后结果已有改动，请核对现有内容。"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """Everything about the entry table of one participant."""

    part: Participation
    submission: Submission | None
    lines: list[Line]
    remarks: list[Remark]

    @property
    def is_open(self) -> bool:
        state = self.submission.state if self.submission else SUBMISSION.initial
        return self.part.round.state == "running" and SUBMISSION.can("submit", state)

    def about(self, key: Key, field: str) -> list[Remark]:
        return [one for one in self.remarks if (one.key, one.field) == (key, field)]

    @property
    def lacking(self) -> Text | None:
        """What keeps it from being submitted."""
        try:
            check_ready(list({line.asked.measurand: line.asked for line in self.lines}.values()), self.given)
        except ResultsRefused as refusal:
            return refusal.reason
        return None

    @property
    def given(self) -> list[Given]:
        return [line.given for line in self.lines]

    @property
    def columns(self) -> dict[str, Text]:
        """The answers asked for; why another method was used only where methods are named."""
        named = any(line.asked.methods for line in self.lines)
        return {name: said for name, said in LABELS.items() if named or name != "method_reason"}


def own(request: VisitedRequest, pk: uuid.UUID) -> Participation:
    """Under which code the visitor's laboratory takes part, or nothing there."""
    found = access.participations_of(request.visitor).filter(round=pk).order_by("code").first()
    if found is None:
        raise Http404
    return found


def table_of(part: Participation, typed: Mapping[Key, Given] | None = None) -> Table:
    """The table as it stands, with what was typed where it could not be kept."""
    submission, asked = submission_of(part), asked_of(part.round)
    standing = {one.given.key: one.given for one in values_of(submission)}
    given = {**standing, **(typed or {})}
    return Table(part, submission, lines_of(asked, given.values()), remarks(asked, list(given.values())))


@only("laboratory")
@require_GET
@never_cache
def waiting(request: VisitedRequest) -> HttpResponse:
    """The rounds that we take part in and that are not released: what is due, and where our results stand."""
    found = access.participations_of(request.visitor).exclude(round__state="released").select_related("submission")
    page = page_of(request, found.order_by("round__plan__results_until", "code"))
    return render(request, "workspace/results/list.html", {"page": page, "SUBMISSION": SUBMISSION, "told_in": told_in})


@only("laboratory")
@require_http_methods(["GET", "POST"])
@never_cache
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The table; sent whole where no script keeps it as it is typed. Once submitted: what was submitted, to be approved."""
    part = own(request, pk)
    if request.method != "POST":
        return page(request, table_of(part))
    typed, was = typed_in(request.POST)
    try:
        entering.save_draft(part, list(typed.values()), actor=actor_of(request), at=timezone.now(), was=was)
    except WrittenMeanwhile as clash:
        messages.warning(request, str(meanwhile(part, clash.keys)))
        return page(request, table_of(part, typed), clashing=clash.keys)
    except Refused as refusal:
        messages.error(request, str(reason_of(refusal)))
        return page(request, table_of(part, typed), unseen=was)
    messages.success(request, str(t("The draft is kept.", "草稿已保存。")))
    return redirect("workspace_round_results", pk)


def typed_in(posted: Mapping[str, str]) -> tuple[dict[Key, Given], dict[Key, str]]:
    """The rows that a page sent, and the stamp of what each writer saw."""
    found, was = {}, {}
    for key in posted:
        row = key.removeprefix("w-").split("-")
        if key.startswith("w-") and len(row) == 2 and all(is_number(one) for one in row):
            measurand, replicate = map(int, row)
            said = {name: posted.get(f"{name}-{measurand}-{replicate}", "") for name in LONGEST}
            found[(measurand, replicate)] = given_of(measurand, replicate, said)
            was[(measurand, replicate)] = posted[key]
    return found, was


def is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 10


def meanwhile(part: Participation, keys: Iterable[Key]) -> Text:
    """Who wrote something else meanwhile, and what, row by row."""
    asked = {one.measurand: one for one in asked_of(part.round)}
    rows = [one for one in values_of(submission_of(part)) if one.given.key in set(keys)]
    said = [
        f"{asked[one.measurand_id].item} {asked[one.measurand_id].title} ({one.replicate}): {one.result or '–'} ({one.by or '–'})"
        for one in rows
    ]
    return t(
        "Somebody else wrote meanwhile: {x}. Nothing of yours was kept yet; what you typed is still here. Look, and save again.",
        "期间其他人已填写：{x}。您的内容尚未保存，仍列于下方，请核对后重新保存。", x="; ".join(said),
    )  # fmt: skip


def page(
    request: VisitedRequest, table: Table, *, clashing: frozenset[Key] = frozenset(), unseen: Mapping[Key, str] | None = None
) -> HttpResponse:  # fmt: skip
    """The page of the table. A row that clashed carries the stamp of what is told now: sent once more it is a decision."""
    submission, plan = table.submission, table.part.round.plan
    standing = {one.given.key: one.given.stamp for one in values_of(submission)}
    deadline = deadline_of(plan, submission)
    shown: dict[str, Any] = {
        "table": table, "round": table.part.round, "part": table.part, "submission": submission, "SUBMISSION": SUBMISSION,
        "stamps": {**standing, **(unseen or {})}, "clashing": clashing, "deadline": deadline, "told_in": told_in, "plan": plan,
        "state": submission.state if submission else SUBMISSION.initial, "most": MOST_REPLICATES, "LONGEST": LONGEST,
        "receipts": receipts_of(submission) if submission else [], "passed": timezone.now() > deadline.in_time_until,
        "may_approve": may_approve(request, table.part), "mine": bool(submission and submission.submitted_by_id == actor_of(request).pk),
        "data": data_of(request, table.part), **shell(table.part),
    }  # fmt: skip
    return render(request, "workspace/results/one.html", shown)


def may_approve(request: VisitedRequest, part: Participation) -> bool:
    institution = part.identity.institution
    return institution is not None and access.may_approve(request.visitor, institution)


def shell(part: Participation) -> dict[str, Any]:
    """What the page needs to come up again without a network."""
    here = reverse("workspace_round_results", args=[part.round_id])
    worker = reverse("workspace_round_results_worker", args=[part.round_id])
    return {"shell": {"worker": worker, "files": [static(name) for name in SHELL], "tasks": here}}


def data_of(request: VisitedRequest, part: Participation) -> dict[str, Any]:
    """What the script of the page must know."""
    return {
        "id": str(part.pk), "user": actor_of(request).pk, "login": reverse("account_login"),
        "save": reverse("workspace_round_results_save", args=[part.round_id]),
        "status": reverse("workspace_round_results_status", args=[part.round_id]),
        "labels": {name: str(said) for name, said in LABELS.items()}, "longest": LONGEST,
    }  # fmt: skip


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
