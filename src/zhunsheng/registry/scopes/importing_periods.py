"""What a row of a file does to the periods of a scope line: a change closes the row that was known and enters the next."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.comparing import replace
from zhunsheng.foundation.imports.register import Checked, Context, Given, Operation
from zhunsheng.foundation.imports.writing import plain
from zhunsheng.registry.equipment.finding import called
from zhunsheng.registry.institutions.models import Institution, Site
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.states import SCOPE_LINE, STATUSES, Status

WRITTEN = ("low", "high", "unit", "uncertainty", "status", "valid_from", "valid_to")


@dataclass
class Line:
    """A row whose names were found."""

    given: Given
    institution: Institution
    site: Site | None
    ids: tuple[int, int, int]
    candidates: list[uuid.UUID]
    """The series under which the line may stand: that of the entry that was kept, then those of the entries merged into it."""
    series: uuid.UUID
    uses: Mapping[str, str] | None = None
    """The instruments by key with their serial numbers; None where the row leaves them as they are."""


def standing_of(series: set[uuid.UUID]) -> dict[uuid.UUID, list[ScopeLine]]:
    """What is known now of these lines, with the instruments they use."""
    found: dict[uuid.UUID, list[ScopeLine]] = defaultdict(list)
    rows = ScopeLine.objects.filter(series__in=series, superseded_at=None).prefetch_related("instruments")
    for one in rows.order_by("valid_from"):
        found[one.series].append(one)
    return found


def enter(checked: Checked, line: Line, standing: Mapping[uuid.UUID, list[ScopeLine]], context: Context) -> None:
    """Enter a line, or correct the period of it that the row is about."""
    row, recorded = line.given, {"recorded_at": context.at.isoformat(), "id": str(uuid.uuid4())}
    wanted = {name: row[name] for name in WRITTEN if row[name]}
    above: dict[Any, Above] = context.kept.setdefault("periods", {}).setdefault(line.series, {})
    periods = [one for one in standing.get(line.series, []) if one.pk not in above]
    first = row.text("valid_from")
    same = next((one for one in periods if one.valid_from.isoformat() == first), None)
    before = next((one for one in periods if _covers(one, first)), None)
    held = same or before
    last = row["valid_to"] or (same.valid_to.isoformat() if same and same.valid_to else None)
    _check_rows_apart(checked, row.row, first, last, above.values())
    if same is not None:
        _mended(checked, line, same, periods, wanted, recorded)
    elif before is not None:
        _follow(checked, line, before, periods, wanted, recorded)
    else:
        _check_apart(checked, first, row["valid_to"], periods)
        checked.operations.append(Operation("insert", "scopes.ScopeLine", values=_new(line, {**wanted, **recorded})))
        checked.operations += [_uses(recorded["id"], one) for one in line.uses or ()]
    if not checked.faults:
        above[held.pk if held else row.row] = Above(row.row, first, last)
        if before is not None and same is None:
            above[row.row] = above[before.pk]


@dataclass(frozen=True, slots=True)
class Above:
    """The days that a row of the file gives a line."""

    row: int
    first: str
    last: str | None


def _check_rows_apart(checked: Checked, row: int, first: str, last: str | None, above: Iterable[Above]) -> None:
    """Two rows of a file do not give a line overlapping days: which of them is meant is not guessed."""
    for one in above:
        if (last is None or one.first <= last) and (one.last is None or first <= one.last):
            message = t(
                "Rows {a} and {b} give this line overlapping periods. Give the earlier one a last day, or delete one of the two.",
                "第 {a} 行和第 {b} 行给出的有效期重叠。请为较早的一行填写截止日期，或删除其中一行。",
                a=min(one.row, row), b=max(one.row, row),
            )  # fmt: skip
            checked.fault("valid_from", message)
            return


def _mended(
    checked: Checked,
    line: Line,
    held: ScopeLine,
    periods: Sequence[ScopeLine],
    wanted: dict[str, str | None],
    recorded: Mapping[str, str],
) -> None:
    """Correct the period that begins on that day."""
    _check_status(checked, held, wanted)
    last = wanted.get("valid_to") or (held.valid_to.isoformat() if held.valid_to else None)
    _check_apart(checked, str(wanted["valid_from"]), last, [one for one in periods if one is not held])
    _replace(checked, held, wanted, recorded, uses=line.uses)


def _follow(
    checked: Checked,
    line: Line,
    held: ScopeLine,
    periods: Sequence[ScopeLine],
    wanted: dict[str, str | None],
    recorded: Mapping[str, str],
) -> None:
    """End a period the day before the row's first; what the row leaves empty goes on, instruments too.

    A cancelled line may be approved anew.
    """
    if held.status != Status.CANCELLED:
        _check_status(checked, held, wanted)
    first = date.fromisoformat(str(wanted["valid_from"]))
    _check_apart(checked, first.isoformat(), wanted.get("valid_to"), [one for one in periods if one is not held])
    _replace(
        checked,
        held,
        {"valid_to": (first - timedelta(days=1)).isoformat()},
        {**recorded, "id": str(uuid.uuid4())},
    )
    copied = {
        field.attname: plain(getattr(held, field.attname))
        for field in held._meta.concrete_fields
        if field.attname not in ("id", "superseded_at")
    }
    values = {**copied, "valid_to": None, **wanted, **recorded}
    checked.operations.append(Operation("insert", "scopes.ScopeLine", values=values))
    checked.operations += [_uses(recorded["id"], one) for one in (_used(held) if line.uses is None else line.uses)]


def _check_status(checked: Checked, held: ScopeLine, wanted: Mapping[str, str | None]) -> None:
    asked = wanted.get("status")
    if asked is not None and asked not in _reached(held.status):
        checked.fault("status", _cannot_become(held.status, asked))


def _replace(
    checked: Checked, held: ScopeLine, wanted: Mapping[str, Any], recorded: Mapping[str, str], *,
    uses: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Close a period and enter it anew where a value or its instruments differ."""
    before, used = len(checked.operations), _used(held)
    named = used if uses is None else uses
    replace(checked, held, wanted, recorded=recorded, anyhow=set(named) != set(used))
    if len(checked.operations) > before:
        checked.operations += [_uses(recorded["id"], one) for one in named]
    if set(named) != set(used):
        checked.changes.append(("instruments", serials(used), serials(named)))


