"""Keeping the figures of a self-check: what a form adds to one it takes from another, in the transaction of its verb."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from zhunsheng.activities.campaigns.plan.models import Participant
from zhunsheng.activities.campaigns.selfcheck.models import Call, SelfCheck, Tally, Turnout
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import PREFECTURE
from zhunsheng.activities.campaigns.selfcheck.states import ANSWERS

Key = tuple[str | int, ...]
Changes = dict[Key, Counter[str]]
TURNOUT = ("open", "submitted", "returned", "frozen", "handed_in", "without_a_problem")


def stands(call: Call, form: SelfCheck, answers: Iterable[tuple[int, str]]) -> None:
    """A form was submitted, its answers by key of the item: its word counts from now on. `form` as it was before the verb."""
    _shift(call, form, into="submitted", by=1)
    _tally(call, form.participant, answers, 1)


def stands_no_more(call: Call, form: SelfCheck, answers: Iterable[tuple[int, str]]) -> None:
    """A form was given back: its word is taken out until it is given again. `form` as it was before the verb."""
    _shift(call, form, into="returned", by=-1)
    _tally(call, form.participant, answers, -1)


def begun(call: Call, participants: Iterable[Participant]) -> None:
    """Forms were opened; nothing stands in them yet."""
    changes = _changes()
    for one in participants:
        _count(changes, one, {"open": 1})
    _add(Turnout, call, ("field", "region_code"), changes)


def made_final(call: Call, forms: Iterable[SelfCheck]) -> None:
    """Forms were made final, as they were before the verb: where their word stood, it goes on standing."""
    changes = _changes()
    for one in forms:
        _count(changes, one.participant, {one.state: -1, "frozen": 1})
    _add(Turnout, call, ("field", "region_code"), changes)


def _shift(call: Call, form: SelfCheck, *, into: str, by: int) -> None:
    changes = _changes()
    zero = by if form.problems == 0 else 0
    _count(changes, form.participant, {form.state: -1, into: 1, "handed_in": by, "without_a_problem": zero})
    _add(Turnout, call, ("field", "region_code"), changes)


def _tally(call: Call, participant: Participant, answers: Iterable[tuple[int, str]], by: int) -> None:
    changes, place = _changes(), participant.region_code[:PREFECTURE]
    for item, answer in answers:
        for field in _fields(participant):
            changes[field, place, item][answer] += by
    _add(Tally, call, ("field", "prefecture", "item_id"), changes)


def _changes() -> Changes:
    return defaultdict(Counter)


def _fields(participant: Participant) -> Sequence[str]:
    return ("", *participant.fields)


def _count(changes: Changes, participant: Participant, steps: Mapping[str, int]) -> None:
    for field in _fields(participant):
        found = changes[field, participant.region_code]
        for column, n in steps.items():
            found[column] += n


COLUMNS: dict[type[models.Model], tuple[str, ...]] = {Tally: tuple(ANSWERS), Turnout: TURNOUT}


def _add(model: type[models.Model], call: Call, keys: Sequence[str], changes: Changes) -> None:
    """Add to the figures in the order of their keys, so that two who write at once never wait for each other in a ring."""
    columns, name = COLUMNS[model], connection.ops.quote_name
    rows: list[list[Any]] = [
        [call.pk, *key, *(n[column] for column in columns)] for key, n in sorted(changes.items()) if any(n.values())
    ]
    table, heads = name(model._meta.db_table), [name(one) for one in ("call_id", *keys, *columns)]
    summed = ", ".join(f"{name(one)} = {table}.{name(one)} + excluded.{name(one)}" for one in columns)
    unique = ", ".join(heads[: 1 + len(keys)])
    sql = (
        f"INSERT INTO {table} ({', '.join(heads)}) VALUES ({', '.join(['%s'] * len(heads))})"  # noqa: S608
        f" ON CONFLICT ({unique}) DO UPDATE SET {summed}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
