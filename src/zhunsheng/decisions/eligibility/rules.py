"""From facts and a policy to an answer with its trace; pure: the same facts and policy give the same bytes.

Three values: a gate that is closed says no, a fact that nobody has recorded says unknown, and the answer is no if any rule
says no, else unknown if any does, else yes. What is found is a code with values, never a sentence: the sentences are those of
`wording`, and may be bettered without a kept answer changing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from zhunsheng.foundation.bilingual import Text, t

Answer = Literal["yes", "no", "unknown"]
Facts = Mapping[str, Any]
Policy = Mapping[str, Any]

FORM = 2
"""The form of facts and answers: 1 had sentences, names and serial numbers in them (`first_form`)."""
ANSWERS: dict[Answer, Text] = {"yes": t("yes", "可以"), "no": t("no", "不可以"), "unknown": t("unknown", "无法判定")}
OUTCOMES: dict[Answer, Text] = {"yes": t("met", "满足"), "no": t("not met", "不满足"), "unknown": t("unknown", "不明")}
MOST_FURTHER = 6
"""How far the search for "would become yes with … further results" goes."""


@dataclass(frozen=True, slots=True)
class Line:
    """One rule applied: what it found, as a code with values, and which evidence it used."""

    outcome: Answer
    found: str
    values: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


def all_of(outcomes: Sequence[Answer]) -> Answer:
    """Kleene's and: no if any is no, else unknown if any is unknown, else yes."""
    return "no" if "no" in outcomes else "unknown" if "unknown" in outcomes else "yes"


def _end(rows: Iterable[Mapping[str, Any]]) -> str | None:
    """The last day of several rows that hold today; None where one has no end."""
    ends = [row["valid_to"] for row in rows]
    return None if None in ends else max(ends)


def look_certificate(facts: Facts, policy: Policy) -> Line:
    """R1: some certificate covers the day."""
    if covering := facts["certificates"]:
        return Line("yes", "certificate_covers", {"until": _end(covering)})
    return Line("no", "certificate_ended") if facts["last_certificate"] else Line("unknown", "certificate_not_known")


def look_scope(facts: Facts, policy: Policy) -> Line:
    """R2: some scope line for the parameter in the matrix covers the day."""
    if covering := facts["scope"]:
        return Line("yes", "scope_covers", {"until": _end(covering)})
    return Line("no", "scope_ended" if facts["last_scope"] else "scope_lacks_it")


def look_calibration(facts: Facts, policy: Policy) -> Line:
    """R3: of some scope line that covers the day, every instrument is in use and within its calibration on the day."""
    lines = facts["scope"] or ([facts["last_scope"]] if facts["last_scope"] else [])
    equipped = [line["instruments"] for line in lines if line["instruments"]]
    if not equipped:
        return Line("unknown", "instruments_not_known")
    in_date = next((some for some in equipped if all(i["covering"] for i in some)), None)
    if in_date:
        first = min(i["covering"]["valid_to"] for i in in_date)
        return Line("yes", "calibration_in_date", {"instruments": [i["id"] for i in in_date], "until": first})
    lapsed = {i["id"]: i for some in equipped for i in some if i["covering"] is None}
    retired = any("retired_on" in i for i in lapsed.values())
    return Line("no", "calibration_lapsed", {"instruments": list(lapsed), "retired": retired})


def look_signatory(facts: Facts, policy: Policy) -> Line:
    """R4: someone is authorised to sign for the field on the day."""
    if people := facts["signatories"]:
        return Line("yes", "signatory_authorised", {"until": _end(people)})
    return Line("no", "signatory_lacking")


def look_proficiency(facts: Facts, policy: Policy) -> Line:
    """R5: the newest proficiency-testing result within the period is no action signal."""
    within = policy["proficiency_within_days"]
    earliest = date.fromordinal(max(date.fromisoformat(facts["on"]).toordinal() - within, 1)).isoformat()
    recent = [e for e in facts["evidence"] if e["kind"] == "proficiency_result" and e["occurred_on"] >= earliest]
    if not recent:
        return Line("unknown", "no_result")
    newest = worst_of_newest_day(recent)
    if newest["signal"] == "action":
        return Line("no", "result_failed", evidence=(newest["id"],))
    last = date.fromordinal(date.fromisoformat(newest["occurred_on"]).toordinal() + within)
    return Line("yes", "result_passed", {"until": last.isoformat()}, (newest["id"],))


def look_prediction(facts: Facts, policy: Policy) -> Line:
    """R6: the probability that the next result is acceptable, from all results seen, reaches what the policy needs."""
    trend = facts["trend"]
    if not trend["n"]:
        return Line("unknown", "nothing_to_predict_from")
    values, used = {"probability": trend["probability"], "n": trend["n"]}, tuple(trend["evidence"])
    if trend["probability"] >= policy["probability_needed"]:
        return Line("yes", "probable_enough", values, used)
    return Line("no", "not_probable_enough", {**values, "further_results": trend["further_results"]}, used)


def look_suspension(facts: Facts, policy: Policy) -> Line:
    """R7: no failed result is open: each was followed by a passed one that the authority confirmed."""
    held = facts["suspension"]
    if held is None:
        return Line("yes", "no_open_failure")
    return Line("no", "failed_and_passed" if held["passed"] else "failed", evidence=(held["failed"],))


def worst_of_newest_day(results: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The result that counts: of the newest day the one farthest off, for a round may have had several items."""
    return max(results, key=lambda e: (e["occurred_on"], abs(e["score"]), e["id"]))


RULES: Mapping[str, Callable[[Facts, Policy], Line]] = {
    "R1": look_certificate, "R2": look_scope, "R3": look_calibration, "R4": look_signatory, "R5": look_proficiency,
    "R6": look_prediction, "R7": look_suspension,
}  # fmt: skip
FIRST_RULES = ("R1", "R2", "R3", "R4", "R5")


def rules_of(policy: Policy) -> Sequence[str]:
    """The rules that a policy applies; its first version named none and means the first five."""
    named: Sequence[str] = policy.get("rules", FIRST_RULES)
    return named


def decide(facts: Facts, policy: Policy) -> dict[str, Any]:
    """The answer with its trace, as plain JSON values."""
    lines = [(rule, RULES[rule](facts, policy)) for rule in rules_of(policy)]
    return {
        "answer": all_of([line.outcome for _, line in lines]),
        "policy": f"{policy['name']}/{policy['version']}",
        "rules": [
            {
                "id": rule, "outcome": line.outcome, "found": line.found, "values": dict(line.values),
                "evidence": list(line.evidence),
            }
            for rule, line in lines
        ],
    }  # fmt: skip
