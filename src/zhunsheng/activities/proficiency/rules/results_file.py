"""A file of reported results, read row by row: either every value is understood or every fault is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from zhunsheng.activities.proficiency.rules import results_messages as messages
from zhunsheng.activities.proficiency.rules.names import clean
from zhunsheng.activities.proficiency.rules.names import same as same
from zhunsheng.activities.proficiency.rules.replicates import LaboratoryResult, ReportedRow, combine
from zhunsheng.activities.proficiency.rules.reported_spreads import positive_number
from zhunsheng.activities.proficiency.rules.reported_values import (
    ReadValue,
    has_decimal_comma,
    may_be_thousands,
    read_value,
)
from zhunsheng.activities.proficiency.rules.results_columns import FIELDS, Columns, recognise
from zhunsheng.activities.proficiency.rules.summary_rows import looks_like_a_summary, summary_rows
from zhunsheng.activities.proficiency.rules.uncertainty_heading import other_unit, read_bracket
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.spreadsheets import LIMITS, BadFile, Fault, Row, Table, column_letters, read_table

MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is listed but not scored."""

    row: int
    laboratory: str
    result: str
    code: str

    @property
    def reason(self) -> Text:
        return messages.REASONS[self.code]


@dataclass(slots=True)
class MeasurandResults:
    """All that was reported for one measurand in one item, in the order of the file."""

    measurand: str | None
    item: str | None
    unit: str | None
    results: list[LaboratoryResult] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def name(self) -> str:
        """For sentences: measurand and item, as far as given."""
        return " · ".join(part for part in (self.measurand, self.item) if part)


@dataclass(slots=True)
class ResultsFile:
    """A results file that was understood; `notes` say what a careful reader must be told about the reading."""

    file: str
    sheet: str
    sha256: str
    measurands: list[MeasurandResults]
    notes: list[Text] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_results(
    source: Path | str | bytes, filename: str | None = None, *, read: Callable[..., Table] = read_table
) -> ResultsFile:
    """Read a .csv or .xlsx file with one row a result. Raises BadFile with every fault found (200 at most are listed).

    `read` is who reads the table: for an upload that nobody has looked at, `read_guarded`.
    """
    name = filename or ("?" if isinstance(source, bytes) else Path(source).name)
    data = source if isinstance(source, bytes) else _bytes_of(Path(source))
    table = read(data, filename=name)
    columns = recognise(table)
    _refuse(columns.faults)
    reader = _Reader(table, columns)
    reader.read()
    _refuse(reader.faults)
    sha256 = hashlib.sha256(data).hexdigest()
    return ResultsFile(name, table.sheet, sha256, [g.resolved() for g in reader.groups.values()], reader.notes())


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(LIMITS.file_bytes + 1)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        ordered = sorted(faults, key=lambda fault: fault.row or 0)
        raise BadFile(ordered[:MOST_FAULTS], total=len(ordered))


@dataclass(slots=True)
class _Laboratory:
    name: str
    code: str | None
    reported: list[ReportedRow] = field(default_factory=list)
    limits: list[LeftOut] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """The rows of one measurand and item while they are being read."""

    measurand: str | None
    item: str | None
    unit: str | None = None
    unit_row: int = 0
    laboratories: dict[str, _Laboratory] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def resolved(self) -> MeasurandResults:
        done = MeasurandResults(self.measurand, self.item, self.unit, left_out=self.left_out)
        for laboratory in self.laboratories.values():
            if laboratory.reported and not laboratory.limits:
                done.results.append(combine(laboratory.name, laboratory.code, laboratory.reported))
            else:
                rows = [LeftOut(r.row, laboratory.name, r.result, "censored_replicate") for r in laboratory.reported]
                done.left_out += laboratory.limits + rows
        done.left_out.sort(key=lambda left: left.row)
        return done


