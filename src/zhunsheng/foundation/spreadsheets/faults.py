"""What is wrong in a file, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhunsheng.foundation.bilingual import Text, t


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `row` and `column` as a spreadsheet program shows them, None where the whole file is meant."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    message: Text

    @property
    def place(self) -> Text:
        """Where it is: file, sheet, row, column, as far as they are known."""
        parts = [t("{x}", "{x}", x=self.file)]
        if self.sheet is not None:
            parts.append(t("sheet {x}", "工作表 {x}", x=self.sheet))
        if self.row is not None:
            parts.append(t("row {x}", "第 {x} 行", x=self.row))
        if self.column is not None:
            parts.append(t("column {x}", "{x} 列", x=self.column))
        return Text(en=", ".join(p.en for p in parts), zh="，".join(p.zh for p in parts))

    @property
    def text(self) -> Text:
        """The whole sentence: the place, what is wrong there, and the mend."""
        place = self.place
        return Text(en=f"{place.en}: {self.message.en}", zh=f"{place.zh}：{self.message.zh}")

    def both(self) -> str:
        return self.text.both()

    def __str__(self) -> str:
        return str(self.text)


class BadFile(Exception):
    """A file that cannot be used as it is; `.faults` says all that was found, `.total` how many there are in all."""

    def __init__(self, faults: Sequence[Fault], *, total: int | None = None) -> None:
        self.faults = list(faults)
        self.total = len(self.faults) if total is None else total
        super().__init__("; ".join(fault.text.en for fault in self.faults[:3]))

    @property
    def reason(self) -> Text:
        """All that is listed in one sentence after another, where there is room for one text alone."""
        said = [fault.text for fault in self.faults] + ([self.more] if self.more else [])
        return Text(en=" ".join(one.en for one in said), zh="".join(one.zh for one in said))

    @property
    def more(self) -> Text | None:
        """The closing line where more was found than is listed."""
        rest = self.total - len(self.faults)
        if rest <= 0:
            return None
        return t("… and {n} more faults of the same file.", "……该文件另有 {n} 处错误未列出。", n=rest)


def whole_file(filename: str, message: Text, *, sheet: str | None = None) -> BadFile:
    """The refusal of a file as such."""
    return BadFile([Fault(filename, sheet, None, None, message)])
