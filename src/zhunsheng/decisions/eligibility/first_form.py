"""Answers of the first form, which carried their sentences, names and serial numbers within: how they come out the same again.

Kept word for word as it was: one changed letter here makes every such answer look altered. New answers are given by `rules`
and worded by `wording`; nobody adds to this file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from zhunsheng.foundation.bilingual import Text, join, t

Answer = Literal["yes", "no", "unknown"]
Facts = Mapping[str, Any]
Policy = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One rule applied: what it found, which evidence it used, what would change it (for better, or for worse when met)."""

    outcome: Answer
    value: Text
    would_change: Text
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the policy: its number, its question, what it needs, and the function that looks."""

    id: str
    clause: str
    label: Text
    needed: Callable[[Facts, Policy], Text]
    look: Callable[[Facts, Policy], Line]


def all_of(outcomes: Sequence[Answer]) -> Answer:
    """Kleene's and: no if any is no, else unknown if any is unknown, else yes."""
    return "no" if "no" in outcomes else "unknown" if "unknown" in outcomes else "yes"


def _until(row: Mapping[str, Any]) -> Text:
    return _span(row["valid_from"], row["valid_to"])


@lru_cache(maxsize=4096)  # the same days come again and again when many are decided together
def _span(first: str, last: str | None) -> Text:
    return t("from {a}", "{a} 起", a=first) if last is None else t("{a} to {b}", "{a} 至 {b}", a=first, b=last)


def _lapse(rows: Iterable[Mapping[str, Any]]) -> Text:
    """When the last of several rows that hold today will have ended."""
    ends = [row["valid_to"] for row in rows]
    return _lapsing(None if None in ends else max(ends))


@lru_cache(maxsize=4096)
def _lapsing(last: str | None) -> Text:
    if last is None:
        return t("it is withdrawn", "被撤销")
    return t("it lapses after {d} or is withdrawn", "{d} 之后失效，或被撤销", d=last)


def look_certificate(facts: Facts, policy: Policy) -> Line:
    """R1: some certificate covers the day."""
    if covering := facts["certificates"]:
        held = join(t("{s} {n}, {v}", "{s} {n}，{v}", s=c["scheme"], n=c["number"], v=_until(c)) for c in covering)
        return Line("yes", held, _lapse(covering))
    if last := facts["last_certificate"]:
        return Line(
            "no",
            t("{s} {n} covers {v} only", "{s} {n} 仅在 {v} 有效", s=last["scheme"], n=last["number"], v=_until(last)),
            t("a certificate that covers {day}", "取得覆盖 {day} 的有效证书", day=facts["on"]),
        )
    return Line(
        "unknown",
        t("no certificate is in the register", "登记库中没有证书记录"),
        t("the institution enters its certificate in the register", "机构在登记库中录入证书"),
    )


def look_scope(facts: Facts, policy: Policy) -> Line:
    """R2: some scope line for the parameter in the matrix covers the day."""
    if covering := facts["scope"]:
        approved = join(t("{m}, {v}", "{m}，{v}", m=line["method"], v=_until(line)) for line in covering)
        return Line("yes", approved, _lapse(covering))
    if last := facts["last_scope"]:
        return Line(
            "no",
            t("{m} covers {v} only", "{m} 仅在 {v} 有效", m=last["method"], v=_until(last)),
            t("the scope line is renewed to cover {day}", "该能力项续期并覆盖 {day}", day=facts["on"]),
        )
    return Line(
        "no",
        t(
            "{p} in {x} is not in the scope",
            "能力范围中没有“{x}中{p}”",
            p=_text(facts["parameter"]),
            x=_text(facts["matrix"]),
        ),
        t("the parameter is added to the approved scope", "该参数经批准列入能力范围"),
    )


def look_calibration(facts: Facts, policy: Policy) -> Line:
    """R3: of some scope line that covers the day, every instrument is in use and within its calibration on the day."""
    lines = facts["scope"] or ([facts["last_scope"]] if facts["last_scope"] else [])
    equipped = [line["instruments"] for line in lines if line["instruments"]]
    if not equipped:
        return Line(
            "unknown",
            t("the register names no instrument for this item", "登记库未列出该项目所用设备"),
            t("the institution enters the instruments it uses", "机构录入该项目所用设备"),
        )
    in_date = next((some for some in equipped if all(i["covering"] for i in some)), None)
    if in_date:
        first = min(i["covering"]["valid_to"] for i in in_date)
        worse = t("a calibration runs out after {d}", "{d} 之后有设备超过校准有效期", d=first)
        return Line("yes", join(map(_calibrated, in_date)), worse)
    expired = {i["serial"]: i for some in equipped for i in some if i["covering"] is None}
    return Line("no", join(map(_lapsed, expired.values())), _mended(expired.values(), facts["on"]))


