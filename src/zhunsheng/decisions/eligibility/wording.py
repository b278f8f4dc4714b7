"""The sentences of an answer, made when it is read: from the facts and codes that were kept, for a reader who may see names or not.

Nothing here is hashed, so that a sentence may be bettered and what one reader may not see never stands in what is kept.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhunsheng.decisions.eligibility.rules import MOST_FURTHER, Facts, Policy
from zhunsheng.foundation.bilingual import Text, join, t

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in the facts stand for, as far as the reader may know; people and instruments not named here are counted."""

    parameter: Text
    matrix: Text
    instruments: Mapping[str, str] = field(default_factory=dict)
    calibrations: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Read:
    """One kept line being read, with the facts that it rests on."""

    facts: Facts
    values: Mapping[str, Any]
    names: Names

    def results(self) -> dict[str, Row]:
        return {one["id"]: one for one in self.facts["evidence"]}


Said = tuple[Text, Text]
"""What was found, and what would change it (for better, or for worse when met)."""


def _span(row: Row) -> Text:
    first, last = row["valid_from"], row["valid_to"]
    return t("from {a}", "{a} 起", a=first) if last is None else t("{a} to {b}", "{a} 至 {b}", a=first, b=last)


def _lapse(until: str | None) -> Text:
    if until is None:
        return t("it is withdrawn", "被撤销")
    return t("it lapses after {d} or is withdrawn", "{d} 之后失效，或被撤销", d=until)


def _certificate_covers(read: Read) -> Said:
    held = (
        t("{s} {n}, {v}", "{s} {n}，{v}", s=c["scheme"], n=c["number"], v=_span(c)) for c in read.facts["certificates"]
    )
    return join(held), _lapse(read.values["until"])


def _certificate_ended(read: Read) -> Said:
    last = read.facts["last_certificate"]
    return (
        t("{s} {n} covers {v} only", "{s} {n} 仅在 {v} 有效", s=last["scheme"], n=last["number"], v=_span(last)),
        t("a certificate that covers {day}", "取得覆盖 {day} 的有效证书", day=read.facts["on"]),
    )


def _certificate_not_known(read: Read) -> Said:
    return (
        t("no certificate is in the register", "登记库中没有证书记录"),
        t("the institution enters its certificate in the register", "机构在登记库中录入证书"),
    )


def _scope_covers(read: Read) -> Said:
    lines = (t("{m}, {v}", "{m}，{v}", m=line["method"], v=_span(line)) for line in read.facts["scope"])
    return join(lines), _lapse(read.values["until"])


def _scope_ended(read: Read) -> Said:
    last = read.facts["last_scope"]
    return (
        t("{m} covers {v} only", "{m} 仅在 {v} 有效", m=last["method"], v=_span(last)),
        t("the scope line is renewed to cover {day}", "该能力项续期并覆盖 {day}", day=read.facts["on"]),
    )


def _scope_lacks_it(read: Read) -> Said:
    said = t("{p} in {x} is not in the scope", "能力范围中没有“{x}中{p}”", p=read.names.parameter, x=read.names.matrix)
    return said, t("the parameter is added to the approved scope", "该参数经批准列入能力范围")


def _instruments_not_known(read: Read) -> Said:
    return (
        t("the register names no instrument for this item", "登记库未列出该项目所用设备"),
        t("the institution enters the instruments it uses", "机构录入该项目所用设备"),
    )


def _instruments(read: Read) -> list[Row]:
    """Those that the line speaks of, as the facts have them."""
    lines = [*read.facts["scope"], *([read.facts["last_scope"]] if read.facts["last_scope"] else [])]
    known = {one["id"]: one for line in lines for one in line["instruments"]}
    return [known[key] for key in read.values["instruments"]]


def _calibration_in_date(read: Read) -> Said:
    some, until = _instruments(read), read.values["until"]
    worse = t("a calibration runs out after {d}", "{d} 之后有设备超过校准有效期", d=until)
    if all(one["id"] in read.names.instruments for one in some):
        return join(_calibrated(one, read.names) for one in some), worse
    said = t(
        "instruments: {n}, all in date, the first until {d}",
        "设备 {n} 台，均在有效期内，最早至 {d}",
        n=len(some),
        d=until,
    )
    return said, worse


def _calibrated(one: Row, names: Names) -> Text:
    covering = one["covering"]
    return t(
        "{s}: {c} to {d}", "{s}：{c}，至 {d}",
        s=names.instruments[one["id"]], c=names.calibrations.get(covering["id"], "—"), d=covering["valid_to"],
    )  # fmt: skip


