"""The clock of stock-takings: an institution confirms its entry by the day that its authority set."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.urls import reverse

from zhunsheng.faces.clocks.who import AuthorityOver, HoldersAt
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.messages.rules import Clock, Due
from zhunsheng.registry.institutions.queries import head_of, heads_of
from zhunsheng.registry.people.states import Post
from zhunsheng.registry.stocktaking.queries import of_family, standing_returns


def find(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Returns of open stock-takings that wait for their institution and are due in the period."""
    waiting = standing_returns().filter(
        state__in=("waiting", "returned"), stocktaking__state="open", stocktaking__due_on__gte=since,
        stocktaking__due_on__lte=until,
    )  # fmt: skip
    if where is not None:
        waiting = waiting.filter(of_family(set(heads_of(where).values())))
    for one in waiting.select_related("stocktaking", "institution__merged_into").order_by("stocktaking__due_on", "pk"):
        yield Due(
            about=f"return:{one.pk}",
            due_on=one.stocktaking.due_on,
            what=t("Confirm our entry: {x}", "确认本机构登记信息：{x}", x=one.stocktaking.title),
            why=t("Given back: {r}", "已退回：{r}", r=one.reason)
            if one.state == "returned"
            else t("The authority takes stock and asks for it.", "监管部门正在摸底，请核对并确认。"),
            address=reverse("workspace_return", args=[one.pk]),
            verb=t("Look and confirm", "核对并确认"),
            whose=head_of(one.institution).name,
            holder=HoldersAt(head_of(one.institution).pk, (Post.QUALITY_MANAGER, Post.INSTITUTION_ADMIN)),
            superior=AuthorityOver(one.institution.region_code),
            superior_address=reverse("office_stocktaking", args=[one.stocktaking_id]),
            together=f"stocktaking:{one.stocktaking_id}",
        )


STOCKTAKING = Clock(
    kind="stocktaking",
    name=t("Confirmation of the register entry", "登记信息确认"),
    basis=t("The day set by the authority that takes stock.", "由开展摸底的监管部门确定的截止日期。"),
    offsets=(10, 5, 2, 0, -1, -3),
    escalate_after=1,
    find=find,
)
