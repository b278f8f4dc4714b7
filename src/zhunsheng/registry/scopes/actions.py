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
from zhunsheng.registry.catalogue.models import Method
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids, head_of
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.changing import (
    ALREADY,
    CHUNK,
    MANY,
    Preview,
    meeting,
    preview,
    preview_method,
    series_for,
    standing_rows,
)
from zhunsheng.registry.scopes.rules import CannotChange
from zhunsheng.registry.scopes.rules.changes import (
    Piece,
    Split,
    check_day,
    check_reason,
    mended_split,
    renewed_split,
)
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
    _refuse_any(seen)
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


@transaction.atomic
def change_method(
    series: Collection[UUID], *, method: Method, from_day: date, reason: str, actor: User | None, at: datetime
) -> int:
    """Go on with lines by another method, the next edition, from a day on, all of them or none; how many.

    Each old line ends the day before and another one begins, with its range, status and instruments. Raises CannotChange, with the
    reason of the first line that cannot be changed so: it is cancelled, or stands by that method already.
    """
    reason = check_reason(reason)
    seen = preview_method(series, method, from_day=from_day)
    _refuse_any(seen)
    entered = _replace(seen.splits.values(), at=at, values={"method_id": method.pk})
    journal.record(
        "change_scope_method", actor=actor, at=at, subject=_subject(seen.lines), reason=reason,
        rows=_told(seen.splits.values(), entered),
        before={"methods": sorted({line.method.number for line in seen.lines})},
        after={"method": method.number, "from": from_day.isoformat(), "lines": len(seen.splits)},
    )  # fmt: skip
    return len(seen.splits)


@transaction.atomic
def use_instruments(
    series: UUID, *, instruments: Collection[Instrument], from_day: date, reason: str, actor: User | None, at: datetime
) -> None:
    """Say with which instruments a line is tested from a day on. Raises CannotChange for one of another institution or out of use."""
    reason = check_reason(reason)
    rows = next((rows for _, rows in standing_rows([series])), [])
    split = mended_split(rows, from_day)
    _check_instruments(instruments, family_ids(head_of(split.closed[0].institution)), from_day)
    before = _serials(split.closed[0].instruments.all())
    entered = _replace([split], at=at, uses=[one.pk for one in instruments])
    journal.record(
        "use_scope_instruments", actor=actor, at=at, subject=_subject(split.closed), reason=reason, rows=_told([split], entered),
        before={"instruments": before}, after={"instruments": _serials(instruments), "from": from_day.isoformat()},
    )  # fmt: skip


@transaction.atomic
def approve(
    line: ScopeLine, *, instruments: Collection[Instrument], reason: str, actor: User | None, at: datetime
) -> None:
    """Enter one line that was approved; `reason` says by what. A line that was cancelled may so be approved anew.

    Raises CannotChange for days or ends that are turned round, a closed site, foreign instruments, or a line that stands already.
    """
    reason = check_reason(reason)
    family = family_ids(head_of(line.institution))
    _check_new(line)
    _check_instruments(instruments, family, line.valid_from)
    split = _room(line, family)
    entered = _replace([split], at=at)
    line.recorded_at = at
    settle(line)
    line.save(force_insert=True)
    line.instruments.set(instruments)
    journal.record(
        "approve_scope_line", actor=actor, at=at, subject=_subject([line]), reason=reason, rows=_told([split], [*entered, line]),
        after={**_values(line), "from": line.valid_from.isoformat(), "instruments": _serials(instruments)},
    )  # fmt: skip


def _room(line: ScopeLine, family: Sequence[UUID]) -> Split[ScopeLine]:
    """Where the line may stand already: under its institution and under the entries found to be the same."""
    keys = [series_for(line, institution=one) for one in family]
    splits = [renewed_split(rows, line.valid_from, line.valid_to) for _, rows in standing_rows(keys)]
    return Split([row for one in splits for row in one.closed], [piece for one in splits for piece in one.pieces])


def _check_new(line: ScopeLine) -> None:
    if line.institution.kind != Institution.Kind.LABORATORY:
        raise CannotChange(t("Only laboratories have a scope.", "只有检验检测机构才有能力范围。"))
    if line.valid_to is not None and line.valid_to < line.valid_from:
        raise CannotChange(t("The last day lies before the first.", "截止日期早于起始日期。"))
    if line.site is not None and line.site.valid_to is not None and line.site.valid_to < line.valid_from:
        closed = line.site.valid_to.isoformat()
        raise CannotChange(t("This site was closed on {d}.", "该场所已于 {d} 停用。", d=closed))
    if faults := range_faults(line.low, line.high, line.unit):
        raise CannotChange(join(faults))


