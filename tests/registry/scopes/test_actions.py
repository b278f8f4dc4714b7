"""Suspending, resuming, cancelling, mending: what stands afterwards, what stood before, what the journal was told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from tests.registry.scopes.ground import SINCE, laboratory, line, matrix, method, parameters, rows_of
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.equipment.actions import enter_instruments
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.scopes import actions
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.changing import history, preview
from zhunsheng.registry.scopes.rules import CannotChange

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 15)
LATER = AT + timedelta(days=10)
HOW: dict[str, Any] = {"reason": "the instrument is out of order", "actor": None, "at": AT}


@pytest.fixture
def one() -> ScopeLine:
    (lead,) = parameters("lead")
    return line(laboratory("A"), lead, matrix("tea"), method("GB 5009.12-2023"))


def test_a_suspension_from_a_day_on_leaves_what_was_before_as_it_was(one: ScopeLine) -> None:
    assert actions.self_suspend([one.series], from_day=date(2026, 5, 1), **HOW) == 1
    assert rows_of(one.series) == [("2024-01-01", "2026-04-30", "active"), ("2026-05-01", None, "self_suspended")]
    actions.resume([one.series], from_day=date(2026, 6, 1), **{**HOW, "at": LATER})
    assert rows_of(one.series) == [
        ("2024-01-01", "2026-04-30", "active"), ("2026-05-01", "2026-05-31", "self_suspended"), ("2026-06-01", None, "active"),
    ]  # fmt: skip


def test_what_we_knew_before_can_still_be_asked(one: ScopeLine) -> None:
    actions.self_suspend([one.series], from_day=date(2026, 5, 1), **HOW)
    actions.cancel([one.series], from_day=date(2026, 5, 20), **{**HOW, "at": LATER})

    def status(on: date, known_on: date) -> str:
        return ScopeLine.objects.get(holding(on), known(known_on), series=one.series).status

    assert status(date(2026, 5, 25), LATER.date()) == "cancelled"
    assert status(date(2026, 5, 25), AT.date()) == "self_suspended"  # before the cancellation was known
    assert status(date(2026, 5, 10), LATER.date()) == "self_suspended"
    assert status(date(2026, 4, 30), LATER.date()) == "active"
    assert len(history(one.series)) == 5  # nothing that was entered is gone


def test_the_instruments_go_with_every_row(one: ScopeLine) -> None:
    spectrometer = Instrument(institution=one.institution, serial="X-1", name_zh="光谱仪", name_en="Spectrometer")
    enter_instruments([spectrometer], actor=None, at=AT)
    one.instruments.add(spectrometer)
    actions.self_suspend([one.series], from_day=date(2026, 5, 1), **HOW)
    standing = ScopeLine.objects.filter(series=one.series, superseded_at=None)
    assert [list(row.instruments.all()) for row in standing] == [[spectrometer]] * 2


def test_all_lines_or_none(one: ScopeLine) -> None:
    (zinc,) = parameters("zinc")
    gone = line(one.institution, zinc, one.matrix, one.method, valid_to=date(2025, 12, 31))
    with pytest.raises(CannotChange, match=r"Zinc in Tea by GB 5009\.12-2023: The line is not in the scope"):
        actions.self_suspend([one.series, gone.series], from_day=TODAY, **HOW)
    assert rows_of(one.series) == [("2024-01-01", None, "active")]
    seen = preview("self_suspend", [one.series, gone.series], from_day=TODAY)
    assert [row.pk for row in seen.lines] == [one.pk] and [row.pk for row, _ in seen.refused] == [gone.pk]


def test_an_institution_does_not_look_back_an_authority_may(one: ScopeLine) -> None:
    for verb in (actions.self_suspend, actions.resume):
        with pytest.raises(CannotChange, match="today or a later day"):
            verb([one.series], from_day=TODAY - timedelta(days=1), **HOW)
    assert actions.cancel([one.series], from_day=SINCE, **HOW) == 1
    assert rows_of(one.series) == [("2024-01-01", None, "cancelled")]


def test_no_reason_no_lines_no_change(one: ScopeLine) -> None:
    with pytest.raises(CannotChange, match="Give the reason"):
        actions.self_suspend([one.series], from_day=TODAY, **{**HOW, "reason": " "})
    with pytest.raises(CannotChange, match="at least one"):
        actions.self_suspend([], from_day=TODAY, **HOW)
    assert Entry.objects.filter(verb="self_suspend_scope_lines").count() == 0


def test_one_row_in_the_journal_for_all_lines(one: ScopeLine) -> None:
    (zinc,) = parameters("zinc")
    other = line(one.institution, zinc, one.matrix, one.method)
    actions.self_suspend([one.series, other.series], from_day=date(2026, 5, 1), **HOW)
    entry = Entry.objects.get(verb="self_suspend_scope_lines")
    assert entry.subject == f"institution:{one.institution_id}" and entry.reason == HOW["reason"]
    assert entry.touched == 2 + 4  # closed and entered


def test_somebody_else_was_faster(one: ScopeLine, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = preview("self_suspend", [one.series], from_day=TODAY)
    actions.cancel([one.series], from_day=TODAY, **HOW)
    monkeypatch.setattr(actions, "preview", lambda *_, **__: seen)
    with pytest.raises(CannotChange, match="Somebody else changed"):
        actions.self_suspend([one.series], from_day=TODAY, **HOW)


def test_mending_gives_other_values_from_a_day_on(one: ScopeLine) -> None:
    values = {"low": "0.02", "high": "5", "unit": "mg/kg", "uncertainty": "U = 12 %, k = 2", "limits": ""}
    actions.mend(one.series, from_day=date(2026, 5, 1), values=values, **HOW)
    before, after = ScopeLine.objects.filter(series=one.series, superseded_at=None).order_by("valid_from")
    assert (before.low, before.valid_to, after.low, after.uncertainty) == (
        "",
        date(2026, 4, 30),
        "0.02",
        "U = 12 %, k = 2",
    )
    with pytest.raises(CannotChange, match="lower end 5 is above"):
        actions.mend(one.series, from_day=TODAY, values={**values, "low": "5", "high": "2"}, **HOW)


def test_other_limits_are_another_line_from_that_day_on(one: ScopeLine) -> None:
    narrow = line(one.institution, one.parameter, one.matrix, one.method, limits="green tea only")
    with pytest.raises(CannotChange, match="Such a line stands already"):
        actions.mend(one.series, from_day=date(2026, 5, 1), values={"limits": "green tea only"}, **HOW)
    actions.mend(narrow.series, from_day=date(2026, 5, 1), values={"limits": "black tea only"}, **HOW)
    assert rows_of(narrow.series) == [("2024-01-01", "2026-04-30", "active")]
    moved = ScopeLine.objects.get(limits="black tea only", superseded_at=None)
    assert (moved.valid_from, moved.series != narrow.series) == (date(2026, 5, 1), True)


def test_a_line_with_a_gap_in_its_life_is_changed_in_its_last_part(one: ScopeLine) -> None:
    early = line(
        one.institution, one.parameter, one.matrix, one.method, valid_from=date(2020, 1, 1), valid_to=date(2022, 12, 31)
    )
    assert early.series == one.series
    actions.self_suspend([one.series], from_day=date(2026, 5, 1), **HOW)
    assert rows_of(one.series)[0] == ("2020-01-01", "2022-12-31", "active") and len(rows_of(one.series)) == 3


def test_three_and_three_hundred_lines_ask_the_same_number_of_questions() -> None:
    where, in_, by = laboratory("A"), matrix("tea"), method("GB 5009.12-2023")
    asked = []
    for n in (3, 300):
        what = parameters(*(f"p{n}-{i}" for i in range(n)))
        lines = [
            ScopeLine(institution=where, parameter=p, matrix=in_, method=by, valid_from=SINCE, recorded_at=AT)
            for p in what
        ]
        actions.enter_scope_lines(lines, instruments={}, actor=None, at=AT)
        with CaptureQueriesContext(connection) as queries:
            assert actions.self_suspend([one.series for one in lines], from_day=date(2026, 5, 1), **HOW) == n
        asked.append([q["sql"] for q in queries if q["sql"].startswith(("SELECT", "UPDATE"))])
    assert len(asked[0]) == len(asked[1])  # rows are inserted in batches, as many as the database takes at once
