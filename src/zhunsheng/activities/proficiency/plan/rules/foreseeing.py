"""What a design cannot do, told before anybody has enrolled; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from zhunsheng.foundation.bilingual import Text, t

FEWEST_FOR_CONSENSUS = 3
FEW_FOR_CONSENSUS = 12
"""Below this a consensus is uncertain (ISO 13528:2022, D.1)."""
WARNING, ACTION = 2.0, 3.0
NEGLIGIBLE = 0.3
"""u(x_pt) below this share of σ_pt is negligible (ISO 13528:2022, 9.2.1)."""


@dataclass(frozen=True, slots=True)
class Design:
    """How the scores of one measurand will come about, as far as it is decided before the results are there.

    assigned, sigma: None where they come from the results; sigma_is_sd: from their plain standard deviation. expected: how many
    laboratories; 0 where it is not said.
    """

    name: str
    expected: int
    assigned: float | None
    u: float | None
    sigma: float | None
    sigma_is_sd: bool = False
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One thing that will not work (`stops`), or works worse than one may think."""

    measurand: str
    said: Text
    stops: bool = False


def foresee(designs: Iterable[Design]) -> list[Foreseen]:
    """All that can be told about these measurands before the round begins."""
    return [
        Foreseen(one.name, said, stops)
        for one in designs
        for said, stops in (*_consensus(one), *_verdicts(one), *_uncertainty(one), *_rounding(one))
    ]


def largest_z(n: int) -> float:
    """The largest |z| that can occur where x_pt and σ_pt are mean and standard deviation of the same n results: (n − 1)/√n.

    All other results equal, one far away: (x − x̄)/s does not grow with the distance.
    """
    return (n - 1) / sqrt(n)


def expected_u(sigma: float, n: int) -> float:
    """u(x_pt) to be expected of a consensus, 1.25·s*/√n with s* as large as σ_pt (ISO 13528:2022, eq. 6)."""
    return 1.25 * sigma / sqrt(n)


def _consensus(one: Design) -> list[tuple[Text, bool]]:
    from_results = one.assigned is None or one.sigma is None
    if not from_results or not one.expected:
        return []
    if one.expected < FEWEST_FOR_CONSENSUS:
        return [
            (t("With {n} laboratories there is no consensus: at least {m} are needed. Give x_pt and σ_pt as values.",
               "{n} 家实验室不足以得到公议值（至少 {m} 家），请给定指定值和 σ_pt。", n=one.expected, m=FEWEST_FOR_CONSENSUS), True)
        ]  # fmt: skip
    if one.expected < FEW_FOR_CONSENSUS:
        return [
            (t("With {n} laboratories a consensus is uncertain; below {m} give values from outside the round (ISO 13528:2022, D.1).",
               "{n} 家实验室的公议值不够可靠；少于 {m} 家时宜采用本轮次之外的值（ISO 13528:2022，D.1）。",
               n=one.expected, m=FEW_FOR_CONSENSUS), False)
        ]  # fmt: skip
    return []


def _verdicts(one: Design) -> list[tuple[Text, bool]]:
    """Verdicts that cannot occur, however far off a laboratory may be."""
    if not one.sigma_is_sd or one.assigned is not None or one.expected < FEWEST_FOR_CONSENSUS:
        return []
    most = largest_z(one.expected)
    if most >= ACTION:
        return []
    said = t("|z| cannot exceed (n − 1)/√n = {z} with mean and standard deviation of {n} results: ",
             "以 {n} 个结果的平均值和标准差计分时，|z| 不会超过 (n − 1)/√n = {z}：", z=f"{most:.2f}", n=one.expected)  # fmt: skip
    which = (
        t("neither “questionable” nor “unsatisfactory” can occur.", "不可能出现“可疑”和“不满意”。")
        if most <= WARNING
        else t("“unsatisfactory” cannot occur.", "不可能出现“不满意”。")
    )
    return [(Text(en=said.en + which.en, zh=said.zh + which.zh), True)]


def _uncertainty(one: Design) -> list[tuple[Text, bool]]:
    if one.sigma is None:
        return []
    if one.assigned is None and one.expected >= FEWEST_FOR_CONSENSUS and one.u is None:
        return _too_uncertain(expected_u(one.sigma, one.expected), one.sigma, expected=True)
    return _too_uncertain(one.u, one.sigma, expected=False) if one.u is not None else []


def _too_uncertain(u: float, sigma: float, *, expected: bool) -> list[tuple[Text, bool]]:
    limit = NEGLIGIBLE * sigma
    if u < limit:
        return []
    figures = {"u": f"{u:.3g}", "limit": f"{limit:.3g}"}
    if u >= sigma:
        return [
            (t("u(x_pt) = {u} is larger than σ_pt: scores would say more about x_pt than about laboratories.",
               "u(x_pt) = {u} 已大于 σ_pt：比分数反映的主要是指定值的不确定度，而不是实验室的水平。", **figures), True)
        ]  # fmt: skip
    if expected:
        return [
            (t("With so few laboratories u(x_pt) will be about {u}, not below 0.3 σ_pt = {limit}: z′ will be used.",
               "按预计家数，u(x_pt) 约为 {u}，不小于 0.3 σ_pt = {limit}，将采用 z′ 比分数。", **figures), False)
        ]  # fmt: skip
    return [
        (t("u(x_pt) = {u} is not below 0.3 σ_pt = {limit}: z′ will be used (ISO 13528:2022, 9.2.1).",
           "u(x_pt) = {u}，不小于 0.3 σ_pt = {limit}，将采用 z′ 比分数（ISO 13528:2022，9.2.1）。", **figures), False)
    ]  # fmt: skip


def _rounding(one: Design) -> list[tuple[Text, bool]]:
    """A reporting step whose own uncertainty, step/√12, is not negligible beside σ_pt."""
    if one.sigma is None or not one.step or one.step / sqrt(12) < NEGLIGIBLE * one.sigma:
        return []
    return [
        (t("The reporting step {s} is too coarse: rounding alone has u = {u}, not below 0.3 σ_pt = {limit}.",
           "报告修约间隔 {s} 过大：仅修约即引入 u = {u}，不小于 0.3 σ_pt = {limit}。",
           s=f"{one.step:g}", u=f"{one.step / sqrt(12):.3g}", limit=f"{NEGLIGIBLE * one.sigma:.3g}"), False)
    ]  # fmt: skip
