"""The officer's pages: tasks, one task, the answers of the day, closing and signing."""

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import transaction
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhunsheng.activities.campaigns.inspection import access, actions
from zhunsheng.activities.campaigns.inspection.documents import finding_name, task_letter, with_signatures
from zhunsheng.activities.campaigns.inspection.models import Inspection
from zhunsheng.activities.campaigns.inspection.queries import last_looks, record_of, standing_findings, team_of
from zhunsheng.activities.campaigns.inspection.rules.checklist import POINTS
from zhunsheng.activities.campaigns.inspection.rules.packages import read_found
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.activities.campaigns.inspection.states import EXHIBITS, GRADES, INSPECTION, MANNERS, OUTCOMES
from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS
from zhunsheng.faces.inspector import handed_in
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.inspection_papers import paper_file
from zhunsheng.faces.visits import actor_of
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.people.models import Person


def task_of(request: VisitedRequest, pk: uuid.UUID) -> tuple[Inspection, Person]:
    """The task and the officer who stands on it; to everybody else there is none."""
    person = access.person_of(request.visitor)
    found = get_object_or_404(
        access.tasks_of(request.visitor, request.today).select_related("institution", "authority", "campaign"), pk=pk
    )
    assert person is not None
    return found, person


@login_required
@never_cache
@require_GET
def tasks(request: VisitedRequest) -> HttpResponse:
    """The officer's tasks, the nearest first."""
    if not access.is_inspector(request.visitor):
        raise Http404
    found = list(access.tasks_of(request.visitor, request.today).select_related("institution").order_by("on", "pk"))
    shown = {"tasks": found, "keys": [str(one.pk) for one in found], "INSPECTION": INSPECTION, **shell(request)}
    return render(request, "inspector/tasks.html", shown)