def _used(held: ScopeLine) -> dict[str, str]:
    return {str(one.pk): called(one) for one in held.instruments.all()}


def serials(instruments: Mapping[str, str]) -> str:
    """Serial numbers as a cell holds them."""
    return "; ".join(sorted(instruments.values()))


def _reached(status: str) -> set[str]:
    """What a status may become by one act, or stay."""
    acts = SCOPE_LINE.transitions.values()
    return {status, *(str(act.target) for act in acts if status in act.sources)}


def _cannot_become(status: str, asked: str) -> Text:
    return t(
        "This line is “{a}” on these days and cannot become “{b}”. A cancelled line is approved anew from a later day on.",
        "该项目在此期间为“{a}”，不能改为“{b}”。已取消的项目只能自其后某日起重新获批。",
        a=STATUSES[Status(status)], b=STATUSES[Status(asked)],
    )  # fmt: skip


def _check_apart(checked: Checked, first: str, last: str | None, others: Sequence[ScopeLine]) -> None:
    """A line is one thing on one day: a period does not run into the next, which may say that it is cancelled."""
    for one in others:
        ends = one.valid_to.isoformat() if one.valid_to else None
        if (last is None or one.valid_from.isoformat() <= last) and (ends is None or first <= ends):
            day = one.valid_from.isoformat()
            message = t("The line has another period from {d} on.", "该项目自 {d} 起已有另一有效期。", d=day)
            checked.fault("valid_to" if first <= day else "valid_from", message)
            return


def _new(line: Line, given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a period that was not known."""
    parameter, matrix, method = line.ids
    return {
        **given, "series": str(line.series), "institution_id": str(line.institution.pk),
        "site_id": line.site.pk if line.site else None, "parameter_id": parameter, "matrix_id": matrix, "method_id": method,
        "region_code": line.site.region_code if line.site else line.institution.region_code, "limits": line.given.text("limits"),
    }  # fmt: skip


def _uses(line: str, instrument: str) -> Operation:
    return Operation(
        "insert", "scopes.ScopeLine_instruments", values={"scopeline_id": line, "instrument_id": instrument}
    )


def _covers(one: ScopeLine, day: str) -> bool:
    return one.valid_from.isoformat() <= day and (one.valid_to is None or day <= one.valid_to.isoformat())
