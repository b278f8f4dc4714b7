"""The rules as truth tables, without a database."""

import copy
import itertools
from datetime import date
from typing import Any

import pytest

from zhunsheng.decisions.eligibility.policies import policy_on
from zhunsheng.decisions.eligibility.rules import all_of, decide
from zhunsheng.decisions.eligibility.wording import Names, trace
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.signing import canonical_json

POLICY = policy_on("subcontract", date(2026, 11, 1))


CMA = {"scheme": "CMA", "number": "231100000001", "valid_from": "2024-01-01", "valid_to": "2029-12-31"}


def calibrated(serial: str, to: str = "2026-12-31") -> dict[str, Any]:
    calibration = {"id": f"c-{serial}", "valid_from": "2026-01-01", "valid_to": to}
    return {"id": serial, "covering": calibration, "latest": calibration}


def lapsed(serial: str) -> dict[str, Any]:
    last = {"id": f"c-{serial}", "valid_from": "2024-01-01", "valid_to": "2025-01-01"}
    return {"id": serial, "covering": None, "latest": last}


def line(*instruments: dict[str, Any], method: str = "GB/T 13081-2022") -> dict[str, Any]:
    return {"method": method, "instruments": list(instruments), "valid_from": "2024-01-01", "valid_to": None}


def facts() -> dict[str, Any]:
    """A laboratory that may do it."""
    return {
        "form": 2,
        "institution": "i",
        "parameter": "mercury",
        "matrix": "feed",
        "field": "feed",
        "on": "2026-11-01",
        "certificates": [
            {"scheme": "CMA", "number": "231100000001", "valid_from": "2024-01-01", "valid_to": "2029-12-31"}
        ],
        "last_certificate": {
            "scheme": "CMA",
            "number": "231100000001",
            "valid_from": "2024-01-01",
            "valid_to": "2029-12-31",
        },
        "scope": [line(calibrated("ZS-1"))],
        "last_scope": line(calibrated("ZS-1")),
        "signatories": [{"id": "p1", "valid_from": "2024-01-01", "valid_to": None}],
        "evidence": [result("e1", "2026-03-20", 0.4, "acceptable")],
        "trend": trend(0.93, "e1"),
        "suspension": None,
    }


def trend(probability: float, *evidence: str, further: int | None = None) -> dict[str, Any]:
    return {"n": len(evidence), "probability": probability, "further_results": further, "evidence": list(evidence)}


def open_failure(passed: str | None) -> dict[str, Any]:
    return {"since": "2026-01-01", "failed": "e1", "passed": passed and "e1"}


def read(found: dict[str, Any]) -> dict[str, Any]:
    """The answer to these facts in sentences, for a reader who may know the instrument ZS-2 and nobody."""
    names = Names(t("Total mercury", "总汞"), t("Feed", "饲料"), instruments={"ZS-1": "ZS-1", "ZS-2": "ZS-2"})
    return trace(decide(found, POLICY), found, POLICY, names)


def result(id_: str, day: str, score: float, signal: str) -> dict[str, Any]:
    return {
        "id": id_, "kind": "proficiency_result", "occurred_on": day, "source_sha256": "0" * 64, "round": "R-1",
        "score": score, "score_kind": "z", "signal": signal,
    }  # fmt: skip


def test_all_gates_open_and_a_good_result_is_yes() -> None:
    verdict = decide(facts(), POLICY)
    assert verdict["answer"] == "yes"
    assert [line["outcome"] for line in verdict["rules"]] == ["yes"] * 7
    assert read(facts())["counterfactual"] is None
    assert verdict["rules"][4]["evidence"] == ["e1"]


