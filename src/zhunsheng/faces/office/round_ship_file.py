"""The table of a carrier's numbers, parcel by parcel."""

from zhunsheng.activities.proficiency.ship.documents import PARCEL, TRACKING
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.rules.headers import find_header
from zhunsheng.foundation.spreadsheets import BadFile, Fault, Row, read_guarded

COLUMNS = (
    Column("parcel", PARCEL, Kind.CODE, required=True, longest=20),
    Column("tracking", TRACKING, Kind.CODE, longest=60),
)
TWICE = t("The parcel stands in row {n}, too.", "与第 {n} 行为同一包裹。")
LONG = t("More than {n} characters.", "超过 {n} 个字符。")
NONE = t("The parcel is missing.", "缺少包裹编号。")


def read_tracking(content: bytes, name: str) -> dict[str, str]:
    """Tracking number by parcel, in the order of the file. Raises BadFile with every row that cannot be taken; then none is."""
    table = read_guarded(content, filename=name)
    first = table.header[0].row if table.header else 1
    rows = [Row(first, [cell.text for cell in table.header]), *table.rows]
    header = find_header(rows, COLUMNS, file=name, sheet=table.sheet)
    faults, found, seen = [], {}, dict[str, int]()
    for row in rows:
        if row.number <= header.row or not any(text.strip() for text in row.texts):
            continue
        said = {c.key: row.texts[at].strip() for at, c in header.columns.items() if at < len(row.texts)}
        parcel, tracking = said.get("parcel", ""), said.get("tracking", "")
        earlier = seen.setdefault(parcel, row.number)
        if reason := _fault(parcel, tracking, earlier if earlier != row.number else 0):
            faults.append(Fault(name, table.sheet, row.number, None, reason))
        found[parcel] = tracking
    if faults:
        raise BadFile(faults[:500], total=len(faults))
    return found


def _fault(parcel: str, tracking: str, earlier: int) -> Text | None:
    if not parcel:
        return NONE
    if earlier:
        return TWICE.with_(n=earlier)
    return LONG.with_(n=60) if len(tracking) > 60 else None
