"""The verbs of scopes: enter lines, suspend, resume and cancel them, mend what they say. Nothing is overwritten."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import join, t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.changing import CHUNK, MANY, preview, standing_rows
from zhunsheng.registry.scopes.rules import CannotChange, series_of
from zhunsheng.registry.scopes.rules.changes import Piece, Split, check_day, check_reason, mended_split
from zhunsheng.registry.scopes.rules.ranges import range_faults

MENDABLE = ("low", "high", "unit", "uncertainty", "limits")


@transaction.atomic
def enter_scope_lines(
    lines: Sequence[ScopeLine], *, instruments: Mapping[UUID, Sequence[Instrument]], actor: User | None, at: datetime
) -> None:
    """Enter scope lines, all or none; `instruments` gives those that a line uses, by the line's id."""
    for line in lines:
        settle(line)
    ScopeLine.objects.bulk_create(lines, batch_size=500)
    through = ScopeLine.instruments.through
    uses = [
        through(scopeline_id=line.pk, instrument_id=one.pk) for line in lines for one in instruments.get(line.pk, ())
    ]
    through.objects.bulk_create(uses, batch_size=500)
    journal.record_new("enter_scope_lines", lines, actor=actor, at=at)


def settle(line: ScopeLine) -> None:
    """Fill in what follows from the rest of a new line: its series and the place where it is done."""
    line.series = series_for(line)
    line.region_code = line.site.region_code if line.site else line.institution.region_code


def series_for(line: ScopeLine) -> UUID:
    return series_of(
        institution=line.institution_id, site=line.site_id, parameter=line.parameter_id, matrix=line.matrix_id,
        method=line.method_id, limits=line.limits,
    )  # fmt: skip


def self_suspend(series: Collection[UUID], *, from_day: date, reason: str, actor: User | None, at: datetime) -> int:
    """Suspend lines from a day on, not before today, at the institution's own wish; how many. Raises CannotChange."""
    check_day(from_day, timezone.localdate(at))
    return change_status("self_suspend", series, from_day=from_day, reason=reason, actor=actor, at=at)


def resume(series: Collection[UUID], *, from_day: date, reason: str, actor: User | None, at: datetime) -> int:
    """Take suspended lines up again from a day on, not before today; how many. Raises CannotChange."""
    check_day(from_day, timezone.localdate(at))
    return change_status("resume", series, from_day=from_day, reason=reason, actor=actor, at=at)


def suspend(series: Collection[UUID], *, from_day: date, reason: str, actor: User | None, at: datetime) -> int:
    """Suspend lines from a day on, past or to come, until the authority reinstates them; how many. Raises CannotChange."""
    return change_status("suspend", series, from_day=from_day, reason=reason, actor=actor, at=at)


def reinstate(series: Collection[UUID], *, from_day: date, reason: str, actor: User | None, at: datetime) -> int:
    """Give back from a day on what the authority suspended: the authority's act; how many. Raises CannotChange."""
    return change_status("reinstate", series, from_day=from_day, reason=reason, actor=actor, at=at)


def cancel(series: Collection[UUID], *, from_day: date, reason: str, actor: User | None, at: datetime) -> int:
    """Cancel lines from a day on, past or to come: the authority's act; how many. Raises CannotChange."""
    return change_status("cancel", series, from_day=from_day, reason=reason, actor=actor, at=at)


@transaction.atomic
def change_status(
    verb: str, series: Collection[UUID], *, from_day: date, reason: str, actor: User | None, at: datetime
) -> int:
    """Suspend, resume or cancel lines from a day on, all of them or none; how many.

    The rows that change are closed and their successors entered; one journal row covers them all. Raises CannotChange, with the
    reason of the first line that cannot be changed so, or when somebody else changed one meanwhile.
    """
    reason = check_reason(reason)
    seen = preview(verb, series, from_day=from_day)
    if seen.refused:
        line, why = seen.refused[0]
        raise CannotChange(t("{x}: {why}", "{x}：{why}", x=line.name, why=why))
    if not seen.splits:
        raise CannotChange(t("Choose at least one line.", "请至少选择一个项目。"))
    entered = _replace(seen.splits.values(), at=at)
    journal.record(
        f"{verb}_scope_lines", actor=actor, at=at, subject=_subject(seen.lines), reason=reason,
        rows=_told(seen.splits.values(), entered), after={"from": from_day.isoformat(), "lines": len(seen.splits)},
    )  # fmt: skip
    return len(seen.splits)


