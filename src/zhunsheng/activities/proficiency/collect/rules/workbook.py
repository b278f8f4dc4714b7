"""The workbook of one laboratory: what stands in it, and what an uploaded one says differently, cell by cell. Pure.

Row 1 (hidden) says whose it is: kind, round, code, version, digest over all that is locked. Row 2 holds the headings. Column A
(hidden) holds the key of each row.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zhunsheng.activities.proficiency.collect.rules.checking import Asked
from zhunsheng.activities.proficiency.collect.rules.given import (
    LABELS,
    LONGEST,
    Given,
    Key,
    ResultsRefused,
    check_given,
    given_of,
)
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.spreadsheets import BadFile, Fault, Row, Table, column_letters

KIND = "zhunsheng-results-1"
LOCKED: tuple[Text, ...] = (
    t("Key", "行标识"), t("Item", "样品"), t("Measurand", "被测量"), t("Unit", "单位"), t("Step", "修约间隔"), t("Replicate", "平行号"),
)  # fmt: skip
HEADINGS = (*LOCKED, *(LABELS[name] for name in LONGEST))
FIRST_ROW = 3


@dataclass(frozen=True, slots=True)
class Label:
    """Whose workbook it is."""

    round: str
    code: str
    version: int
    digest: str

    @property
    def cells(self) -> tuple[str, ...]:
        return KIND, self.round, self.code, str(self.version), self.digest


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that says something else than what stands."""

    ref: str
    key: Key
    field: str
    stands: str
    new: str


@dataclass(slots=True)
class Uploaded:
    """What a workbook says: rows to be kept, their differences, and everything in it that is not taken over, with the reason."""

    given: list[Given] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    left: list[Fault] = field(default_factory=list)
    version: int = 0


def locked_of(asked: Asked, replicate: int) -> tuple[str, ...]:
    """The cells of a row that are not for the laboratory to change."""
    return f"{asked.measurand}-{replicate}", asked.item, asked.name, asked.unit, asked.step, str(replicate)


def label_of(round_id: str, code: str, version: int, locked: Sequence[Sequence[str]]) -> Label:
    digest = hashlib.sha256(canonical_json([round_id, code, [list(one) for one in locked]])).hexdigest()
    return Label(round_id, code, version, digest)


def read_workbook(
    table: Table, expected: Label, asked: Sequence[Asked], standing: Mapping[Key, Given], replicates: int
) -> Uploaded:  # fmt: skip
    """Read an uploaded workbook. Raises BadFile where it is none, or that of another laboratory or round."""
    _check_label(table, expected)
    rows = {locked_of(one, r)[0]: locked_of(one, r) for one in asked for r in range(1, replicates + 1)}
    found = Uploaded(version=int(table.header[3].text) if table.header[3].text.isdecimal() else 0)
    _check_headings(table, found)
    seen = set[str]()
    for row in table.rows[1:]:
        _read_row(table, row, rows, standing, found, seen)
    missing = [rows[key] for key in rows if key not in seen and _key(key) in standing]
    gone = t("The row {k} is missing; what stands there stays.", "缺少行“{k}”，其现有内容保留。")
    found.left += [_fault(table, None, None, gone.with_(k=_words(one))) for one in missing]
    unread = t("The sheet “{s}” was not read.", "未读取工作表“{s}”。")
    found.left += [_fault(table, None, None, unread.with_(s=name)) for name in table.other_sheets]
    return found


def _check_label(table: Table, expected: Label) -> None:
    cells = [cell.text.strip() for cell in table.header[:5]]
    if len(cells) < 5 or cells[0] != KIND:
        said = t("This is not the workbook that was downloaded here. Download it, fill it in and upload it again.",
                 "这不是从本页下载的工作簿。请下载后填写，再上传。")  # fmt: skip
    elif cells[1] != expected.round:
        said = t("This workbook belongs to another round. Upload that of {c} in this round.",
                 "该工作簿属于其他轮次，请上传本轮次（代码 {c}）的工作簿。", c=expected.code)  # fmt: skip
    elif cells[2] != expected.code:
        said = t("This workbook belongs to another laboratory of the round. Upload your own, {c}.",
                 "该工作簿属于本轮次的其他实验室，请上传本实验室（代码 {c}）的工作簿。", c=expected.code)  # fmt: skip
    else:
        return
    raise BadFile([_fault(table, 1, 0, said)])


