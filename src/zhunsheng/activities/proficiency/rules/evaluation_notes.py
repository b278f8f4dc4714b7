"""What a careful reader of an evaluation must be told, each a sentence in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, join, t

FEW_LABORATORIES = 12
FEWEST_FOR_CONSENSUS = 3

OWN_DATA = t(
    "σ_pt was taken from the results of this round. It says how the laboratories compare with each other, not whether"
    " they are fit for a purpose (ISO 13528:2022, 8.6).",
    "σ_pt 取自本轮次结果，只反映实验室之间的相对水平，不说明是否满足使用要求（ISO 13528:2022，8.6）。",
)
U_NOT_KNOWN = t(
    "The standard uncertainty of the assigned value is not known, so z is used unchecked and ζ and E_n are not computed.",
    "指定值的标准不确定度未知，因此直接采用 z 比分数，不计算 ζ 比分数和 E_n 值。",
)
NOT_ROBUST = t(
    "A mean or standard deviation that is not robust was chosen; an outlier can hide itself and others.",
    "所选平均值或标准差不是稳健统计量，离群值可能掩盖自身及其他离群值。",
)
SIGMA_FOR_ALL = t(
    "One σ_pt was given and used for every measurand.",
    "给定的同一个 σ_pt 用于所有被测量。",
)


def few_laboratories(n: int) -> Text:
    return t(
        "The consensus rests on {n} laboratories only; below {few} it is uncertain (ISO 13528:2022, D.1).",
        "公议值仅依据 {n} 家实验室的结果，少于 {few} 家时不够可靠（ISO 13528:2022，D.1）。",
        n=n,
        few=FEW_LABORATORIES,
    )


def z_prime_used(u: str, limit: str) -> Text:
    return t(
        "u(x_pt) = {u} is not below 0.3 σ_pt = {limit}, so z′ is used (ISO 13528:2022, 9.2.1 and 9.5).",
        "u(x_pt) = {u} 不小于 0.3σ_pt = {limit}，因此采用 z′ 比分数（ISO 13528:2022，9.2.1 和 9.5）。",
        u=u,
        limit=limit,
    )


def u_combined(u: float, parts: Mapping[str, float | None]) -> Text:
    named = [(name, value) for name, value in parts.items() if value is not None]
    return t(
        "u(x_pt) = √({squares}) = {u}, with {parts} (ISO 13528:2022, 7.2).",
        "u(x_pt) = √({squares}) = {u}，其中 {parts}（ISO 13528:2022，7.2）。",
        squares=" + ".join(f"{name}²" for name, _ in named),
        u=f"{u:.4g}",
        parts=join((Text(said, said) for said in (f"{name} = {value:.4g}" for name, value in named)), en=", ", zh="，"),
    )


def k_assumed(n: int) -> Text:
    return t(
        "Uncertainties without a coverage factor: {n}. For these k = 2 was assumed.",
        "未注明包含因子的不确定度：{n} 个，按 k = 2 处理。",
        n=n,
    )


def other_k(n: int) -> Text:
    return t(
        "Uncertainties with a coverage factor other than 2: {n}. ζ uses U/k, E_n the U that was reported.",
        "包含因子不是 2 的不确定度：{n} 个。ζ 比分数使用 U/k，E_n 值使用上报的 U。",
        n=n,
    )


def replicates(n: int) -> Text:
    return t(
        "Laboratories that reported several results: {n}. Their mean is scored.",
        "上报多个结果的实验室：{n} 家，按平均值评定。",
        n=n,
    )


def pooled(n: int) -> Text:
    return t(
        "Laboratories whose replicates have different uncertainties: {n}. The root mean square of U/k is used, not divided"
        " by the root of the number of replicates.",
        "重复结果不确定度不同的实验室：{n} 家，采用各 U/k 的均方根，不除以重复次数的平方根。",
        n=n,
    )


def left_out(n: int) -> Text:
    return t("Rows listed but not scored: {n}.", "列出但不评分的行：{n} 行。", n=n)
