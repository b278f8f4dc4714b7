"""The clock after an unsatisfactory result: the cause is found and mended, and a retest passed, within 30 working days."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from zhunsheng.activities.proficiency.follow.histories import place_of
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.queries import SUSPENDING, current, suspended_by
from zhunsheng.faces.clocks.who import HoldersAt
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.messages.actions import chunks
from zhunsheng.foundation.messages.rules import Clock, Due
from zhunsheng.registry.people.states import Post

WORKING_DAYS = 30
LONGEST = timedelta(days=75)
"""Thirty working days and the longest rows of days off."""

Key = tuple[Any, Any, Any]


def due_day(recorded_on: date, calendar: WorkingCalendar) -> date:
    """The last day for mending a result that became known on a day."""
    return calendar.add(recorded_on, WORKING_DAYS)


def find(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Items that are suspended by an unsatisfactory result and without a passed retest, whose day lies in the period."""
    every = Evidence.objects.filter(kind="proficiency_result", payload__signal="action")
    failed = current(every, on=on, known_on=on).filter(recorded_at__date__gte=since - LONGEST)
    if where is not None:
        failed = failed.filter(institution__in=where)
    wanted = sorted(set(failed.order_by().values_list("institution_id", "parameter_id", "matrix_id")))
    for some in chunks(wanted):
        for lines in _by_item(_lines_of(some, on=on), some).values():
            due = _due(lines, calendar)
            if due is not None and since <= due.due_on <= until:
                yield due


def _lines_of(wanted: Iterable[Key], *, on: date) -> Iterable[Evidence]:
    """All that is known of these items, in one question; some others come along."""
    places, parameters, matrices = (set(some) for some in zip(*wanted, strict=True))
    about = Q(institution__in=places, parameter__in=parameters, matrix__in=matrices)
    lines = current(Evidence.objects.filter(about, kind__in=SUSPENDING), on=on, known_on=on)
    return lines.select_related("institution", "parameter", "matrix")


def _by_item(lines: Iterable[Evidence], wanted: Iterable[Key]) -> Mapping[Key, list[Evidence]]:
    items: defaultdict[Key, list[Evidence]] = defaultdict(list)
    asked = set(wanted)
    for line in lines:
        if (key := (line.institution_id, line.parameter_id, line.matrix_id)) in asked:
            items[key].append(line)
    return items


def _due(lines: list[Evidence], calendar: WorkingCalendar) -> Due | None:
    suspended = suspended_by(lines)
    if suspended is None or suspended.passed is not None:
        return None  # mended; it is the authority's turn to confirm
    line = next(one for one in lines if str(one.pk) == suspended.failed.id)
    authority, place = line.disclosed_to_id, place_of(line.source)
    return Due(
        about=f"evidence:{line.pk}",
        due_on=due_day(timezone.localdate(line.recorded_at), calendar),
        what=t("Find the cause: {p} in {x}", "查找原因：{x}中{p}", p=line.parameter.name, x=line.matrix.name),
        why=t("Action signal in round {n}.", "轮次 {n} 结果不满意。", n=line.payload["round"]),
        address=reverse("workspace_round_follow", args=[place[0]]) if place else reverse("workspace_capability"),
        verb=t("Answer", "答复") if place else t("See the evidence", "查看证据"),
        whose=line.institution.name,
        holder=HoldersAt(line.institution_id, (Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER)),
        # Only the authority that was announced to the participants may hear of it.
        superior=HoldersAt(authority, (Post.REGULATOR,)) if authority else None,
        superior_address=reverse("office_commissioned_follow", args=[place[0]])
        if place
        else reverse("office_commissioned"),
    )


FOLLOW_UP = Clock(
    kind="follow_up",
    name=t("Follow-up of a proficiency test", "能力验证后续处理"),
    basis=t(
        "SAMR 2023 No. 13, art. 20: mended in time and confirmed; 30 working days, as for rectification in Order 163, art. 26.",
        "市场监管总局 2023 年第 13 号公告第二十条：及时整改并经确认；期限参照第 163 号令第二十六条，为 30 个工作日。",
    ),
    offsets=(30, 10, 5, 0, -1),
    escalate_after=1,
    find=find,
)
