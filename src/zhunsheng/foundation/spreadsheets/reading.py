"""Reading a table: what a file is, is decided by its content and not by its name."""

from __future__ import annotations

from pathlib import Path, PurePath

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets.csv_text import read_csv
from zhunsheng.foundation.spreadsheets.faults import whole_file
from zhunsheng.foundation.spreadsheets.table import LIMITS, Limits, Table
from zhunsheng.foundation.spreadsheets.xlsx import read_xlsx

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_SAVE_AS = t(
    "Save it as an Excel workbook (.xlsx) or as CSV UTF-8 (.csv) and try again.",
    "请另存为 Excel 工作簿（.xlsx）或 CSV UTF-8（.csv）后重试。",
)
_REFUSED_NAMES = {
    ".xls": t("The old .xls format is not read.", "不支持旧版 .xls 格式。"),
    ".xlsm": t("Workbooks with macros (.xlsm) are not read.", "不支持含宏的工作簿（.xlsm）。"),
    ".xlsb": t("Binary workbooks (.xlsb) are not read.", "不支持二进制工作簿（.xlsb）。"),
    ".ods": t("OpenDocument sheets (.ods) are not read.", "不支持 OpenDocument 电子表格（.ods）。"),
}
_OTHER_CONTENT: tuple[tuple[bytes, Text], ...] = (
    (b"%PDF", t("This is a PDF, not a table.", "这是 PDF 文件，不是表格。")),
    (b"\x89PNG", t("This is a picture, not a table.", "这是图片，不是表格。")),
    (b"\xff\xd8\xff", t("This is a picture, not a table.", "这是图片，不是表格。")),
    (b"GIF8", t("This is a picture, not a table.", "这是图片，不是表格。")),
    (b"\x1f\x8b", t("This is a compressed file, not a table.", "这是压缩文件，不是表格。")),
    (b"7z\xbc\xaf", t("This is a compressed file, not a table.", "这是压缩文件，不是表格。")),
    (b"Rar!", t("This is a compressed file, not a table.", "这是压缩文件，不是表格。")),
    (b"{\\rtf", t("This is a text document, not a table.", "这是文字处理文档，不是表格。")),
)


def read_table(source: Path | str | bytes, *, filename: str | None = None, limits: Limits = LIMITS) -> Table:
    """Read the first visible sheet of a .csv or .xlsx file; cells keep their text as written.

    Numbers of a workbook are written with the 15 significant digits that a sheet can show (0.013, not
    0.013000000000000001; 5, not 5.0); digits that only a cell format adds (0.10 shown for 0.1) are not in the file's
    value and are lost: who needs them writes the cell as text. Raises BadFile where the file is not such a table, is
    too big, or is built to harm.
    """
    name, data = _bytes_of(source, filename, limits)
    if is_workbook(data, name):
        return read_xlsx(data, name, limits)
    return read_csv(data, name, limits)


def is_workbook(data: bytes, name: str) -> bool:
    """What a file is by its content: a workbook, or delimited text. Raises BadFile for whatever else it may be."""
    _refuse_by_name(name)
    if not data.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise whole_file(
            name, t("The file is empty. Put a header row and results in it.", "文件为空。请填入表头和结果。")
        )
    if data.startswith(b"PK"):
        return True
    _refuse_by_content(name, data)
    return False


def _bytes_of(source: Path | str | bytes, filename: str | None, limits: Limits) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        name, data = filename or "?", source[: limits.file_bytes + 1]
    else:
        path = Path(source)
        name = filename or path.name
        with path.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        most = limits.file_bytes // 2**20
        raise whole_file(
            name,
            t("The file is larger than {n} MB. Split it.", "文件超过 {n} MB，请拆分后分别上传。", n=most),
        )
    return name, data


def _refuse_by_name(name: str) -> None:
    refused = _REFUSED_NAMES.get(PurePath(name).suffix.lower())
    if refused:
        raise whole_file(name, _with_mend(refused))


def _refuse_by_content(name: str, data: bytes) -> None:
    if data.startswith(_OLE):
        raise whole_file(name, _with_mend(_what_ole_is(data)))
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1024]
    for magic, message in _OTHER_CONTENT:
        if start.startswith(magic):
            raise whole_file(name, _with_mend(message))
    if start.startswith(b"<") and (start[1:2] in b"!?" or start[1:5].lower() in (b"html", b"tabl")):
        raise whole_file(
            name, _with_mend(t("This is a web page or XML, not a table.", "这是网页或 XML 文件，不是表格。"))
        )
    if b"%PDF-" in data[:1024] or b"PK\x05\x06" in data[-65558:]:
        message = t("The file is two kinds of file at once and is refused.", "文件同时属于两种格式，拒绝读取。")
        raise whole_file(name, _with_mend(message))


def _what_ole_is(data: bytes) -> Text:
    if _ENCRYPTED in data:
        return t(
            "The workbook is protected by a password. Take the password away.", "工作簿设有打开密码，请先取消密码。"
        )
    return _REFUSED_NAMES[".xls"]


def _with_mend(message: Text) -> Text:
    return Text(en=f"{message.en} {_SAVE_AS.en}", zh=f"{message.zh}{_SAVE_AS.zh}")
