"""The reports to single laboratories: how many are made, make the rest, read one."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.queries import codes_of, issued_evaluation
from zhunsheng.activities.proficiency.report.actions import note_taken
from zhunsheng.activities.proficiency.report.queries import made_and_all, report_of, taken_of
from zhunsheng.faces.files import download
from zhunsheng.faces.jobs.queries import last_job
from zhunsheng.faces.lists import page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.round import mine, start_job
from zhunsheng.faces.office.round_rooms import rooms_of, steps_of
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.foundation.bilingual import Text, t

LANGUAGES: dict[str, Text] = {
    "zh": t("Chinese", "中文"), "en": t("English", "英文"), "both": t("both languages", "中英对照"),
}  # fmt: skip


@only("provider")
@require_http_methods(["GET", "POST"])
def reports(request: VisitedRequest, pk: uuid.UUID) -> HttpResponse:
    """How many laboratories have their report in each language; a POST has those made that are lacking."""
    round_ = mine(request, pk)
    if request.method == "POST":
        return make(request, round_)
    evaluation = issued_evaluation(round_) if round_.state == "released" else None
    codes = [code for code in codes_of(round_) if words_of(request).upper() in code]
    page = page_of(request, codes)
    shown = {
        "taken": taken_of(evaluation, list(page)) if evaluation else {},
        "round": round_, "steps": steps_of(round_), "rooms": rooms_of(round_), "LANGUAGES": LANGUAGES, "words": words_of(request),
        "counts": {lang: made_and_all(evaluation, lang) for lang in LANGUAGES} if evaluation else {},
        "job": last_job(f"round:{round_.pk}"), "page": page,
    }  # fmt: skip
    return render(request, "office/rounds/reports.html", shown)


def make(request: VisitedRequest, round_: Round) -> HttpResponse:
    language = request.POST.get("language", "")
    if language not in LANGUAGES:
        raise Http404
    if round_.state != "released":
        messages.error(request, str(t("The round is not released yet.", "本轮次尚未发布。")))
    else:
        start_job(request, "laboratory_reports", round_, language=language)
        messages.success(request, str(t("The reports are being made.", "正在生成实验室报告。")))
    return redirect("office_round_reports", round_.pk)


@only("provider")
@require_GET
def one(request: VisitedRequest, pk: uuid.UUID, code: str, language: str) -> HttpResponse:
    """The report of one laboratory, where it is made."""
    round_ = mine(request, pk)
    evaluation = issued_evaluation(round_)
    found = report_of(evaluation, code, language) if evaluation and round_.state == "released" else None
    if found is None:
        raise Http404
    note_taken(found, actor=actor_of(request), at=timezone.now())
    return download(bytes(found.pdf), f"report-{code}-{language}.pdf")
