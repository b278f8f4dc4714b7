"""Today: what each visitor has to do, each line from one named question."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhunsheng.activities.campaigns.plan.access import own_participations, run_by, seen_by_authority
from zhunsheng.activities.campaigns.screen.access import put_to, screens_of
from zhunsheng.activities.proficiency.access import (
    rounds_commissioned_by,
    rounds_coordinated_by,
    rounds_evaluated_by,
    rounds_of_laboratory,
)
from zhunsheng.activities.proficiency.models import Evaluation, Round
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.capability.profile.queries import scope_pairs_on
from zhunsheng.decisions.eligibility.access import decisions_for
from zhunsheng.decisions.eligibility.rules import ANSWERS
from zhunsheng.faces.clocks.today import DueToday, due_at
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.messages.queries import messages_of
from zhunsheng.registry.institutions.queries import family_of
from zhunsheng.registry.management.access import keeps_system_of
from zhunsheng.registry.management.queries.records import lived_by
from zhunsheng.registry.management.rules.lived import Line, missing
from zhunsheng.registry.management.states import State
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.stocktaking.access import called_by
from zhunsheng.registry.stocktaking.queries import standing_returns

MOST = 8
RECENT = timedelta(days=30)
MOST_DUE = 24
URGENT = 5
"""Working days."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what, why, where."""

    what: Text
    why: Text
    address: str
    verb: Text
    urgent: bool = False
    when: Text | None = None
    """how far off it is, where a clock runs"""
    late: bool = False


@login_required
@require_GET
def today(request: VisitedRequest) -> HttpResponse:
    """The visitor's tasks, the late first, then the urgent."""
    found, warnings = due(request)
    tasks = [
        *passed_on(request, {one.due.about for one in found}),
        *coordinating(request.visitor),
        *running_rounds(request),
        *regulating(request.visitor),
        *map(of_clock, found[:MOST_DUE]),
        *testing(request),
        *keeping_the_system(request),
    ]
    tasks.sort(key=lambda task: (not task.late, not task.urgent))
    return render(request, "home.html", {"tasks": tasks, "warnings": warnings, "glance": list(glance(request))})


def glance(request: VisitedRequest) -> Iterator[tuple[Text, int, str]]:
    """What the visitor has, counted: words, number, where to see them."""
    visitor = request.visitor
    if visitor.evaluator:
        of = counts(rounds_evaluated_by(visitor), "state")
        for key, state in ROUND.states.items():
            yield t("Rounds: {s}", "轮次：{s}", s=state.name), of.get(key, 0), f"{reverse('office_rounds')}?state={key}"
    if visitor.authority:
        of = counts(decisions_for(visitor), "answer")
        for answer, words in ANSWERS.items():
            yield t("Answers: {a}", "答复：{a}", a=words), of.get(answer, 0), reverse("office_eligibility")
        under_way = seen_by_authority(visitor).filter(state="published").count()
        yield t("Campaigns under way", "进行中的整顿行动"), under_way, f"{reverse('office_campaigns')}?state=published"
    if visitor.laboratory:
        under_way = own_participations(visitor).filter(campaign__state="published").count()
        yield (
            t("Campaigns under way", "进行中的整顿行动"),
            under_way,
            f"{reverse('workspace_campaigns')}?state=published",
        )
        yield t("Released rounds", "已发布的轮次"), rounds_of_laboratory(visitor).count(), reverse("workspace_rounds")
        scope = scope_pairs_on(visitor.laboratory, on=request.today, known_on=request.today).count()
        yield t("Items in our scope", "能力范围项目"), scope, reverse("workspace_capability")


def counts(things: QuerySet[Any], field: str) -> dict[str, int]:
    """How many there are for each value of a field."""
    return dict(things.order_by().values_list(field).annotate(n=Count("pk")))


def coordinating(visitor: Visitor) -> Iterator[Task]:
    """Rounds that wait for a verb: of their statistician, or of their coordinator."""
    if visitor.evaluator is None:
        return
    rounds = rounds_coordinated_by(visitor)
    for one in to_evaluate(rounds_evaluated_by(visitor))[:MOST]:
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
    """Rounds whose results are there without an evaluation of the results and settings as they are now, oldest first."""
    there = rounds.filter(state__in=("collected", "evaluated"))
    return there.exclude(pk__in=current_evaluations()).order_by("created_at")


