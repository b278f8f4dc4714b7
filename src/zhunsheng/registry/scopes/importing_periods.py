"""What a row of a file does to the periods of a scope line: a change closes the row that was known and enters the next."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.comparing import replace
from zhunsheng.foundation.imports.register import Checked, Context, Given, Operation
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
    series: uuid.UUID


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
    periods = standing.get(line.series, [])
    held = _period(periods, row.text("valid_from"), row["valid_to"])
    if held is None or not _mended(checked, held, periods, wanted, recorded):
        checked.operations.append(Operation("insert", "scopes.ScopeLine", values=_new(line, {**wanted, **recorded})))


def _mended(
    checked: Checked,
    held: ScopeLine,
    periods: Sequence[ScopeLine],
    wanted: dict[str, str | None],
    recorded: Mapping[str, str],
) -> bool:
    """Correct a period; False where the row approves a cancelled line anew, so that a new period follows on the cancelled one."""
    first, asked = str(wanted["valid_from"]), wanted.get("status")
    if (
        held.status == Status.CANCELLED
        and asked not in (None, Status.CANCELLED)
        and first > held.valid_from.isoformat()
    ):
        _replace(checked, held, {"valid_to": (date.fromisoformat(first) - timedelta(days=1)).isoformat()},
                 {**recorded, "id": str(uuid.uuid4())})  # fmt: skip
        _check_apart(checked, first, wanted.get("valid_to"), [one for one in periods if one is not held])
        return False
    if asked is not None and asked not in _reached(held.status):
        checked.fault("status", _cannot_become(held.status, asked))
    last = wanted.get("valid_to") or (held.valid_to.isoformat() if held.valid_to else None)
    _check_apart(checked, first, last, [one for one in periods if one is not held])
    _replace(checked, held, wanted, recorded)
    return True


def _replace(checked: Checked, held: ScopeLine, wanted: Mapping[str, Any], recorded: Mapping[str, str]) -> None:
    before = len(checked.operations)
    replace(checked, held, wanted, recorded=recorded)
    if len(checked.operations) > before:
        checked.operations += [_uses(recorded["id"], str(one.pk)) for one in held.instruments.all()]


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


def _period(standing: Sequence[ScopeLine], first: str, last: str | None) -> ScopeLine | None:
    """The period that begins on that day, else the one that overlaps; a row without a match is a further period."""
    for one in standing:
        if one.valid_from.isoformat() == first:
            return one
    for one in standing:
        ends = one.valid_to.isoformat() if one.valid_to else None
        if (last is None or one.valid_from.isoformat() <= last) and (ends is None or first <= ends):
            return one
    return None
