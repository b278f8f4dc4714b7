"""The self-check as a laboratory fills it in: item by item, kept as it is typed, proven by files, submitted by a second person."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.activities.campaigns.selfcheck import access
from zhunsheng.activities.campaigns.selfcheck.actions.answering import answer_items, submit_selfcheck
from zhunsheng.activities.campaigns.selfcheck.actions.proving import add_proof, withdraw_proof
from zhunsheng.activities.campaigns.selfcheck.documents import paper_pdf
from zhunsheng.activities.campaigns.selfcheck.models import Frozen, Proof, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.days import last_days
from zhunsheng.activities.campaigns.selfcheck.queries.shipped import meanings
from zhunsheng.activities.campaigns.selfcheck.queries.standing import (
    Line,
    as_submitted,
    frozen_of,
    given_of,
    lines_of,
    progress_of,
)
from zhunsheng.activities.campaigns.selfcheck.rules.answering import (
    AnsweredMeanwhile,
    AnswerRefused,
    Given,
    check_complete,
)
from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS, GROUPS, SELFCHECK
from zhunsheng.faces.files import download
from zhunsheng.faces.lists import page_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_papers import file_response
from zhunsheng.faces.stocktaking_words import MENDED_AT
from zhunsheng.faces.visits import actor_of, only, reason_of
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.management.access import sees_system_of

MOST_MEGABYTES = 8
SHELL = (
    "css/zhunsheng.css", "img/mark.svg", "js/zhunsheng.js", "django_htmx/htmx-2.min.js", "selfcheck/page.js",
    "inspector/start.js",
)  # fmt: skip
Refused = (AnswerRefused, NotAllowedNow)


@dataclass(frozen=True, slots=True)
class Typed:
    """An item as a page sent it: what was typed, the stamp of what its writer saw, whether he confirms what stood there."""

    given: Given
    was: str
    confirms: bool = False

    @property
    def touched(self) -> bool:
        return self.confirms or self.given.stamp != self.was


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the page: how it stands, what its fields hold, and whether a colleague wrote something else meanwhile."""

    line: Line
    given: Given
    stamp: str
    clash: bool = False


def own(request: VisitedRequest, pk: uuid.UUID) -> SelfCheck:
    """A self-check of the laboratory that the visitor answers for, or nothing there."""
    return get_object_or_404(access.filled_in_by(request.visitor), pk=pk)


@only("laboratory")
@require_GET
@never_cache
def selfchecks(request: VisitedRequest) -> HttpResponse:
    """The self-checks that we are called to, the newest first."""
    found = access.filled_in_by(request.visitor).select_related("call__campaign__authority")
    may = bool(request.visitor.institutions(*access.FILL_IN))
    page = page_of(request, found)
    shown = {"page": page, "last": last_days(page), "SELFCHECK": SELFCHECK, "today": request.today, "may": may}
    return render(request, "workspace/selfchecks/list.html", {**shown, **shell()})


def shell() -> dict[str, Any]:
    """What the pages need to come up again without a network."""
    files = [static(name) for name in SHELL]
    address = reverse("workspace_selfchecks")
    return {"shell": {"worker": reverse("workspace_selfcheck_worker"), "files": files, "tasks": address}}