def _check_headings(table: Table, found: Uploaded) -> None:
    """Headings may be in either language; one that was changed, or a column that was added, is named."""
    texts = table.rows[0].texts if table.rows else []
    for index, text in enumerate(texts):
        known = (HEADINGS[index].en, HEADINGS[index].zh) if index < len(HEADINGS) else ()
        if text.strip() and text.strip() not in known:
            said = t("“{x}” is no heading of this workbook.", "“{x}”不是本工作簿的表头。", x=text.strip()[:60])
            found.left.append(_fault(table, table.rows[0].number, index, said))


def _read_row(
    table: Table, row: Row, rows: Mapping[str, tuple[str, ...]], standing: Mapping[Key, Given], found: Uploaded, seen: set[str]
) -> None:  # fmt: skip
    texts = [*row.texts, *[""] * (len(HEADINGS) - len(row.texts))]
    key = texts[0].strip()
    if key not in rows or key in seen:
        _unknown(table, row, found)
        return
    seen.add(key)
    _changed_locks(table, row, texts, rows[key], found)
    _beyond(table, row, found)
    measurand, replicate = _key(key)
    said = dict(zip(LONGEST, texts[len(LOCKED) : len(HEADINGS)], strict=True))
    given = given_of(measurand, replicate, said)
    if _damaged(table, row, found) or _refused(table, row, given, found):
        return
    stands = standing.get((measurand, replicate)) or Given(measurand, replicate)
    differing = [
        Difference(
            f"{column_letters(len(LOCKED) + at)}{row.number}", given.key, name, stands.said[name], given.said[name]
        )
        for at, name in enumerate(LONGEST)
        if given.said[name] != stands.said[name]
    ]
    if differing:
        found.given.append(given)
        found.differences += differing


def _unknown(table: Table, row: Row, found: Uploaded) -> None:
    """A row that the table does not have: named with what is in it."""
    if said := " | ".join(text.strip() for text in row.texts if text.strip()):
        message = t(
            "This row is none of the table and was not taken over: {x}", "该行不在表中，未采用：{x}", x=said[:200]
        )
        found.left.append(_fault(table, row.number, None, message))


def _changed_locks(table: Table, row: Row, texts: Sequence[str], locked: Sequence[str], found: Uploaded) -> None:
    for index, (is_, was) in enumerate(zip(texts, locked, strict=False)):
        if is_.strip() != was.strip():
            said = t("This cell is locked; it said “{a}” and says “{b}”. The change is not taken over.",
                     "该单元格已锁定，原为“{a}”，现为“{b}”，改动未采用。", a=was, b=is_.strip()[:60])  # fmt: skip
            found.left.append(_fault(table, row.number, index, said))


def _beyond(table: Table, row: Row, found: Uploaded) -> None:
    for index, text in enumerate(row.texts[len(HEADINGS) :], start=len(HEADINGS)):
        if text.strip():
            said = t(
                "“{x}” stands beside the table and was not taken over.", "“{x}”位于表外，未采用。", x=text.strip()[:60]
            )
            found.left.append(_fault(table, row.number, index, said))


def _damaged(table: Table, row: Row, found: Uploaded) -> bool:
    """Cells that hold an error, and formulas: whether the value of one is what was meant nobody can tell."""
    bad = {**table.formulas, **table.damaged}
    faults = [
        _fault(table, row.number, index, said) for (number, index), said in sorted(bad.items()) if number == row.number
    ]
    found.left += faults
    return bool(faults)


def _refused(table: Table, row: Row, given: Given, found: Uploaded) -> bool:
    try:
        check_given(given)
    except ResultsRefused as refusal:
        index = len(LOCKED) + tuple(LONGEST).index(refusal.field) if refusal.field in LONGEST else None
        found.left.append(_fault(table, row.number, index, refusal.reason))
        return True
    return False


def _key(key: str) -> Key:
    measurand, replicate = key.split("-")
    return int(measurand), int(replicate)


def _words(locked: Sequence[str]) -> str:
    return f"{locked[1]} {locked[2]} ({locked[5]})"


def _fault(table: Table, row: int | None, index: int | None, message: Text) -> Fault:
    column = column_letters(index) if index is not None and row is not None else None
    return Fault(table.file, table.sheet, row, column, message)
