"""What a register says of itself so that files can go into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.imports.rules.columns import Column
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.imports.states import Verdict
from zhunsheng.foundation.spreadsheets import CellValue

NATIONAL, AREA, INSTITUTION, KEEPER, ROUND = "national", "areas", "institution", "keeper", "round"
AUTHORITIES = frozenset({NATIONAL, AREA})
EVERYBODY = AUTHORITIES | {INSTITUTION}
"""Keys of a reach; see Context."""


@dataclass(frozen=True, slots=True)
class Given:
    """One row of a file whose cells could all be read: a value in plain form for each column that the file has."""

    row: int
    values: Mapping[str, str | None]

    def __getitem__(self, key: str) -> str | None:
        return self.values.get(key)

    def text(self, key: str) -> str:
        return self.values.get(key) or ""

    def has(self, key: str) -> bool:
        """Does the file have the column? What it lacks is left as it is."""
        return key in self.values


@dataclass(slots=True)
class Operation:
    """One thing to write, as plain JSON.

    insert: a row of `model`; its values by column. update: `values` of the row `pk`, which held `before` when it was checked.
    close: the row `pk` is no longer what is known. late: like insert, but written last, one by one a model, because a value is
    the key of a row of the same file: `refs` gives (model, column, value) by column; rows that nobody may change are late, too.
    link: the row `pk` is given the keys of `refs`. Late rows of a smaller `order` are written first.
    """

    kind: str
    model: str
    values: dict[str, Any] = field(default_factory=dict)
    pk: Any = None
    before: dict[str, Any] = field(default_factory=dict)
    refs: dict[str, tuple[str, str, Any]] = field(default_factory=dict)
    order: int = 0

    def plain(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "model": self.model, "values": self.values, "pk": self.pk, "before": self.before,
            "refs": {key: list(ref) for key, ref in self.refs.items()}, "order": self.order,
        }  # fmt: skip


@dataclass(slots=True)
class Checked:
    """What one row would do. `key` names the thing it is about: two rows of a file with one key are a fault of the second.

    `subject` ("institution:…") is the thing under whose history the changes are kept for ever; empty where the register's own
    tables keep what was before.
    """

    key: str
    label: str = ""
    subject: str = ""
    operations: list[Operation] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[tuple[str, Text]] = field(default_factory=list)
    notes: list[tuple[str, Text]] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """New where nothing was there before, changed where something was."""
        if not self.operations:
            return Verdict.UNCHANGED
        return Verdict.CHANGED if self.changes else Verdict.NEW

    def fault(self, column: str, message: Text) -> None:
        self.faults.append((column, message))


@dataclass(slots=True)
class Context:
    """When a file is checked, and what its sender may write.

    `reach` is {"national": true}, {"areas": […]}, {"institution": id} or, for what belongs to one round alone, {"round": id, …}.
    """

    at: datetime
    on: date
    reach: Mapping[str, Any]
    source: str = ""
    sender: Any = None
    """The key of the user who sent the file."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What a register looked up once for all chunks of a file."""

    def covers_region(self, code: str) -> bool:
        """Does a place lie within the sender's reach?"""
        return bool(self.reach.get("national")) or any(code.startswith(area) for area in self.reach.get("areas", ()))

    def covers_institution(self, pk: object, region_code: str) -> bool:
        """May the sender write about an institution: one's own, or one in one's area?"""
        return str(pk) == self.reach.get("institution") or self.covers_region(region_code)


class Register(Protocol):
    """A register that takes files."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> Text: ...

    @property
    def columns(self) -> Sequence[Column]: ...

    @property
    def models(self) -> Sequence[str]:
        """The models that rows are inserted into, in the order of writing, as app.Model."""
        ...

    @property
    def open_to(self) -> Set[str]:
        """Who may send files: NATIONAL and AREA authorities, an INSTITUTION about itself, a KEEPER of what all share."""
        ...

    @property
    def secret(self) -> Set[str]:
        """Columns that are never kept as given: the file is forgotten when it is applied, failed rows carry them masked."""
        ...

    @property
    def same(self) -> Sequence[Same]:
        """When two new rows are about one thing, as far as the database does not forbid it."""
        ...

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        """What each row would do, in order; a constant number of queries whatever the number of rows."""
        ...

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        """What is in the register, as rows of its own template."""
        ...


class Overtaken(Exception):
    """What the rows stand on has ended or changed since the file was checked: `reason` says what, and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@runtime_checkable
class Held(Protocol):
    """A register whose rows stand on something that must not change while they are written."""

    def hold(self, reach: Mapping[str, Any], *, at: datetime) -> None:
        """Lock it until the transaction ends. Raises Overtaken where no row may go in any more."""
        ...


class Registers:
    """The registers there are, by key."""

    def __init__(self, registers: Iterable[Register]) -> None:
        self._all = {register.key: register for register in registers}

    def __getitem__(self, key: str) -> Register:
        return self._all[key]

    def __iter__(self) -> Iterator[Register]:
        return iter(self._all.values())

    def get(self, key: str) -> Register | None:
        return self._all.get(key)
