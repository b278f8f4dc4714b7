"""A checklist as a table: what its columns hold, what is wrong with a row, and what changed from one version to the next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhunsheng.foundation.bilingual import Text, t

COLUMNS: Mapping[str, Text] = {
    "no": t("No.", "序号"),
    "clause": t("Clause", "条款"),
    "starred": t("Starred", "是否带星号"),
    "item_zh": t("What is checked, in Chinese", "自查内容（中文）"),
    "item_en": t("What is checked, in English", "自查内容（英文）"),
    "evidence_zh": t("Proof, in Chinese", "证明材料要求（中文）"),
    "evidence_en": t("Proof, in English", "证明材料要求（英文）"),
    "register": t("Points of the register", "登记信息核对点"),
}
YES = {"yes", "y", "1", "*", "★", "是", "true"}
NO = {"", "no", "n", "0", "否", "false"}
MOST = 500
LENGTHS = {"clause": 16, "item_zh": 500, "item_en": 500, "evidence_zh": 200, "evidence_en": 200, "register": 60}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist."""

    no: int
    clause: str
    starred: bool
    item_zh: str
    item_en: str
    evidence_zh: str = ""
    evidence_en: str = ""
    register: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row of a file, counted as the spreadsheet counts."""

    row: int
    reason: Text


def items_of(rows: Iterable[tuple[int, Mapping[str, str]]], points: Iterable[str]) -> tuple[list[Item], list[RowFault]]:
    """The items of the rows of a file, and what is wrong with others; `points` are the register's that may be named."""
    known, seen = set(points), dict[int, int]()
    items: list[Item] = []
    faults: list[RowFault] = []
    for row, cells in rows:
        found = list(_faults(cells, known, seen))
        faults += [RowFault(row, reason) for reason in found]
        if not found:
            item = _item(cells)
            seen[item.no] = row
            items.append(item)
    if not items and not faults:
        faults.append(RowFault(1, t("The file holds no item.", "文件中没有自查项。")))
    if len(items) > MOST:
        faults.append(RowFault(1, t("A checklist has {n} items at most.", "自查表最多 {n} 项。", n=MOST)))
    return items, faults


def _faults(cells: Mapping[str, str], known: set[str], seen: Mapping[int, int]) -> Iterable[Text]:
    no = cells.get("no", "").strip()
    if not (no.isascii() and no.isdigit() and 0 < int(no) <= 9999):
        yield t("“{v}” is no number from 1 to 9999.", "“{v}”不是 1 至 9999 的序号。", v=no)
    elif int(no) in seen:
        yield t("Number {n} stands in row {r} already.", "序号 {n} 已出现在第 {r} 行。", n=no, r=seen[int(no)])
    for column in ("item_zh", "item_en"):
        if not cells.get(column, "").strip():
            yield t("“{c}” is empty.", "“{c}”为空。", c=COLUMNS[column])
    for column, longest in LENGTHS.items():
        if len(cells.get(column, "")) > longest:
            yield t("“{c}” is longer than {n} characters.", "“{c}”超过 {n} 字。", c=COLUMNS[column], n=longest)
    if cells.get("starred", "").strip().lower() not in YES | NO:
        yield t("“{v}” is neither yes nor no.", "“{v}”应为“是”或“否”。", v=cells["starred"])
    for point in cells.get("register", "").split():
        if point not in known:
            yield t("The register has no point “{p}”.", "登记信息没有核对点“{p}”。", p=point)


def _item(cells: Mapping[str, str]) -> Item:
    said = {key: cells.get(key, "").strip() for key in COLUMNS}
    return Item(
        int(said["no"]), said["clause"], said["starred"].lower() in YES, said["item_zh"], said["item_en"],
        said["evidence_zh"], said["evidence_en"], tuple(said["register"].split()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one version of a checklist to the next, by number of the item."""

    added: tuple[int, ...]
    removed: tuple[int, ...]
    changed: tuple[int, ...]


def difference(before: Sequence[Item], after: Sequence[Item]) -> Difference:
    """Items that are new, gone, or worded, starred or pre-filled otherwise."""
    old, new = {one.no: one for one in before}, {one.no: one for one in after}
    return Difference(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(old.keys() - new.keys())),
        tuple(sorted(no for no in new.keys() & old.keys() if new[no] != old[no])),
    )
