"""The screen of a round on made-up results: planted things are found, honest ones are left alone, gates say why."""

import numpy as np
import pytest

from zhunsheng.activities.proficiency.rules.replicates import ReportedRow, combine
from zhunsheng.activities.proficiency.rules.results_file import MeasurandResults
from zhunsheng.activities.proficiency.watch.rules.screening import Check, screen
from zhunsheng.activities.proficiency.watch.rules.words import TESTS

LABS, ITEMS, STEP = 40, 16, 0.01
Reported = list[list[tuple[str, ...]]]


def honest(seed: int, labs: int = LABS, items: int = ITEMS, m: int = 2) -> Reported:
    """[laboratory][item] → texts of replicates: lab bias 0.1, repeatability 0.05 that differs a little among laboratories."""
    chance = np.random.default_rng(seed)
    s = 0.05 * np.exp(chance.normal(0, 0.15, labs))
    return [
        [
            tuple(f"{x:.2f}" for x in 5 + k + bias + chance.normal(0, s[i], m))
            for k, bias in enumerate(chance.normal(0, 0.1, items))
        ]
        for i in range(labs)
    ]


def looked(data: Reported, scores: dict[str, list[float]] | None = None) -> dict[str, Check]:
    measurands = [MeasurandResults(f"m{k}", None, "mg/kg") for k in range(len(data[0]))]
    for i, items in enumerate(data):
        for k, texts in enumerate(items):
            rows = [ReportedRow(1, text, text, None, None, None, None, None) for text in texts]
            measurands[k].results.append(combine(f"L{i:03d}", None, rows))
    return {one.key: one for one in screen(measurands, [STEP] * len(measurands), scores or {})}


def named(check: Check) -> set[tuple[str, ...]]:
    return {one.codes for one in check.questions}


def test_honest_results_are_left_alone() -> None:
    """Ten rounds of 40 honest laboratories, 780 pairs each: nobody is named by T3, T4 or T4b."""
    for seed in range(10):
        found = looked(honest(seed))
        assert found["T3"].gate is None and found["T3"].looked_at == LABS * (LABS - 1) // 2
        assert not any(found[key].questions for key in ("T3", "T4", "T4b")), seed


def test_a_copy_is_found_with_its_rows() -> None:
    data = honest(1)
    data[7] = list(data[3])
    check = looked(data)["T3"]
    assert named(check) == {("L003", "L007")}
    assert [row[3] for row in check.questions[0].rows] == ["="] * ITEMS
    assert check.questions[0].effect == 1.0 and check.questions[0].p < 1e-6


def test_replicates_that_agree_far_too_well_are_found() -> None:
    data = honest(2, m=3)
    data[5] = [(texts[0], texts[0], texts[0]) for texts in data[5]]
    check = looked(data)["T4"]
    assert named(check) == {("L005",)}
    assert len(check.questions[0].rows) == ITEMS


def test_differences_that_never_vary_are_found() -> None:
    data = honest(3)
    data[9] = [(texts[0], f"{float(texts[0]) + (0.05 if k % 2 else -0.05):.2f}") for k, texts in enumerate(data[9])]
    assert named(looked(data)["T4b"]) == {("L009",)}


def test_scores_too_good_are_found_over_rounds() -> None:
    chance = np.random.default_rng(4)
    scores = {f"L{i:03d}": list(chance.normal(0, 0.9, 16)) for i in range(60)}
    assert not looked(honest(4), scores)["T5"].questions
    scores["L011"] = list(chance.normal(0, 0.02, 16))
    assert named(looked(honest(4), scores)["T5"]) == {("L011",)}


@pytest.mark.parametrize(
    ("data", "key", "said"),
    [
        (honest(5, labs=19), "T3", "19 laboratories; the test takes 20 to 3000"),
        (honest(5, items=5), "T3", "5 measurands with known repeatability; the test needs 12"),
        (honest(5, m=1), "T3", "No replicates"),
        (honest(5, items=9), "T4", "0 laboratories with 10 degrees of freedom"),
        (honest(5, items=14), "T4b", "No laboratory reported 15 duplicates"),
        (honest(5), "T5", "0 laboratories with 8 scores"),
    ],
)
def test_a_gate_says_why_a_test_was_not_applied(data: Reported, key: str, said: str) -> None:
    check = looked(data)[key]
    assert check.gate is not None and said in check.gate.en and not check.questions


def test_the_order_of_laboratories_does_not_matter() -> None:
    data = honest(1)
    data[7] = list(data[3])
    turned = looked(data[::-1])["T3"]
    assert named(turned) == {("L032", "L036")}
    assert turned.questions[0].p == pytest.approx(looked(data)["T3"].questions[0].p)


def test_every_test_says_what_an_honest_laboratory_may_answer() -> None:
    assert all(one.innocent and one.error.zh for one in TESTS.values())