@transaction.atomic
def mend(
    series: UUID, *, from_day: date, values: Mapping[str, str], reason: str, actor: User | None, at: datetime
) -> None:
    """Give a line another range, unit, uncertainty or limits (`values`) from a day on; other limits make it another series.

    Raises CannotChange for a range whose ends are turned round, for limits under which a line stands already, and as `change_status`.
    """
    reason = check_reason(reason)
    if faults := range_faults(values.get("low", ""), values.get("high", ""), values.get("unit", "")):
        raise CannotChange(join(faults))
    rows = next((rows for _, rows in standing_rows([series])), [])
    split = mended_split(rows, from_day)
    entered = _replace([split], at=at, values={key: values[key].strip() for key in MENDABLE if key in values})
    journal.record(
        "mend_scope_line", actor=actor, at=at, subject=_subject(split.closed), reason=reason, rows=_told([split], entered),
        before=_values(split.closed[0]), after={**_values(entered[-1]), "from": from_day.isoformat()},
    )  # fmt: skip


def _values(line: ScopeLine) -> dict[str, str]:
    return {name: getattr(line, name) for name in MENDABLE}


def _replace(
    splits: Iterable[Split[ScopeLine]], *, at: datetime, values: Mapping[str, str] | None = None
) -> list[ScopeLine]:
    """Close the old rows and enter the new ones, with the instruments of those that they follow."""
    splits = list(splits)
    _close([row.pk for split in splits for row in split.closed], at=at)
    pieces = [piece for split in splits for piece in split.pieces]
    made = [(piece.like.pk, _row(piece, at=at, values=values)) for piece in pieces]
    _refuse_standing(
        {line.series for piece, (_, line) in zip(pieces, made, strict=True) if line.series != piece.like.series}
    )
    ScopeLine.objects.bulk_create([line for _, line in made], batch_size=500)
    _copy_instruments(made)
    return [line for _, line in made]


def _close(keys: Sequence[UUID], *, at: datetime) -> None:
    closed = 0
    for start in range(0, len(keys), CHUNK):
        standing = ScopeLine.objects.filter(pk__in=keys[start : start + CHUNK], superseded_at=None)
        closed += standing.update(superseded_at=at)
    if closed != len(keys):
        raise CannotChange(
            t(
                "Somebody else changed one of these lines meanwhile. Load the page again.",
                "其中有项目已被他人变更，请刷新页面后重试。",
            )
        )


def _row(piece: Piece[ScopeLine], *, at: datetime, values: Mapping[str, str] | None) -> ScopeLine:
    line = copy(piece.like)
    line.pk, line._state = uuid4(), copy(line._state)
    line._state.adding = True
    line.valid_from, line.valid_to, line.status = piece.first, piece.last, piece.status
    line.recorded_at, line.superseded_at = at, None
    for name, value in (values or {}).items() if piece.changed else ():
        setattr(line, name, value)
    line.series = series_for(line)
    return line


def _refuse_standing(series: Collection[UUID]) -> None:
    """A line whose limits were mended may meet another that has them already."""
    standing = ScopeLine.objects.filter(series__in=series, superseded_at=None)
    if series and (other := standing.select_related("parameter", "matrix", "method").first()) is not None:
        raise CannotChange(
            t("A line with these limits stands already: {x}.", "已有相同限制范围的项目：{x}。", x=other.name)
        )


def _copy_instruments(made: Sequence[tuple[UUID, ScopeLine]]) -> None:
    through = ScopeLine.instruments.through
    followed = sorted({old for old, _ in made})
    used: dict[UUID, list[Any]] = {}
    for start in range(0, len(followed), CHUNK):
        rows = through.objects.filter(scopeline__in=followed[start : start + CHUNK])
        for old, instrument in rows.values_list("scopeline", "instrument"):
            used.setdefault(old, []).append(instrument)
    through.objects.bulk_create(
        [through(scopeline_id=line.pk, instrument_id=one) for old, line in made for one in used.get(old, ())],
        batch_size=500,
    )


def _subject(lines: Sequence[ScopeLine]) -> str:
    """One institution by its key, else what kind of things they were."""
    owners = {line.institution_id for line in lines}
    return f"institution:{owners.pop()}" if len(owners) == 1 else MANY


def _told(splits: Iterable[Split[ScopeLine]], entered: Sequence[ScopeLine]) -> Iterable[dict[str, Any]]:
    """For the journal's digest: the rows closed, by key, and every column of the rows entered."""
    for split in splits:
        yield from ({"closed": str(row.pk)} for row in split.closed)
    yield from (journal.columns(line) for line in entered)