@login_required
@never_cache
@require_GET
def task(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One task: before the day its letter, on the day the question of recusal, on site the checklist, at the end the signatures."""
    inspection, person = task_of(request, pk)
    record = record_of(inspection)
    paper = with_signatures(json.loads(bytes(record.content)), inspection) if record else None
    shown = {
        "inspection": inspection, "person": person, "team": team_of(inspection), "INSPECTION": INSPECTION, "record": record,
        "paper": paper, "declared": set(inspection.declarations.filter(free=True).values_list("person_id", flat=True)),
        "is_today": inspection.on <= request.today <= inspection.until, "MANNERS": MANNERS,
        "signed": set(inspection.signatures.values_list("officer_id", flat=True)), "data": data_of(inspection, person),
        "handed": handed_in.handed(inspection) if inspection.state == "open" else None, "ANSWERS": ANSWERS, "GRADES": GRADES,
        "suspicions": handed_in.suspicions_of(inspection) if inspection.state == "open" else [], **shell(request),
    }  # fmt: skip
    return render(request, "inspector/task.html", shown)


def shell(request: VisitedRequest) -> dict[str, Any]:
    """What the page needs to come up again without a network."""
    files = [static(name) for name in SHELL]
    return {"shell": {"worker": reverse("inspector_worker"), "files": files, "tasks": reverse("inspector_tasks")}}


SHELL = (
    "css/zhunsheng.css", "img/mark.svg", "js/zhunsheng.js", "django_htmx/htmx-2.min.js", "inspector/store.js",
    "inspector/page.js", "inspector/start.js",
)  # fmt: skip


def data_of(inspection: Inspection, person: Person) -> dict[str, Any]:
    """The task as the phone keeps it: the checklist, the words to choose from, and what the server has."""
    return {
        "id": str(inspection.pk), "state": inspection.state, "officer": str(person.pk), "lang": language(),
        "points": [
            {"code": one.code, "name": both(finding_name(one.code)), "look": both(one.look), "proof": both(one.proof)}
            for one in POINTS
        ],
        "outcomes": {key: both(said) for key, said in OUTCOMES.items()}, "grades": {key: both(said) for key, said in GRADES.items()},
        "kinds": {key: both(said) for key, said in EXHIBITS.items()},
        "sync": reverse("inspector_sync", args=[inspection.pk]), "exhibits": reverse("inspector_exhibit", args=[inspection.pk]),
        "status": reverse("inspector_status", args=[inspection.pk]), "kept": kept_of(inspection),
    }  # fmt: skip


def kept_of(inspection: Inspection) -> dict[str, Any]:
    """What the server has of a visit, for both officers."""
    return {
        "looks": [
            {"id": str(one.pk), "code": one.code, "outcome": one.outcome, "note": one.note, "by": one.officer.name}
            for looks in last_looks(inspection).values() for one in looks
        ],
        "findings": [
            {
                "id": str(one.pk), "code": one.code, "grade": one.grade, "facts": one.facts, "act_on": one.act_on.isoformat(),
                "by": one.found_by.name, "exhibits": [item.name for item in one.exhibits.all()],
                "articles": [{"cited": each["cited"], "follows": each["follows"]} for each in one.articles],
            }
            for one in standing_findings(inspection)
        ],
    }  # fmt: skip


def both(said: Text) -> dict[str, str]:
    return {"en": said.en, "zh": said.zh}


@login_required
@never_cache
@require_GET
def status(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """What the server has, and a fresh token to send with: the page may have come from the phone's memory."""
    inspection, _ = task_of(request, pk)
    said = {"state": inspection.state, "token": get_token(request), "kept": kept_of(inspection)}
    return HttpResponse(json.dumps(said), content_type="application/json")


@require_GET
def worker(request: VisitedRequest) -> HttpResponse:
    """The service worker, served from here because its reach is the folder of its address."""
    return HttpResponse(
        worker_script(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


def worker_script() -> bytes:
    """The file as collected, else as it lies in the source."""
    name = "inspector/worker.js"
    if found := finders.find(name):
        return Path(str(found)).read_bytes()
    with staticfiles_storage.open(name) as file:
        content: bytes = file.read()
    return content


@login_required
@require_GET
def letter(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """The task letter as a PDF."""
    inspection, _ = task_of(request, pk)
    return paper_file(task_letter(inspection), f"task-letter-{inspection.number}.pdf")


@login_required
@require_POST
def declare(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer on the day whether anything stands in the way."""
    inspection, person = task_of(request, pk)
    free, detail = request.POST.get("free") == "yes", text(request, "detail")
    return done(request, pk, lambda at: declared(request, inspection, person, free, detail, at))


@transaction.atomic
def declared(
    request: VisitedRequest, inspection: Inspection, person: Person, free: bool, detail: str, at: datetime
) -> None:
    """The answer; and with the beginning of the visit the self-check becomes final, before an officer sees it."""
    actor = actor_of(request)
    said = actions.declare_recusal(inspection, officer=person, free=free, detail=detail, actor=actor, at=at)
    if said.state == "open":
        handed_in.freeze(said, actor=actor, at=at)


@login_required
@require_POST
def take_up(request: VisitedRequest, pk: uuid.UUID, suspicion: uuid.UUID) -> HttpResponse:
    """Record a finding from a suspicion that was taken up, in the officer's own words."""
    inspection, person = task_of(request, pk)
    asked = handed_in.suspicion_of(inspection, suspicion)
    if asked is None:
        raise Http404
    grade = request.POST.get("grade", "")
    raw = {
        "id": str(uuid.uuid4()), "code": asked.code, "grade": grade, "facts": text(request, "facts"), "place": "",
        "act_on": asked.ended_on.isoformat(), "at": timezone.now().isoformat(),
    }  # fmt: skip

    def record(at: datetime) -> None:
        said = read_found(raw, now=timezone.localtime(at))
        actions.record_finding(inspection, said, officer=person, actor=actor_of(request), at=at, suspicion=asked.pk)

    return done(request, pk, record)


@login_required
@require_POST
def close(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Freeze the record."""
    inspection, _ = task_of(request, pk)
    return done(request, pk, lambda at: actions.close_record(inspection, actor=actor_of(request), at=at))


@login_required
@require_POST
def withdraw(request: VisitedRequest, pk: uuid.UUID, finding: uuid.UUID) -> HttpResponse:
    """Withdraw a finding, with the reason."""
    inspection, _ = task_of(request, pk)
    one = get_object_or_404(inspection.findings, pk=finding)
    reason = text(request, "reason")
    return done(request, pk, lambda at: actions.withdraw_finding(one, reason=reason, actor=actor_of(request), at=at))


@login_required
@require_POST
def sign(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Sign as an officer, or note how the institution signed on paper or refused."""
    inspection, person = task_of(request, pk)
    sha256, manner = request.POST.get("sha256", ""), request.POST.get("manner", "")
    if manner not in ("paper", "refused"):
        return done(
            request, pk,
            lambda at: actions.sign_as_officer(inspection, officer=person, sha256=sha256, actor=actor_of(request), at=at),
        )  # fmt: skip
    said = {"manner": manner, "name": text(request, "name")[:200], "statement": text(request, "statement")}
    return done(
        request, pk,
        lambda at: actions.sign_for_institution(inspection, sha256=sha256, actor=actor_of(request), at=at, **said),
    )  # fmt: skip


def text(request: VisitedRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[:4000]


def done(request: VisitedRequest, pk: uuid.UUID, verb: Any) -> HttpResponse:
    """Do it and go back to the task, or to the tasks when it is over; if refused, say why."""
    try:
        verb(timezone.now())
        messages.success(request, str(t("Done.", "已完成。")))
    except (InspectionRefused, NotAllowedNow) as refusal:
        messages.error(request, str(refusal.reason))
    still = access.tasks_of(request.visitor, request.today).filter(pk=pk).exists()
    return redirect("inspector_task", pk) if still else redirect("inspector_tasks")
