"""The clock of lived rules: the records that a management system must show are made and entered by their day."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.urls import reverse

from zhunsheng.faces.clocks.who import AuthorityOver, HoldersAt
from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.messages.rules import Clock
from zhunsheng.foundation.messages.rules import Due as Told
from zhunsheng.registry.management.queries.lacking import Lacking, lacking
from zhunsheng.registry.management.queries.requirements import requirements
from zhunsheng.registry.management.rules.requirements import Due, due_in
from zhunsheng.registry.people.states import Post

SEE = t("See what is missing", "查看缺失的记录")


def find(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Told]:
    """Records not made that are due in the period: one thing for all of a laboratory that are due on one day."""
    years = range(since.year - 1, until.year + 1)  # an annual report is due in the year after its own
    every = (due for year in years for due in due_in(requirements().values(), year, calendar.on_or_after))
    dues = sorted((due for due in every if since <= due.due_on <= until), key=attrgetter("due_on", "opens_on"))
    for one in lacking(dues, on, where=where):
        for _, some in groupby(one.dues, key=attrgetter("due_on", "opens_on")):
            yield _due(one, tuple(some), on)


def _due(one: Lacking, dues: tuple[Due, ...], on: date) -> Told:
    first, same = dues[0], _same_for_all(dues, on)
    return Told(
        about=f"lived_rules:{one.institution}:{same.opens}",
        due_on=first.due_on,
        what=same.what,
        why=same.why,
        address=same.address,
        verb=SEE,
        whose=one.name,
        holder=HoldersAt(one.institution, (Post.QUALITY_MANAGER, Post.INSTITUTION_ADMIN)),
        # Before the days of grace are over it is the laboratory's own affair.
        superior=AuthorityOver(one.region_code) if first.opens_on <= on else None,
        superior_address=same.superior_address,
        together=f"lived_rules:{same.opens}",
    )


@dataclass(frozen=True, slots=True)
class Same:
    """What is said of a group of records, whoever lacks them."""

    what: Text
    why: Text
    opens: str
    address: str
    superior_address: str


@lru_cache(maxsize=64)
def _same_for_all(dues: tuple[Due, ...], on: date) -> Same:
    """Kept, since it is the same for thousands of laboratories: worded for each it would be most of the work."""
    names = join(t("{n} ({p})", "{p}{n}", n=due.requirement.name, p=due.period.words) for due in dues)
    opens, year = dues[0].opens_on, dues[0].period.key[:4]
    return Same(
        t("Make and enter: {x}", "完成并录入：{x}", x=names),
        t("The authority sees it from {d}.", "自 {d} 起监管部门可见。", d=opens.isoformat())
        if on < opens
        else t("The authority sees it since {d}.", "自 {d} 起监管部门已可见。", d=opens.isoformat()),
        opens.isoformat(),
        f"{reverse('workspace_lived')}?year={year}",
        f"{reverse('office_lived')}?year={year}&missing=1",
    )


LIVED_RULES = Clock(
    kind="lived_rules",
    name=t("Records of the management system", "管理体系运行记录"),
    basis=t(
        "Each record has its own rule and day; what is missing is told to the quality manager, and after the days of grace"
        " to the authority, once for all laboratories.",
        "各类记录的依据和期限见“制度落实”页；缺失的记录先提醒质量负责人，宽限期满后才汇总提请监管部门处理。",
    ),
    offsets=(20, 5, 0, -1, -15),
    escalate_after=1,
    find=find,
)
