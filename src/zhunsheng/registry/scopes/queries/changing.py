"""What an act would do to many lines, before it is done; the act itself goes by the same."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.rules import CannotChange
from zhunsheng.registry.scopes.rules.changes import Split, status_split

CHUNK = 500
MANY = "scopes.scopeline"
"""What the journal calls the subject of an act on lines of several institutions."""
ACTS = (
    "self_suspend_scope_lines", "resume_scope_lines", "suspend_scope_lines", "reinstate_scope_lines", "cancel_scope_lines",
    "mend_scope_line",
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


def reasons(rows: Sequence[ScopeLine]) -> dict[datetime, str]:
    """Why rows were entered, by the moment of the act: what was said when a line was suspended, resumed, cancelled or mended; one query."""
    subjects = {f"institution:{row.institution_id}" for row in rows} | {MANY}
    acts = Entry.objects.filter(verb__in=ACTS, subject__in=subjects, at__in={row.recorded_at for row in rows})
    return dict(acts.order_by("pk").values_list("at", "reason"))
