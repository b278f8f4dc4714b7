"""Records that were made: entered, corrected, withdrawn, never changed; and counted over many laboratories by one definition."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tests.registry.management.laboratories import AS_OF, YEAR, approve, laboratories, record
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.management.actions import Refused, correct_record, withdraw_record
from zhunsheng.registry.management.models import ManagementRecord
from zhunsheng.registry.management.queries.records import history, lived_by, lived_by_page
from zhunsheng.registry.management.queries.requirements import dues_of
from zhunsheng.registry.management.queries.rollup import by_area, by_due, with_something_missing
from zhunsheng.registry.management.rules.lived import missing
from zhunsheng.registry.management.states import State

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 2, 2, tzinfo=UTC)


def states(where: Institution, as_of: date = AS_OF) -> dict[tuple[str, str], State]:
    return {line.due.key: line.state for line in lived_by(where, YEAR, as_of)}


def test_a_record_is_entered_once_with_its_journal_row() -> None:
    (where,) = laboratories(1)
    before = Entry.objects.count()
    record(where)
    assert Entry.objects.count() == before + 1
    assert states(where)["internal_audit", "2025"] is State.IN_TIME
    assert states(where)["management_review", "2025"] is State.MISSING
    assert states(where)["annual_report", "2025"] is State.MISSING, "due 2026-03-31"


def test_what_was_known_on_a_day_is_asked_as_of_that_day() -> None:
    (where,) = laboratories(1)
    record(where, held_on=date(2025, 11, 3), at=AT)
    assert states(where, date(2026, 2, 1))["internal_audit", "2025"] is State.MISSING
    assert states(where, date(2026, 2, 2))["internal_audit", "2025"] is State.IN_TIME


def test_the_due_day_of_a_submission_is_a_working_day() -> None:
    """2026-01-31 is a Saturday; the numbers of the fourth quarter are due on Monday."""
    due = {one.key: one for one in dues_of(2025)}["report_numbers", "2025Q4"]
    assert due.due_on == date(2026, 2, 2)


def test_a_correction_keeps_what_it_corrects() -> None:
    (where,) = laboratories(1)
    old = record(where)
    new = correct_record(
        old, held_on=date(2026, 1, 9), title="内审报告", made_by="质量负责人", document=None, reason="the day was wrong", actor=None, at=AT
    )  # fmt: skip
    assert states(where)["internal_audit", "2025"] is State.LATE
    assert states(where, date(2026, 2, 1))["internal_audit", "2025"] is State.IN_TIME, "as it was known then"
    assert [one.pk for one in history(where, YEAR)] == [new.pk, old.pk]
    with pytest.raises(Refused, match="corrected already"):
        withdraw_record(old, reason="again", actor=None, at=AT)


def test_a_record_that_was_not_made_after_all_is_taken_back() -> None:
    (where,) = laboratories(1)
    taken = withdraw_record(record(where), reason="the audit was called off", actor=None, at=AT)
    assert states(where)["internal_audit", "2025"] is State.MISSING
    with pytest.raises(Refused):
        correct_record(taken, held_on=AS_OF, title="x", made_by="y", document=None, reason="z", actor=None, at=AT)


def test_the_database_itself_keeps_records_as_they_are() -> None:
    (where,) = laboratories(1)
    one = record(where)
    for harm in (
        lambda: ManagementRecord.objects.filter(pk=one.pk).update(title="x"),
        lambda: ManagementRecord.objects.filter(pk=one.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            harm()


def test_nothing_is_asked_of_who_holds_no_approval_at_the_end_of_the_period() -> None:
    (without,) = laboratories(1, approved=None)
    (accredited,) = laboratories(1, region_code="330108", approved=None)
    approve([accredited], date(2024, 1, 1), date(2029, 1, 1), scheme="CNAS")
    (ended,) = laboratories(1, region_code="330105", approved=(date(2020, 1, 1), date(2025, 7, 31)))
    assert states(without) == states(accredited) == {}
    assert set(states(ended)) == {("report_numbers", "2025Q1"), ("report_numbers", "2025Q2")}


def test_a_merged_entry_brings_its_records_and_its_approval() -> None:
    kept, merged = laboratories(1, approved=None) + laboratories(1, region_code="330108")
    record(merged)
    Institution.objects.filter(pk=merged.pk).update(merged_into=kept, merged_at=AT)
    assert states(kept)["internal_audit", "2025"] is State.IN_TIME
    shares = {due.key: share for due, share in by_due(standing(), dues_of(YEAR), AS_OF)}
    assert (shares["internal_audit", "2025"].planned, shares["internal_audit", "2025"].made) == (1, 1)
    assert set(by_area(standing(), dues_of(YEAR), AS_OF, digits=6)) == {"330106"}


def some_network() -> list[Institution]:
    """Laboratories of three counties, with records at random, some twice, some corrected, some merged."""
    chance = random.Random(20260415)
    places = laboratories(6) + laboratories(5, region_code="330108") + laboratories(4, region_code="330300")
    places += laboratories(2, region_code="330300", approved=(date(2024, 1, 1), date(2025, 8, 1)))
    places += laboratories(1, region_code="110101", approved=None)
    for where in places:
        for due in dues_of(YEAR):
            if chance.random() < 0.6:
                made = due.due_on + timedelta(days=chance.randint(-90, 30))
                one = record(
                    where,
                    *due.key,
                    held_on=min(made, AS_OF),
                    at=datetime(2026, 4, 1, tzinfo=UTC) if made < date(2026, 4, 1) else AT.replace(month=4, day=15),
                )
                if chance.random() < 0.2:
                    withdraw_record(one, reason="not so", actor=None, at=datetime(2026, 4, 15, 3, tzinfo=UTC))
                if chance.random() < 0.2:
                    record(where, *due.key, held_on=min(due.due_on, AS_OF), at=datetime(2026, 4, 15, 4, tzinfo=UTC))
    Institution.objects.filter(pk=places[1].pk).update(merged_into=places[0], merged_at=AT)
    return places


def test_the_sums_of_the_database_are_those_of_the_lines_one_by_one() -> None:
    some_network()
    dues, heads = dues_of(YEAR), list(standing())
    lines = lived_by_page(heads, dues, AS_OF)
    told: Counter[tuple[Any, str]] = Counter()
    areas: Counter[tuple[str, str]] = Counter()
    for where in heads:
        for line in lines.get(where.pk, []):
            for what in (
                "planned",
                *(["made"] if line.made else []),
                *(["in_time"] if line.state is State.IN_TIME else []),
            ):
                told[line.due.key, what] += 1
                areas[where.region_code[:4], what] += 1
    summed = by_due(standing(), dues, AS_OF)
    assert sum(share.late for _, share in summed) > 3 and sum(share.missing for _, share in summed) > 10
    for due, share in summed:
        assert [share.planned, share.made, share.in_time] == [
            told[due.key, w] for w in ("planned", "made", "in_time")
        ], due.key
    for area, share in by_area(standing(), dues, AS_OF, digits=4).items():
        assert [share.planned, share.made, share.in_time] == [areas[area, w] for w in ("planned", "made", "in_time")], (
            area
        )
    lacking = {where.pk for where in heads if missing(lines.get(where.pk, []))}
    assert {
        one.pk for one in with_something_missing(standing(), [d for d in dues if d.due_on < AS_OF], AS_OF)
    } == lacking


def test_the_region_narrows_every_sum() -> None:
    some_network()
    hangzhou = standing().filter(region_code__startswith="3301")
    assert all(share.planned <= 10 for _, share in by_due(hangzhou, dues_of(YEAR), AS_OF))
    assert by_due(standing().filter(Q(pk__in=())), dues_of(YEAR), AS_OF)[0][1].of_planned is None


def test_three_and_three_hundred_laboratories_cost_the_same() -> None:
    dues = dues_of(YEAR)

    def look() -> None:
        by_due(standing(), dues, AS_OF)
        by_area(standing(), dues, AS_OF, digits=4)
        lived_by_page(list(standing()), dues, AS_OF)
        list(with_something_missing(standing(), dues, AS_OF))

    laboratories(3)
    few = queries_made(look)
    record(laboratories(297, region_code="330108")[0])
    assert queries_made(look) == few <= 20


def queries_made(look: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as asked:
        look()
    return len(asked)