def to_release(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Evaluated rounds whose evaluation is of the results and settings as they are now, oldest first."""
    return rounds.filter(state="evaluated", pk__in=current_evaluations()).order_by("created_at")


def current_evaluations() -> QuerySet[Evaluation, Any]:
    """The rounds whose newest settings have been evaluated."""
    return Evaluation.objects.filter(settings_stamp=F("round__settings_stamp")).values("round")


def _round_task(round_: Round, what: Text, why: Text, verb: Text) -> Task:
    return Task(what, why, reverse("office_round", args=[round_.pk]), verb, urgent=True)


def running_rounds(request: VisitedRequest) -> Iterator[Task]:
    """A coordinator's planned rounds whose next step is due: the plan to be announced, an enrolment or a collection that is over."""
    now = timezone.now()
    planned = rounds_coordinated_by(request.visitor).filter(plan__isnull=False).order_by("created_at")
    for one in planned.filter(state="planned")[:MOST]:
        said = t("Finish the plan: {x}", "完成轮次方案：{x}", x=one.title)
        yield _plan_task(one, said, t("Nobody can enrol yet.", "尚未开放报名。"), urgent=False)
    for one in planned.filter(state="enrolling", plan__enrol_until__lte=now)[:MOST]:
        said = t("End the enrolment: {x}", "截止报名：{x}", x=one.title)
        yield _plan_task(
            one, said, t("The last moment to enrol has passed; draw the codes.", "报名截止时间已过，请生成代码。")
        )
    for one in planned.filter(state="running", plan__results_until__lte=now)[:MOST]:
        said = t("Close the collection: {x}", "截止上报：{x}", x=one.title)
        yield _plan_task(one, said, t("Results were due.", "结果上报时间已过。"))


def _plan_task(round_: Round, what: Text, why: Text, *, urgent: bool = True) -> Task:
    return Task(what, why, reverse("office_round_plan", args=[round_.pk]), t("Open", "查看"), urgent=urgent)


def planning(visitor: Visitor) -> Iterator[Task]:
    """Plans of campaigns that are not published yet."""
    for one in run_by(visitor).filter(state="draft").order_by("opens_on", "pk")[:MOST]:
        yield Task(
            t("Finish the plan: {x}", "完成整顿方案：{x}", x=one.title),
            t("A draft; it is to begin on {d}.", "草案，计划 {d} 开始。", d=one.opens_on.isoformat()),
            reverse("office_campaign", args=[one.pk]),
            t("Write and publish", "编写并发布"),
        )


def deciding(visitor: Visitor) -> Iterator[Task]:
    """Returns of the authority's stock-takings that wait for its decision."""
    confirmed = standing_returns().filter(state="confirmed").order_by().values("pk")
    waiting = called_by(visitor).filter(state="open", returns__in=confirmed).annotate(n=Count("returns"))
    for one in waiting.order_by("due_on", "pk")[:MOST]:
        yield Task(
            t("Decide on returns: {x}", "审核填报：{x}", x=one.title),
            t("Confirmed and waiting for you: {n}.", "已确认、待审核：{n} 份。", n=one.n),
            f"{reverse('office_stocktaking', args=[one.pk])}?state=confirmed",
            t("Look and decide", "去审核"),
            urgent=True,
        )


def answered(visitor: Visitor) -> Iterator[Task]:
    """Screens in which laboratories have answered and wait to hear."""
    found = screens_of(visitor).filter(suspicions__state="answered").annotate(n=Count("suspicions"))
    for one in found.order_by("-opened_at", "pk")[:MOST]:
        yield Task(
            t("Read answers: {x}", "查阅答复：{x}", x=one.title),
            t("Answered and waiting for you: {n}.", "机构已答复、待处理：{n} 个。", n=one.n),
            f"{reverse('office_suspicions')}?screen={one.pk}&state=answered",
            t("Read and settle", "去处理"),
            urgent=True,
        )


def asked(visitor: Visitor) -> Iterator[Task]:
    """Questions about our logs that wait for our answer."""
    for one in (
        put_to(visitor).filter(state="asked").select_related("screen__authority").order_by("asked_at", "pk")[:MOST]
    ):
        yield Task(
            t("Answer: {x}", "答复疑点：{x}", x=one.asked_by.name),
            t(
                "{a} asks about rows of our logs: {n}.",
                "{a}就台账提出询问：{n} 行。",
                a=one.screen.authority.name,
                n=one.rows,
            ),
            reverse("workspace_suspicion", args=[one.pk]),
            t("Answer", "去答复"),
            urgent=True,
        )


def regulating(visitor: Visitor) -> Iterator[Task]:
    """A regulator's new rounds to read and the question to ask."""
    if visitor.authority is None:
        return
    yield from planning(visitor)
    yield from deciding(visitor)
    yield from answered(visitor)
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
    """A laboratory's new results; what is due stands with the clocks."""
    visitor = request.visitor
    if visitor.laboratory is None:
        return
    yield from asked(visitor)
    since = timezone.now() - RECENT
    for one in rounds_of_laboratory(visitor).filter(released_at__gte=since).order_by("-released_at")[:MOST]:
        yield Task(
            t("Read our result: {x}", "查看本室结果：{x}", x=one.title),
            t("Round {n}, released {d}.", "轮次 {n}，{d} 发布。", n=one.number, d=_day(one)),
            reverse("workspace_round", args=[one.pk]),
            t("Read", "查看"),
        )


def keeping_the_system(request: VisitedRequest) -> Iterator[Task]:
    """What the quality manager's management system lacks, this year's and last year's, the longest overdue first."""
    where = keeps_system_of(request.visitor)
    if where is None:
        return
    lines = [line for back in (1, 0) for line in lived_by(where, request.today.year - back, request.today)]
    for line in soon(lines, request.today):
        name, period = line.due.requirement.name, line.due.period
        yield Task(
            t("Show: {n}, {p}", "应完成：{p}{n}", n=name, p=period.words),
            line.reason,
            _enter(line),
            t("Enter the record", "录入记录"),
        )
    for line in missing(lines)[:MOST]:
        name, period = line.due.requirement.name, line.due.period
        yield Task(
            t("Missing: {n}, {p}", "缺失：{p}{n}", n=name, p=period.words),
            line.reason,
            _enter(line),
            t("Enter the record", "录入记录"),
            urgent=True,
        )


def soon(lines: Iterable[Line], today: date) -> list[Line]:
    """What is not made and due within a month, the next first."""
    near = (line for line in lines if line.state is State.NOT_DUE and line.due.due_on <= today + RECENT)
    return sorted(near, key=lambda line: line.due.due_on)[:MOST]


def _enter(line: Line) -> str:
    kind, period = line.due.key
    return f"{reverse('workspace_lived_new')}?year={period[:4]}&what={kind}:{period}"


def due(request: VisitedRequest) -> tuple[list[DueToday], list[Text]]:
    """What the clocks say of the visitor's laboratory and authority, the late first; and what a reader of the counts must be told."""
    places = [one for one in (request.visitor.laboratory, request.visitor.authority) if one is not None]
    return due_at(family_of(places), on=request.today) if places else ([], [])


def of_clock(one: DueToday) -> Task:
    due, urgent = one.due, one.remaining <= URGENT
    return Task(due.what, due.why, due.address, due.verb, urgent=urgent, when=one.words, late=one.late)


def passed_on(request: VisitedRequest, named: Collection[str]) -> Iterator[Task]:
    """What went past its day below and was passed on to the visitor, until it is opened; not what the list names already."""
    if request.visitor.user is None or request.visitor.laboratory is not None:
        return  # a laboratory's own clocks say it already
    unread = messages_of(request.visitor.user, request.visitor.places).filter(read_at=None, due_on__isnull=False)
    for one in unread.exclude(about__in=named)[:MOST]:
        where, late = reverse("messages_open", args=[one.pk]), (one.due_on or request.today) < request.today
        yield Task(one.subject, one.body, where, t("Open", "打开"), urgent=True, late=late)


def _day(round_: Round) -> str:
    return timezone.localtime(round_.released_at).date().isoformat() if round_.released_at else ""
