"""Risk classes A to D from a file, each with its reason; a class that was wrong is superseded, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.foundation.imports.comparing import key_of
from zhunsheng.foundation.imports.register import KEEPER, Checked, Context, Given, Operation
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.journal.append_only import uncorrected
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder, within_reach
from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.institutions.states import Letter

COLUMNS: tuple[Column, ...] = (
    *INSTITUTION_COLUMNS,
    Column(
        "letter", t("Class", "信用风险等级"), Kind.CHOICE, choices={one.value: t("{x}", "{x}", x=one.value) for one in Letter},
        required=True, width=14, aliases=("风险等级", "等级", "分类"),
    ),
    Column("valid_from", t("From", "起始日期"), Kind.DATE, required=True, width=14, lies=Lies.SOON, aliases=("生效日期",)),
    Column("valid_to", t("To", "截止日期"), Kind.DATE, width=14),
    Column("reason", t("Reason for the class", "分类理由"), required=True, width=50, longest=2000, aliases=("理由",)),
    Column("source", t("Source", "依据"), width=32, longest=200, explanation=t("Else the name of the file.", "不填则以文件名代替。")),
)  # fmt: skip


class RiskClasses:
    """The risk classes, for files: an institution has one from a day on."""

    key = "risk"
    name = t("Risk classes", "信用风险分类")
    columns = COLUMNS
    models: tuple[str, ...] = ()
    open_to = frozenset({KEEPER})
    secret: frozenset[str] = frozenset()
    same = (Same("institutions.RiskClass", ("institution_id", "valid_from")),)

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        finder, checked = Finder(rows, context), [Checked(key_of("row", row.row)) for row in rows]
        found = [finder.of(row, one) for row, one in zip(rows, checked, strict=True)]
        wanted = {one.pk for one in found if one}
        standing = {
            (one.institution_id, one.valid_from.isoformat()): one
            for one in RiskClass.objects.filter(uncorrected(RiskClass), institution__in=wanted)
        }
        for row, one, institution in zip(rows, checked, found, strict=True):
            if institution is not None:
                enter(one, row, institution, standing.get((institution.pk, row.text("valid_from"))), context)
        return checked

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        mine = Institution.objects.filter(within_reach(context))
        found = RiskClass.objects.filter(uncorrected(RiskClass), institution__in=mine).select_related("institution")
        for one in found.order_by("institution", "valid_from", "pk").iterator(chunk_size=2000):
            yield [one.institution.uscc, one.institution.name_zh, one.letter, one.valid_from.isoformat(),
                   one.valid_to.isoformat() if one.valid_to else None, one.reason, one.source]  # fmt: skip


def enter(checked: Checked, row: Given, institution: Institution, held: RiskClass | None, context: Context) -> None:
    """Enter a class, or supersede the one of that day where anything differs."""
    letter, first, last, reason = row["letter"], row.text("valid_from"), row["valid_to"], row.text("reason")
    checked.key = key_of("risk", institution.pk, first)
    checked.label = str(institution.name)
    if last and last < first:
        checked.fault("valid_to", t("lies before the first day.", "早于起始日期。"))
    if held and (held.letter, held.reason, held.valid_to.isoformat() if held.valid_to else None) == (
        letter,
        reason,
        last,
    ):
        return
    values: dict[str, Any] = {
        "institution_id": str(institution.pk), "letter": letter, "valid_from": first, "valid_to": last, "reason": reason,
        "source": row["source"] or context.source, "supersedes_id": held.pk if held else None,
        "recorded_at": context.at.isoformat(),
        "published_at": held.published_at.isoformat() if held and held.published_at else None,
    }  # fmt: skip
    checked.operations.append(Operation("late", "institutions.RiskClass", values=values))
    if held:
        checked.changes += [("letter", held.letter, str(letter)), ("reason", held.reason, reason)]
