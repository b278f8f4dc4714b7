"""What the codes of an evaluation mean, said to a reader: methods and signals, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from zhunsheng.foundation.bilingual import Text, t


class SignalWords(NamedTuple):
    """A signal's letter (it tells where colour does not), its word, and what it asks of the laboratory."""

    letter: str
    word: Text
    meaning: Text


_GIVEN = t(
    "Value given by the organiser; how it was set is not stated in this evaluation.",
    "由组织者给定的值；本评定未说明其确定方法。",
)

ASSIGNED: dict[str, Text] = {
    "algorithm-a": t(
        "Robust mean of the participants' results by Algorithm A (ISO 13528:2022, Annex C).",
        "参加者结果按算法A（迭代稳健法）求得的稳健平均值（ISO 13528:2022 附录C）。",
    ),
    "q-hampel": t(
        "Robust mean of the participants' results by the Hampel estimator, with the Q method for the spread "
        "(ISO 13528:2022, Annex C).",
        "参加者结果按 Hampel 估计求得的稳健平均值，离散程度用 Q 法估计（ISO 13528:2022 附录C）。",
    ),
    "median": t(
        "Median of the participants' results (ISO 13528:2022, 7.7).",
        "参加者结果的中位值（ISO 13528:2022，7.7）。",
    ),
    "median-niqr": t(
        "Median of the participants' results (ISO 13528:2022, 7.7).",
        "参加者结果的中位值（ISO 13528:2022，7.7）。",
    ),
    "mean": t(
        "Arithmetic mean of the participants' results; an outlier moves it.",
        "参加者结果的算术平均值；易受离群值影响。",
    ),
    "given": _GIVEN,
}

_FORMULAS = {
    "algorithm-a": "1.25 s*/√p",
    "q-hampel": "1.25 s*/√p",
    "median": "1.25 MADe/√p",
    "median-niqr": "1.25 nIQR/√p",
    "mean": "s/√p",
}

SIGMA: dict[str, Text] = {
    "algorithm-a": t(
        "Robust standard deviation s* of the participants' results by Algorithm A (ISO 13528:2022, 8.6 and Annex C).",
        "参加者结果按算法A（迭代稳健法）求得的稳健标准差 s*（ISO 13528:2022，8.6 及附录C）。",
    ),
    "q": t(
        "Standard deviation of the participants' results by the Q method (ISO 13528:2022, 8.6 and Annex C).",
        "参加者结果按 Q 法求得的标准差（ISO 13528:2022，8.6 及附录C）。",
    ),
    "qn": t(
        "Scale Qn of the participants' results, from the differences between pairs (ISO 13528:2022, 8.6 and Annex C).",
        "参加者结果的 Qn 尺度估计，由两两之差求得（ISO 13528:2022，8.6 及附录C）。",
    ),
    "mean-absolute": t(
        "Mean absolute deviation of the participants' results from their median, divided by 0.798; "
        "for fewer than six results.",
        "参加者结果与其中位值之差的绝对值的平均值除以 0.798；用于结果少于六个的情形。",
    ),
    "niqr": t(
        "Normalised interquartile range of the participants' results, nIQR = 0.7413 (Q3 − Q1) (ISO 13528:2022, 8.6).",
        "参加者结果的标准化四分位距，nIQR = 0.7413 (Q3 − Q1)（ISO 13528:2022，8.6）。",
    ),
    "mad-e": t(
        "Scaled median absolute deviation of the participants' results, MADe = 1.483 × median|x − median| "
        "(ISO 13528:2022, 8.6).",
        "参加者结果的绝对中位差换算值，MADe = 1.483 × median|x − median|（ISO 13528:2022，8.6）。",
    ),
    "sd": t(
        "Standard deviation of the participants' results; an outlier enlarges it and so hides itself and others.",
        "参加者结果的标准差；离群值会使其增大，从而掩盖离群值本身及其他偏离。",
    ),
    "horwitz": t(
        "Horwitz function as modified by Thompson, from the mass fraction (ISO 13528:2022, 8.4).",
        "由质量分数按 Thompson 修正的 Horwitz 函数计算（ISO 13528:2022，8.4）。",
    ),
    "given": _GIVEN,
}

