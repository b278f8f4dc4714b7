"""The clock of verification: an authority looks at a rectification report within five working days, and others see when it does not."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from zhunsheng.activities.campaigns.rectification.models import Rectification
from zhunsheng.activities.campaigns.rectification.queries import with_names
from zhunsheng.faces.clocks.who import HoldersAt
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.messages.rules import Clock, Due
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.states import Post
from zhunsheng.registry.rulebook.queries import clock

LONGEST = timedelta(days=30)
"""Five working days and the longest row of days off."""


def due_day(submitted_on: date, calendar: WorkingCalendar) -> date:
    """The last day for looking at a report that came in on a day (SAMR 2023 No. 21, 4.5: five working days)."""
    return calendar.add(submitted_on, clock("rectification_verification", on=submitted_on).value)


def find(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Reports that wait for their authority, and whose day lies in the period; one question."""
    waiting = Rectification.objects.filter(state="submitted")
    if where is not None:
        waiting = waiting.filter(authority__in=where)
    came_in = with_names(waiting).annotate(came_at=Max("submissions__submitted_at"), n=Max("submissions__number"))
    for one in came_in.filter(came_at__date__gte=since - LONGEST).order_by("came_at", "pk"):
        submitted_on = timezone.localdate(one.came_at)
        if since <= (last := due_day(submitted_on, calendar)) <= until:
            yield _due(one, submitted_on, last)


def _due(one: Rectification, submitted_on: date, last: date) -> Due:
    address = reverse("office_rectification", args=[one.pk])
    number: int = one.n  # type: ignore[attr-defined]
    return Due(
        about=f"submission:{one.pk}:{number}",
        due_on=last,
        what=t(
            "Look at the report: {x}, {c}",
            "验收整改报告：{x}，{c}",
            x=head_of(one.institution).name,
            c=one.finding.code,
        ),
        why=t("It came in on {d}.", "报告于 {d} 提交。", d=submitted_on.isoformat()),
        address=address,
        verb=t("Look and judge", "查看并验收"),
        whose=one.authority.name,
        holder=HoldersAt(one.authority_id, (Post.REGULATOR,)),
        superior=HoldersAt(one.authority_id, (Post.INTEGRITY_OFFICER,)),
        superior_address=address,
    )


VERIFICATION = Clock(
    kind="verification",
    name=t("Verification of a rectification", "整改验收"),
    basis=t(
        "SAMR 2023 No. 21, 4.5: five working days, as for the team leader of an assessment; then the integrity officer is told.",
        "参照市场监管总局 2023 年第 21 号公告 4.5 对评审组长的要求：5 个工作日内验收；逾期提请纪检监察人员关注。",
    ),
    offsets=(2, 0, -1),
    escalate_after=1,
    find=find,
)
