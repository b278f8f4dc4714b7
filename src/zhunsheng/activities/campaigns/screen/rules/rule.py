"""What a rule is. Its words are wanted everywhere, its frames only where logs are looked through: so the two load apart."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from zhunsheng.foundation.bilingual import Text

if TYPE_CHECKING:
    import polars as pl

    from zhunsheng.activities.campaigns.screen.rules.registers import Logs, Registers


@dataclass(frozen=True, slots=True)
class Rule:
    """One question asked of the logs.

    about: the subject of a suspicion, in which {0}, {1} … stand for what the rows have in common. columns: the headings of what a
    row shows. innocent: what an honest laboratory may answer. found_by: the module of the rules and its function. to_expert: settled
    by someone who knows the method. hidden: columns that name another institution, which the laboratory that is asked does not see.
    """

    key: str
    code: str
    name: Text
    shows: Text
    about: Text
    columns: tuple[Text, ...]
    innocent: tuple[Text, ...]
    found_by: str
    exact: bool = True
    to_expert: bool = False
    hidden: frozenset[int] = frozenset()

    def find(self, logs: Logs, registers: Registers) -> pl.DataFrame:
        """The rows that it asks about (`rules.hits.HIT`)."""
        module, function = self.found_by.split(".")
        found: pl.DataFrame = getattr(import_module(f"{__package__}.{module}"), function)(logs, registers)
        return found
