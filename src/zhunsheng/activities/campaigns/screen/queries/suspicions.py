"""The questions asked of screens and suspicions; the rows behind a suspicion are read from the screen's evidence."""

from __future__ import annotations

import io
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from zhunsheng.activities.campaigns.screen.models import Evidence, LogFile, Screen, Suspicion
from zhunsheng.activities.campaigns.screen.rules.columns import LogKind
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.institutions.models import Institution

if TYPE_CHECKING:
    import polars as pl


def rows_behind(suspicion: Suspicion, *, most: int | None = None) -> pl.DataFrame:
    """The hits behind a suspicion, in order: day, log, row and what each shows."""
    import polars as pl  # here, as below: only who looks at rows waits for it

    content = bytes(Evidence.objects.values_list("content", flat=True).get(screen=suspicion.screen_id))
    wanted = suspicion.rows if most is None else min(suspicion.rows, most)
    return pl.scan_parquet(io.BytesIO(content)).slice(suspicion.first, wanted).collect()


def log_names(screen: Screen) -> list[str]:
    """The names of the logs that were looked through, in the order in which hits number them."""
    return list(read_logs(screen).values_list("name", flat=True))


def read_logs(screen: Screen) -> QuerySet[LogFile]:
    """The logs that take part, in a fixed order."""
    return screen.logs.filter(state="read").order_by("received_at", "pk")


def asked_before(authority: Institution, *, first: date, last: date) -> list[tuple[str, str]]:
    """Institution (key without dashes) and fingerprint of every hit behind the authority's suspicions of these days."""
    import polars as pl

    screens = Screen.objects.filter(authority=authority, state="done", last_on__gte=first, first_on__lte=last)
    found: list[tuple[str, str]] = []
    for evidence in Evidence.objects.filter(screen__in=screens.order_by().values("pk")):
        frame = pl.read_parquet(io.BytesIO(bytes(evidence.content)), columns=["institution", "print"])
        found += frame.iter_rows()
    return found


def earlier_copies(log: LogFile) -> QuerySet[LogFile]:
    """The same file (SHA-256) in other screens of the authority, the oldest first."""
    same = LogFile.objects.filter(sha256=log.sha256, screen__authority=log.screen.authority_id).exclude(pk=log.pk)
    return same.exclude(state="refused").select_related("screen").order_by("received_at")


def counted_by_rule(suspicions: QuerySet[Suspicion]) -> list[dict[str, Any]]:
    """For each rule how many suspicions there are, how many are settled either way; one query."""
    counted = (
        suspicions.order_by()
        .values("rule")
        .annotate(
            n=Count("pk"),
            explained=Count("pk", filter=Q(state="explained")),
            taken_up=Count("pk", filter=Q(state="taken_up")),
        )
    )
    return [dict(row) for row in counted.order_by("rule")]


def bad_rows(log: LogFile, kind: LogKind, *, most: int | None = None) -> list[list[CellValue]]:
    """The rows that could not be read, as sent, each with its row number, columns and faults."""
    import polars as pl

    if not log.bad_rows:
        return []
    frame = pl.read_parquet(io.BytesIO(bytes(log.bad_rows)))
    return [list(row) for row in (frame if most is None else frame.head(most)).iter_rows()]


def institutions_by_key(keys: Collection[str]) -> dict[str, Institution]:
    """Institutions by their keys without dashes; one query."""
    return {one.pk.hex: one for one in Institution.objects.filter(pk__in=keys)}
