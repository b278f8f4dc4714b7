"""A verdict in words, and the way to it step by step, so that a person can check it by hand; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhunsheng.activities.proficiency.figures import significant
from zhunsheng.activities.proficiency.prepare.states import Kind, Outcome
from zhunsheng.foundation.bilingual import Text, t

Figures = Mapping[str, float | int | None]
FEW_UNITS = 10
"""ISO 13528:2022, B.1 wants at least ten units, measured at least twice."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the way: what it is, how it comes about, how large it is."""

    name: Text
    formula: str
    value: str


def shown(figures: Figures, name: str, digits: int = 3) -> str:
    """A figure with the digits that mean something; a dash where there is none."""
    value = figures.get(name)
    return "–" if value is None else significant(float(value), digits)


def sentence(kind: Kind, outcome: Outcome, figures: Figures, unit: str) -> Text:
    """The verdict with its two figures."""
    said = _homogeneity(outcome, figures, unit) if kind == "homogeneity" else _stability(outcome, figures, unit)
    return Text(
        en=said.en.replace(" :", ":"), zh=said.zh.replace(" ：", "：").replace(" ，", "，")
    )  # where there is no unit


def _homogeneity(outcome: Outcome, figures: Figures, unit: str) -> Text:
    given = {
        "s": shown(figures, "s_s"),
        "limit": shown(figures, "limit"),
        "root": shown(figures, "sqrt_c"),
        "unit": unit,
    }
    if outcome == "passed":
        return t("s_s = {s} ≤ 0.3 σ_pt = {limit} {unit}: the units are homogeneous enough.",
                 "s_s = {s} ≤ 0.3 σ_pt = {limit} {unit}：样品均匀性满足要求。", **given)  # fmt: skip
    if outcome == "expanded":
        return t("s_s = {s} > 0.3 σ_pt = {limit}, but ≤ √c = {root} {unit}: homogeneous enough by the expanded criterion.",
                 "s_s = {s} > 0.3 σ_pt = {limit}，但 ≤ √c = {root} {unit}：按扩展准则，样品均匀性满足要求。", **given)  # fmt: skip
    if outcome == "failed":
        return t("s_s = {s} > 0.3 σ_pt = {limit} and > √c = {root} {unit}: the units are not homogeneous enough.",
                 "s_s = {s} > 0.3 σ_pt = {limit}，且 > √c = {root} {unit}：样品均匀性不满足要求。", **given)  # fmt: skip
    return t("s_s = {s} {unit}: σ_pt comes from the results of the round and is not known yet, so there is no limit to compare with.",
             "s_s = {s} {unit}：σ_pt 由本轮次结果确定，目前未知，尚无可比较的限值。", **given)  # fmt: skip


def _stability(outcome: Outcome, figures: Figures, unit: str) -> Text:
    given = {
        "d": shown(figures, "difference"), "limit": shown(figures, "criterion"), "wide": shown(figures, "criterion_expanded"),
        "unit": unit,
    }  # fmt: skip
    if outcome == "passed":
        return t("|ȳ₁ − ȳ₂| = {d} ≤ 0.3 σ_pt = {limit} {unit}: the items are stable enough.",
                 "|ȳ₁ − ȳ₂| = {d} ≤ 0.3 σ_pt = {limit} {unit}：样品稳定性满足要求。", **given)  # fmt: skip
    if outcome == "expanded":
        return t(
            "|ȳ₁ − ȳ₂| = {d} > 0.3 σ_pt = {limit}, but ≤ {wide} {unit} with the uncertainty of the means: stable enough.",
            "|ȳ₁ − ȳ₂| = {d} > 0.3 σ_pt = {limit}，但计入平均值的不确定度后 ≤ {wide} {unit}：样品稳定性满足要求。",
            **given,
        )
    if outcome == "failed":
        return t("|ȳ₁ − ȳ₂| = {d} > 0.3 σ_pt = {limit} {unit}: the items are not stable enough.",
                 "|ȳ₁ − ȳ₂| = {d} > 0.3 σ_pt = {limit} {unit}：样品稳定性不满足要求。", **given)  # fmt: skip
    return t("|ȳ₁ − ȳ₂| = {d} {unit}: σ_pt comes from the results of the round and is not known yet, so there is no limit to compare with.",
             "|ȳ₁ − ȳ₂| = {d} {unit}：σ_pt 由本轮次结果确定，目前未知，尚无可比较的限值。", **given)  # fmt: skip


