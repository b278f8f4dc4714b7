"""Screens as the authority runs them: gather logs, look through them, see what they come to."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng import __version__
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.screen import access, actions
from zhunsheng.activities.campaigns.screen.models import LogFile, Screen
from zhunsheng.activities.campaigns.screen.queries.suspicions import bad_rows, counted_by_rule, earlier_copies
from zhunsheng.activities.campaigns.screen.rules.catalogue import BY_KEY
from zhunsheng.activities.campaigns.screen.rules.columns import LOGS, LogKind
from zhunsheng.activities.campaigns.screen.rules.faults import FAULTS
from zhunsheng.activities.campaigns.screen.rules.settling import ScreenRefused
from zhunsheng.activities.campaigns.screen.states import LOG, SCREEN
from zhunsheng.faces.files import download
from zhunsheng.faces.jobs import actions as jobs
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.screen_forms import OpenForm, SendForm
from zhunsheng.faces.visits import actor_of, institution_of, only
from zhunsheng.faces.wording import fault
from zhunsheng.foundation.bilingual import Language, Text, join, language, t
from zhunsheng.foundation.imports.rules.columns import KINDS
from zhunsheng.foundation.imports.rules.headers import EXPLANATION, REASON, ROW_THERE
from zhunsheng.foundation.spreadsheets import CellValue, FormColumn, write_csv, write_form
from zhunsheng.foundation.statechart import NotAllowedNow

SHOWN = 20


@only("authority")
@require_GET
def screens(request: VisitedRequest) -> HttpResponse:
    """The screens of the authority, the newest first."""
    settled = Q(suspicions__state__in=["explained", "taken_up"])
    found = access.screens_of(request.visitor).annotate(
        asked=Count("suspicions", distinct=True), settled=Count("suspicions", filter=settled, distinct=True)
    )
    if said := words_of(request):
        found = found.filter(Q(title_zh__icontains=said) | Q(title_en__icontains=said))
    shown = {"page": page_of(request, found.order_by("-opened_at", "pk")), "words": words_of(request), "SCREEN": SCREEN}
    return render(request, "office/screens/list.html", {**shown, "may_screen": access.may_screen(request.visitor)})


@only("authority")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Open one."""
    if not access.may_screen(request.visitor):
        raise Http404
    authority = institution_of(request, "authority")
    campaigns = Campaign.objects.filter(authority=authority, state="published").order_by("-opens_on", "pk")
    form = OpenForm(request.POST or None, campaigns=campaigns)
    if request.method == "POST" and form.is_valid():
        title = Text(en=form.cleaned_data["title_en"], zh=form.cleaned_data["title_zh"])
        made = actions.open_screen(
            authority=authority, title=title, campaign=form.cleaned_data["campaign"], actor=actor_of(request),
            at=timezone.now(),
        )  # fmt: skip
        return redirect("office_screen", made.pk)
    return render(request, "office/screens/new.html", {"form": form})


def own(request: VisitedRequest, pk: uuid.UUID) -> Screen:
    return get_object_or_404(access.screens_of(request.visitor).select_related("authority", "campaign"), pk=pk)


@only("authority")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """One screen: its logs, what comes next, what each rule found."""
    return _page(request, own(request, pk), SendForm())


def _page(request: VisitedRequest, screen: Screen, form: SendForm) -> HttpResponse:
    logs = [
        (log, last_job(f"log:{log.pk}") if log.state == "received" else None)
        for log in screen.logs.order_by("received_at")
    ]
    seen = access.suspicions_seen_by(request.visitor).filter(screen=screen)
    shown: dict[str, Any] = {
        "screen": screen, "form": form, "logs": logs, "job": last_job(f"screen:{screen.pk}"), "LOGS": LOGS, "LOG": LOG,
        "SCREEN": SCREEN, "rules": [(BY_KEY[row["rule"]], row) for row in counted_by_rule(seen)], "BY_KEY": BY_KEY,
        "ready": any(log.state == "read" for log, _ in logs) and not any(log.state == "received" for log, _ in logs),
        "copies": {log.pk: list(earlier_copies(log)[:3]) for log, _ in logs},
        "faults": {log.pk: faults_shown(log) for log, _ in logs if log.bad},
        "unknown": [(LOGS["uses" if key == "serial" else "reports"].column(key).header, rows) for key, rows in screen.notes.items()],
    }  # fmt: skip
    return render(request, "office/screens/one.html", shown)