def _check_instruments(instruments: Collection[Instrument], family: Collection[UUID], day: date) -> None:
    for one in instruments:
        if one.institution_id not in family:
            raise CannotChange(t("{x} belongs to another institution.", "{x} 属于其他机构。", x=one.serial))
        if one.retired_on is not None and one.retired_on < day:
            retired = one.retired_on.isoformat()
            raise CannotChange(t("{x} is out of use since {d}.", "{x} 已于 {d} 停用。", x=one.serial, d=retired))


def _serials(instruments: Iterable[Instrument]) -> list[str]:
    return sorted(f"{one.serial} {one.name_zh}" for one in instruments)


def _refuse_any(seen: Preview) -> None:
    """All lines or none."""
    if seen.refused:
        line, why = seen.refused[0]
        raise CannotChange(t("{x}: {why}", "{x}：{why}", x=line.name, why=why))
    if not seen.splits:
        raise CannotChange(t("Choose at least one line.", "请至少选择一个项目。"))


def _values(line: ScopeLine) -> dict[str, str]:
    return {name: getattr(line, name) for name in MENDABLE}


def _replace(
    splits: Iterable[Split[ScopeLine]],
    *,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    uses: Sequence[UUID] | None = None,
) -> list[ScopeLine]:
    """Close the old rows and enter the new ones, with the instruments of those that they follow or, where changed, with `uses`."""
    splits = list(splits)
    _close([row.pk for split in splits for row in split.closed], at=at)
    pieces = [piece for split in splits for piece in split.pieces]
    made = [_row(piece, at=at, values=values) for piece in pieces]
    both = list(zip(pieces, made, strict=True))
    _refuse_standing([(line.series, piece) for piece, line in both if line.series != piece.like.series])
    ScopeLine.objects.bulk_create(made, batch_size=500)
    told = [] if uses is None else [(line.pk, one) for piece, line in both if piece.changed for one in uses]
    _copy_instruments([(piece.like.pk, line.pk) for piece, line in both if uses is None or not piece.changed], told)
    return made


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


def _row(piece: Piece[ScopeLine], *, at: datetime, values: Mapping[str, Any] | None) -> ScopeLine:
    line = copy(piece.like)
    line.pk, line._state = uuid4(), copy(line._state)
    line._state.adding = True
    line.valid_from, line.valid_to, line.status = piece.first, piece.last, piece.status
    line.recorded_at, line.superseded_at = at, None
    for name, value in (values or {}).items() if piece.changed else ():
        setattr(line, name, value)
    line.series = series_for(line)
    return line


def _refuse_standing(wanted: Sequence[tuple[UUID, Piece[ScopeLine]]]) -> None:
    """A line whose limits or method were changed may meet another that has them already on one of these days."""
    if (other := next(iter(meeting(wanted).values()), None)) is not None:
        raise CannotChange(ALREADY.with_(x=other.name))


def _copy_instruments(followed: Sequence[tuple[UUID, UUID]], told: Iterable[tuple[UUID, UUID]]) -> None:
    """Give each new row the instruments of the one it follows, and to some those that were `told`, as pairs of row and instrument."""
    through = ScopeLine.instruments.through
    keys = sorted({old for old, _ in followed})
    used: dict[UUID, list[UUID]] = {}
    for start in range(0, len(keys), CHUNK):
        rows = through.objects.filter(scopeline__in=keys[start : start + CHUNK])
        for old, instrument in rows.values_list("scopeline", "instrument"):
            used.setdefault(old, []).append(instrument)
    pairs = [*told, *((new, one) for old, new in followed for one in used.get(old, ()))]
    through.objects.bulk_create([through(scopeline_id=line, instrument_id=one) for line, one in pairs], batch_size=500)


def _subject(lines: Sequence[ScopeLine]) -> str:
    """One institution by its key, else what kind of things they were."""
    owners = {line.institution_id for line in lines}
    return f"institution:{owners.pop()}" if len(owners) == 1 else MANY


def _told(splits: Iterable[Split[ScopeLine]], entered: Sequence[ScopeLine]) -> Iterable[dict[str, Any]]:
    """For the journal's digest: the rows closed, by key, and every column of the rows entered."""
    for split in splits:
        yield from ({"closed": str(row.pk)} for row in split.closed)
    yield from (journal.columns(line) for line in entered)
