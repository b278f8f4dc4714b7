"""Keeping the tallies: what an answer adds to one figure it takes from another, in the transaction of the answer."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from zhunsheng.activities.campaigns.plan.models import Participant
from zhunsheng.activities.campaigns.selfcheck.models import Call, Tally
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import PREFECTURE


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One figure: where, of which field, which item, which answer."""

    prefecture: str
    field: str
    item: int
    answer: str


def moved(participant: Participant, answers: Iterable[tuple[int, str, str]]) -> Counter[Place]:
    """What (item, before, after) changes in the tallies of an institution's prefecture and of each of its fields."""
    found: Counter[Place] = Counter()
    for item, before, after in answers:
        for field in ("", *participant.fields):
            found[_place(participant, field, item, before)] -= 1
            found[_place(participant, field, item, after)] += 1
    return found


def begun(participant: Participant, answers: Mapping[int, str]) -> Counter[Place]:
    """What the blank or pre-filled form of an institution adds."""
    fields = ("", *participant.fields)
    return Counter(_place(participant, field, item, answer) for field in fields for item, answer in answers.items())


def _place(participant: Participant, field: str, item: int, answer: str) -> Place:
    return Place(participant.region_code[:PREFECTURE], field, item, answer)


def add(call: Call, changes: Mapping[Place, int]) -> None:
    """Add to the figures, in the order of their keys, so that two who write at once never wait for each other in a ring."""
    rows = [
        (call.pk, place.prefecture, place.field, place.item, place.answer, n)
        for place, n in sorted(changes.items())
        if n
    ]
    table = connection.ops.quote_name(Tally._meta.db_table)
    sql = (
        f"INSERT INTO {table} (call_id, prefecture, field, item_id, answer, n) VALUES (%s, %s, %s, %s, %s, %s)"  # noqa: S608
        f" ON CONFLICT (call_id, field, prefecture, item_id, answer) DO UPDATE SET n = {table}.n + excluded.n"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