def _calibration_lapsed(read: Read) -> Said:
    some, day = _instruments(read), read.facts["on"]
    mend = (
        t(
            "the scope line names instruments in use that are calibrated before {day}",
            "该能力项改列在用设备，且设备在 {day} 之前完成校准",
            day=day,
        )
        if read.values["retired"]
        else t("these instruments are calibrated before {day}", "上述设备在 {day} 之前完成校准", day=day)
    )
    if all(one["id"] in read.names.instruments for one in some):
        return join(_lapsed(one, read.names) for one in some), mend
    return t("instruments out of date or out of use: {n}", "超过校准有效期或已停用的设备：{n} 台", n=len(some)), mend


def _lapsed(one: Row, names: Names) -> Text:
    serial = names.instruments[one["id"]]
    if "retired_on" in one:
        return t("{s}: no longer in use, last day {d}", "{s}：已停用，最后使用日期 {d}", s=serial, d=one["retired_on"])
    if one["latest"]:
        return t("{s}: last calibration ended {d}", "{s}：上次校准至 {d}", s=serial, d=one["latest"]["valid_to"])
    return t("{s}: no calibration known", "{s}：无校准记录", s=serial)


def _signatory_authorised(read: Read) -> Said:
    people, names = read.facts["signatories"], read.names.people
    worse = _lapse(read.values["until"])
    if all(one["id"] in names for one in people):
        return join(t("{n}, {v}", "{n}，{v}", n=names[one["id"]], v=_span(one)) for one in people), worse
    return t("signatories authorised for the field: {n}", "具有该领域授权的签字人：{n} 名", n=len(people)), worse


def _signatory_lacking(read: Read) -> Said:
    return (
        t("nobody is authorised for the field “{f}”", "没有“{f}”领域的授权签字人", f=read.facts["field"]),
        t("a signatory is authorised for this field", "任命该领域的授权签字人"),
    )


def _no_result(read: Read) -> Said:
    return (
        t("no result that may be seen in this period", "该期间内没有可查看的能力验证结果"),
        t("a result with |z| < 3 in a round for this item", "参加一轮该项目的能力验证且 |z| < 3"),
    )


def _result(one: Row) -> Text:
    symbol = "z′" if one["score_kind"] == "z_prime" else "z"
    score = _number(one["score"])
    return t("{r}: {s} = {z}, {d}", "{r}：{s} = {z}，{d}", r=one["round"], s=symbol, z=score, d=one["occurred_on"])


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _result_failed(read: Read) -> Said:
    return _result(read.results()[read.values["evidence"]]), t("a later result with |z| < 3", "其后一次结果 |z| < 3")


def _result_passed(read: Read) -> Said:
    worse = t(
        "an action signal in a later round, or no further result by {d}",
        "其后轮次出现不满意结果，或至 {d} 仍无新结果",
        d=read.values["until"],
    )
    return _result(read.results()[read.values["evidence"]]), worse


def _nothing_to_predict_from(read: Read) -> Said:
    return (
        t("no result that may be seen to predict from", "没有可查看的结果，无法预测"),
        t("a first result in a round for this item", "参加一轮该项目的能力验证"),
    )


def _prediction(read: Read) -> Text:
    percent = _percent(read.values["probability"])
    return t("P(|z| ≤ 2) = {p} %, {n} rounds", "P(|z| ≤ 2) = {p}%，{n} 轮", p=percent, n=read.values["n"])


def _probable_enough(read: Read) -> Said:
    return _prediction(read), t("further results that bring it below", "后续结果使其低于要求")


def _not_probable_enough(read: Read) -> Said:
    more = read.values["further_results"]
    if more is not None:
        return _prediction(read), t("{m} further results with |z| ≤ 1", "再有 {m} 次结果 |z| ≤ 1", m=more)
    mend = t("more than {m} further results with |z| ≤ 1", "再有多于 {m} 次结果 |z| ≤ 1", m=MOST_FURTHER)
    return _prediction(read), mend


def _percent(probability: float) -> str:
    return f"{100 * probability:.0f}"


def _no_open_failure(read: Read) -> Said:
    return (
        t("no open failure that may be seen", "没有可查看的未关闭不满意结果"),
        t("an action signal in a later round", "其后轮次出现不满意结果"),
    )


def _failed(read: Read) -> Said:
    failed = _result(read.results()[read.facts["suspension"]["failed"]])
    return (
        t("failed in {f}", "{f}，结果不满意", f=failed),
        t("a passed retest and its confirmation by the authority", "补测合格并经监管部门确认"),
    )


def _failed_and_passed(read: Read) -> Said:
    held, results = read.facts["suspension"], read.results()
    said = t(
        "failed in {f}; passed again in {r}, not confirmed yet",
        "{f}，结果不满意；{r} 已合格，待确认",
        f=_result(results[held["failed"]]),
        r=results[held["passed"]]["round"],
    )
    return said, t("the authority confirms the retest", "监管部门确认补测合格")