@only("laboratory")
@require_http_methods(["GET", "POST"])
@never_cache
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The form: what the registers say beforehand, what was answered, what is next. Sent whole where no script sends each item."""
    found = own(request, pk)
    if request.method != "POST":
        return page(request, found)
    typed = {one.given.item: one for no in numbers(request.POST) if (one := typed_in(request.POST, no))}
    clashing = kept(request, found, typed)
    files = filed(request, found)
    if clashing is None or clashing or not files:
        return page(request, found, typed, clashing)
    at = request.POST.get("at", "")
    return redirect(reverse("workspace_selfcheck", args=[found.pk]) + (f"#item-{int(at)}" if is_number(at) else ""))


def is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 5


def numbers(posted: Mapping[str, Any]) -> Iterable[int]:
    return (int(key[2:]) for key in posted if key.startswith("w-") and is_number(key[2:]))


def typed_in(posted: Any, no: int) -> Typed | None:
    """What a page sent for an item; None where nobody touched it."""
    said = (posted.get(f"{key}-{no}", "").replace("\x00", "").replace("\r\n", "\n") for key in "arc")
    typed = Typed(Given(no, *said), posted.get(f"w-{no}", ""), str(no) in posted.getlist("confirm"))
    return typed if typed.touched else None


def kept(request: VisitedRequest, found: SelfCheck, typed: Mapping[int, Typed]) -> frozenset[int] | None:
    """Keep what was typed, but for the items that a colleague answered meanwhile: these are returned; None where all is refused."""
    rest, clashing = dict(typed), frozenset[int]()
    while rest:
        try:
            n = answer_items(
                found, [one.given for one in rest.values()], actor=actor_of(request), at=timezone.now(),
                was={no: one.was for no, one in rest.items()},
            )  # fmt: skip
        except AnsweredMeanwhile as clash:
            clashing |= clash.items
            rest = {no: one for no, one in rest.items() if no not in clash.items}
        except Refused as refusal:
            messages.error(request, str(reason_of(refusal)))
            return None
        else:
            if n:
                messages.success(request, str(t("{n} answers kept.", "已保存 {n} 项。", n=n)))
            break
    if clashing:
        messages.warning(request, str(meanwhile(clashing)))
    return clashing


def meanwhile(items: Iterable[int]) -> Text:
    said = ", ".join(map(str, sorted(items)))
    return t(
        "Somebody else answered meanwhile: item {n}. Both answers stand below; look, choose and save.",
        "期间其他人已修改第 {n} 项。两份内容均列于下方，请核对取舍后保存。",
        n=said,
    )


def filed(request: VisitedRequest, found: SelfCheck) -> bool:
    """Keep the files that came with the form, take back the one that was asked for; False where one was refused."""
    items = [int(key[2:]) for key in request.FILES if key.startswith("f-") and is_number(key[2:])]
    well = [proven(request, found, no) for no in items]
    if key := request.POST.get("remove"):
        well.append(taken_back(request, found, key))
    return all(well)


def proven(request: VisitedRequest, found: SelfCheck, no: int) -> bool:
    """Keep the file that came with an item."""
    file = request.FILES.get(f"f-{no}")
    if file is None or not file.size or file.size > MOST_MEGABYTES * 2**20:
        said = t(
            "Choose a file of at most {n} MB that is not empty.", "请选择不超过 {n} MB 的非空文件。", n=MOST_MEGABYTES
        )
        messages.error(request, str(said))
        return False
    given = {"name": file.name or "", "content": file.read(), "actor": actor_of(request), "at": timezone.now()}
    said = t("The file is kept with item {n}.", "文件已附于第 {n} 项。", n=no)
    return done(request, lambda: add_proof(found, no, **given), said)


def taken_back(request: VisitedRequest, found: SelfCheck, key: str) -> bool:
    try:
        asked = uuid.UUID(key)
    except ValueError:
        return True
    proof = get_object_or_404(
        Proof.objects.select_related("answer__item", "attachment"), pk=asked, answer__selfcheck=found
    )
    return done(
        request,
        lambda: withdraw_proof(proof, actor=actor_of(request), at=timezone.now()),
        t("The file was taken back.", "文件已移除。"),
    )


def done(request: VisitedRequest, verb: Any, said: Text) -> bool:
    """Do it and say so; if refused, say why."""
    try:
        verb()
    except Refused as refusal:
        messages.error(request, str(reason_of(refusal)))
        return False
    messages.success(request, str(said))
    return True


def page(
    request: VisitedRequest,
    found: SelfCheck,
    typed: Mapping[int, Typed] | None = None,
    clashing: frozenset[int] | None = frozenset(),
) -> HttpResponse:
    """The form as it stands, with what was typed where it could not be kept; once submitted, as it was submitted."""
    frozen = frozen_of(found)
    is_open = SELFCHECK.can("submit", found.state) and found.call.campaign.state != "closed"
    lines = lines_of(found, private=True)
    if frozen is not None and not SELFCHECK.can("submit", found.state):
        lines = as_submitted(lines, frozen)
    rows = [shown_as(line, (typed or {}).get(line.item.no), clashing) for line in lines]
    user = actor_of(request)
    shown = {
        "form": found, "parts": grouped(rows), "ANSWERS": ANSWERS, "GROUPS": GROUPS, "SELFCHECK": SELFCHECK, "open": is_open,
        "progress": progress_of(found), "lacking": lacking(lines), "mine": [one.item.no for one in lines if one.answer.by_id == user.pk],
        "signers": access.may_sign(found, request.today), "frozen": list(found.frozen.select_related("submitted_by")),
        "today": request.today, "last": last_days([found])[found.pk], "most": MOST_MEGABYTES,
        "MENDED_AT": looked_up_at(request), "data": data_of(found, user.pk),
        "MEANINGS": meanings() if found.call.checklist.authority_id is None else {}, **shell(),
    }  # fmt: skip
    return render(request, "workspace/selfchecks/one.html", shown)


def looked_up_at(request: VisitedRequest) -> dict[str, str]:
    """Part of the registers → the name of the page on which the visitor sees it."""
    lived = {"lived": "workspace_lived"} if sees_system_of(request.visitor) else {}
    return {**MENDED_AT, **lived, "results": "workspace_capability"}


def shown_as(line: Line, typed: Typed | None, clashing: frozenset[int] | None) -> Shown:
    """What stands; or what was typed, if nothing of the form was kept or a colleague wrote something else."""
    clash = clashing is not None and line.item.no in clashing
    if typed is None or not (clash or clashing is None):
        return Shown(line, line.given, line.given.stamp)
    return Shown(line, typed.given, line.given.stamp if clash else typed.was, clash)


def data_of(found: SelfCheck, user: int) -> dict[str, Any]:
    """What the script of the page must know."""
    return {
        "id": str(found.pk), "user": user, "save": reverse("workspace_selfcheck_save", args=[found.pk]),
        "status": reverse("workspace_selfcheck_status", args=[found.pk]), "login": reverse("account_login"),
        "answers": {key: str(said) for key, said in ANSWERS.items()},
    }  # fmt: skip


def grouped(rows: Iterable[Shown]) -> list[tuple[str, list[Shown]]]:
    """The rows by part of the criteria, in the order of the checklist."""
    found: dict[str, list[Shown]] = {}
    for one in rows:
        found.setdefault(one.line.item.group, []).append(one)
    return list(found.items())


def lacking(lines: list[Line]) -> Text | None:
    """What still lacks before it can be submitted."""
    try:
        check_complete(given_of(lines), (one.item.no for one in lines if one.answer.prefilled))
    except AnswerRefused as refusal:
        return refusal.reason
    return None


@only("laboratory")
@require_GET
def proof(request: VisitedRequest, pk: uuid.UUID, proof: uuid.UUID) -> HttpResponse:
    """A file as it was received."""
    found = get_object_or_404(Proof.objects.select_related("attachment"), pk=proof, answer__selfcheck=own(request, pk))
    return file_response(found.attachment.name, bytes(found.attachment.content))


@only("laboratory")
@require_POST
def submit(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Submit it: a second person signs for it, and what it says is frozen."""
    found = own(request, pk)
    if not request.POST.get("sure"):
        messages.error(request, str(t("Tick that you sign for it.", "请勾选确认签署。")))
    else:
        said = t("Submitted. What it says now is kept unchanged.", "已提交，提交内容已固定留存。")
        done(request, lambda: submit_selfcheck(found, actor=actor_of(request), at=timezone.now()), said)
    return redirect("workspace_selfcheck", found.pk)


@only("laboratory")
@require_GET
def paper(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The table as a PDF, to print and sign."""
    found = own(request, pk)
    return download(paper_pdf(found, frozen_of(found), language(), on=request.today), "self-check.pdf")


@only("laboratory")
@require_GET
def version(request: VisitedRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """What was submitted, byte for byte: its SHA-256 is the one that is shown."""
    found = get_object_or_404(Frozen, selfcheck=own(request, pk), version=number)
    return download(bytes(found.content), f"self-check-{number}.json")
