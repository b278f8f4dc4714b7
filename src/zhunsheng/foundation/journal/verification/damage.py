"""What a verification says: how much was looked at, and which rows are not what they were."""

from dataclasses import dataclass, field

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.restorations import Restoration

MOST = 100
"""So many damages are listed; whoever has more has a table to restore, not a list to read."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A row that is not what was written: its table, its key, the column where it can be told, and what is wrong."""

    table: str
    key: str
    column: str
    what: Text

    @property
    def sentence(self) -> Text:
        """Where and what, for a person."""
        place = t("{t}", "{t} 表", t=self.table)
        if self.key:
            place = t("{p}, row {k}", "{p} {k} 行", p=place, k=self.key)
        if self.column:
            place = t("{p}, column {c}", "{p} {c} 列", p=place, c=self.column)
        return t("{p}: {w}", "{p}：{w}", p=place, w=self.what)


@dataclass
class Found:
    """How much was looked at, and what was found."""

    acts: int = 0
    leaves: int = 0
    checkpoints: int = 0
    rows: int = 0
    waiting: int = 0
    """acts that the sequencer has not come to yet"""
    unlisted: dict[str, int] = field(default_factory=dict)
    """append-only tables for whose rows no act vouches, and how many rows they have"""
    beyond_reading: dict[str, int] = field(default_factory=dict)
    """rows that acts vouch for in a form that this version's tables no longer have"""
    restored: list[Restoration] = field(default_factory=list)
    """restores of backups that the journal tells of"""
    damages: list[Damage] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.damages

    def say(self, table: str, key: object, column: str, what: Text) -> None:
        """Note a damage, once."""
        said = Damage(table, shown(key), column, what)
        if len(self.damages) < MOST and said not in self.damages:
            self.damages.append(said)


def shown(key: object) -> str:
    """A key that can be printed, whatever bytes it holds."""
    return str(key).encode("utf-8", "backslashreplace").decode()


CHANGED = t("it is not what was written", "与写入时不符")
GONE = t("the row is gone", "该行已不存在")
