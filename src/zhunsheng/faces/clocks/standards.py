"""The clock of standards: before an edition stops being current, verify the method by the new one and file the change."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from zhunsheng.faces.clocks.who import HoldersAt
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.messages.rules import Clock, Due
from zhunsheng.registry.catalogue.models import StandardState
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.states import Post
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.watch import touched_institutions


def find(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Editions that stop being current in the period, for each institution whose lines still name them."""
    lines = ScopeLine.objects.all() if where is None else ScopeLine.objects.filter(institution__in=where)
    before = since - timedelta(days=1)
    for change, institution, n in touched_institutions(lines, after=before, until=until, on=on, known_on=on):
        yield _due(change.after, institution, n)


def _due(row: StandardState, institution: Institution, n: int) -> Due:
    new = row.replacement
    return Due(
        about=f"standard:{row.standard_id}@{institution.pk}",
        due_on=row.valid_from,
        what=t("File the change from {a} to {b}", "办理标准变更：{a} 改为 {b}", a=row.standard.number, b=new.number)
        if new
        else t("{a} ends without a successor", "{a} 废止且无代替标准", a=row.standard.number),
        why=t("Lines of our scope that name it: {n}.", "本室能力范围涉及项目：{n} 个。", n=n),
        address=reverse("workspace_watch"),
        verb=t("See what to do", "查看应办事项"),
        whose=institution.name,
        holder=HoldersAt(institution.pk, (Post.TECHNICAL_MANAGER, Post.QUALITY_MANAGER, Post.INSTITUTION_ADMIN)),
    )


STANDARD = Clock(
    kind="standard",
    name=t("Change of a standard", "标准变更"),
    basis=t(
        "Order 163, art. 14 (4): a change of standard is filed; until then the new edition is outside the scope.",
        "《检验检测机构资质认定管理办法》（第 163 号令）第十四条第（四）项：标准变更应办理变更手续；办理之前，新版本不在能力范围内。",
    ),
    offsets=(60, 20, 5, 0, -1),
    escalate_after=None,
    find=find,
)
