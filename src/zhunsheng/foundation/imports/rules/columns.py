"""What a column of a register's file is; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.plausible import Lies


class Kind(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


KINDS: dict[Kind, Text] = {
    Kind.TEXT: t("text", "文本"),
    Kind.CODE: t("code, kept as text", "代码（文本格式）"),
    Kind.DATE: t("date, as 2026-01-31", "日期，如 2026-01-31"),
    Kind.NUMBER: t("number", "数值"),
    Kind.CHOICE: t("one of a list", "从列表中选择"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its headings, what its cells must be, and how it is explained to who fills it in.

    `digits`: a code of digits alone has so many, fewer means that zeros were lost. `longest`: most characters. `lies`: where a day can
    lie. `secret`: what stands there is never repeated, in no sentence either.
    """

    key: str
    header: Text
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    width: int = 18
    example: str = ""
    explanation: Text = field(default=t("", ""))
    choices: Mapping[Any, Text] = field(default_factory=dict)
    digits: int | None = None
    longest: int = 200
    lies: Lies = Lies.ANYWHERE
    secret: bool = False

    def names(self) -> set[str]:
        """All headings under which the column is found."""
        return {heading(name) for name in (self.header.zh, self.header.en, self.key, *self.aliases)}


def heading(text: str) -> str:
    """A heading as it is compared: half-width, lower case, letters and digits only, without the mark of a required one."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("(必填)", "").replace("(required)", "")
    return "".join(c for c in plain if c.isalnum())
