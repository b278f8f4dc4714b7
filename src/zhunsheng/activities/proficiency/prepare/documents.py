"""Files of preparation: the table to fill in, what is known about the items, who receives which variant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from zhunsheng.activities.proficiency.models import RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.prepare.queries import Respect, name_of
from zhunsheng.activities.proficiency.prepare.rules.reading import GROUP, ITEM, MEASURAND, UNIT, replicate_heading
from zhunsheng.activities.proficiency.prepare.rules.telling import shown
from zhunsheng.activities.proficiency.prepare.states import KINDS, OUTCOMES, Kind
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import CellValue, FormColumn, write_csv, write_form

UNITS = 10
REPLICATES = 2


def template(kind: Kind, measurands: Sequence[RoundMeasurand], form: str) -> bytes:
    """The table to fill in: its units are numbered, its columns of results are empty; more of both may be added."""
    header, rows = [str(one) for one in _heads(kind)], list(_lines(kind, measurands))
    if form == "csv":
        return write_csv(header, rows)
    columns = [FormColumn(head, required=head == str(UNIT)) for head in header]
    lines = [[str(t("How to fill it in", "填写说明"))], *([str(line)] for line in _explained(kind))]
    return write_form(
        str(KINDS[kind]), columns, rows=rows, explanation=(str(t("Explanation", "说明")), lines), label={"form": kind}
    )


def _heads(kind: Kind) -> list[Text]:
    group = [GROUP] if kind == "stability" else []
    return [ITEM, MEASURAND, *group, UNIT, *(replicate_heading(n + 1) for n in range(REPLICATES))]


def _lines(kind: Kind, measurands: Sequence[RoundMeasurand]) -> Iterator[list[CellValue]]:
    blank: list[CellValue] = [""] * REPLICATES
    for one in measurands:
        if kind == "homogeneity":
            for n in range(1, UNITS + 1):
                yield [one.item, str(name_of(one)), str(n), *blank]
            continue
        for group in ("1", "2"):
            for n in range(1, 4):
                yield [one.item, str(name_of(one)), group, str(n), *blank]


def _explained(kind: Kind) -> Iterator[Text]:
    yield t("One row a unit of an item and measurand; add rows and columns “Replicate 3” … as needed.",
            "每个样品、被测量的每个单元占一行；可按需要增加行和“重复 3”等列。")  # fmt: skip
    yield t("Results in the unit of the measurand, as measured; empty rows are left out.",
            "按被测量的单位填写检测结果原值；空行不计。")  # fmt: skip
    if kind == "stability":
        yield t("Two groups or days are compared. With the second group only, it is compared with the homogeneity results.",
                "比较两组（或两个日期）的结果；只填第二组时，与均匀性检验结果比较。")  # fmt: skip


OVERVIEW: tuple[Text, ...] = (
    ITEM, MEASURAND, t("Unit of measurement", "单位"), t("Study", "检验"), t("Verdict", "判定"),
    t("Waived because", "豁免理由"), t("σ_pt used", "所用 σ_pt"), t("n", "n"), t("s_s or difference", "s_s 或差值"),
    t("Limit", "限值"), t("Standard uncertainty", "标准不确定度"), t("Method", "方法"), t("Engine", "计算引擎"),
    t("Judged at", "判定时间"),
)  # fmt: skip


def overview_rows(rows: Iterable[Mapping[Kind, Respect]]) -> Iterator[list[CellValue]]:
    """Every measurand in every respect, with the figures of its verdict."""
    for row in rows:
        for kind, one in row.items():
            head: list[CellValue] = [
                one.measurand.item,
                str(name_of(one.measurand)),
                one.measurand.unit,
                str(KINDS[kind]),
            ]
            waived = one.waiver.reason if one.waiver else ""
            verdict = one.verdict
            if verdict is None:
                yield [*head, str(t("no results", "尚无结果")), waived, *[""] * 8]
                continue
            names = ("s_s", "limit", "u_hom") if kind == "homogeneity" else ("difference", "criterion", "u_stab")
            yield [
                *head, str(OUTCOMES[verdict.outcome]), waived, verdict.sigma, verdict.n,
                *(shown(verdict.figures, name) for name in names), verdict.method, verdict.engine,
                verdict.made_at.isoformat(timespec="seconds"),
            ]  # fmt: skip


def variant_heads(items: Sequence[Item]) -> list[Text]:
    """Headings of the list of variants."""
    return [t("Code", "代码"), *(t("Variant of {c}", "{c} 变体", c=one.code) for one in items)]


def variant_row(code: str, items: Sequence[Item], has: Mapping[UUID, int]) -> list[CellValue]:
    """One participant with the variant of each item."""
    return [code, *(has.get(one.pk) or "" for one in items)]
