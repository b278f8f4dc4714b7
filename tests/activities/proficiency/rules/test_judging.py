"""Rule sets as truth tables, and rounds judged by ζ and E_n by hand-computed numbers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.activities.proficiency.rules.json_schema import complaints
from tests.activities.proficiency.rules.test_evaluation import SCHEMA
from zhunsheng.activities.proficiency.documents import scores_workbook
from zhunsheng.activities.proficiency.report_data import head
from zhunsheng.activities.proficiency.rules.evaluation import evaluate
from zhunsheng.activities.proficiency.rules.judging import RULES, RuleSet, judged, rule_of, signal_of
from zhunsheng.activities.proficiency.rules.results_file import read_results
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.activities.proficiency.rules.settings import Written, in_force
from zhunsheng.foundation.spreadsheets import BadFile, read_table

A, W, X = "acceptable", "warning", "action"


@pytest.mark.parametrize(
    ("kind", "score", "expected"),
    [
        ("z", 2.0, A), ("z", -2.0000001, W), ("z", 2.99, W), ("z", -3.0, X), ("zeta", 2.0, A), ("zeta", 3.0, X),
        ("e_n", 1.0, A), ("e_n", -1.0, A), ("e_n", 1.0001, X), ("e_n", -2.5, X), ("e_n", 0.0, A),
    ],
)  # fmt: skip
def test_limits_of_each_score(kind: str, score: float, expected: str) -> None:
    assert signal_of(score, kind) == expected


@pytest.mark.parametrize(
    ("key", "signals", "of", "passed"),
    [
        ("every-satisfactory", [A, A, A], 3, True),
        ("every-satisfactory", [A, A, W], 3, False),
        ("every-satisfactory", [A, A], 3, False),  # one measurand without a score
        ("none-unsatisfactory", [A, W, W], 3, True),
        ("none-unsatisfactory", [A, W, X], 3, False),
        ("none-unsatisfactory", [], 1, False),
        ("share-satisfactory", [A, A, A, A, X], 5, True),  # 80 % exactly
        ("share-satisfactory", [A, A, A, W, W], 5, False),
        ("share-satisfactory", [A, A, A, A], 5, True),
        ("share-satisfactory", [A, A, A, X], 4, False),  # 75 %
    ],
)
def test_a_laboratory_passes_or_fails(key: str, signals: list[str], of: int, passed: bool) -> None:
    found = judged("L", signals, of, RULES[key])
    assert found.passed is passed
    assert found.satisfactory + found.questionable + found.unsatisfactory + found.not_scored == of


def test_a_rule_is_chosen_by_name_and_may_be_told_its_share() -> None:
    assert rule_of({}) is None
    chosen = rule_of({"key": "share-satisfactory", "share": 60, "retest": False})
    assert chosen == RuleSet("share-satisfactory", 1, share=60, questionable_passes=False, retest=False)
    assert rule_of(chosen.as_json()) == chosen
    assert chosen.words.en.startswith("A laboratory passes when at least 60 % of the measurands are satisfactory;")
    assert "实验室至少 60% 的被测量为满意方为合格；" in chosen.words.zh and "不安排补测" in chosen.words.zh


@pytest.mark.parametrize(
    "bad", [{"key": "guess"}, {"key": "every-satisfactory", "version": 9}, {"share": 50}, {"key": "every-satisfactory", "share": 0},
            {"key": "every-satisfactory", "share": 101}, {"key": "every-satisfactory", "odd": 1}]
)  # fmt: skip
def test_what_is_no_rule_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(CannotDo, match="no rule"):
        rule_of(bad)


CSV = b"lab,measurand,result,uncertainty\nA,Hg,10,2\nA,Pb,10,2\nB,Hg,13,2\nB,Pb,10,2\nC,Hg,10,\nC,Pb,16,2\n"


def of(score: str, rule: str | None = None) -> dict[str, Any]:
    held = in_force(Written(), Written(assigned="10", u_assigned="0.5", sigma="2"), score=score)
    document = evaluate(read_results(CSV, "r.csv"), [held, held], rule=RULES[rule] if rule else None)
    assert complaints(document, SCHEMA) == []
    return document


def test_a_round_is_judged_by_e_n() -> None:
    """E_n of B = 3/√(2² + 1²) = 1.342 > 1; who reported no uncertainty is listed with the reason."""
    first, second = of("e_n")["measurands"]
    assert first["score_used"] == "e_n"
    assert [(row["laboratory"], row["signal"]) for row in first["scores"]] == [("A", A), ("B", X)]
    assert first["scores"][1]["e_n"] == pytest.approx(1.3416, abs=5e-5)
    assert [(row["laboratory"], row["code"]) for row in first["left_out"]] == [("C", "no_uncertainty")]
    assert first["counts"] == {"laboratories": 3, "scored": 2, A: 1, W: 0, X: 1}
    assert second["scores"][2]["e_n"] == pytest.approx(6 / 5**0.5)


def test_a_round_is_judged_by_zeta() -> None:
    """ζ of B = 3/√(1² + 0.5²) = 2.683: between 2 and 3."""
    row = of("zeta")["measurands"][0]["scores"][1]
    assert (row["zeta"], row["signal"]) == (pytest.approx(2.6833, abs=5e-5), W)


def test_without_any_uncertainty_zeta_and_e_n_are_refused() -> None:
    plain = read_results(b"lab,result\nA,1\nB,2\nC,3\n", "r.csv")
    with pytest.raises(BadFile, match="No laboratory reported an uncertainty"):
        evaluate(plain, in_force(Written("2", "0.1", "1"), Written(), score="zeta"))
    with pytest.raises(BadFile, match="must be known"):
        evaluate(plain, in_force(Written("2", "", "1"), Written(), score="e_n"))


def test_verdicts_stand_in_document_report_and_workbook() -> None:
    """By z with σ_pt = 2: A passes; B has 1.5 and 0, passes; C has 0 and 3, fails."""
    document = of("z", "every-satisfactory")
    told = document["judging"]
    assert [(one["laboratory"], one["passed"]) for one in told["laboratories"]] == [
        ("A", True),
        ("B", True),
        ("C", False),
    ]
    assert (told["passed"], told["failed"]) == (2, 1)
    summary = head(document, document["measurands"], "N", "d")["summary"]
    assert summary["en"].endswith("Passed: 2; failed: 1 (C).") and summary["zh"].endswith(
        "合格 2 家，不合格 1 家（C）。"
    )
    table = read_table(scores_workbook(document, "zh"), filename="s.xlsx")
    assert "结论" in table.other_sheets


def test_without_a_rule_nothing_is_said_of_laboratories() -> None:
    assert "judging" not in of("z")
