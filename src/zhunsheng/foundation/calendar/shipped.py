"""The years that come with the software, and how they enter a database: each once, and never over what people entered.

After every `migrate`, not in a migration: a newer release brings a newer year without one.
"""

import csv
from datetime import date
from importlib.resources import files
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from zhunsheng.foundation.calendar.models import CalendarDay, ShippedYear


def shipped_days() -> list[dict[str, str]]:
    """The rows of the package's table: the State Council's yearly notices on days off and make-up days."""
    with (files(__package__) / "years.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def enter_missing_years(using: str, **_: Any) -> None:
    """Signal handler for post_migrate: enter the shipped years that this database has never had."""
    existing = set(connections[using].introspection.table_names())
    if {CalendarDay._meta.db_table, ShippedYear._meta.db_table} <= existing:
        with transaction.atomic(using=using):
            _enter_missing_years(using)


def _enter_missing_years(using: str) -> None:
    days = [(date.fromisoformat(row["day"]), row) for row in shipped_days()]
    had = set(ShippedYear.objects.using(using).values_list("year", flat=True))
    if not (missing := {day.year for day, _ in days} - had):
        return
    now = timezone.now()
    ShippedYear.objects.using(using).bulk_create(ShippedYear(year=year, recorded_at=now) for year in sorted(missing))
    taken = {day.year for day in CalendarDay.objects.using(using).values_list("day", flat=True)}
    CalendarDay.objects.using(using).bulk_create(
        CalendarDay(day=day, kind=row["kind"], name_zh=row["name_zh"], name_en=row["name_en"], recorded_at=now)
        for day, row in days
        if day.year in missing - taken
    )