class _Reader:
    """One pass over the rows."""

    def __init__(self, table: Table, columns: Columns) -> None:
        self.table, self.columns = table, columns
        self.groups: dict[tuple[str, str], _Group] = {}
        self.faults: list[Fault] = []
        self.changed: list[int] = []
        self.laboratories: set[str] = set()
        self.summaries: list[tuple[int, str]] = []
        self.unitless = 0
        self._width = len(table.header)
        self._untitled = [i for i, cell in enumerate(table.header) if not cell.text.strip()]
        self.comma_row = 0
        self._at = {name: columns.place(name) for name in FIELDS}
        self._heading = read_bracket(columns.brackets.get("uncertainty", ""))

    def read(self) -> None:
        for row in self.table.rows:
            self._row(row)
        self._refuse_other_heading()
        if self.comma_row:
            self._refuse_points_beside_commas()
        self._refuse_too_little()

    def notes(self) -> list[Text]:
        """What a careful reader must be told about the reading."""
        has_units = any(group.unit for group in self.groups.values())
        told = [
            (bool(self.summaries), lambda: summary_rows(self.summaries)),
            (bool(self.changed), lambda: messages.changed_notation(self.changed)),
            (bool(self.unitless and has_units), lambda: messages.without_unit(self.unitless)),
            (bool(self.columns.unread), lambda: messages.unread_columns(self.columns.unread)),
            (bool(self.table.other_sheets), lambda: messages.unread_sheets(self.table.other_sheets)),
        ]
        return [sentence() for applies, sentence in told if applies]

    def _refuse_other_heading(self) -> None:
        """The uncertainties are taken in the unit of the results, so the heading must not say otherwise."""
        wrong, unit = self._heading.message, self._heading.unit
        if wrong is None and unit is not None:
            units = [group.unit for group in self.groups.values()]
            wrong = next((other_unit(unit, of) for of in units if same(of or "") != same(unit)), None)
        if wrong is not None:
            cell = self.table.header[self._at["uncertainty"]]
            self.faults.append(Fault(self.table.file, self.table.sheet, cell.row, cell.column, wrong))

    def _text(self, row: Row, name: str) -> str:
        index = self._at[name]
        return row.texts[index] if 0 <= index < len(row.texts) else ""

    def _optional(self, row: Row, name: str) -> str | None:
        text = self._text(row, name)
        return (clean(text) or None) if text else None

    def _fault(self, row: Row, name: str, message: Text) -> None:
        index = self._at[name]
        column = column_letters(index) if index >= 0 else None
        self.faults.append(Fault(self.table.file, self.table.sheet, row.number, column, message))

    def _row(self, row: Row) -> None:
        if self.table.damaged and self._is_damaged(row):
            return
        if (self._untitled or len(row.texts) > self._width) and self._spills(row):
            return
        name = clean(self._text(row, "laboratory"))
        if not name:
            if any(self._text(row, f).strip() for f in ("result", "uncertainty", "measurand")):
                self._fault(row, "laboratory", messages.NO_LABORATORY)
            return
        self.laboratories.add(same(name))
        if looks_like_a_summary(name):
            self.summaries.append((row.number, name))
        group = self._group(row)
        if group is not None:
            self._result(row, name, group)

    def _spills(self, row: Row) -> bool:
        """Text under no heading: in a .csv file most often a decimal comma that split a number."""
        untitled = [*self._untitled, *range(self._width, len(row.texts))]
        beyond = next((i for i in untitled if i < len(row.texts) and row.texts[i].strip()), None)
        if beyond is None:
            return False
        message = messages.under_no_heading(row.texts[beyond].strip()[:60])
        self.faults.append(Fault(self.table.file, self.table.sheet, row.number, column_letters(beyond), message))
        return True

    def _is_damaged(self, row: Row) -> bool:
        found = False
        for name, index in self._at.items():
            trouble = self.table.damaged.get((row.number, index))
            if trouble:
                found = True
                self._fault(row, name, messages.cell_is(FIELDS[name], trouble))
        return found

    def _group(self, row: Row) -> _Group | None:
        measurand, item = self._optional(row, "measurand"), self._optional(row, "item")
        if measurand is None and self._at["measurand"] >= 0:
            self._fault(row, "measurand", messages.NO_MEASURAND)
            return None
        key = (same(measurand or ""), same(item or ""))
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = _Group(measurand, item)
        self._check_unit(row, group)
        return group

    def _check_unit(self, row: Row, group: _Group) -> None:
        unit = self._optional(row, "unit") or clean(self.columns.brackets.get("result", "")) or None
        if unit is None:
            self.unitless += 1
        elif group.unit is None:
            group.unit, group.unit_row = unit, row.number
        elif unit is not group.unit and same(unit) != same(group.unit):
            self._fault(row, "unit", messages.other_unit(unit, group.unit, group.unit_row))

    def _result(self, row: Row, name: str, group: _Group) -> None:
        text = self._text(row, "result")
        value = read_value(text)
        uncertainty, k = self._spread(row, "uncertainty"), self._spread(row, "k")
        if value.kind == "bad":
            self._fault(row, "result", value.message or messages.NO_LABORATORY)
        elif value.kind == "blank":
            group.left_out.append(LeftOut(row.number, name, text, "no_result"))
        else:
            self._keep(row, group, name, text, value, uncertainty, k)

    def _keep(
        self, row: Row, group: _Group, name: str, text: str, value: ReadValue,
        uncertainty: tuple[str, str] | None, k: tuple[str, str] | None,
    ) -> None:  # fmt: skip
        key = same(name)
        laboratory = group.laboratories.get(key)
        if laboratory is None:
            laboratory = group.laboratories[key] = _Laboratory(name, self._optional(row, "code"))
        if value.kind != "number":
            code = "not_detected" if value.kind == "not_detected" else "censored"
            laboratory.limits.append(LeftOut(row.number, laboratory.name, text, code))
            return
        if value.changed:
            self.changed.append(row.number)
            self.comma_row = self.comma_row or (row.number if has_decimal_comma(text) else 0)
        if k is None and uncertainty is not None:
            k = self._heading.k
        method = self._optional(row, "method")
        U_text, U_number = uncertainty or (None, None)
        k_text, k_number = k or (None, None)
        laboratory.reported.append(
            ReportedRow(row.number, text, value.number, U_text, U_number, k_text, k_number, method)
        )

    def _spread(self, row: Row, name: str) -> tuple[str, str] | None:
        """An uncertainty or a coverage factor as (text, plain number); a fault where it is not a positive number."""
        text = self._text(row, name)
        if not text:
            return None
        number, message = positive_number(text, name)
        if message is not None:
            self._fault(row, name, message)
        return None if number is None else (text, number)

    def _refuse_points_beside_commas(self) -> None:
        """Where the file writes decimal commas, 1.234 may well be one thousand two hundred and thirty-four."""
        index = self._at["result"]
        for row in self.table.rows:
            text = row.texts[index] if index < len(row.texts) else ""
            if may_be_thousands(text):
                self._fault(row, "result", messages.point_beside_comma(text.strip(), self.comma_row))

    def _refuse_too_little(self) -> None:
        if self.faults:
            return
        if not self.groups:
            self.faults.append(
                Fault(self.table.file, self.table.sheet, self.table.header[0].row + 1, None, messages.NO_ROWS)
            )
        elif len(self.laboratories) == 1:
            self._fault(self.table.rows[0], "laboratory", messages.ONE_LABORATORY)
