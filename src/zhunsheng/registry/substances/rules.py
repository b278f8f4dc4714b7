"""Looking through the list, and how many samples a screening needs; pure."""

from bisect import bisect_left
from itertools import accumulate, takewhile
from math import exp, lgamma, log, log1p
from operator import mul

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.substances.shipped import Substance, substances

LARGEST_POPULATION = 1_000_000
NEGLIGIBLE = 1e-18
"""Of a sum whose largest term is 1, with terms that fall ever faster."""
ROUNDING = 1e-9
"""Relative: a probability that is met but for rounding is met."""


class BadPlan(ValueError):
    """No plan answers such a question."""

    def __init__(self, reason: Text, field: str) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.field = field


def search(words: str) -> list[Substance]:
    """Substances of which a name in either language, a CAS number or a food holds every word; in the order of the list."""
    wanted = words.lower().split()
    return [one for one in substances().values() if all(word in _said(one) for word in wanted)]


def _said(one: Substance) -> str:
    names = [one.name.zh, one.name.en, *one.also_zh, *one.also_en, *one.cas]
    foods = [said for food in one.foods for said in (food.zh, food.en)]
    return "\n".join([*names, *foods]).lower()


def screening_plan(
    prevalence: float, probability: float, sensitivity: float = 1.0, population: int | None = None
) -> int:
    """The number of samples that find at least one positive with a probability P, if a share p or more is positive.

    Large population: n = ⌈ln(1 − P) / ln(1 − p·Se)⌉, with Se the probability that the test finds a positive sample.
    Population of N: D = ⌈p·N⌉ positives, K of which are drawn (hypergeometric); the least n with E[(1 − Se)^K] ≤ 1 − P, exact.
    Samples are drawn at random; there are no false positives. Source: freedom-from-disease sampling (Cannon and Roe 1982;
    Cannon 2001, Prev Vet Med 49:141). Raises BadPlan where a value is out of range, or where even all N do not suffice.
    """
    _check(prevalence, probability, sensitivity, population)
    if population is None:
        return _large(prevalence * sensitivity, probability)
    positives = min(population, max(1, -int(-(prevalence * population) * (1 - ROUNDING) // 1)))
    return _finite(population, positives, probability, sensitivity)


def _large(found_each: float, probability: float) -> int:
    if found_each == 1:
        return 1
    missed, step = log1p(-probability), log1p(-found_each)
    n = max(1, int(missed / step))
    while n * step > missed * (1 - ROUNDING):
        n += 1
    return n


def _finite(population: int, positives: int, probability: float, sensitivity: float) -> int:
    allowed = (1 - probability) * (1 + ROUNDING)
    if missing_all(population, positives, population, sensitivity) > allowed:
        raise BadPlan(
            t(
                "Even if all {n} are tested, {d} positive ones are found with a probability of only {p}.",
                "即使全部 {n} 份都检测，{d} 份阳性样品被检出的概率也只有 {p}。",
                n=population, d=positives, p=f"{1 - (1 - sensitivity) ** positives:.4g}",
            ),
            "population",
        )  # fmt: skip
    low, high = 1, population
    while low < high:  # the more are tested, the less is missed
        middle = (low + high) // 2
        low, high = (
            (low, middle) if missing_all(population, positives, middle, sensitivity) <= allowed else (middle + 1, high)
        )
    return low


def missing_all(population: int, positives: int, n: int, sensitivity: float = 1.0) -> float:
    """Probability that n of N samples, D of them positive, show none: Σₖ C(D, k)·C(N − D, n − k)/C(N, n)·(1 − Se)^k.

    Summed from its largest term to both sides by the ratio of neighbours, until nothing is added any more.
    """
    miss = 1 - sensitivity
    fewest, most = max(0, n - (population - positives)), min(n, positives) if miss else 0
    if fewest > most:
        return 0.0

    def ratio(k: int) -> float:
        """The term of k + 1 over that of k."""
        return miss * (positives - k) * (n - k) / ((k + 1) * (population - positives - n + k + 1))

    peak = bisect_left(range(fewest, most), True, key=lambda k: ratio(k) < 1) + fewest
    above = accumulate((ratio(k) for k in range(peak, most)), mul)
    below = accumulate((1 / ratio(k) for k in range(peak - 1, fewest - 1, -1)), mul)
    terms = 1.0 + sum(takewhile(_counts, above)) + sum(takewhile(_counts, below))
    return terms * exp(
        _log_choose(positives, peak) + _log_choose(population - positives, n - peak) - _log_choose(population, n)
        + (peak * log(miss) if peak else 0.0)
    )  # fmt: skip


def _counts(term: float) -> bool:
    return term > NEGLIGIBLE


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _check(prevalence: float, probability: float, sensitivity: float, population: int | None) -> None:
    between = t("{what} lies above 0 and below 1 (100 %).", "{what}应大于 0 且小于 1（100%）。")
    up_to = t("{what} lies above 0 and is at most 1 (100 %).", "{what}应大于 0 且不超过 1（100%）。")
    if not 0 < prevalence <= 1:
        raise BadPlan(up_to.with_(what=t("The prevalence", "阳性率")), "prevalence")
    if not 0 < probability < 1:
        raise BadPlan(between.with_(what=t("The probability of detection", "检出概率")), "probability")
    if not 0 < sensitivity <= 1:
        raise BadPlan(up_to.with_(what=t("The sensitivity", "检出灵敏度")), "sensitivity")
    if population is not None and not 1 <= population <= LARGEST_POPULATION:
        said = t(
            "The population is a number from 1 to {n}.", "总体数量应为 1 至 {n} 的整数。", n=f"{LARGEST_POPULATION:,}"
        )
        raise BadPlan(said, "population")
