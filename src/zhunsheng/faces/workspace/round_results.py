"""The results of the own laboratory for a round: the table in which they are entered, submission, approval, receipt."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.proficiency.collect import access
from zhunsheng.activities.proficiency.collect.actions import entering
from zhunsheng.activities.proficiency.collect.models import Submission
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
from zhunsheng.activities.proficiency.collect.states import SUBMISSION
from zhunsheng.activities.proficiency.models import Participation
from zhunsheng.faces.days import told_in
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.foundation.bilingual import Text, t
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