def faults_shown(log: LogFile) -> list[tuple[int, Text]]:
    """The first rows that could not be read: number, and what is wrong in which column."""
    return [
        (int(str(row[0])), sentence(LOGS[log.kind], str(row[1]), str(row[2])))
        for row in bad_rows(log, LOGS[log.kind], most=SHOWN)
    ]


def sentence(kind: LogKind, columns: str, faults: str) -> Text:
    """All that is wrong in a row, each with its column."""
    named = zip(columns.split(), faults.split(), strict=True)
    said = (t("{c}: {f}", "{c}：{f}", c=kind.column(column).header, f=FAULTS[key]) for column, key in named)
    return join(said, en=" ", zh="")


@only("authority")
@require_POST
def send(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a log in; it is read in the background."""
    screen, form = own(request, pk), SendForm(request.POST, request.FILES)
    if form.is_valid():
        file, actor, now = form.cleaned_data["file"], actor_of(request), timezone.now()
        try:
            with transaction.atomic():
                log = actions.receive_log(
                    screen, kind=form.cleaned_data["kind"], name=file.name, content=file.read(), actor=actor, at=now
                )
                jobs.start("read_log", subject=f"log:{log.pk}", arguments={"log": str(log.pk)}, actor=actor, at=now)
        except (ScreenRefused, NotAllowedNow) as refusal:
            form.add_error(None, fault(refusal.reason))
        else:
            return redirect("office_screen", screen.pk)
    return _page(request, screen, form)


@only("authority")
@require_POST
def run(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """Look through the logs, in the background; or go on with a run whose job failed."""
    screen, actor, now = own(request, pk), actor_of(request), timezone.now()
    try:
        with transaction.atomic():
            if screen.state != "running":
                actions.begin(screen, actor=actor, at=now)
            jobs.start("run_screen", subject=f"screen:{pk}", arguments={"screen": str(pk)}, actor=actor, at=now)
    except (ScreenRefused, NotAllowedNow) as refusal:
        messages.error(request, str(refusal.reason))
    return redirect("office_screen", screen.pk)


@only("authority")
@require_GET
def template(request: VisitedRequest, kind: str, form: str) -> HttpResponse:
    """The template of a log, in the reader's language."""
    if kind not in LOGS:
        raise Http404
    log, lang = LOGS[kind], language()
    content = write_csv([c.header.in_(lang) for c in log.columns], []) if form == "csv" else sheet(log, lang, [])
    return download(content, f"{kind}-template.{form}")


def sheet(log: LogKind, lang: Language, rows: list[list[CellValue]], *more: FormColumn) -> bytes:
    """A log's form as a workbook, with the explanation of its columns."""
    columns = [
        FormColumn(c.header.in_(lang), c.required, True, c.width, [w.in_(lang) for w in c.choices.values()])
        for c in log.columns
    ]
    told = [[c.header.in_(lang), KINDS[c.kind].in_(lang), c.example, c.explanation.in_(lang)] for c in log.columns]
    return write_form(
        log.name.in_(lang), [*columns, *more], rows=rows, explanation=(EXPLANATION.in_(lang), told),
        label={"log": log.key, "language": lang, "version": __version__},
    )  # fmt: skip


@only("authority")
@require_GET
def errors(request: VisitedRequest, pk: uuid.UUID, form: str) -> HttpResponse:
    """The rows that could not be read, as sent, with row and reason: to be mended and sent as another file."""
    log = get_object_or_404(LogFile.objects.filter(screen__in=access.screens_of(request.visitor)).exclude(bad=0), pk=pk)
    kind, lang = LOGS[log.kind], language()
    rows: list[list[CellValue]] = [
        [*row[3:], row[0], sentence(kind, str(row[1]), str(row[2])).in_(lang)] for row in bad_rows(log, kind)
    ]
    if form == "csv":
        heads = [*(c.header.in_(lang) for c in kind.columns), ROW_THERE.in_(lang), REASON.in_(lang)]
        return download(write_csv(heads, rows), "rows-to-mend.csv")
    more = (FormColumn(ROW_THERE.in_(lang), text=False, width=12), FormColumn(REASON.in_(lang), width=80))
    return download(sheet(kind, lang, rows, *more), "rows-to-mend.xlsx")
