"""Today: what each visitor has to do, each line from one named question."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhunsheng.activities.proficiency.access import rounds_commissioned_by, rounds_coordinated_by, rounds_of_laboratory
from zhunsheng.activities.proficiency.models import Evaluation, Round
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.queries import scope_pairs_on
from zhunsheng.decisions.eligibility.access import decisions_for
from zhunsheng.decisions.eligibility.rules import ANSWERS
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.equipment.models import Calibration
from zhunsheng.registry.institutions.models import Certificate
from zhunsheng.registry.people.queries import Visitor

MOST = 8
RECENT = timedelta(days=30)
SOON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what, why, where."""

    what: Text
    why: Text
    address: str
    verb: Text
    urgent: bool = False


@login_required
@require_GET
def today(request: VisitedRequest) -> HttpResponse:
    """The visitor's tasks, the urgent first."""
    tasks = [*coordinating(request.visitor), *regulating(request.visitor), *testing(request)]
    return render(
        request, "home.html", {"tasks": sorted(tasks, key=lambda task: not task.urgent), "glance": glance(request)}
    )


def glance(request: VisitedRequest) -> Iterator[tuple[Text, int, str]]:
    """What the visitor has, counted: words, number, where to see them."""
    visitor = request.visitor
    if visitor.provider:
        of = counts(rounds_coordinated_by(visitor), "state")
        for key, state in ROUND.states.items():
            yield t("Rounds: {s}", "轮次：{s}", s=state.name), of.get(key, 0), f"{reverse('office_rounds')}?state={key}"
    if visitor.authority:
        of = counts(decisions_for(visitor), "answer")
        for answer, words in ANSWERS.items():
            yield t("Answers: {a}", "答复：{a}", a=words), of.get(answer, 0), reverse("office_eligibility")
    if visitor.laboratory:
        yield t("Released rounds", "已发布的轮次"), rounds_of_laboratory(visitor).count(), reverse("workspace_rounds")
        scope = scope_pairs_on(visitor.laboratory, on=request.today).count()
        yield t("Items in our scope", "能力范围项目"), scope, reverse("workspace_capability")


def counts(things: QuerySet[Any], field: str) -> dict[str, int]:
    """How many there are for each value of a field."""
    return dict(things.order_by().values_list(field).annotate(n=Count("pk")))


def coordinating(visitor: Visitor) -> Iterator[Task]:
    """A coordinator's rounds that wait for a verb."""
    if visitor.provider is None:
        return
    rounds = rounds_coordinated_by(visitor)
    for one in to_evaluate(rounds)[:MOST]:
        why = t(
            "Results are collected, or settings changed since the last evaluation.",
            "结果已收齐，或上次评定后设置已更改。",
        )
        yield _round_task(
            one, t("Evaluate {n}: {x}", "评定 {n}：{x}", n=one.number, x=one.title), why, t("Evaluate", "去评定")
        )
    for one in to_release(rounds)[:MOST]:
        why = t("Evaluated and up to date; participants are waiting.", "评定为最新，参加实验室正在等待结果。")
        yield _round_task(
            one,
            t("Release {n}: {x}", "发布 {n}：{x}", n=one.number, x=one.title),
            why,
            t("Look and release", "查看并发布"),
        )


