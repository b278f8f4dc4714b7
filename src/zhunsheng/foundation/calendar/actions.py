"""The verbs of the calendar: enter days, take days out, put a file's years in place of what there is."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.models import CalendarDay
from zhunsheng.foundation.calendar.rules import ListedDay
from zhunsheng.foundation.journal import actions as journal


@transaction.atomic
def enter_days(days: Sequence[ListedDay], *, actor: User | None, at: datetime) -> None:
    """List days, or change those that are listed; the digest covers each as it was and as it is."""
    before = _listed([one.day for one in days])
    _write(days, actor=actor, at=at)
    rows = [{"was": before.get(one.day), "is": _plain(one)} for one in days]
    journal.record("enter_calendar_days", actor=actor, at=at, subject=_subject(days), rows=rows, **_single(rows))


@transaction.atomic
def remove_days(days: Collection[date], *, actor: User | None, at: datetime) -> None:
    """Take days out of the table: each is again what its weekday says."""
    rows = [{"was": was, "is": None} for was in _listed(days).values()]
    CalendarDay.objects.filter(day__in=days).delete()
    journal.record("remove_calendar_days", actor=actor, at=at, subject=_years(days), rows=rows, **_single(rows))


@transaction.atomic
def replace_years(days: Sequence[ListedDay], *, actor: User | None, at: datetime) -> None:
    """Put the years that `days` speaks of in place of what is listed for them, as a new notice replaces the old."""
    years = sorted({one.day.year for one in days})
    old = {row.day: _of_row(row) for row in CalendarDay.objects.filter(day__year__in=years)}
    new = {one.day: _plain(one) for one in days}
    CalendarDay.objects.filter(day__in=old.keys() - new.keys()).delete()
    _write(days, actor=actor, at=at)
    rows = [{"was": old.get(day), "is": new.get(day)} for day in sorted(old.keys() | new.keys())]
    journal.record("replace_calendar_years", actor=actor, at=at, subject=_subject(days), rows=rows)


def _write(days: Iterable[ListedDay], *, actor: User | None, at: datetime) -> None:
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(day=d.day, kind=d.kind, name_zh=d.name_zh, name_en=d.name_en, recorded_at=at, by=actor)
            for d in days
        ],
        update_conflicts=True, unique_fields=["day"], update_fields=["kind", "name_zh", "name_en", "recorded_at", "by"],
    )  # fmt: skip


def _listed(days: Collection[date]) -> dict[date, dict[str, str]]:
    return {row.day: _of_row(row) for row in CalendarDay.objects.filter(day__in=days)}


def _of_row(row: CalendarDay) -> dict[str, str]:
    return {"day": row.day.isoformat(), "kind": row.kind, "name_zh": row.name_zh, "name_en": row.name_en}


def _plain(one: ListedDay) -> dict[str, str]:
    return {"day": one.day.isoformat(), "kind": one.kind.value, "name_zh": one.name_zh, "name_en": one.name_en}


def _single(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Before and after of an act upon one day, in the journal's own columns."""
    return {"before": rows[0]["was"], "after": rows[0]["is"]} if len(rows) == 1 else {}


def _subject(days: Sequence[ListedDay]) -> str:
    return _years([one.day for one in days])


def _years(days: Collection[date]) -> str:
    years = sorted({day.year for day in days})
    return f"calendar:{years[0]}" if len(years) == 1 else f"calendar:{years[0]}-{years[-1]}" if years else "calendar"
