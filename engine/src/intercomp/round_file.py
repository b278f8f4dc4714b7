"""A file with the results of one round, .csv or .xlsx: read whole, or every fault told with its row."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from intercomp.censored import parse_limits
from intercomp.errors import InputError
from intercomp.inputs import as_scalar

_HEADERS = {
    "laboratory": "laboratory|lab|labcode|laboratorycode|code|participant|laboratoryid|labid|实验室|实验室代码|实验室编号|参加者代码|代码",
    "measurand": "measurand|analyte|parameter|property|被测量|参数|项目|检测项目|分析物",
    "item": "item|sample|material|level|样品|样品编号|物品|材料",
    "unit": "unit|units|单位|计量单位",
    "result": "result|results|value|x|mean|measuredvalue|reportedvalue|结果|测定值|测量结果|检测结果|报告值",
    "U": "uncertainty|expandeduncertainty|ulab|扩展不确定度|不确定度",
    "u": "standarduncertainty|标准不确定度",
    "k": "k|coveragefactor|包含因子",
}
_REPLICATE = re.compile(r"(?:result|value|replicate|rep|x|结果|测定值|重复)(\d+)")
_NOTHING = {"", "-", "–", "—", "n/a", "na", "nd", "n.d.", "not detected", "not tested", "未检出", "未测"}
_LARGEST_FILE = 64 * 2**20


class BadRoundFile(ValueError):
    """A file that cannot be evaluated; `faults` lists every reason with its row."""

    def __init__(self, file: str, faults: list[str]):
        super().__init__("\n".join(f"{file}: {fault}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Reported:
    """One result as reported: the value, or None with the reason it takes no part; U is expanded, u standard."""

    row: int
    laboratory: str
    text: str
    value: float | None
    U: float | None
    u: float | None
    k: float
    left_out: str | None = None


@dataclass(slots=True)
class Measurand:
    """All that was reported for one measurand in one item."""

    name: str
    unit: str
    reported: list[Reported] = field(default_factory=list)

    @property
    def results(self) -> list[Reported]:
        """One a laboratory, in the order of the file: rows of one laboratory are replicates and are averaged."""
        return [_mean(rows) for rows in self.replicates.values()]

    @property
    def replicates(self) -> dict[str, list[Reported]]:
        """The rows that hold a number, by laboratory."""
        rows: dict[str, list[Reported]] = {}
        for one in self.reported:
            if one.value is not None:
                rows.setdefault(one.laboratory, []).append(one)
        return rows

    @property
    def left_out(self) -> list[Reported]:
        return [one for one in self.reported if one.value is None]


def _mean(rows: list[Reported]) -> Reported:
    """Replicates as one result: their mean; its uncertainty the root mean square of theirs, never divided by √m, since what
    replicates of one laboratory share does not average out.
    """
    if len(rows) == 1:
        return rows[0]
    mean = math.fsum(one.value for one in rows if one.value is not None) / len(rows)
    return replace(
        rows[0], text=f"{mean:.6g}", value=mean, U=_root_mean_square(one.U for one in rows),
        u=_root_mean_square(one.u for one in rows),
    )  # fmt: skip


def _root_mean_square(given: Iterable[float | None]) -> float | None:
    known = [one for one in given if one is not None]
    return math.sqrt(math.fsum(one * one for one in known) / len(known)) if known else None


def read_round(path: str | Path) -> list[Measurand]:
    """The measurands of a round, one row a result. Raises BadRoundFile with every fault."""
    source = Path(path)
    header, rows = _table(source)
    columns = _columns(header, source.name)
    groups: dict[tuple[str, str], Measurand] = {}
    faults: list[str] = []
    for number, cells in rows:
        named = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        key = (named.get("measurand", ""), named.get("item", ""))
        group = groups.setdefault(key, Measurand(" · ".join(filter(None, key)), named.get("unit", "")))
        try:
            group.reported.append(_reported(number, named))
        except InputError as error:
            faults.append(f"row {number}: {error}")
    if faults or not groups:
        raise BadRoundFile(source.name, faults or ["there is no result in it; give one row per result"])
    return list(groups.values())


def _reported(row: int, named: dict[str, str]) -> Reported:
    texts = [named[name] for name in named if name == "result" or name.startswith("result ")]
    shown = " / ".join(texts)
    U, u, k = (_number(named.get(name, ""), name) for name in ("U", "u", "k"))
    blank = Reported(row, named.get("laboratory") or f"row {row}", shown, None, U, u, 2.0 if k is None else k)
    if all(text.lower() in _NOTHING for text in texts):
        return replace(blank, left_out="no result")
    if any(parse_limits([text])[1][0] for text in texts):
        return replace(blank, left_out="a limit, not a result")
    values = [as_scalar(text, "result") for text in texts if text.lower() not in _NOTHING]
    return replace(blank, value=sum(values) / len(values))


def _number(text: str, name: str) -> float | None:
    return None if text.lower() in _NOTHING else as_scalar(text, name, positive=True)


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(source: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and every row below it that is not empty with its number in the file."""
    reader = {".csv": _csv_rows, ".txt": _csv_rows, ".tsv": _csv_rows, ".xlsx": _xlsx_rows}.get(source.suffix.lower())
    if reader is None:
        raise BadRoundFile(source.name, [f"{source.suffix or 'no ending'} is not known; give a .csv or .xlsx file"])
    try:
        if source.stat().st_size > _LARGEST_FILE:
            raise BadRoundFile(source.name, ["larger than 64 MiB; split it"])
        content = source.read_bytes()
    except OSError as error:
        raise BadRoundFile(source.name, [f"cannot be read ({error.strerror}); check the path"]) from error
    rows = [(number, row) for number, row in reader(content, source.name) if any(cell.strip() for cell in row)]
    if not rows:
        raise BadRoundFile(source.name, ["it is empty; give a header and one row per result"])
    return rows[0][1], rows[1:]