SENTENCES: Mapping[str, Callable[[Read], Said]] = {
    "certificate_covers": _certificate_covers, "certificate_ended": _certificate_ended,
    "certificate_not_known": _certificate_not_known, "scope_covers": _scope_covers, "scope_ended": _scope_ended,
    "scope_lacks_it": _scope_lacks_it, "instruments_not_known": _instruments_not_known,
    "calibration_in_date": _calibration_in_date, "calibration_lapsed": _calibration_lapsed,
    "signatory_authorised": _signatory_authorised, "signatory_lacking": _signatory_lacking, "no_result": _no_result,
    "result_failed": _result_failed, "result_passed": _result_passed, "nothing_to_predict_from": _nothing_to_predict_from,
    "probable_enough": _probable_enough, "not_probable_enough": _not_probable_enough, "no_open_failure": _no_open_failure,
    "failed": _failed, "failed_and_passed": _failed_and_passed,
}  # fmt: skip
"""For every code that a rule may find."""

LABELS: Mapping[str, tuple[str, Text]] = {
    "R1": ("certificate", t("Certificate", "资质认定证书")), "R2": ("scope", t("Scope", "能力范围")),
    "R3": ("calibration", t("Calibration", "设备校准")), "R4": ("signatory", t("Signatory", "授权签字人")),
    "R5": ("proficiency", t("Proficiency testing", "能力验证")), "R6": ("prediction", t("Prediction", "预测")),
    "R7": ("suspension", t("No suspension", "未被暂停")),
}  # fmt: skip
"""The clause of the policy that each rule rests on, and its name."""


def needed(rule: str, policy: Policy) -> Text:
    """What a rule asks for."""
    if rule == "R5":
        return t(
            "newest result within {n} days is no action signal (|z| < 3)", "{n} 天内最近一次结果不是不满意（|z| < 3）",
            n=policy["proficiency_within_days"],
        )  # fmt: skip
    if rule == "R6":
        return t(
            "probability of |z| ≤ 2 in the next round at least {p} %", "下一轮 |z| ≤ 2 的概率不低于 {p}%",
            p=_percent(policy["probability_needed"]),
        )  # fmt: skip
    return NEEDED[rule]


NEEDED: Mapping[str, Text] = {
    "R1": t("covers the day", "当日有效"), "R2": t("covers the item on the day", "当日涵盖该项目"),
    "R3": t("all instruments of a method in date", "某一方法所用设备均在有效期内"),
    "R4": t("authorised for the field", "具有该领域授权"), "R7": t("no open failure", "没有未关闭的不满意结果"),
}  # fmt: skip


def trace(kept: Mapping[str, Any], facts: Facts, policy: Policy, names: Names) -> dict[str, Any]:
    """A kept answer in sentences, as plain JSON values with both languages."""
    rules = [_line(one, facts, policy, names) for one in kept["rules"]]
    mends = [one["would_change"] for one in rules if one["outcome"] != "yes"]
    return {**kept, "rules": rules, "counterfactual": counterfactual(mends)}


def _line(one: Row, facts: Facts, policy: Policy, names: Names) -> dict[str, Any]:
    values = {**one["values"], "evidence": next(iter(one["evidence"]), None)}
    value, change = SENTENCES[one["found"]](Read(facts, values, names))
    clause, label = LABELS[one["id"]]
    return {
        "id": one["id"], "label": pair(label), "outcome": one["outcome"], "value": pair(value),
        "needed": pair(needed(one["id"], policy)), "clause": dict(policy["clauses"][clause]),
        "evidence": list(one["evidence"]), "would_change": pair(change),
    }  # fmt: skip


def counterfactual(mends: Iterable[Mapping[str, str]]) -> dict[str, str] | None:
    """What the whole would need to become yes; None when it is."""
    texts = [Text(en=one["en"], zh=one["zh"]) for one in mends]
    return pair(t("Would become yes with: {m}.", "满足以下条件后即为“可以”：{m}。", m=join(texts))) if texts else None


def hide(kept: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """An answer of the first form for a reader who may not see whose names and serial numbers stand in two of its sentences."""
    lines = facts["scope"] or ([facts["last_scope"]] if facts["last_scope"] else [])
    said = {
        "R3": t("instruments: {n}", "设备 {n} 台", n=sum(len(line["instruments"]) for line in lines)),
        "R4": t("signatories: {n}", "签字人 {n} 名", n=len(facts["signatories"])),
    }
    rules = [{**one, "value": pair(said[one["id"]])} if one["id"] in said else one for one in kept["rules"]]
    return {**kept, "rules": rules}


def pair(text: Text) -> dict[str, str]:
    """A Text as JSON."""
    return {"en": text.en, "zh": text.zh}