def _calibrated(one: Mapping[str, Any]) -> Text:
    covering = one["covering"]
    return t("{s}: {c} to {d}", "{s}：{c}，至 {d}", s=one["serial"], c=covering["certificate"], d=covering["valid_to"])


def _mended(expired: Iterable[Mapping[str, Any]], day: str) -> Text:
    """What would open the gate; a retired instrument is replaced, not calibrated."""
    if any(one.get("retired_on") for one in expired):
        return t(
            "the scope line names instruments in use that are calibrated before {day}",
            "该能力项改列在用设备，且设备在 {day} 之前完成校准",
            day=day,
        )
    return t("these instruments are calibrated before {day}", "上述设备在 {day} 之前完成校准", day=day)


def _lapsed(one: Mapping[str, Any]) -> Text:
    if one.get("retired_on"):
        return t(
            "{s}: no longer in use, last day {d}", "{s}：已停用，最后使用日期 {d}", s=one["serial"], d=one["retired_on"]
        )
    if one["latest"]:
        return t("{s}: last calibration ended {d}", "{s}：上次校准至 {d}", s=one["serial"], d=one["latest"]["valid_to"])
    return t("{s}: no calibration known", "{s}：无校准记录", s=one["serial"])


def look_signatory(facts: Facts, policy: Policy) -> Line:
    """R4: someone is authorised to sign for the field on the day."""
    if people := facts["signatories"]:
        return Line("yes", join(t("{n}, {v}", "{n}，{v}", n=p["name"], v=_until(p)) for p in people), _lapse(people))
    return Line(
        "no",
        t("nobody is authorised for the field “{f}”", "没有“{f}”领域的授权签字人", f=facts["matrix"]["field"]),
        t("a signatory is authorised for this field", "任命该领域的授权签字人"),
    )


def look_proficiency(facts: Facts, policy: Policy) -> Line:
    """R5: the newest proficiency-testing result within the period is no action signal."""
    earliest = date.fromisoformat(facts["on"]).toordinal() - policy["proficiency_within_days"]
    recent = [
        e for e in facts["evidence"]
        if e["kind"] == "proficiency_result" and date.fromisoformat(e["occurred_on"]).toordinal() >= earliest
    ]  # fmt: skip
    if not recent:
        return Line(
            "unknown",
            t("no result that may be seen in this period", "该期间内没有可查看的能力验证结果"),
            t("a result with |z| < 3 in a round for this item", "参加一轮该项目的能力验证且 |z| < 3"),
        )
    newest = worst_of_newest_day(recent)
    symbol = "z′" if newest["score_kind"] == "z_prime" else "z"
    value = t(
        "{r}: {s} = {z}, {d}", "{r}：{s} = {z}，{d}",
        r=newest["round"], s=symbol, z=f"{newest['score']:.2f}".replace("-", "−"), d=newest["occurred_on"],
    )  # fmt: skip
    if newest["signal"] == "action":
        mend = t("a later result with |z| < 3", "其后一次结果 |z| < 3")
        return Line("no", value, mend, (newest["id"],))
    last = date.fromordinal(date.fromisoformat(newest["occurred_on"]).toordinal() + policy["proficiency_within_days"])
    worse = t(
        "an action signal in a later round, or no further result by {d}",
        "其后轮次出现不满意结果，或至 {d} 仍无新结果",
        d=last,
    )
    return Line("yes", value, worse, (newest["id"],))


def look_prediction(facts: Facts, policy: Policy) -> Line:
    """R6: the probability that the next result is acceptable, from all results seen, reaches what the policy needs."""
    trend = facts["trend"]
    if not trend["n"]:
        return Line(
            "unknown",
            t("no result that may be seen to predict from", "没有可查看的结果，无法预测"),
            t("a first result in a round for this item", "参加一轮该项目的能力验证"),
        )
    value = t(
        "P(|z| ≤ 2) = {p} %, {n} rounds", "P(|z| ≤ 2) = {p}%，{n} 轮", p=_percent(trend["probability"]), n=trend["n"]
    )
    if trend["probability"] >= policy["probability_needed"]:
        worse = t("further results that bring it below", "后续结果使其低于要求")
        return Line("yes", value, worse, tuple(trend["evidence"]))
    more = trend["further_results"]
    mend = (
        t("{m} further results with |z| ≤ 1", "再有 {m} 次结果 |z| ≤ 1", m=more)
        if more is not None
        else t("more than {m} further results with |z| ≤ 1", "再有多于 {m} 次结果 |z| ≤ 1", m=MOST_FURTHER)
    )
    return Line("no", value, mend, tuple(trend["evidence"]))


