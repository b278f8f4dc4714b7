"""Send a file, see what it would do, apply it or not, take the failed rows home."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces.files import download
from zhunsheng.faces.imports.forms import SendForm
from zhunsheng.faces.imports.reach import imports_for, reach_now, reach_of, register_for, registers_for, senders_only
from zhunsheng.faces.imports.registers import FILES, UNNAMED
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.visits import actor_of, reason_of
from zhunsheng.foundation.attachments.actions import stage
from zhunsheng.foundation.bilingual import language
from zhunsheng.foundation.imports import actions, files
from zhunsheng.foundation.imports.actions.checking import FileGone
from zhunsheng.foundation.imports.models import Import
from zhunsheng.foundation.imports.queries import first_changes, first_failures
from zhunsheng.foundation.imports.register import ROUND, Context, Register
from zhunsheng.foundation.imports.rules.reach import OutOfReach
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.foundation.statechart import NotAllowedNow


@senders_only
@require_GET
def imports(request: VisitedRequest) -> HttpResponse:
    """The registers that take files, with their templates, and what the visitor has sent."""
    sent = imports_for(request.visitor)
    found = sent.filter(filename__icontains=words_of(request)) if words_of(request) else sent
    return render(
        request,
        "imports/list.html",
        {
            "registers": registers_for(request.visitor), "page": page_of(request, found), "words": words_of(request),
            "any": sent.exists(), "all": FILES,
        },
    )  # fmt: skip


@senders_only
@require_http_methods(["GET", "POST"])
def send(request: VisitedRequest, register: str) -> HttpResponse:
    """Send a file into a register; it is checked in the background."""
    into = register_for(request.visitor, register)
    form = SendForm(request.POST, request.FILES) if request.method == "POST" else SendForm()
    if form.is_bound and form.is_valid():
        return redirect("import", received(request, form, into, reach_of(request.visitor)).pk)
    return render(request, "imports/send.html", {"form": form, "register": into})


@transaction.atomic
def received(request: VisitedRequest, form: SendForm, into: Register, reach: Mapping[str, Any]) -> Import:
    """A file that was sent, on its way to be checked."""
    file, now, actor = form.cleaned_data["file"], timezone.now(), actor_of(request)
    imported = actions.receive(
        into, stage(name=file.name, content=file.read(), actor=actor, at=now), mode=Mode(form.cleaned_data["mode"]),
        reach=reach, language=language(), actor=actor, at=now,
    )  # fmt: skip
    start(imported, "check_import", request)
    return imported


def sent_on(imported: Import) -> str:
    """The page on which such files are sent."""
    if round_ := imported.reach.get(ROUND):
        return reverse("office_round_enrol_file", args=[round_])
    return reverse("import_send", args=[imported.register])


def start(imported: Import, kind: str, request: VisitedRequest) -> None:
    jobs.start(
        kind, subject=f"import:{imported.pk}", arguments={"import": str(imported.pk)}, actor=actor_of(request),
        at=timezone.now(),
    )  # fmt: skip


def own(request: VisitedRequest, pk: uuid.UUID) -> Import:
    found: Import = get_object_or_404(imports_for(request.visitor), pk=pk)
    return found


@senders_only
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Where an import stands: progress, what it would do with old and new, what failed and why, what it did."""
    imported = own(request, pk)
    register = FILES[imported.register]
    return render(
        request,
        "imports/one.html",
        {
            "imported": imported, "register": register, "job": last_job(f"import:{imported.pk}"),
            "failures": first_failures(imported), "changes": first_changes(imported),
            "sent_on": sent_on(imported), "headers": {column.key: column.header for column in register.columns} | UNNAMED,
        },
    )  # fmt: skip


@senders_only
@require_POST
def again(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Go on with a check or an application whose job failed."""
    imported = own(request, pk)
    kind = {"received": "check_import", "applying": "apply_import"}.get(imported.state)
    if kind:
        start(imported, kind, request)
    return redirect("import", imported.pk)


@senders_only
@require_POST
def apply(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a checked file go in."""
    imported = own(request, pk)
    return _act(request, imported, lambda: _begin(request, imported))


def _begin(request: VisitedRequest, imported: Import) -> None:
    with transaction.atomic():
        actions.begin_applying(
            imported,
            FILES[imported.register],
            reach=reach_now(imported),
            actor=actor_of(request),
            at=timezone.now(),
        )
        start(imported, "apply_import", request)


@senders_only
@require_POST
def give_up(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Do not let a file go in; it is forgotten."""
    imported = own(request, pk)
    register = FILES[imported.register]
    done = _act(
        request, imported, lambda: actions.give_up(imported, register, actor=actor_of(request), at=timezone.now())
    )
    return redirect("imports") if Import.objects.get(pk=pk).state == "given_up" else done


def _act(request: VisitedRequest, imported: Import, verb: Callable[[], None]) -> HttpResponse:
    try:
        verb()
    except (NotAllowedNow, FileGone, OutOfReach) as refusal:
        messages.error(request, str(reason_of(refusal)))
    return redirect("import", imported.pk)


@senders_only
@require_GET
def error_file(request: VisitedRequest, pk: uuid.UUID, form: str) -> HttpResponse:
    """The failed rows with their reasons in the reader's language, to be mended and sent again."""
    imported = own(request, pk)
    if not imported.failed or imported.state == "given_up" or form not in {"xlsx", "csv"}:
        raise Http404
    name = f"{imported.register}-errors.{form}"
    if form == "csv":
        return download(files.error_csv(imported, language()), name)
    return download(files.error_file(imported, FILES[imported.register], language()), name)


@senders_only
@require_GET
def template(request: VisitedRequest, register: str, form: str) -> HttpResponse:
    """The template of a register in the reader's language; `content=1` fills it with what the register holds."""
    of = register_for(request.visitor, register)
    context = Context(at=timezone.now(), on=request.today, reach=reach_of(request.visitor))
    rows = of.export(context) if request.GET.get("content") else ()
    make = files.template_csv if form == "csv" else files.template
    return download(make(of, language(), rows=rows), f"{register}.{form}")