def to_evaluate(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Unreleased rounds without an evaluation of the results and settings as they are now, oldest first."""
    return rounds.exclude(state="released").exclude(pk__in=current_evaluations()).order_by("created_at")


def to_release(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Evaluated rounds whose evaluation is of the results and settings as they are now, oldest first."""
    return rounds.filter(state="evaluated", pk__in=current_evaluations()).order_by("created_at")


def current_evaluations() -> QuerySet[Evaluation, Any]:
    """The rounds whose newest settings have been evaluated."""
    return Evaluation.objects.filter(settings_stamp=F("round__settings_stamp")).values("round")


def _round_task(round_: Round, what: Text, why: Text, verb: Text) -> Task:
    return Task(what, why, reverse("office_round", args=[round_.pk]), verb, urgent=True)


def regulating(visitor: Visitor) -> Iterator[Task]:
    """A regulator's new rounds to read and the question to ask."""
    if visitor.authority is None:
        return
    since = timezone.now() - RECENT
    for one in rounds_commissioned_by(visitor).filter(released_at__gte=since).order_by("-released_at")[:MOST]:
        yield Task(
            t("Read {n}: {x}", "查阅 {n}：{x}", n=one.number, x=one.title),
            t("Commissioned by your authority, released {d}.", "由本机关委托，{d} 发布。", d=_day(one)),
            reverse("office_commissioned_round", args=[one.pk]),
            t("Read", "查阅"),
        )
    unknown = decisions_for(visitor).filter(answer="unknown", asked_at__gte=since)[:MOST]
    for decision in unknown:
        yield Task(
            t("Ask again about {x}", "再次查询 {x}", x=decision.institution.name),
            t("The answer was “unknown”: a fact was missing.", "上次答复为“无法判定”：缺少事实依据。"),
            reverse("office_decision", args=[decision.pk]),
            t("See what is missing", "查看缺少什么"),
        )


def testing(request: VisitedRequest) -> Iterator[Task]:
    """A laboratory's new results, its action signals, and what is about to run out."""
    visitor = request.visitor
    if visitor.laboratory is None:
        return
    since = timezone.now() - RECENT
    for line in action_signals(visitor).filter(recorded_at__gte=since)[:MOST]:
        yield Task(
            t("Find the cause: {p} in {x}", "查找原因：{x}中{p}", p=line.parameter.name, x=line.matrix.name),
            t("Action signal in round {n}.", "轮次 {n} 结果不满意。", n=line.payload["round"]),
            reverse("workspace_capability"),
            t("See the evidence", "查看证据"),
            urgent=True,
        )
    for one in rounds_of_laboratory(visitor).filter(released_at__gte=since).order_by("-released_at")[:MOST]:
        yield Task(
            t("Read our result: {x}", "查看本室结果：{x}", x=one.title),
            t("Round {n}, released {d}.", "轮次 {n}，{d} 发布。", n=one.number, d=_day(one)),
            reverse("workspace_round", args=[one.pk]),
            t("Read", "查看"),
        )
    yield from running_out(request)


def action_signals(visitor: Visitor) -> QuerySet[Evidence]:
    """The laboratory's proficiency results with an action signal, newest first."""
    mine = visible_to(visitor).filter(
        institution=visitor.laboratory, kind="proficiency_result", payload__signal="action"
    )
    return mine.select_related("parameter", "matrix").order_by("-occurred_on")


def running_out(request: VisitedRequest) -> Iterator[Task]:
    """Certificates and calibrations of the laboratory that end within three months, or have ended, without a successor."""
    laboratory, limit = request.visitor.laboratory, request.today + SOON
    lasting = Certificate.objects.filter(institution=laboratory, valid_to__gt=limit)
    for one in Certificate.objects.filter(institution=laboratory, valid_to__lte=limit).exclude(
        scheme__in=lasting.values("scheme")
    )[:MOST]:
        yield Task(
            t("Renew {s} {n}", "办理 {s} {n} 延续", s=one.scheme, n=one.number),
            t("Valid to {d}.", "有效期至 {d}。", d=one.valid_to.isoformat()),
            reverse("workspace_capability"),
            t("See what rests on it", "查看相关能力"),
            urgent=one.valid_to < request.today,
        )
    recalibrated = Calibration.objects.filter(instrument__institution=laboratory, valid_to__gt=limit).values(
        "instrument"
    )
    due = Calibration.objects.filter(Q(instrument__institution=laboratory), valid_to__lte=limit)
    for calibration in (
        due.exclude(instrument__in=recalibrated).select_related("instrument").order_by("valid_to")[:MOST]
    ):
        yield Task(
            t("Calibrate {i} {s}", "校准 {i} {s}", i=calibration.instrument.name, s=calibration.instrument.serial),
            t("Calibration valid to {d}.", "校准有效期至 {d}。", d=calibration.valid_to.isoformat()),
            reverse("workspace_capability"),
            t("See what rests on it", "查看相关能力"),
            urgent=calibration.valid_to < request.today,
        )


def _day(round_: Round) -> str:
    return timezone.localtime(round_.released_at).date().isoformat() if round_.released_at else ""
