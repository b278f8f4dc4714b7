"""A laboratory's own scope: filtered, printed, exported; its technical manager suspends and resumes lines."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.profile.queries import capabilities
from zhunsheng.faces.exports import file_asked
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.scopes.changes import Bulk, ChangeForm, change
from zhunsheng.faces.scopes.instruments import page, used_by
from zhunsheng.faces.scopes.lists import asked, found, lines_file, without_status
from zhunsheng.faces.visits import institution_of, only
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.equipment.states import DATES
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.scopes.access import lines_of, may_change_own
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.changing import history, kin, reasons
from zhunsheng.registry.scopes.states import STATUSES

VERBS = ("self_suspend", "resume")


@only("laboratory")
@require_GET
def scope(request: VisitedRequest) -> HttpResponse:
    """The lines of the visitor's laboratory; beside them what the ledger suspends after a failed round."""
    laboratory = institution_of(request, "laboratory")
    question = asked(request, institutions=tuple(family_ids(laboratory)), around=False)
    if kind := file_asked(request):
        return lines_file(kind, question, "scope")
    shown = found(question, request)
    return render(
        request, "workspace/scope.html",
        {
            "laboratory": laboratory, "may": may_change_own(request.visitor, laboratory),
            "form": ChangeForm(verbs=VERBS, earliest=request.today, initial={"from_day": request.today}),
            "suspended": suspended(request, shown["page"].lines), **shown,
        },
    )  # fmt: skip


def suspended(request: VisitedRequest, lines: list[ScopeLine]) -> set[tuple[int, int]]:
    """Parameter and matrix of those lines shown that the ledger suspends after a failed proficiency test."""
    pairs = sorted({(line.parameter_id, line.matrix_id) for line in lines})
    if not pairs:
        return set()
    laboratory = institution_of(request, "laboratory")
    day = request.today
    known = capabilities(laboratory, pairs, on=day, known_on=day, evidence=visible_to(request.visitor))
    return {(one.parameter.pk, one.matrix.pk) for one in known if one.suspended}


@only("laboratory")
@require_POST
def change_lines(request: VisitedRequest) -> HttpResponse:
    """Preview of a bulk act on own lines, then the act: suspend or resume, from today on."""
    laboratory = institution_of(request, "laboratory")
    if not may_change_own(request.visitor, laboratory):
        raise Http404
    question = asked(request, institutions=tuple(family_ids(laboratory)), around=False)
    bulk = Bulk(
        lines=lines_of(request.visitor), question=without_status(question), verbs=VERBS, earliest=request.today,
        back=reverse("workspace_scope"), title=t("Change our scope", "变更本室能力范围"),
    )  # fmt: skip
    return change(request, bulk)


@only("laboratory")
@require_GET
def one(request: VisitedRequest, series: UUID) -> HttpResponse:
    """One own line: what it says, all that was ever known of it."""
    if not lines_of(request.visitor).filter(series=series).exists():
        raise Http404
    rows = history(series)
    line = next((row for row in rows if row.superseded_at is None), rows[0])
    shown = {
        "rows": rows, "line": line, "STATUSES": STATUSES, "reasons": reasons(rows), "kin": kin(rows), "DATES": DATES,
        "used": used_by(request.visitor, line, request.today), "may": line.superseded_at is None and may_change(request),
    }  # fmt: skip
    return render(request, "workspace/scope_line.html", shown)


@only("laboratory")
@require_http_methods(["GET", "POST"])
def instruments(request: VisitedRequest, series: UUID) -> HttpResponse:
    """The instruments of an own line, to be changed from today on; what was used before is for the authority to correct."""
    if not may_change(request):
        raise Http404
    lines = lines_of(request.visitor).filter(series=series)
    return page(request, lines, back=reverse("workspace_scope_line", args=[series]), earliest=request.today)


def may_change(request: VisitedRequest) -> bool:
    return may_change_own(request.visitor, institution_of(request, "laboratory"))
