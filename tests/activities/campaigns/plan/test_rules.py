"""What a plan must say, and when a gate opens."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from zhunsheng.activities.campaigns.plan.rules.gates import Count, Side, check_open, is_met
from zhunsheng.activities.campaigns.plan.rules.planning import (
    PlanRefused,
    Section,
    StageDays,
    check_publishable,
    check_sections,
    check_stages,
    proposed_stages,
)
from zhunsheng.activities.campaigns.plan.states import SECTIONS, STAGES
from zhunsheng.foundation.bilingual import Text

FIRST, LAST = date(2026, 4, 1), date(2026, 10, 31)


@pytest.mark.parametrize("days", [8, 9, 31, 214, 365])
def test_the_template_fills_the_period_without_gap_or_overlap(days: int) -> None:
    last = FIRST + timedelta(days - 1)
    stages = proposed_stages(FIRST, last)
    assert [one.key for one in stages] == list(STAGES)
    assert (stages[0].starts_on, stages[-1].ends_on) == (FIRST, last)
    for before, after in pairwise(stages):
        assert before.starts_on <= before.ends_on
        assert after.starts_on == before.ends_on + timedelta(1)
    check_stages(stages, FIRST, last)


def test_a_period_shorter_than_its_stages_is_refused() -> None:
    with pytest.raises(PlanRefused, match="fewer days"):
        proposed_stages(FIRST, FIRST + timedelta(6))


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ([], "not those of the template"),
        ([StageDays("party", FIRST, LAST)], "not those of the template"),
        ([StageDays("selfcheck", FIRST, LAST), StageDays("deployment", FIRST, LAST)], "in their order"),
        ([StageDays("deployment", LAST, FIRST)], "ends before it begins"),
        ([StageDays("deployment", FIRST - timedelta(1), LAST)], "outside the campaign"),
        (
            [StageDays("deployment", FIRST + timedelta(9), LAST), StageDays("selfcheck", FIRST, LAST)],
            "begins before",
        ),
    ],
)
def test_stages_that_cannot_be_are_refused(stages: list[StageDays], said: str) -> None:
    with pytest.raises(PlanRefused, match=said):
        check_stages(stages, FIRST, LAST)


def test_a_plan_is_published_when_it_is_written_in_both_languages() -> None:
    whole = [Section(key, Text(en="x", zh="文")) for key in SECTIONS]
    words = Text(en="x", zh="文")
    check_publishable(whole, words)
    with pytest.raises(PlanRefused, match="Requirements"):
        check_publishable([*whole[:-1], Section("requirements", Text(en="x", zh=" "))], words)
    with pytest.raises(PlanRefused, match="commitment"):
        check_publishable(whole, Text(en="", zh="文"))
    with pytest.raises(PlanRefused, match="twice"):
        check_sections([*whole, whole[0]])


@pytest.mark.parametrize(
    ("side", "left", "count", "met"),
    [
        ("entry", True, None, True),
        ("entry", False, Count(5, 5), False),
        ("exit", True, Count(5, 5), True),
        ("exit", True, Count(4, 5), False),
        ("exit", True, Count(0, 0), False),  # nobody at all is not everybody
        ("exit", True, None, False),
    ],
)
def test_a_gate_is_met(side: Side, left: bool, count: Count | None, met: bool) -> None:
    assert is_met(side, previous_left=left, count=count) is met


def test_a_person_opens_a_gate_that_is_not_met_with_a_reason() -> None:
    check_open(True, "")
    check_open(False, "flooded")
    with pytest.raises(PlanRefused, match="say why"):
        check_open(False, "  ")
