"""One line entered by hand, its instruments, its method changed for the next edition; and the lines that one went over to."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from tests.registry.scopes.ground import SINCE, laboratory, line, matrix, method, parameters, rows_of
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue.models import Method
from zhunsheng.registry.equipment.actions import enter_instruments
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.institutions.models import Institution, Site
from zhunsheng.registry.scopes import actions
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.changing import history, kin, preview_method, reasons
from zhunsheng.registry.scopes.rules import CannotChange

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)
LATER = AT + timedelta(days=10)
HOW: dict[str, Any] = {"reason": "approval 2026-17", "actor": None, "at": LATER}
MENDED: dict[str, Any] = {"from_day": DAY, **HOW}


@pytest.fixture
def one() -> ScopeLine:
    (lead,) = parameters("lead")
    return line(laboratory("A"), lead, matrix("tea"), method("GB 5009.12-2017"), limits="leaves", low="1", unit="mg/kg")


@pytest.fixture
def edition(one: ScopeLine) -> Method:
    return method("GB 5009.12-2023")


def new_like(one: ScopeLine, **also: object) -> ScopeLine:
    given: dict[str, Any] = {
        "institution": one.institution, "parameter": one.parameter, "matrix": one.matrix, "method": one.method,
        "limits": one.limits, "valid_from": DAY, **also,
    }  # fmt: skip
    return ScopeLine(**given)


def instrument(where: Institution, serial: str, **also: object) -> Instrument:
    made = Instrument(institution=where, serial=serial, name_zh="光谱仪", name_en="Spectrometer", **also)
    enter_instruments([made], actor=None, at=AT)
    return made


def standing(series: UUID) -> list[ScopeLine]:
    return list(ScopeLine.objects.filter(series=series, superseded_at=None).order_by("valid_from"))


def test_a_line_entered_by_hand_stands_with_its_instruments_and_its_reason(one: ScopeLine) -> None:
    used = instrument(one.institution, "X-1")
    made = new_like(one, limits="", high="5", unit="mg/kg", valid_to=date(2030, 1, 1))
    actions.approve(made, instruments=[used], **HOW)
    assert rows_of(made.series) == [("2026-05-01", "2030-01-01", "active")]
    assert list(made.instruments.all()) == [used]
    assert set(reasons(history(made.series)).values()) == {"approval 2026-17"}
    entry = Entry.objects.get(verb="approve_scope_line")
    assert entry.subject == f"institution:{one.institution_id}"


def test_what_stands_is_mended_and_not_entered_again(one: ScopeLine) -> None:
    with pytest.raises(CannotChange, match="in the scope already, from 2024-01-01"):
        actions.approve(new_like(one), instruments=[], **HOW)
    assert rows_of(one.series) == [("2024-01-01", None, "active")]


def test_what_was_cancelled_may_be_approved_anew(one: ScopeLine) -> None:
    actions.cancel([one.series], from_day=date(2026, 3, 1), reason="x", actor=None, at=AT)
    actions.approve(new_like(one, low="2"), instruments=[], **HOW)
    assert rows_of(one.series) == [
        ("2024-01-01", "2026-02-28", "active"), ("2026-03-01", "2026-04-30", "cancelled"), ("2026-05-01", None, "active"),
    ]  # fmt: skip
    assert standing(one.series)[-1].low == "2"


def test_not_on_the_day_of_the_cancellation_nor_before(one: ScopeLine) -> None:
    actions.cancel([one.series], from_day=DAY, reason="x", actor=None, at=AT)
    for first in (DAY, DAY - timedelta(days=1)):
        with pytest.raises(CannotChange):
            actions.approve(new_like(one, valid_from=first), instruments=[], **HOW)


def test_a_line_of_an_entry_found_to_be_the_same_stands_too(one: ScopeLine) -> None:
    head = laboratory("A, whole name")
    Institution.objects.filter(pk=one.institution_id).update(merged_into=head, merged_at=AT)
    with pytest.raises(CannotChange, match="in the scope already"):
        actions.approve(new_like(one, institution=head), instruments=[], **HOW)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"valid_to": date(2026, 4, 30)}, "last day lies before"),
        ({"low": "5", "high": "2", "unit": "mg"}, "lower end 5 is above"),
    ],
)
def test_what_cannot_be_is_refused(one: ScopeLine, given: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotChange, match=said):
        actions.approve(new_like(one, limits="other", **given), instruments=[], **HOW)


def test_a_closed_site_a_foreign_instrument_an_instrument_out_of_use(one: ScopeLine) -> None:
    site = Site.objects.create(
        institution=one.institution,
        name_zh="旧址",
        name_en="Old",
        region_code="330106",
        valid_from=SINCE,
        valid_to=date(2025, 1, 1),
        recorded_at=AT,
    )
    with pytest.raises(CannotChange, match="site was closed on 2025-01-01"):
        actions.approve(new_like(one, site=site), instruments=[], **HOW)
    foreign = instrument(laboratory("B"), "F-1")
    old = instrument(one.institution, "O-1", retired_on=date(2026, 4, 30))
    for wrong, said in ((foreign, "another institution"), (old, "out of use since 2026-04-30")):
        with pytest.raises(CannotChange, match=said):
            actions.use_instruments(one.series, instruments=[wrong], **MENDED)


def test_instruments_change_from_a_day_on_and_what_was_used_before_stays(one: ScopeLine) -> None:
    old, new = instrument(one.institution, "O-1"), instrument(one.institution, "N-1")
    one.instruments.add(old)
    actions.use_instruments(one.series, instruments=[new], **MENDED)
    assert [[used.serial for used in row.instruments.all()] for row in standing(one.series)] == [["O-1"], ["N-1"]]
    assert [used.serial for used in one.instruments.all()] == ["O-1"]  # what was known then
    actions.use_instruments(one.series, instruments=[], **{**MENDED, "at": LATER + timedelta(days=1)})
    assert [row.instruments.count() for row in standing(one.series)] == [1, 0]


def test_the_next_edition_begins_where_the_old_one_ends(one: ScopeLine, edition: Method) -> None:
    one.instruments.add(instrument(one.institution, "X-1"))
    actions.self_suspend([one.series], from_day=date(2026, 6, 1), reason="x", actor=None, at=AT)
    assert actions.change_method([one.series], method=edition, **MENDED) == 1
    assert rows_of(one.series) == [("2024-01-01", "2026-04-30", "active")]
    new = ScopeLine.objects.filter(method=edition, superseded_at=None).order_by("valid_from")
    assert [(row.valid_from, row.status, row.low, row.limits, row.instruments.count()) for row in new] == [
        (DAY, "active", "1", "leaves", 1), (date(2026, 6, 1), "self_suspended", "1", "leaves", 1),
    ]  # fmt: skip
    assert len({row.series for row in new}) == 1 and new[0].series != one.series


def test_what_became_of_a_line_can_be_followed_both_ways(one: ScopeLine, edition: Method) -> None:
    actions.change_method(
        [one.series], method=edition, **{**MENDED, "from_day": SINCE}
    )  # from its first day: no row is left
    (new,) = ScopeLine.objects.filter(method=edition)
    assert standing(one.series) == []
    assert [row.series for row in kin(history(one.series))[1]] == [new.series]
    assert [row.series for row in kin(history(new.series))[0]] == [one.series]
    assert kin(history(new.series))[1] == kin(history(one.series))[0] == []


def test_lines_that_only_changed_in_the_same_act_are_no_kin(one: ScopeLine) -> None:
    other = line(one.institution, one.parameter, one.matrix, one.method, limits="stems")
    actions.self_suspend([one.series, other.series], from_day=date(2026, 6, 1), reason="x", actor=None, at=AT)
    assert kin(history(one.series)) == kin(history(other.series)) == ([], [])


def test_there_and_back_again(one: ScopeLine, edition: Method) -> None:
    actions.change_method([one.series], method=edition, **MENDED)
    new = ScopeLine.objects.get(method=edition)
    actions.change_method(
        [new.series], method=one.method, **{**MENDED, "from_day": date(2026, 7, 1), "at": LATER + timedelta(1)}
    )
    assert rows_of(one.series) == [("2024-01-01", "2026-04-30", "active"), ("2026-07-01", None, "active")]
    assert rows_of(new.series) == [("2026-05-01", "2026-06-30", "active")]


def test_limits_can_be_given_back_from_a_later_day(one: ScopeLine) -> None:
    actions.mend(one.series, values={"limits": "stems"}, **MENDED)
    other = ScopeLine.objects.get(limits="stems", superseded_at=None)
    actions.mend(other.series, values={"limits": "leaves"}, **{**MENDED, "from_day": date(2026, 7, 1)})
    assert rows_of(one.series) == [("2024-01-01", "2026-04-30", "active"), ("2026-07-01", None, "active")]


def test_what_stands_by_the_new_method_is_cancelled_or_becomes_one_with_another_stays(
    one: ScopeLine, edition: Method
) -> None:
    by_new = line(one.institution, one.parameter, one.matrix, edition, limits="leaves", valid_from=date(2026, 9, 1))
    second = line(one.institution, one.parameter, one.matrix, method("GB/T 1-2001"), limits="stems")
    third = line(one.institution, one.parameter, one.matrix, method("GB/T 2-2001"), limits="stems")
    gone = line(one.institution, one.parameter, one.matrix, one.method, limits="gone", status="cancelled")
    asked = [x.series for x in (one, by_new, second, third, gone)]
    seen = preview_method(asked, edition, from_day=DAY)
    said = {row.series: why.en for row, why in seen.refused}
    assert len(seen.splits) == 1 and set(seen.splits) < {second.series, third.series}
    assert said[one.series].startswith("Such a line stands already")
    assert said[by_new.series] == "The line names this method already."
    assert said[gone.series] == "The line is cancelled on 2026-05-01."
    with pytest.raises(CannotChange):
        actions.change_method(asked, method=edition, **MENDED)
    assert actions.change_method(list(seen.splits), method=edition, **MENDED) == 1


def test_three_and_three_hundred_lines_cost_the_same(one: ScopeLine, edition: Method) -> None:
    def queries(n: int, name: str) -> int:
        made = parameters(*(f"{name}-{i}" for i in range(n)))
        lines = [new_like(one, parameter=p, valid_from=SINCE, recorded_at=AT) for p in made]
        actions.enter_scope_lines(lines, instruments={}, actor=None, at=AT)
        with CaptureQueriesContext(connection) as seen:
            assert actions.change_method([row.series for row in lines], method=edition, **MENDED) == n
        return sum(q["sql"].startswith(("SELECT", "UPDATE")) for q in seen)  # rows are inserted in batches

    assert queries(3, "few") == queries(300, "many")
