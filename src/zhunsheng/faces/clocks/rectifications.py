"""The clock of rectification: an institution puts a finding right and reports by the day of the decision."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.urls import reverse

from zhunsheng.activities.campaigns.rectification.models import Rectification
from zhunsheng.activities.campaigns.rectification.queries import WAITS_FOR_INSTITUTION, with_names
from zhunsheng.faces.clocks.who import HoldersAt
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.messages.rules import Clock, Due
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.states import Post


def find(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Rectifications that wait for their institution and are due in the period."""
    waiting = Rectification.objects.filter(state__in=WAITS_FOR_INSTITUTION, due_on__gte=since, due_on__lte=until)
    if where is not None:
        waiting = waiting.filter(institution__in=where)
    for one in with_names(waiting).order_by("due_on", "pk"):
        institution = head_of(one.institution)
        yield Due(
            about=f"rectification:{one.pk}",
            due_on=one.due_on,
            what=t("Put right: {c}", "整改：{c}", c=one.finding.code),
            why=t("Given back: do it again.", "已退回，请重新整改。")
            if one.state == "returned"
            else t("Decision {n} after an inspection.", "检查处理决定 {n}。", n=one.disposition.number),
            address=reverse("workspace_rectification", args=[one.pk]),
            verb=t("Report", "提交整改报告"),
            whose=institution.name,
            holder=HoldersAt(institution.pk, (Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.INSTITUTION_ADMIN)),
            superior=HoldersAt(one.authority_id, (Post.REGULATOR,)),
            superior_address=reverse("office_rectification", args=[one.pk]),
        )


RECTIFICATION = Clock(
    kind="rectification",
    name=t("Rectification after an inspection", "检查问题整改"),
    basis=t(
        "The day of the decision, else 30 working days as in SAMR 2023 No. 21, 4.5.",
        "处理决定确定的期限；未确定的，参照市场监管总局 2023 年第 21 号公告 4.5，为 30 个工作日。",
    ),
    offsets=(10, 5, 2, 0, -1),
    escalate_after=1,
    find=find,
)
