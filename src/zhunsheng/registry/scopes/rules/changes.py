"""How the rows of one scope line are split when it changes from a day on; pure.

What was known stays: the rows that change are closed, new ones of the same series take their place; before the day all is as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, Protocol, TypeVar

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.scopes.rules import CannotChange
from zhunsheng.registry.scopes.states import OVERRULES, SCOPE_LINE, Status

DAY = timedelta(days=1)


class LineRow(Protocol):
    """One row of a scope line."""

    valid_from: date
    valid_to: date | None
    status: str


Row = TypeVar("Row", bound=Any)  # a LineRow; the checker does not see that a table's row is one


@dataclass(frozen=True, slots=True)
class Piece(Generic[Row]):
    """A row to enter: like `like`, but for its days and its status; `changed` if it lies on or after the day of the change."""

    like: Row
    first: date
    last: date | None
    status: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Split(Generic[Row]):
    """Rows to close and rows to enter in their place."""

    closed: list[Row]
    pieces: list[Piece[Row]]


def status_split(rows: Sequence[Row], verb: str, from_day: date) -> Split[Row]:
    """Suspend, resume, reinstate or cancel one line from a day on; `rows` are those of its series that stand.

    Raises CannotChange when the line is not in the scope on that day, when the verb may not start from its status, or when a later
    change is entered already (what the authority suspends or cancels takes those with it).
    """
    held, later = _from(rows, from_day)
    try:
        SCOPE_LINE.check(verb, held.status)
    except NotAllowedNow as refused:
        raise CannotChange(refused.reason) from refused
    if later and verb not in OVERRULES:
        raise CannotChange(
            t(
                "From {d} on another change is entered already.",
                "自 {d} 起已登记其他变更。",
                d=later[0].valid_from.isoformat(),
            )
        )
    last = _last([held, *later])
    after = Piece(held, from_day, last, str(SCOPE_LINE.transitions[verb].target), changed=True)
    return Split([held, *later], [*_before(held, from_day), after])


def mended_split(rows: Sequence[Row], from_day: date) -> Split[Row]:
    """Give one line other values from a day on, its status as it is and as it was to be. Raises CannotChange."""
    held, later = _from(rows, from_day)
    pieces = [Piece(held, from_day, held.valid_to, held.status, changed=True)]
    pieces += [Piece(row, row.valid_from, row.valid_to, row.status, changed=True) for row in later]
    return Split([held, *later], [*_before(held, from_day), *pieces])


def edition_split(rows: Sequence[Row], from_day: date) -> Split[Row]:
    """Go on with one line by another method from a day on. Raises CannotChange also for a line that is cancelled by then."""
    split = mended_split(rows, from_day)
    if all(piece.status == Status.CANCELLED for piece in split.pieces if piece.changed):
        raise CannotChange(t("The line is cancelled on {d}.", "该项目在 {d} 已取消。", d=from_day.isoformat()))
    return split


def renewed_split(rows: Sequence[Row], first: date, last: date | None) -> Split[Row]:
    """Make room among the rows of a line for an approval between two days: what was cancelled before ends the day before it.

    Raises CannotChange where the line stands on one of these days.
    """
    met = [row for row in rows if overlaps(row, first, last)]
    for row in met:
        if row.status != Status.CANCELLED or row.valid_from >= first:
            raise CannotChange(_stands(row))
    return Split(met, [piece for row in met for piece in _before(row, first)])


def overlaps(row: LineRow, first: date, last: date | None) -> bool:
    """Does a row say something of one of these days? Both ends count, no last day means no end."""
    return (last is None or row.valid_from <= last) and (row.valid_to is None or first <= row.valid_to)


def _stands(row: LineRow) -> Text:
    day = row.valid_from.isoformat()
    if row.status == Status.CANCELLED:
        return t(
            "The line is entered as cancelled from {d} on. It can be approved anew from a later day on.",
            "该项目自 {d} 起登记为已取消，只能自其后某日起重新获批。",
            d=day,
        )
    return t(
        "This line is in the scope already, from {d} on. Mend it instead of entering it again.",
        "该项目自 {d} 起已在能力范围内，请更正原项目，不要重复登记。",
        d=day,
    )


def check_day(from_day: date, today: date) -> None:
    """An institution changes its own lines from today on; what is past is for the authority to correct."""
    if from_day < today:
        raise CannotChange(
            t(
                "Choose today or a later day: an institution does not change its scope backwards.",
                "请选择今日或以后的日期：机构不得追溯变更能力范围。",
            )
        )


def check_reason(reason: str) -> str:
    """A change has a reason; the reason without the spaces around it."""
    if not reason.strip():
        raise CannotChange(t("Give the reason.", "请填写原因。"))
    return reason.strip()


def _from(rows: Sequence[Row], day: date) -> tuple[Row, list[Row]]:
    """The row that covers a day, and those that begin later."""
    covering = [row for row in rows if overlaps(row, day, day)]
    if not covering:
        raise CannotChange(
            t("The line is not in the scope on {d}.", "该项目在 {d} 不在能力范围内。", d=day.isoformat())
        )
    return covering[-1], sorted((row for row in rows if row.valid_from > day), key=lambda row: row.valid_from)


def _before(held: Row, from_day: date) -> list[Piece[Row]]:
    if held.valid_from == from_day:
        return []
    return [Piece(held, held.valid_from, from_day - DAY, held.status, changed=False)]


def _last(rows: Sequence[Row]) -> date | None:
    ends = [row.valid_to for row in rows]
    return None if None in ends else max(end for end in ends if end)