def steps(kind: Kind, figures: Figures, sigma: str) -> list[Step]:
    """The way to the verdict; lines that need σ_pt are left out where it is not known."""
    return _steps_of_homogeneity(figures, sigma) if kind == "homogeneity" else _steps_of_stability(figures, sigma)


def _steps_of_homogeneity(figures: Figures, sigma: str) -> list[Step]:
    size = f"{shown(figures, 'g')} × {shown(figures, 'm')}"
    way = [
        Step(t("Units × replicates", "单元数 × 重复次数"), "g × m", size),
        Step(t("Mean", "总平均值"), "ȳ", shown(figures, "mean", 4)),
        Step(t("Mean square between units", "单元间均方"), "MS_b", shown(figures, "ms_between", 4)),
        Step(t("Mean square within units", "单元内均方"), "MS_w", shown(figures, "ms_within", 4)),
        Step(t("Standard deviation within units", "单元内标准差"), "s_w = √MS_w", shown(figures, "s_w")),
        Step(t("Standard deviation between units", "单元间标准差"), "s_s = √max(0, (MS_b − MS_w)/m)", shown(figures, "s_s")),
    ]  # fmt: skip
    return [*way, *(_limits_of_homogeneity(figures, sigma) if sigma else []), *_beside_homogeneity(figures)]


def _limits_of_homogeneity(figures: Figures, sigma: str) -> list[Step]:
    first, second = shown(figures, "factor_1"), shown(figures, "factor_2")
    root = f"√c = √({first} × (0.3 σ_pt)² + {second} × s_w²)"
    return [
        Step(t("Limit", "限值"), f"0.3 × {sigma}", shown(figures, "limit")),
        Step(t("Expanded limit", "扩展限值"), root, shown(figures, "sqrt_c")),
    ]


def _beside_homogeneity(figures: Figures) -> list[Step]:
    hidden = t("What the repeatability could hide", "重复性可能掩盖的不均匀性")
    u = t("Standard uncertainty from inhomogeneity", "不均匀性引入的标准不确定度")
    cochran = t("Share of the largest variance of a unit (Cochran, 1 %)", "单元内最大方差占比（科克伦检验，1 %）")
    critical = f"C ≤ {shown(figures, 'cochran_critical_1')}"
    return [
        Step(hidden, "u*_bb = √(MS_w/m) × ⁴√(2/ν_w)", shown(figures, "u_bb_star")),
        Step(u, "u(hom) = max(s_s, u*_bb)", shown(figures, "u_hom")),
        Step(cochran, critical, shown(figures, "cochran_C")),
    ]


def _steps_of_stability(figures: Figures, sigma: str) -> list[Step]:
    way = [
        Step(t("Mean of the first group", "第一组平均值"), "ȳ₁", shown(figures, "mean_1", 4)),
        Step(t("Mean of the second group", "第二组平均值"), "ȳ₂", shown(figures, "mean_2", 4)),
        Step(t("Difference", "差值"), "|ȳ₁ − ȳ₂|", shown(figures, "difference")),
    ]
    if sigma:
        way.append(Step(t("Limit", "限值"), f"0.3 × {sigma}", shown(figures, "criterion")))
    if sigma and figures.get("criterion_expanded") is not None:
        wide = f"0.3 σ_pt + 2√({shown(figures, 'u_1')}² + {shown(figures, 'u_2')}²)"
        way.append(Step(t("Expanded limit", "扩展限值"), wide, shown(figures, "criterion_expanded")))
    u = t("Standard uncertainty from instability", "不稳定性引入的标准不确定度")
    return [*way, Step(u, "u(stab) = |ȳ₁ − ȳ₂|/√3", shown(figures, "u_stab"))]


def remarks(kind: Kind, figures: Figures) -> list[Text]:
    """What a person should look at beside the verdict."""
    found: list[Text] = []
    if kind != "homogeneity":
        return found
    units, c, critical = figures.get("g"), figures.get("cochran_C"), figures.get("cochran_critical_1")
    if units is not None and units < FEW_UNITS:
        found.append(t("{g} units only; at least {n} are recommended (ISO 13528:2022, B.1).",
                       "仅 {g} 个单元；建议不少于 {n} 个（ISO 13528:2022，B.1）。", g=int(units), n=FEW_UNITS))  # fmt: skip
    if c is not None and critical is not None and c > critical:
        found.append(
            t(
                "The replicates of unit no. {i} of the list disagree more than chance allows (Cochran, 1 %): look for a cause.",
                "列表中第 {i} 个单元的重复测定结果离散过大（科克伦检验，1 %），请查找原因。",
                i=figures.get("cochran_item"),
            )
        )
    return found
