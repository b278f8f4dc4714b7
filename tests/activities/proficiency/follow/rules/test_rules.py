"""What is at fault, what becomes of a case, how long one may appeal, how a retest is judged: truth tables, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zhunsheng.activities.proficiency.follow.rules.answers import Said, check_answer, check_days, check_new_day
from zhunsheng.activities.proficiency.follow.rules.appeals import (
    check_grounds,
    check_in_time,
    correction_reason,
    received_at,
    window,
)
from zhunsheng.activities.proficiency.follow.rules.faults import Fault, Known, faults_of, what_follows
from zhunsheng.activities.proficiency.follow.rules.refusals import (
    FollowRefused,
    check_decider,
    check_other_person,
    check_outsider,
)
from zhunsheng.activities.proficiency.follow.rules.retests import (
    Written,
    check_all,
    check_close,
    check_day,
    check_retest_asked,
    passes,
    scored,
)
from zhunsheng.activities.proficiency.follow.states import APPEAL, CASE, STANDING
from zhunsheng.activities.proficiency.rules.judging import RULES, RuleSet
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.states import DayKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
STRICT, MILD = RULES["every-satisfactory"], RULES["none-unsatisfactory"]
NO_RETEST = RuleSet("every-satisfactory", 1, share=100, questionable_passes=False, retest=False)


def document(*rows: tuple[str, str], rule: RuleSet | None = None, failed: tuple[str, ...] = ()) -> dict[str, Any]:
    """A round of one measurand: code and signal; "" is a result that was not scored, "-" none at all."""
    scores = [
        {"laboratory": code, "result": "1", "z": 1.0, "signal": signal}
        for code, signal in rows
        if signal not in ("", "-")
    ]
    left_out = [{"laboratory": code, "result": "<1"} for code, signal in rows if signal == ""]
    made: dict[str, Any] = {"score_used": "z", "scores": scores, "left_out": left_out}
    if rule:
        judged = [{"laboratory": code, "passed": code not in failed} for code, _ in rows]
        made["judging"] = {"rule": rule.as_json(), "laboratories": judged}
    return made


@pytest.mark.parametrize(
    ("signal", "rule", "failed", "expected"),
    [
        ("acceptable", None, False, None),
        ("warning", None, False, None),
        ("action", None, False, "action"),
        ("", None, False, None),  # nobody is at fault for what was not scored, unless the rule asks for it
        ("warning", STRICT, True, "warning"),
        ("warning", MILD, False, None),
        ("", STRICT, True, ""),
        ("-", STRICT, True, ""),
        ("acceptable", STRICT, True, None),  # failed by another measurand
        (
            "action",
            RULES["share-satisfactory"],
            False,
            "action",
        ),  # passed over all, and this one is at fault all the same
    ],
)
def test_what_is_at_fault(signal: str, rule: RuleSet | None, failed: bool, expected: str | None) -> None:
    found = faults_of(document(("A", signal), ("B", "acceptable"), rule=rule, failed=("A",) if failed else ()))
    assert [(code, [one.signal for one in faults]) for code, faults in found.items()] == (
        [("A", [expected])] if expected is not None else []
    )


def test_a_measurand_without_a_score_is_named_with_what_was_reported() -> None:
    found = faults_of({**document(("A", ""), rule=STRICT, failed=("A",))})
    assert found == {"A": [Fault(0, "<1")]}


A, B = Fault(0, signal="action"), Fault(1, signal="action")


@pytest.mark.parametrize(
    ("state", "had", "faults", "same", "expected"),
    [
        (None, "", [A], False, "open"),
        (None, "", [], False, ""),
        ("open", "0", [A], True, ""),  # done twice
        ("open", "0", [A], False, "renew"),
        ("retesting", "0", [A, B], False, "renew"),
        *[(state, "0", [], False, "resolve") for state in STANDING],
        ("closed", "0", [], False, ""),
        ("closed", "0", [A], False, ""),  # what was closed stays closed
        ("closed", "0", [B], False, "reopen"),  # but for another fault
        ("resolved", "0", [A], False, "reopen"),
        ("resolved", "0", [], False, ""),
        ("resolved", "0", [A], True, ""),
    ],
)
def test_what_becomes_of_a_case(state: str | None, had: str, faults: list[Fault], same: bool, expected: str) -> None:
    known = Known(state, frozenset(int(one) for one in had)) if state else None
    assert what_follows(known, faults, same_evaluation=same) == expected


def test_every_way_of_a_case_ends_and_every_state_is_reached() -> None:
    for machine in (CASE, APPEAL):
        reached = {machine.initial} | {one.target for one in machine.transitions.values()}
        assert reached == set(machine.states)
    assert set(STANDING) == set(CASE.states) - {"closed", "resolved"}
    assert not [verb for verb in APPEAL.transitions if APPEAL.can(verb, "withdrawn")]


OCTOBER = WorkingCalendar(
    {
        **{date(2026, 10, day): DayKind.HOLIDAY for day in range(1, 8)},
        date(2026, 2, 17): DayKind.HOLIDAY,
        date(2026, 9, 27): DayKind.WORKDAY,  # a Sunday that is worked
        date(2026, 10, 10): DayKind.WORKDAY,  # and a Saturday
    }
)


@pytest.mark.parametrize(
    ("released", "last"),
    [
        # Over the National Day, with both make-up days: 25, 27, 28, 29, 30 September, 8, 9, 10, 12 … 19 October.
        ("2026-09-24T02:00", "2026-10-20"),
        # 23:59 in Shanghai on the 23rd is still the 23rd; one minute later it is the 24th.
        ("2026-09-23T15:59", "2026-10-19"),
        ("2026-09-23T16:00", "2026-10-20"),
        ("2026-10-01T02:00", "2026-10-27"),  # released on a day off
    ],
)
def test_an_appeal_is_in_time_to_the_last_second_of_the_last_working_day(released: str, last: str) -> None:
    begun = datetime.fromisoformat(released).replace(tzinfo=UTC)
    held = window(begun, 15, OCTOBER, SHANGHAI)
    assert held.until.date().isoformat() == last
    assert sum(OCTOBER.is_working(begun.astimezone(SHANGHAI).date() + timedelta(days=n)) for n in range(1, 60)
               if begun.astimezone(SHANGHAI).date() + timedelta(days=n) <= held.until.date()) == 15  # fmt: skip
    midnight = datetime.fromisoformat(last).replace(tzinfo=SHANGHAI) + timedelta(days=1)
    check_in_time(held, midnight - timedelta(seconds=1))
    with pytest.raises(FollowRefused, match=last):
        check_in_time(held, midnight)
    with pytest.raises(FollowRefused):
        check_in_time(held, begun - timedelta(seconds=1))


def test_over_a_year_without_a_table_the_reader_is_warned() -> None:
    held = window(datetime(2026, 12, 20, 2, 0, tzinfo=UTC), 15, OCTOBER, SHANGHAI)
    assert held.until.year == 2027 and "2027" in held.warnings[0].en and not window(
        datetime(2026, 9, 24, tzinfo=UTC), 15, OCTOBER, SHANGHAI
    ).warnings  # fmt: skip


def test_the_window_begins_again_for_whom_a_corrigendum_changed() -> None:
    release = datetime(2026, 9, 1, tzinfo=UTC)
    first, second = release + timedelta(days=10), release + timedelta(days=20)
    corrections = [(second, {"B"}), (first, {"A", "B"})]
    assert received_at(release, corrections, "A") == first
    assert received_at(release, corrections, "B") == second
    assert received_at(release, corrections, "C") == received_at(release, [], "A") == release


@pytest.mark.parametrize(
    ("grounds", "open_already", "said"),
    [(" ", False, "Give the grounds"), ("x", True, "to be decided already"), ("x", False, None)],
)
def test_an_appeal_has_grounds_and_is_made_once(grounds: str, open_already: bool, said: str | None) -> None:
    if said is None:
        check_grounds(grounds, open_already=open_already)
    else:
        with pytest.raises(FollowRefused, match=said):
            check_grounds(grounds, open_already=open_already)


def test_why_a_round_is_corrected_after_an_appeal_names_nobody() -> None:
    assert correction_reason(3).both() == "第 3 号申诉成立。 / Appeal 3 was upheld."


def test_who_may_judge() -> None:
    check_other_person(1, {2})
    check_outsider({"p"}, ["l"])
    check_decider(1, {2})
    for refused in (
        lambda: check_other_person(1, {1, 2}), lambda: check_outsider({"p", "l"}, ["l"]), lambda: check_decider(1, {1}),
    ):  # fmt: skip
        with pytest.raises(FollowRefused):
            refused()


MERCURY = Text(en="mercury", zh="汞")


@pytest.mark.parametrize(
    ("result", "assigned", "sigma", "z", "signal"),
    [
        ("0.054", "0.05", "0.002", 2.0, "acceptable"),
        ("0.0541", "0.05", "0.002", 2.05, "warning"),
        ("0.044", "0.05", "0.002", -3.0, "action"),
        ("1,5", "1.5", "0.1", 0.0, "acceptable"),
    ],
)
def test_the_score_of_a_retest_is_computed(result: str, assigned: str, sigma: str, z: float, signal: str) -> None:
    found = scored(MERCURY, Written(result, assigned, sigma))
    assert found.score == pytest.approx(z) and found.signal == signal


@pytest.mark.parametrize(
    "written", [("", "1", "1"), ("<1", "1", "1"), ("1", "x", "1"), ("1", "1", ""), ("1", "1", "0"), ("1", "1", "-1")]
)
def test_what_cannot_be_scored_is_refused_by_name(written: tuple[str, str, str]) -> None:
    with pytest.raises(FollowRefused, match="mercury"):
        scored(MERCURY, Written(*written))


@pytest.mark.parametrize(
    ("signals", "rule", "passed"),
    [
        (["acceptable"], None, True), (["warning"], None, True), (["action"], None, False), ([], None, False),
        (["acceptable", "warning"], STRICT, False), (["acceptable", "warning"], MILD, True),
        (["acceptable", "action"], MILD, False), (["acceptable", "acceptable"], STRICT, True),
    ],
)  # fmt: skip
def test_a_retest_is_passed_in_every_measurand(signals: list[str], rule: RuleSet | None, passed: bool) -> None:
    assert passes(signals, rule) is passed


@pytest.mark.parametrize(
    ("state", "rule", "commissioned", "said"),
    [
        ("accepted", None, False, "ask for it"),
        ("accepted", STRICT, True, "ask for it"),
        ("accepted", NO_RETEST, True, None),
        ("passed", STRICT, True, "authority"),
        ("passed", STRICT, False, None),
        ("passed", None, False, None),
    ],
)
def test_who_closes_a_case(state: str, rule: RuleSet | None, commissioned: bool, said: str | None) -> None:
    if said is None:
        check_close(state, rule, commissioned=commissioned)
    else:
        with pytest.raises(FollowRefused, match=said):
            check_close(state, rule, commissioned=commissioned)


def test_a_rule_without_a_retest_has_none() -> None:
    check_retest_asked(STRICT)
    check_retest_asked(None)
    with pytest.raises(FollowRefused):
        check_retest_asked(NO_RETEST)


def test_a_retest_is_of_what_was_at_fault_and_after_the_round() -> None:
    one = Written("1", "1", "1")
    check_all([1, 2], {1: one, 2: one})
    for given in ({1: one}, {1: one, 2: one, 3: one}):
        with pytest.raises(FollowRefused):
            check_all([1, 2], given)
    round_, today = date(2026, 3, 2), date(2026, 4, 15)
    check_day(today, round_, today)
    for day in (round_, today + timedelta(days=1)):
        with pytest.raises(FollowRefused, match="2026-03-02"):
            check_day(day, round_, today)


WHOLE = Said("calibration", "why", "put right", "so that it stays", "elsewhere")


@pytest.mark.parametrize("part", ["cause", "correction", "corrective_action", "like_cases"])
def test_an_answer_has_every_part(part: str) -> None:
    check_answer(WHOLE)
    with pytest.raises(FollowRefused, match="missing"):
        check_answer(replace(WHOLE, **{part: " "}))
    with pytest.raises(FollowRefused, match="class"):
        check_answer(replace(WHOLE, cause_class="bad luck"))


def test_days_are_working_days_that_one_would_set() -> None:
    check_days(answer_days=30, appeal_days=15)
    for days in (0, 91):
        with pytest.raises(FollowRefused):
            check_days(appeal_days=days)
    check_new_day(date(2026, 4, 16), date(2026, 4, 15))
    for day in (None, date(2026, 4, 15)):
        with pytest.raises(FollowRefused):
            check_new_day(day, date(2026, 4, 15))