def _percent(probability: float) -> str:
    return f"{100 * probability:.0f}"


def look_suspension(facts: Facts, policy: Policy) -> Line:
    """R7: no failed result is open: each was followed by a passed one that the authority confirmed."""
    held = facts["suspension"]
    if held is None:
        return Line(
            "yes",
            t("no open failure that may be seen", "没有可查看的未关闭不满意结果"),
            t("an action signal in a later round", "其后轮次出现不满意结果"),
        )
    mend = (
        t("the authority confirms the retest", "监管部门确认补测合格")
        if held["passed"]
        else t("a passed retest and its confirmation by the authority", "补测合格并经监管部门确认")
    )
    return Line("no", _text(held["explanation"]), mend, (held["failed"],))


def worst_of_newest_day(results: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The result that counts: of the newest day the one farthest off, for a round may have had several items."""
    return max(results, key=lambda e: (e["occurred_on"], abs(e["score"]), e["id"]))


def _text(pair: Mapping[str, str]) -> Text:
    return Text(en=pair["en"], zh=pair["zh"])


def _same(text: Text) -> Callable[[Facts, Policy], Text]:
    return lambda facts, policy: text


@lru_cache
def _recent_enough(days: int) -> Text:
    return t(
        "newest result within {n} days is no action signal (|z| < 3)",
        "{n} 天内最近一次结果不是不满意（|z| < 3）",
        n=days,
    )


@lru_cache
def _probable_enough(needed: float) -> Text:
    return t(
        "probability of |z| ≤ 2 in the next round at least {p} %",
        "下一轮 |z| ≤ 2 的概率不低于 {p}%",
        p=_percent(needed),
    )


RULES = (
    Rule("R1", "certificate", t("Certificate", "资质认定证书"), _same(t("covers the day", "当日有效")), look_certificate),
    Rule("R2", "scope", t("Scope", "能力范围"), _same(t("covers the item on the day", "当日涵盖该项目")), look_scope),
    Rule(
        "R3", "calibration", t("Calibration", "设备校准"),
        _same(t("all instruments of a method in date", "某一方法所用设备均在有效期内")), look_calibration,
    ),
    Rule("R4", "signatory", t("Signatory", "授权签字人"), _same(t("authorised for the field", "具有该领域授权")), look_signatory),
    Rule(
        "R5", "proficiency", t("Proficiency testing", "能力验证"),
        lambda facts, policy: _recent_enough(policy["proficiency_within_days"]),
        look_proficiency,
    ),
    Rule(
        "R6", "prediction", t("Prediction", "预测"),
        lambda facts, policy: _probable_enough(policy["probability_needed"]),
        look_prediction,
    ),
    Rule("R7", "suspension", t("No suspension", "未被暂停"), _same(t("no open failure", "没有未关闭的不满意结果")), look_suspension),
)  # fmt: skip

MOST_FURTHER = 6
"""How far the search for "would become yes with … further results" goes."""


def rules_of(policy: Policy) -> list[Rule]:
    """The rules that a policy applies; its first version named none and means the first five."""
    named = policy.get("rules", ["R1", "R2", "R3", "R4", "R5"])
    return [rule for rule in RULES if rule.id in named]


def decide(facts: Facts, policy: Policy) -> dict[str, Any]:
    """The answer with its trace, as plain JSON values."""
    lines = [(rule, rule.look(facts, policy)) for rule in rules_of(policy)]
    answer = all_of([line.outcome for _, line in lines])
    mends = [line.would_change for _, line in lines if line.outcome != "yes"]
    counterfactual = (
        t("Would become yes with: {m}.", "满足以下条件后即为“可以”：{m}。", m=join(mends)) if mends else None
    )
    return {
        "answer": answer,
        "policy": f"{policy['name']}/{policy['version']}",
        "rules": [
            {
                "id": rule.id, "label": pair(rule.label), "outcome": line.outcome, "value": pair(line.value),
                "needed": pair(rule.needed(facts, policy)), "clause": dict(policy["clauses"][rule.clause]),
                "evidence": list(line.evidence), "would_change": pair(line.would_change),
            }
            for rule, line in lines
        ],
        "counterfactual": pair(counterfactual) if counterfactual else None,
    }  # fmt: skip


def pair(text: Text) -> dict[str, str]:
    """A Text as JSON."""
    return {"en": text.en, "zh": text.zh}
