"""Answers kept long ago come out the same, byte for byte: facts and fingerprints of every form under every version of the policy."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zhunsheng.decisions.eligibility import rules, wording
from zhunsheng.decisions.eligibility.policies import policy_by_version
from zhunsheng.decisions.eligibility.queries import answered
from zhunsheng.decisions.eligibility.wording import LABELS, SENTENCES, Names, trace
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.signing import canonical_json

KEPT: list[dict[str, Any]] = [
    one
    for path in sorted((Path(__file__).parent / "golden").glob("form-*.json"))
    for one in json.loads(path.read_text(encoding="utf-8"))
]
SECOND = [one for one in KEPT if one["facts"].get("form") == 2]
NOBODY = Names(t("Total mercury", "总汞"), t("Feed", "饲料"))


def fingerprint(facts: Mapping[str, Any], version: str) -> str:
    verdict = answered(facts, policy_by_version(version))
    return hashlib.sha256(canonical_json(facts) + b"\n" + canonical_json(verdict)).hexdigest()


@pytest.mark.parametrize(
    "kept", KEPT, ids=lambda one: f"{one['facts'].get('form', 1)}-{one['policy'][-1]}-{one['case']}"
)
def test_a_kept_answer_comes_out_the_same(kept: dict[str, Any]) -> None:
    assert fingerprint(kept["facts"], kept["policy"]) == kept["sha256"]
    assert answered(kept["facts"], policy_by_version(kept["policy"]))["answer"] == kept["answer"]


def test_every_version_of_the_policy_is_there_in_every_form() -> None:
    found = {(one["facts"].get("form", 1), one["policy"]) for one in KEPT}
    assert found == {(form, f"subcontract/{version}") for form in (1, 2) for version in (1, 2)}


def test_a_sentence_that_is_bettered_changes_no_kept_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    other = t("Certificate of approval", "资质证书")
    monkeypatch.setattr(wording, "LABELS", {**LABELS, "R1": (LABELS["R1"][0], other)})
    monkeypatch.setattr(wording, "SENTENCES", {code: lambda read: (other, other) for code in SENTENCES})
    for kept in SECOND:
        assert fingerprint(kept["facts"], kept["policy"]) == kept["sha256"]
    policy = policy_by_version("subcontract/2")
    assert (
        trace(rules.decide(SECOND[0]["facts"], policy), SECOND[0]["facts"], policy, NOBODY)["rules"][0]["label"]["en"]
        == other.en
    )


def test_every_code_has_its_sentence_and_is_met_here() -> None:
    met = set()
    for kept in SECOND:
        policy = policy_by_version(kept["policy"])
        verdict = rules.decide(kept["facts"], policy)
        said = trace(verdict, kept["facts"], policy, NOBODY)
        met |= {one["found"] for one in verdict["rules"]}
        assert all(one["value"]["zh"] and one["would_change"]["en"] for one in said["rules"])
        assert (said["counterfactual"] is None) == (said["answer"] == "yes")
    assert met == set(SENTENCES)


def test_both_forms_give_the_same_outcomes() -> None:
    """The rules are the same; only what is kept of them differs."""
    first = [one for one in KEPT if "form" not in one["facts"]]
    for old, new in zip(first, SECOND, strict=True):
        outcomes = [
            [line["outcome"] for line in answered(one["facts"], policy_by_version(one["policy"]))["rules"]]
            for one in (old, new)
        ]
        assert outcomes[0] == outcomes[1], old["case"]


def test_names_and_serial_numbers_are_said_to_whom_they_are_known_and_counted_for_others() -> None:
    open_gates = SECOND[len(SECOND) // 2]["facts"]
    policy = policy_by_version("subcontract/2")
    told = replace(NOBODY, instruments={"i-ZS-1": "ZS-1"}, calibrations={"c-ZS-1": "C-ZS-1"}, people={"p1": "Li"})
    verdict = rules.decide(open_gates, policy)
    known, hidden = (trace(verdict, open_gates, policy, names)["rules"] for names in (told, NOBODY))
    assert known[2]["value"]["en"] == "ZS-1: C-ZS-1 to 2026-12-31" and known[3]["value"]["en"] == "Li, from 2024-01-01"
    assert hidden[2]["value"]["en"] == "instruments: 1, all in date, the first until 2026-12-31"
    assert hidden[3]["value"]["zh"] == "具有该领域授权的签字人：1 名"
