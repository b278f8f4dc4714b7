"""Draws and officers as files, with the rows that the pages show."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from zhunsheng.activities.campaigns.draw.models import Draw
from zhunsheng.activities.campaigns.draw.queries import Inspector
from zhunsheng.activities.campaigns.draw.rules.teams import RECUSALS
from zhunsheng.activities.campaigns.draw.states import DRAW
from zhunsheng.faces.exports import WHOLE, table_file
from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.catalogue.fields import field_name

DRAWS: tuple[Text, ...] = (
    t("Name", "名称"), t("Promised", "承诺"), t("Day of the value", "随机值公布日期"), t("State", "状态"),
    t("List, SHA-256", "名单 SHA-256"),
)  # fmt: skip
OFFICERS: tuple[Text, ...] = (t("Name", "姓名"), t("Fields", "可检领域"), t("Not sent to", "回避机构"))


def draws_file(kind: str, found: QuerySet[Draw]) -> HttpResponse:
    """The draws shown, with the hash of the frozen list of each."""
    rows: Iterator[list[CellValue]] = (
        [
            str(one.title), f"{timezone.localtime(one.committed_at):%Y-%m-%d %H:%M}", one.beacon_on.isoformat(),
            str(DRAW.states[one.state].name), one.frozen.sha256,
        ]
        for one in found.select_related("frozen").iterator(chunk_size=500)
    )  # fmt: skip
    return table_file(kind, "draws", t("Draws", "双随机抽取"), DRAWS, rows, widths=[50, 18, 16, 24, 68], most=WHOLE)


def officers_file(kind: str, found: Sequence[Inspector], named: Mapping[UUID, Text]) -> HttpResponse:
    """The officers shown, with the fields of each and where a recusal holds."""
    rows: Iterator[list[CellValue]] = (
        [
            one.person.name, str(join((field_name(code) for code in sorted(one.fields)), en=", ", zh="、")),
            str(join((_recused(named[where], why) for where, why in one.recused.items()), en="; ", zh="；")),
        ]
        for one in found
    )  # fmt: skip
    return table_file(kind, "officers", t("Officers", "检查人员"), OFFICERS, rows, widths=[20, 50, 80], most=WHOLE)


def _recused(where: Text, why: frozenset[str]) -> Text:
    return t("{x} ({w})", "{x}（{w}）", x=where, w=join((RECUSALS[one] for one in sorted(why)), en=", ", zh="、"))