NAMES: dict[str, Text] = {
    "algorithm-a": t("Algorithm A", "算法 A"),
    "q-hampel": t("Hampel estimator (Q method)", "Hampel 估计（Q 法）"),
    "median": t("median (MADe)", "中位值（MADe）"),
    "median-niqr": t("median (nIQR)", "中位值（nIQR）"),
    "mean": t("arithmetic mean", "算术平均值"),
    "q": t("Q method", "Q 法"),
    "qn": t("Qn", "Qn"),
    "mean-absolute": t("mean absolute deviation", "平均绝对偏差"),
    "niqr": t("nIQR", "标准化四分位距"),
    "mad-e": t("MADe", "MADe"),
    "sd": t("standard deviation", "标准差"),
    "horwitz": t("Horwitz function", "Horwitz 函数"),
    "given": t("value given", "给定值"),
}
"""Short names of the methods, for tables and lists to choose from."""

SIGNALS: dict[str, SignalWords] = {
    "acceptable": SignalWords(
        "✓",
        t("acceptable", "满意"),
        t("Acceptable: no signal; no action is asked for.", "可接受，无信号，不要求采取措施。"),
    ),
    "warning": SignalWords(
        "W",
        t("warning", "可疑"),
        t(
            "Warning signal: check the measurement; two in succession weigh like an action signal.",
            "警戒信号：应核查测量过程；连续两次出现视同行动信号。",
        ),
    ),
    "action": SignalWords(
        "A",
        t("action", "不满意"),
        t(
            "Action signal: find the cause, correct it, look back at reports it may have touched, "
            "and show that the correction works.",
            "行动信号：应查明原因，采取纠正措施，追溯可能受影响的报告，并证明纠正措施有效。",
        ),
    ),
}


def assigned_method(code: str) -> Text:
    """How an assigned value came about; a code that has no sentence here is shown as it stands."""
    return ASSIGNED.get(code, Text(en=code, zh=code))


def sigma_method(code: str) -> Text:
    """How the standard deviation for proficiency assessment was set."""
    return SIGMA.get(code, Text(en=code, zh=code))


def uncertainty_method(assigned: Mapping[str, Any]) -> Text:
    """How the standard uncertainty of an assigned value came about; a dash where it is not known."""
    if assigned.get("u_char") is not None:
        return t(
            "u = √(u_char² + u_hom² + u_stab²); u_char: {how}",
            "u = √(u_char² + u_hom² + u_stab²)；u_char：{how}",
            how=uncertainty_method({key: assigned[key] for key in ("u_method", "method", "n")}),
        )
    if assigned.get("u_method") == "given":
        return _GIVEN
    if assigned.get("u_method") == "computed":
        return t(
            "u = {formula}, from {n} results.",
            "u = {formula}，由 {n} 个结果求得。",
            formula=_FORMULAS[assigned["method"]],
            n=assigned["n"],
        )
    return Text(en="–", zh="–")


def method_name(code: str) -> Text:
    """A method's short name; a code that has none is shown as it stands."""
    return NAMES.get(code, Text(en=code, zh=code))


PASSED, FAILED = t("passed", "合格"), t("failed", "不合格")
"""What a rule set says of a laboratory."""

FACTS: dict[str, Text] = {
    "issuer": t("Issuer", "签发方"),
    "title": t("Title", "名称"),
    "measurand": t("Measurand", "被测量"),
    "measurands": t("Number of measurands", "被测量个数"),
    "item": t("Item", "样品"),
    "unit": t("Unit", "单位"),
    "laboratories": t("Laboratories", "实验室数"),
    "x_pt": t("Assigned value", "指定值"),
    "sigma_pt": t("Standard deviation for proficiency assessment", "能力评定标准差"),
    "acceptable/warning/action": t("Acceptable / warning / action", "满意/可疑/不满意"),
    "input_sha256": t("SHA-256 of the input", "输入数据 SHA-256"),
}
"""The facts that a report signs, in words."""
