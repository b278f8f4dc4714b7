"""Are new rows that wait about something that came into the register after the file was checked?

A file is checked against the register as it is; two files that name the same new thing are both right, and the second to be
applied would enter it twice. What the database's own constraints forbid needs no word here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Model

from zhunsheng.foundation.imports import staging

LOCKS = 7305
"""The class of PostgreSQL's advisory locks under which registers are switched: one file a register at a time."""
SOME = 500


@dataclass(frozen=True, slots=True)
class Same:
    """A row of `model` is about the same thing as another one with equal `columns`.

    `apart`: not where both have a value in one of these and the values differ. `filled`: only where there is a value. `standing`:
    only rows in which these columns are empty count. `days`: only where valid_from to valid_to meet.
    `through`: a model whose rows name this one by a column, and the columns of its rows that must be equal, too; the file gives
    both in one row.
    """

    model: str
    columns: tuple[str, ...]
    apart: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    days: bool = False
    through: tuple[str, str, tuple[str, ...]] | None = None


def lock(register: str) -> None:
    """Let one file at a time be switched into a register until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, register])


def overtaken(import_id: UUID, rules: Sequence[Same], *, after: int, to: int) -> set[int]:
    """The rows of a stretch of the file whose new things are in the register by now; a query a rule."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for rule in rules:
            cursor.execute(question(import_id, rule), [after, to])
            found |= {row for (row,) in cursor.fetchall()}
    return found


def question(import_id: UUID, rule: Same) -> str:
    """The rows of the file that wait (w) for which the register has such a row (r)."""
    waiting, there = f"{_waiting(import_id, rule.model)} w", f"{_table(rule.model)} r"
    where = _where(rule)
    if rule.through is not None:
        model, link, columns = rule.through
        key = _q(apps.get_model(rule.model)._meta.pk.attname)
        waiting += f" JOIN {_waiting(import_id, model)} wt ON wt.{_q(link)} = w.{key} AND wt.{_q(staging.ROW)} = w.{_q(staging.ROW)}"
        there += (
            f" CROSS JOIN {_table(model)} rt"  # SQLite looks for r first: fewer bear one name than work in one place
        )
        where += [f"rt.{_q(link)} = r.{key}", *(f"rt.{_q(name)} = wt.{_q(name)}" for name in columns)]
    row = f"w.{_q(staging.ROW)}"
    return (
        f"SELECT DISTINCT {row} FROM {waiting} WHERE {row} > %s AND {row} <= %s"  # noqa: S608
        f" AND EXISTS (SELECT 1 FROM {there} WHERE {' AND '.join(where)})"
    )


def _where(rule: Same) -> list[str]:
    where = [f"r.{_q(name)} = w.{_q(name)}" for name in rule.columns]
    where += [f"r.{_q(name)} IS NULL" for name in rule.standing]
    where += [f"w.{_q(name)} <> ''" for name in rule.filled]
    for name in map(_q, rule.apart):
        given = f"COALESCE(r.{name}, '') <> '' AND COALESCE(w.{name}, '') <> ''"
        where.append(f"NOT ({given} AND r.{name} <> w.{name})")
    if rule.days:
        first, last = _q("valid_from"), _q("valid_to")
        where.append(f"(r.{last} IS NULL OR r.{last} >= w.{first}) AND (w.{last} IS NULL OR w.{last} >= r.{first})")
    return where


def there_already(rules: Sequence[Same], rows: Sequence[Model]) -> bool:
    """The same of rows that are written late, by key: does one that supersedes nothing stand in the register?"""
    model = type(rows[0])
    new = [row for row in rows if getattr(row, "supersedes_id", None) is None]
    return any(rule.model == model._meta.label and _any_there(rule, model, new) for rule in rules)


def _any_there(rule: Same, model: type[Model], rows: Sequence[Model]) -> bool:
    """Asked by the first column; the others are compared here."""
    first = rule.columns[0]
    wanted = {tuple(getattr(row, name) for name in rule.columns) for row in rows}
    keys = sorted({getattr(row, first) for row in rows})
    return any(
        held in wanted
        for start in range(0, len(keys), SOME)
        for held in model._default_manager.filter(**{f"{first}__in": keys[start : start + SOME]}).values_list(
            *rule.columns
        )
    )


def _waiting(import_id: UUID, label: str) -> str:
    return _q(staging.table_of(import_id, label))


def _table(label: str) -> str:
    return _q(apps.get_model(label)._meta.db_table)


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