def _csv_rows(content: bytes, name: str) -> Iterable[tuple[int, list[str]]]:
    text = _decoded(content, name)
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=first.count)
    return enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRoundFile(name, ["neither UTF-8 nor GB 18030; save it as UTF-8"])


def _xlsx_rows(content: bytes, name: str) -> Iterable[tuple[int, list[str]]]:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError as error:
        mend = 'to read .xlsx install the extra: pip install "intercomp[xlsx]", or save the sheet as .csv'
        raise BadRoundFile(name, [mend]) from error
    try:
        sheet: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except Exception as error:  # the reader raises whatever a broken archive makes it raise
        raise BadRoundFile(name, [f"not a workbook ({error}); save it again as .xlsx"]) from error
    return enumerate(([_cell(value) for value in row] for row in sheet), start=1)


def _cell(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _columns(header: list[str], name: str) -> dict[str, int]:
    """Which column holds what; replicates stand under "result 1", "result 2" …"""
    found: dict[str, int] = {}
    for at, title in enumerate(header):
        column = _column(title)
        if column and column in found:
            raise BadRoundFile(name, [f"two columns hold the {column}: rename one of them"])
        if column:
            found[column] = at
    if not any(column.startswith("result") for column in found):
        told = ", ".join(title.strip() or "(blank)" for title in header)
        raise BadRoundFile(name, [f"no column of results among: {told}; name one of them result"])
    return found


def _column(title: str) -> str | None:
    bare = re.sub(r"[(\[（【].*$", "", title.strip())
    if bare.strip() in ("U", "u"):
        return bare.strip()
    letters = re.sub(r"[\s_\-./]+", "", bare).lower()
    replicate = _REPLICATE.fullmatch(letters)
    if replicate:
        return f"result {int(replicate[1])}"
    return next((name for name, known in _HEADERS.items() if letters in known.split("|")), None)
