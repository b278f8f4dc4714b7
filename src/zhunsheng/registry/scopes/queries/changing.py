"""What an act would do to many lines, before it is done; the act itself goes by the same."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue.models import Method
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.rules import CannotChange, series_of
from zhunsheng.registry.scopes.rules.changes import Piece, Split, edition_split, overlaps, status_split

CHUNK = 500
MANY = "scopes.scopeline"
"""What the journal calls the subject of an act on lines of several institutions."""
ACTS = (
    "self_suspend_scope_lines", "resume_scope_lines", "suspend_scope_lines", "reinstate_scope_lines", "cancel_scope_lines",
    "mend_scope_line", "change_scope_method", "use_scope_instruments", "approve_scope_line",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: by series, the rows closed and entered; and the lines that stay as they are, with the reason."""

    splits: Mapping[UUID, Split[ScopeLine]]
    refused: Sequence[tuple[ScopeLine, Text]]

    @property
    def lines(self) -> list[ScopeLine]:
        """The rows that change, as they are now: the one that covers the day, of each line."""
        return [split.closed[0] for split in self.splits.values()]


def preview(verb: str, series: Collection[UUID], *, from_day: date) -> Preview:
    """What suspending, resuming or cancelling these lines from a day on would do: one query for every 500 of them."""
    return _previewed(series, lambda rows: status_split(rows, verb, from_day))


def preview_method(series: Collection[UUID], method: Method, *, from_day: date) -> Preview:
    """What going on by another method from a day on would do; a line that stands by that method on these days stays as it is."""

    def split(rows: list[ScopeLine]) -> Split[ScopeLine]:
        if rows[0].method_id == method.pk:
            raise CannotChange(t("The line names this method already.", "该项目已使用该方法。"))
        return edition_split(rows, from_day)

    return _apart(_previewed(series, split), method)


def _apart(seen: Preview, method: Method) -> Preview:
    """Without the lines that would become one that stands already, or that another of these becomes."""
    wanted = {key: series_for(one.closed[0], method=method.pk) for key, one in seen.splits.items()}
    pieces = [(wanted[key], piece) for key, one in seen.splits.items() for piece in one.pieces if piece.changed]
    taken, free, refused = meeting(pieces), {}, list(seen.refused)
    for key, one in seen.splits.items():
        if (other := taken.setdefault(wanted[key], one.closed[0])) is one.closed[0]:
            free[key] = one
        else:
            refused.append((one.closed[0], ALREADY.with_(x=other.name)))
    return Preview(free, refused)


ALREADY = t("Such a line stands already: {x}.", "已有相同项目：{x}。")


def last_row(series: UUID) -> ScopeLine | None:
    """What a line says in its last days; in a transaction its rows are held until that ends."""
    rows = ScopeLine.objects.filter(series=series, superseded_at=None).order_by("-valid_from")
    return (rows.select_for_update() if transaction.get_connection().in_atomic_block else rows).first()


def series_for(line: ScopeLine, **instead: Any) -> UUID:
    """The series of a line, or of one that says the same but for what is given `instead`."""
    said = {
        "institution": line.institution_id, "site": line.site_id, "parameter": line.parameter_id, "matrix": line.matrix_id,
        "method": line.method_id, "limits": line.limits,
    }  # fmt: skip
    return series_of(**{**said, **instead})


def meeting(wanted: Sequence[tuple[UUID, Piece[ScopeLine]]]) -> dict[UUID, ScopeLine]:
    """Of these series, those that have a standing row on the days of a piece, with that row; one query for every 500."""
    days: dict[UUID, list[Piece[ScopeLine]]] = {}
    for series, piece in wanted:
        days.setdefault(series, []).append(piece)
    return {
        key: row
        for key, rows in standing_rows(days)
        for row in rows
        if any(overlaps(row, piece.first, piece.last) for piece in days[key])
    }


def _previewed(series: Collection[UUID], split: Callable[[list[ScopeLine]], Split[ScopeLine]]) -> Preview:
    splits: dict[UUID, Split[ScopeLine]] = {}
    refused: list[tuple[ScopeLine, Text]] = []
    for key, rows in standing_rows(series):
        try:
            splits[key] = split(rows)
        except CannotChange as why:
            refused.append((rows[-1], why.reason))
    return Preview(splits, refused)


def standing_rows(series: Collection[UUID]) -> Iterator[tuple[UUID, list[ScopeLine]]]:
    """For each line, its rows as we know them now, in order of time."""
    keys = sorted(set(series))
    named = ("parameter", "matrix", "method", "site", "institution__merged_into")
    for start in range(0, len(keys), CHUNK):
        rows = ScopeLine.objects.filter(series__in=keys[start : start + CHUNK], superseded_at=None)
        found: dict[UUID, list[ScopeLine]] = {}
        for row in rows.select_related(*named).order_by("series", "valid_from"):
            found.setdefault(row.series, []).append(row)
        yield from found.items()


def history(series: UUID) -> list[ScopeLine]:
    """All that was ever known of one line, newest knowledge first."""
    rows = ScopeLine.objects.filter(series=series).select_related(
        "parameter", "matrix", "method", "site", "institution"
    )
    return list(rows.order_by("-recorded_at", "-valid_from"))


def kin(rows: Sequence[ScopeLine]) -> tuple[list[ScopeLine], list[ScopeLine]]:
    """The lines that one went over from, and those that it went over to, when its limits or its method were changed.

    A line goes over to one that begins in the same act in which its own rows are closed, on a day on which it no longer stands.
    """
    first, closed = min(row.recorded_at for row in rows), {row.superseded_at for row in rows} - {None}
    one = rows[0]
    others = ScopeLine.objects.filter(
        institution=one.institution_id, site=one.site_id, parameter=one.parameter_id, matrix=one.matrix_id
    ).exclude(series=one.series)
    near = others.filter(Q(recorded_at__in=closed) | Q(superseded_at=first)).values("series")
    families: dict[UUID, list[ScopeLine]] = {}
    for row in others.filter(series__in=near).select_related("parameter", "matrix", "method").order_by("recorded_at"):
        families.setdefault(row.series, []).append(row)
    return (
        [found[-1] for found in families.values() if _went_over(found, rows)],
        [found[-1] for found in families.values() if _went_over(rows, found)],
    )


def _went_over(old: Sequence[ScopeLine], new: Sequence[ScopeLine]) -> bool:
    began = min(new, key=lambda row: (row.recorded_at, row.valid_from))
    closed = [row for row in old if row.superseded_at == began.recorded_at]
    after = [row for row in old if row.recorded_at >= began.recorded_at]
    return bool(closed) and not any(overlaps(row, began.valid_from, began.valid_from) for row in after)


def reasons(rows: Sequence[ScopeLine]) -> dict[datetime, str]:
    """Why rows were entered, by the moment of the act: what was said when a line was suspended, resumed, cancelled or mended; one query."""
    subjects = {f"institution:{row.institution_id}" for row in rows} | {MANY}
    acts = Entry.objects.filter(verb__in=ACTS, subject__in=subjects, at__in={row.recorded_at for row in rows})
    return dict(acts.order_by("pk").values_list("at", "reason"))
