"""A finding rests on the rules of the day of the act: one before and one after the revision of 2025 (trap 1)."""

from datetime import date

import pytest

from zhunsheng.activities.campaigns.inspection.rules.articles import candidates, highest_cap
from zhunsheng.registry.rulebook.queries import rules_on

BEFORE, AFTER = date(2025, 4, 30), date(2025, 5, 1)


def cited(day: date, code: str) -> list[tuple[str, list[str]]]:
    return [(one["version"], one["articles"]) for one in candidates(rules_on(day), code)]


def test_trap_01_the_cap_of_an_inaccurate_report_follows_the_day_of_the_act() -> None:
    before, after = (highest_cap(candidates(rules_on(day), "F06")) for day in (BEFORE, AFTER))
    assert (before, after) == (30_000, 50_000)


def test_trap_01_article_numbers_follow_the_day_of_the_act() -> None:
    assert ("SAMR-39@2021", ["13(1)"]) in cited(BEFORE, "F06")
    assert ("SAMR-39@2025", ["14(1)"]) in cited(AFTER, "F06")


def test_the_pack_that_a_finding_stores_differs_from_the_one_after() -> None:
    assert rules_on(BEFORE).sha256 != rules_on(AFTER).sha256


def test_trap_01_the_day_on_which_the_revision_took_effect_is_a_setting(settings: pytest.FixtureRequest) -> None:
    settings.RULE_DATES = {"SAMR-39@2025": date(2025, 7, 1)}  # type: ignore[attr-defined]
    assert highest_cap(candidates(rules_on(AFTER), "F06")) == 30_000


def test_what_nothing_in_force_names_has_no_candidates() -> None:
    assert candidates(rules_on(date(2014, 1, 1)), "F06") == []
    assert highest_cap([]) is None