@pytest.mark.parametrize(
    ("change", "rule", "outcome", "answer"),
    [
        ({"certificates": []}, "R1", "no", "no"),
        ({"certificates": [], "last_certificate": None}, "R1", "unknown", "unknown"),
        ({"scope": []}, "R2", "no", "no"),
        ({"scope": [], "last_scope": None}, "R2", "no", "no"),
        ({"scope": [line()]}, "R3", "unknown", "unknown"),
        ({"scope": [line(lapsed("ZS-1"))]}, "R3", "no", "no"),
        ({"scope": [line({"id": "ZS-1", "covering": None, "latest": None})]}, "R3", "no", "no"),
        ({"scope": [line(lapsed("ZS-1")), line(calibrated("ZS-2"), method="HJ 543")]}, "R3", "yes", "yes"),
        ({"signatories": []}, "R4", "no", "no"),
        ({"evidence": []}, "R5", "unknown", "unknown"),
        ({"evidence": [result("e2", "2026-03-20", -3.99, "action")]}, "R5", "no", "no"),
        ({"evidence": [result("e2", "2026-03-20", 2.5, "warning")]}, "R5", "yes", "yes"),
        ({"evidence": [result("e2", "2023-11-01", 0.1, "acceptable")]}, "R5", "unknown", "unknown"),  # 1096 days ago
        ({"evidence": [result("e2", "2023-11-02", 0.1, "acceptable")]}, "R5", "yes", "yes"),  # 1095 days ago
        ({"trend": trend(0.8631)}, "R6", "unknown", "unknown"),  # the prior is no evidence
        ({"trend": trend(0.8, "e1")}, "R6", "yes", "yes"),
        ({"trend": trend(0.7999, "e1", further=2)}, "R6", "no", "no"),
        ({"trend": trend(0.1, "e1", further=None)}, "R6", "no", "no"),
        ({"suspension": open_failure(None)}, "R7", "no", "no"),
        ({"suspension": open_failure("e3")}, "R7", "no", "no"),
    ],
)
def test_each_rule_alone(change: dict[str, Any], rule: str, outcome: str, answer: str) -> None:
    verdict = read({**facts(), **change})
    found = next(one for one in verdict["rules"] if one["id"] == rule)
    assert (found["outcome"], verdict["answer"]) == (outcome, answer)
    if outcome != "yes":
        assert found["would_change"]["en"] in verdict["counterfactual"]["en"]
        assert found["would_change"]["zh"] in verdict["counterfactual"]["zh"]


def test_the_newest_result_counts_not_the_best() -> None:
    bad_then_good = [result("a", "2025-01-01", 4.0, "action"), result("b", "2026-01-01", 0.2, "acceptable")]
    good_then_bad = [result("a", "2025-01-01", 0.2, "acceptable"), result("b", "2026-01-01", 4.0, "action")]
    assert decide({**facts(), "evidence": bad_then_good}, POLICY)["answer"] == "yes"
    assert decide({**facts(), "evidence": good_then_bad}, POLICY)["answer"] == "no"


def test_of_several_items_of_one_round_the_farthest_off_counts() -> None:
    same_day = [result("a", "2026-01-01", -3.4, "action"), result("b", "2026-01-01", 0.2, "acceptable")]
    assert decide({**facts(), "evidence": same_day}, POLICY)["answer"] == "no"


def test_a_rule_that_is_met_says_what_would_end_it() -> None:
    said = [line["would_change"]["en"] for line in read(facts())["rules"]]
    assert "2029-12-31" in said[0] and "2026-12-31" in said[2] and "2029-03-19" in said[4]


def test_one_of_several_instruments_out_of_date_closes_the_gate() -> None:
    found = read({**facts(), "scope": [line(calibrated("ZS-1"), lapsed("ZS-2"))]})["rules"][2]
    assert found["outcome"] == "no"
    assert "ZS-2" in found["value"]["en"] and "ZS-1" not in found["value"]["en"]


def test_kleene_and_as_a_table() -> None:
    order = {"no": 0, "unknown": 1, "yes": 2}
    for a, b in itertools.product(order, order):
        assert all_of([a, b]) == min(a, b, key=order.__getitem__)  # type: ignore[list-item]


def test_the_same_facts_give_the_same_bytes_and_are_not_touched() -> None:
    given = facts()
    before = copy.deepcopy(given)
    assert canonical_json(decide(given, POLICY)) == canonical_json(decide(facts(), POLICY))
    assert given == before


def test_the_first_version_still_applies_its_five_rules() -> None:
    """An act before the second version is judged by the first, whatever the trend says."""
    first = policy_on("subcontract", date(2026, 6, 30))
    verdict = decide({**facts(), "trend": trend(0.1, "e1"), "suspension": open_failure(None)}, first)
    assert [one["id"] for one in verdict["rules"]] == ["R1", "R2", "R3", "R4", "R5"]
    assert (verdict["answer"], verdict["policy"]) == ("yes", "subcontract/1")


def test_what_is_missing_is_counted() -> None:
    said = read({**facts(), "trend": trend(0.7, "e1", further=2)})["counterfactual"]
    assert said["en"] == "Would become yes with: 2 further results with |z| ≤ 1."
    assert "2 次" in said["zh"]
