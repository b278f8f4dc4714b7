"""A log's file as a frame of texts with their rows: .csv and Parquet by polars, .xlsx by the guarded reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import polars as pl
from polars.exceptions import NoDataError, PolarsError

from zhunsheng.activities.campaigns.screen.rules.columns import LogKind
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.imports.rules.headers import Header, find_header
from zhunsheng.foundation.spreadsheets import BadFile, Fault, Reading, Row
from zhunsheng.foundation.spreadsheets.csv_text import NOT_UTF_8, broken_row, delimiter_of
from zhunsheng.foundation.spreadsheets.faults import whole_file
from zhunsheng.foundation.spreadsheets.reading import is_workbook

PARQUET = b"PAR1"
MOST_ROWS, MOST_COLUMNS = 5_000_000, 64
SHEET = "1"
PIECE = 100_000
ROW = "\0row"
"""No heading of a file: a text with a NUL is refused."""
EMPTY = t("The file has no rows below its header. Fill some in.", "表头下没有数据行，请填写后重新提交。")
UNREADABLE = t(
    "The file cannot be read as a table. Save it again as CSV UTF-8 or Parquet.",
    "无法读取为表格，请重新保存为 CSV UTF-8 或 Parquet。",
)
NESTED = t(
    "The column “{c}” holds no plain texts, numbers or moments. Write them as text.",
    "“{c}”列不是文本、数字或时间，请改写为文本。",
)
TOO_MANY = t("The file has more than {n} rows. Split it.", "文件超过 {n} 行，请拆分。", n=MOST_ROWS)
TOO_MANY_CELLS = t(
    "The row has {n} cells, the header has {m}. Put texts with commas in quotation marks.",
    "该行有 {n} 个单元格，而表头只有 {m} 个。含逗号的文本请加引号。",
)


def read_log(content: bytes, name: str, kind: LogKind) -> pl.DataFrame:
    """The texts of a log by the keys of its columns, with `row`, the row in the file from 1; raises BadFile, which names the mend."""
    if content[:4] == PARQUET:
        found = read_parquet(content, name, kind)
    elif is_workbook(content, name):
        found = read_workbook(content, name, kind)
    else:
        found = read_text(content, name, kind)
    kept = found.filter(pl.any_horizontal(pl.exclude("row").is_not_null()))
    if not kept.height:
        raise whole_file(name, EMPTY)
    return kept


def read_text(content: bytes, name: str, kind: LogKind) -> pl.DataFrame:
    """CSV with the header in the first row, in UTF-8 or GB 18030, split by comma, semicolon or tab."""
    start = content[:PIECE]
    if b"\0" in start:
        raise whole_file(name, NOT_UTF_8)
    content = content if is_utf_8(start) else in_utf_8(content, name)
    delimiter = delimiter_of(content[:PIECE].decode("utf-8-sig", "ignore"))
    try:
        return parsed_text(content, delimiter, name, kind)
    except NoDataError:
        raise whole_file(name, EMPTY) from None
    except PolarsError as error:
        content = in_utf_8(content, name)
        refuse_broken_rows(content, delimiter, name)
        try:
            return parsed_text(content, delimiter, name, kind)
        except PolarsError:
            raise whole_file(name, UNREADABLE) from error


def parsed_text(content: bytes, delimiter: str, name: str, kind: LogKind) -> pl.DataFrame:
    frame = pl.read_csv(content, separator=delimiter, infer_schema=False, row_index_name=ROW, row_index_offset=2)
    heads = [given.partition("_duplicated_")[0] for given in frame.columns if given != ROW]
    return renamed(frame, heads, name, kind)


def is_utf_8(start: bytes) -> bool:
    """Of the first rows; what follows is the fast reader's to refuse."""
    try:
        start.rpartition(b"\n")[0].decode()
    except UnicodeDecodeError:
        return False
    return True


def in_utf_8(content: bytes, name: str) -> bytes:
    try:
        content.decode()
    except UnicodeDecodeError:
        try:
            return content.decode("gb18030").encode()
        except UnicodeDecodeError:
            raise whole_file(name, NOT_UTF_8) from None
    return content


def refuse_broken_rows(content: bytes, delimiter: str, name: str) -> None:
    """Name the first rows that are no rows; walked through only when the fast reader refuses the file."""
    faults, number, width = list[Fault](), 0, 0
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(rows, 1):
            width = width or len(cells)
            if len(cells) > width and len(faults) < 20:
                faults.append(Fault(name, None, number, None, TOO_MANY_CELLS.with_(n=len(cells), m=width)))
    except csv.Error as error:
        raise broken_row(name=name, row=number + 1, error=error) from error
    if faults:
        raise BadFile(faults)


def read_parquet(content: bytes, name: str, kind: LogKind) -> pl.DataFrame:
    """Parquet by the names of its columns; moments and numbers become texts as they would stand in a sheet."""
    try:
        lazy = pl.scan_parquet(io.BytesIO(content))
        schema, rows = lazy.collect_schema(), lazy.select(pl.len()).collect().item()
    except PolarsError as error:
        raise whole_file(name, UNREADABLE) from error
    if rows > MOST_ROWS or len(schema) > MOST_COLUMNS:
        raise whole_file(name, TOO_MANY)
    header = find_header([Row(1, list(schema))], kind.columns, file=name, sheet=SHEET)
    wanted = {list(schema)[index]: column.key for index, column in header.columns.items()}
    texts = [as_text(given, schema[given], name).alias(key) for given, key in wanted.items()]
    try:
        return lazy.select(texts).with_row_index("row", offset=2).collect(engine="streaming")
    except PolarsError as error:
        raise whole_file(name, UNREADABLE) from error


def as_text(column: str, kind: pl.DataType, name: str) -> pl.Expr:
    if isinstance(kind, pl.Datetime):
        return pl.col(column).dt.strftime("%Y-%m-%d %H:%M:%S")
    if kind.is_nested() or kind == pl.Binary:
        raise whole_file(name, NESTED.with_(c=column))
    if kind == pl.Boolean:
        return pl.when(pl.col(column)).then(pl.lit("yes")).when(~pl.col(column)).then(pl.lit("no"))
    return pl.col(column).cast(pl.String)


def read_workbook(content: bytes, name: str, kind: LogKind) -> pl.DataFrame:
    """The first visible sheet, whose header is among its first ten rows."""
    with Reading(content, name) as reading:
        rows = [row for piece in reading.pieces() for row in piece.rows]
    header = find_header(rows[:10], kind.columns, file=name, sheet=reading.sheet)
    below = [row for row in rows if row.number > header.row]
    texts = {column.key: [cell(row, at) for row in below] for at, column in header.columns.items()}
    return pl.DataFrame(
        {"row": [row.number for row in below], **texts}, schema={"row": pl.UInt32, **dict.fromkeys(texts, pl.String)}
    )


def cell(row: Row, at: int) -> str | None:
    return row.texts[at] if at < len(row.texts) else None


def renamed(frame: pl.DataFrame, heads: Sequence[str], name: str, kind: LogKind) -> pl.DataFrame:
    """The columns of the log by their keys; what the log does not know is left out."""
    if frame.height > MOST_ROWS or len(heads) > MOST_COLUMNS:
        raise whole_file(name, TOO_MANY)
    header: Header = find_header([Row(1, list(heads))], kind.columns, file=name, sheet=SHEET)
    given = [one for one in frame.columns if one != ROW]
    wanted = {given[index]: column.key for index, column in header.columns.items()}
    return frame.select(ROW, *wanted).rename({ROW: "row", **wanted})
