"""One row as a laboratory gives it, and what may be kept of it as a draft."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from zhunsheng.foundation.bilingual import Text, t

Key = tuple[int, int]
"""Measurand and replicate, both as numbers; replicates count from 1."""

LONGEST: Mapping[str, int] = {
    "result": 60, "uncertainty": 40, "k": 20, "method": 120, "method_reason": 300, "instrument": 120, "analyst": 80,
    "measured_on": 10, "could_not": 300,
}  # fmt: skip
"""The answers of a row in the order of the table, with the characters that each takes."""
MOST_REPLICATES = 10

LABELS: dict[str, Text] = {
    "result": t("Result", "结果"),
    "uncertainty": t("U (expanded)", "扩展不确定度 U"),
    "k": t("k", "包含因子 k"),
    "method": t("Method", "检测方法"),
    "method_reason": t("Why another method", "采用其他方法的理由"),
    "instrument": t("Instrument", "仪器"),
    "analyst": t("Analyst", "检测人员"),
    "measured_on": t("Measured on", "检测日期"),
    "could_not": t("Could not test, because", "无法检测的原因"),
}


class ResultsRefused(Exception):
    """Results cannot be taken as they are; `reason` says why, `key` and `field` where."""

    def __init__(self, reason: Text, key: Key | None = None, field: str = "") -> None:
        super().__init__(reason.en)
        self.reason, self.key, self.field = reason, key, field


class WrittenMeanwhile(Exception):
    """Rows that say something else now than their writer saw; nothing was kept."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = frozenset(keys)
        super().__init__(str(sorted(self.keys)))


@dataclass(frozen=True, slots=True)
class Given:
    """One row of the entry table, every answer as the text that was typed."""

    measurand: int
    replicate: int
    result: str = ""
    uncertainty: str = ""
    k: str = ""
    method: str = ""
    method_reason: str = ""
    instrument: str = ""
    analyst: str = ""
    measured_on: str = ""
    could_not: str = ""

    @property
    def key(self) -> Key:
        return self.measurand, self.replicate

    @property
    def said(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in LONGEST}

    @property
    def empty(self) -> bool:
        return not any(self.said.values())

    @property
    def stamp(self) -> str:
        """What tells this content from another; nothing for an empty row."""
        if self.empty:
            return ""
        return hashlib.sha256("\x1f".join(self.said.values()).encode()).hexdigest()[:16]


ANSWERS = tuple(LONGEST)
assert tuple(one.name for one in fields(Given))[2:] == ANSWERS


def tidy(text: str) -> str:
    """What is kept of a typed answer: one line, its ends trimmed, otherwise as it was written.

    Halves of characters, which JSON can carry and nobody can type, are no text.
    """
    return " ".join(text.encode("utf-8", "ignore").decode().replace("\x00", "").splitlines()).strip()


def check_given(one: Given) -> None:
    """A row that can be kept as a draft. Raises ResultsRefused; what the texts mean is not asked yet."""
    if not 1 <= one.replicate <= MOST_REPLICATES:
        raise ResultsRefused(t("From 1 to {n} replicates.", "重复测定次数须为 1～{n}。", n=MOST_REPLICATES), one.key)
    for name, longest in LONGEST.items():
        if len(one.said[name]) > longest and name != "measured_on":
            raise ResultsRefused(
                t("{f}: at most {n} characters.", "{f}：最多 {n} 个字符。", f=LABELS[name], n=longest), one.key, name
            )
    day_of(one)


def day_of(one: Given) -> date | None:
    """The day of a row. Raises ResultsRefused where it is none."""
    if not one.measured_on:
        return None
    try:
        return date.fromisoformat(one.measured_on)
    except ValueError:
        raise ResultsRefused(
            t("“{x}” is not a day. Write it like 2026-05-20.", "“{x}”不是日期，请按 2026-05-20 的格式填写。",
              x=one.measured_on[:20]), one.key, "measured_on",
        ) from None  # fmt: skip


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?").fullmatch


def given_of(measurand: int, replicate: int, said: Mapping[str, str]) -> Given:
    """A row of what was typed, sent or read from a file; a day may be written like 2026/5/20 or 2026年5月20日."""
    texts = {name: tidy(said.get(name, "")) for name in LONGEST}
    if found := _DAY(texts["measured_on"]):
        texts["measured_on"] = f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    return Given(measurand, replicate, **texts)
