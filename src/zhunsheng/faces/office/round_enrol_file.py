"""A file of laboratories that registered on paper: its template, and its rows against the register."""

import io

from zhunsheng.activities.proficiency.enrol.actions import Details
from zhunsheng.activities.proficiency.enrol.queries import found_in_register
from zhunsheng.foundation.bilingual import Text, language, t
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.rules.headers import find_header
from zhunsheng.foundation.spreadsheets import BadFile, Fault, Row, Sheet, read_guarded, write_xlsx
from zhunsheng.registry.institutions.models import Institution

COLUMNS = (
    Column("laboratory", t("Laboratory", "实验室"), required=True, aliases=("名称", "机构名称", "name"), width=34,
           explanation=t("Its name in the register, or its unified social credit code.", "登记库中的名称，或统一社会信用代码。")),
    Column("contact", t("Contact", "联系人"), aliases=("contact person",), longest=100),
    Column("phone", t("Telephone", "电话"), Kind.CODE, longest=40),
    Column("email", t("E-mail", "电子邮箱"), longest=200, width=28),
    Column("address", t("Address for items", "收样地址"), aliases=("地址", "address"), longest=300, width=44),
    Column("note", t("Note", "备注"), longest=300),
)  # fmt: skip
UNKNOWN = t(
    "No laboratory of the register is called “{x}”, or several are. Write its unified social credit code, or enter it first.",
    "登记库中没有名为“{x}”的实验室，或有多家同名。请填写统一社会信用代码，或先登记该机构。",
)
TWICE = t("The same laboratory stands in row {n}, too.", "与第 {n} 行为同一实验室。")
LONG = t("More than {n} characters.", "超过 {n} 个字符。")
NOBODY = t("The laboratory is missing.", "缺少实验室。")
MOST = 500
Rows = list[tuple[Institution, Details]]


def template() -> bytes:
    """The empty file in the reader's language."""
    buffer = io.BytesIO()
    header = [str(one.header) for one in COLUMNS]
    sheet = Sheet(
        name=str(t("Enrolments", "报名")), header=header, rows=[], widths=[float(one.width) for one in COLUMNS]
    )
    write_xlsx(buffer, [sheet])
    return buffer.getvalue()


def read_enrolments(content: bytes, name: str) -> Rows:
    """The laboratories of a file with their details. Raises BadFile with every row that cannot be taken, and why; then none is."""
    table = read_guarded(content, filename=name)
    first = table.header[0].row if table.header else 1
    rows = [Row(first, [cell.text for cell in table.header]), *table.rows]
    header = find_header(rows, COLUMNS, file=name, sheet=table.sheet)
    below = [row for row in rows if row.number > header.row and any(text.strip() for text in row.texts)]
    said = [
        {column.key: row.texts[at].strip() if at < len(row.texts) else "" for at, column in header.columns.items()}
        for row in below
    ]
    faults, found = _matched(below, said, name, table.sheet)
    if faults:
        raise BadFile(faults[:MOST], total=len(faults))
    return found


def _matched(rows: list[Row], said: list[dict[str, str]], name: str, sheet: str) -> tuple[list[Fault], Rows]:
    known = found_in_register([one["laboratory"] for one in said if one["laboratory"]])
    faults: list[Fault] = []
    found: Rows = []
    seen: dict[object, int] = {}
    for row, one in zip(rows, said, strict=True):
        reasons = _reasons(row, one, known, seen)
        faults += [Fault(name, sheet, row.number, None, reason) for reason in reasons]
        if not reasons:
            details = {key: text for key, text in one.items() if key != "laboratory"}
            found.append((known[one["laboratory"]], Details(**details)))
    return faults, found


def _reasons(row: Row, one: dict[str, str], known: dict[str, Institution], seen: dict[object, int]) -> list[Text]:
    long = [LONG.with_(n=c.longest) for c in COLUMNS if len(one.get(c.key, "")) > c.longest]
    who = one["laboratory"]
    if not who:
        return [NOBODY, *long]
    if who not in known:
        return [UNKNOWN.with_(x=who), *long]
    earlier = seen.setdefault(known[who].pk, row.number)
    return [TWICE.with_(n=earlier), *long] if earlier != row.number else long


def told(bad: BadFile) -> list[tuple[str, str]]:
    """Row and reason of each fault, in the reader's language."""
    lang = language()
    return [(str(one.row or "–"), one.message.in_(lang)) for one in bad.faults]
