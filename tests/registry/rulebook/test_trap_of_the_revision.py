"""One act before, one after the revision of Order No. 39: other caps, other numbers; when it took effect is a setting."""

from datetime import date, timedelta

import pytest
from django.conf import LazySettings

from zhunsheng.registry.rulebook import queries
from zhunsheng.registry.rulebook.rules.book import BadRulebook
from zhunsheng.registry.rulebook.rules.parts import Basis
from zhunsheng.registry.rulebook.states import Certainty

REVISION = "SAMR-39@2025"
EFFECTIVE = [date(2025, 5, 1), date(2025, 9, 1)]


@pytest.fixture(params=EFFECTIVE)
def effective(request: pytest.FixtureRequest, settings: LazySettings) -> date:
    day: date = request.param
    settings.RULE_DATES = {REVISION: day}
    return day


def order_39(code: str, on: date) -> Basis:
    return next(one for one in queries.consequence(code, on=on) if one.regulation.id == "SAMR-39")


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("F01", ("14(1)", 30_000, False), ("15(1)", 100_000, True)),
        ("F05", ("14(5)", 30_000, False), ("15(5)", 100_000, True)),
        ("F06", ("13(1)", 30_000, False), ("14(1)", 50_000, False)),
        ("F07", ("13(2)", 30_000, False), ("14(2)", 50_000, False)),
    ],
)
def test_the_caps_and_numbers_are_those_of_the_day_of_the_act(
    effective: date, code: str, before: tuple[str, int, bool], after: tuple[str, int, bool]
) -> None:
    for day, expected in ((effective - timedelta(days=1), before), (effective, after)):
        found = order_39(code, day)
        assert (found.articles[0], found.consequence.fine_cap_cny, found.consequence.public_criticism) == expected


@pytest.mark.parametrize(
    ("topic", "old", "new"),
    [
        ("one-employer", "7", "8"), ("subcontracting", "10", "11"), ("seal-and-signatory", "11", "12"), ("records", "12", "13"),
        ("inaccurate-report", "13", "14"), ("false-report", "14", "15"), ("declaration-and-annual-report", "16", "17"),
        ("dual-random", "17", "18"), ("proficiency-testing", "18", "19"), ("order-to-correct", "25", "26"),
        ("penalties-for-reports", "26", "27"),
    ],
)  # fmt: skip
def test_articles_from_the_sixth_on_moved_by_one(effective: date, topic: str, old: str, new: str) -> None:
    for day, number in ((effective - timedelta(days=1), old), (effective, new)):
        found = queries.rules_on(day).version("SAMR-39").about(topic)
        assert found is not None and found.no == number
        assert queries.article("SAMR-39", number, on=day) is found


def test_an_act_between_two_possible_days_is_judged_by_what_the_installation_set(settings: LazySettings) -> None:
    act = date(2025, 6, 15)
    caps = []
    for day in EFFECTIVE:
        settings.RULE_DATES = {REVISION: day}
        caps.append(order_39("F01", act).consequence.fine_cap_cny)
    assert caps == [100_000, 30_000]


def test_a_pack_is_found_again_by_its_id_whatever_day_is_set_later(settings: LazySettings) -> None:
    act = date(2025, 6, 15)
    settings.RULE_DATES = {REVISION: EFFECTIVE[1]}
    stored = queries.rules_on(act)
    settings.RULE_DATES = {REVISION: EFFECTIVE[0]}
    assert queries.rules_on(act).id != stored.id
    again = queries.pack(stored.id)
    assert (again.id, again.sha256) == (stored.id, stored.sha256)
    assert next(b for b in again.consequence("F01") if b.regulation.id == "SAMR-39").consequence.fine_cap_cny == 30_000


def test_the_doubt_about_the_day_is_marked(settings: LazySettings) -> None:
    settings.RULE_DATES = {}
    assert queries.rules_on(date(2026, 1, 1)).version("SAMR-39").date_certainty is Certainty.ASSUMED
    settings.RULE_DATES = {REVISION: EFFECTIVE[0]}
    assert queries.rules_on(date(2026, 1, 1)).version("SAMR-39").date_certainty is Certainty.SETTING


@pytest.mark.parametrize(
    ("set_dates", "said"),
    [
        ({"SAMR-39@2052": date(2025, 5, 1)}, "no version is called SAMR-39@2052"),
        ({REVISION: date(2021, 6, 1)}, "cannot take effect before"),
    ],
)
def test_a_day_that_cannot_be_is_refused(settings: LazySettings, set_dates: dict[str, date], said: str) -> None:
    settings.RULE_DATES = set_dates
    with pytest.raises(BadRulebook, match=said):
        queries.rules_on(date(2026, 1, 1))
