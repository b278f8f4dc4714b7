"""What a row of results says about the next one, and whether an item is suspended; pure.

Points come from here, gates (certificate, scope, calibration, signatory) from the registers; the two are never added up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import numpy as np
from intercomp import cusum, predict_next, shewhart

from zhunsheng.foundation.bilingual import Text, t

HALF_LIFE = 8.0
"""Rounds after which a result counts half. Measured: within 8 rounds decay hardly changes the prediction."""
BOUND = 2.0
"""The next result is acceptable when |z| is at most this (ISO 13528:2022, 9.4)."""
MODEL = f"normal-inverse-gamma on z, prior (1, 3, 0.7), half-life {HALF_LIFE:g} rounds"


@dataclass(frozen=True, slots=True)
class Result:
    """A result in a round, as the ledger holds it."""

    id: str
    round: str
    occurred_on: date
    score: float
    signal: str
    retest: bool = False
    """of a retest that a round led to, which is no round of its own"""


@dataclass(frozen=True, slots=True)
class Trend:
    """What the results of one capability say together. Probability and interval are of the next round's score."""

    results: tuple[Result, ...]
    """one a round, oldest first: of several items in a round the one farthest off"""
    probability: float
    lower: float
    upper: float
    mean: float
    high: float
    """the upper and the lower cumulative sum after the last round"""
    low: float
    drifting: bool
    """a cumulative sum is above its decision interval: help is needed, nothing is punished"""
    two_of_three: bool
    """two of the last three rounds beyond 2 on the same side"""

    @property
    def n(self) -> int:
        return len(self.results)

    @property
    def explanation(self) -> Text:
        """The prediction in one sentence that can be checked by hand."""
        percent = round(100 * self.probability)
        if not self.results:
            return t(
                "No result yet: the prior alone gives {p} % for |z| ≤ 2 in the next round.",
                "尚无结果：仅凭先验，下一轮 |z| ≤ 2 的概率为 {p}%。",
                p=percent,
            )
        scores = _numbers([one.score for one in self.results])
        return t(
            "From {n} rounds (z = {z}; oldest first): {p} % for |z| ≤ 2 in the next round, 95 % interval {a} to {b}.",
            "依据 {n} 轮结果（z = {z}，由旧到新）：下一轮 |z| ≤ 2 的概率为 {p}%，95% 区间为 {a} 至 {b}。",
            n=self.n, z=Text(en=", ".join(scores), zh="、".join(scores)), p=percent, a=_number(self.lower), b=_number(self.upper),
        )  # fmt: skip

    @property
    def drift(self) -> Text:
        """The cumulative sums in one sentence."""
        worst = max(self.high, self.low)
        if self.drifting:
            return t(
                "CUSUM {c} is above 4: the results have shifted, help is advised.",
                "CUSUM 为 {c}，已超过 4：结果出现偏移，建议给予帮助。",
                c=_number(worst),
            )
        return t("CUSUM {c}, below 4: no shift.", "CUSUM 为 {c}，未超过 4：未见偏移。", c=_number(worst))


def _number(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace("-", "−")


def _numbers(values: Iterable[float]) -> list[str]:
    return [_number(value) for value in values]


def one_a_round(results: Iterable[Result]) -> tuple[Result, ...]:
    """Of each round the result farthest off, oldest first: items of one round are no independent evidence."""
    worst: dict[str, Result] = {}
    for one in results:
        held = worst.get(one.round)
        if held is None or (abs(one.score), one.id) > (abs(held.score), held.id):
            worst[one.round] = one
    return tuple(sorted(worst.values(), key=lambda one: (one.occurred_on, one.round)))


def trends(capabilities: Sequence[Iterable[Result]]) -> list[Trend]:
    """The trend of each of many capabilities, computed together (`intercomp.predict_next`, `cusum`, `shewhart`)."""
    if not capabilities:
        return []
    rounds = [one_a_round(results) for results in capabilities]
    table: Any = [[one.score for one in some] for some in rounds]
    if not any(table):
        table = np.full((len(rounds), 1), np.nan)  # rows of no length at all are no table
    next_, sums, runs = predict_next(table, half_life=HALF_LIFE), cusum(table), shewhart(table)
    found = []
    for i, some in enumerate(rounds):
        last = len(some) - 1
        found.append(
            Trend(
                results=some, probability=float(next_.probability[i]), lower=float(next_.lower[i]),
                upper=float(next_.upper[i]), mean=float(next_.mean[i]) if some else 0.0,
                high=float(sums.high[i][last]) if some else 0.0, low=float(sums.low[i][last]) if some else 0.0,
                drifting=bool(some and sums.signals[i][last]),
                two_of_three=bool(some and runs.signals["2 of 3 beyond 2"][i][last]),
            )
        )  # fmt: skip
    return found


def further_results(scores: Sequence[float], *, needed: float, within: float = 1.0, most: int = 6) -> int | None:
    """How many further results, each |z| ≤ `within`, surely lift the probability to `needed`; None if not even `most` do.

    Looks at the corners of what such results can be: the probability is lowest at one of them.
    """
    for more in range(most + 1):
        futures: Any = [[*scores, *future] for future in product((-within, within), repeat=more)]
        if not futures[0]:
            continue
        if predict_next(futures, bound=BOUND, half_life=HALF_LIFE).probability.min() >= needed:
            return more
    return None


@dataclass(frozen=True, slots=True)
class Suspension:
    """An item that was failed and has not been given back: since when, by which result, and what is still missing."""

    since: date
    failed: Result
    passed: Result | None
    """the first acceptable result after it, if there is one"""

    @property
    def explanation(self) -> Text:
        failed = t(
            "{r}: z = {z}, {d}",
            "{r}：z = {z}，{d}",
            r=self.failed.round,
            z=_number(self.failed.score, 2),
            d=self.failed.occurred_on,
        )
        if self.passed is None:
            return t(
                "Failed in {f}. Comes back after a passed retest and its confirmation by the authority.",
                "{f}，结果不满意。补测合格并经监管部门确认后恢复。",
                f=failed,
            )
        if self.passed.retest:
            return t(
                "Failed in {f}; passed the retest of {d}. Comes back when the authority confirms it.",
                "{f}，结果不满意；{d} 补测合格，待监管部门确认后恢复。",
                f=failed,
                d=self.passed.occurred_on,
            )
        return t(
            "Failed in {f}; passed again in {r}. Comes back when the authority confirms it.",
            "{f}，结果不满意；{r} 已合格，待监管部门确认后恢复。",
            f=failed,
            r=self.passed.round,
        )


def suspension(
    results: Iterable[Result], confirmed: Mapping[str, date], retests: Iterable[Result] = ()
) -> Suspension | None:
    """Whether the item is suspended after these results; `confirmed` gives the day on which a failed result's mending was confirmed.

    An action signal suspends from its day until an acceptable later result has been confirmed (SAMR 2023 No. 13, art. 20). A
    confirmation without a passed result lifts nothing. What counts is the oldest failure that is still open. `retests` pass, or
    do not; one that fails suspends nothing that the round did not suspend.
    """
    passes = list(retests)
    rows = sorted([*results, *passes], key=lambda one: (one.occurred_on, one.id))
    for i, failed in enumerate(rows):
        if failed.signal != "action" or failed.retest:
            continue
        passed = next(
            (one for one in rows[i + 1 :] if one.signal != "action" and one.occurred_on > failed.occurred_on), None
        )
        if passed is None or failed.id not in confirmed:
            return Suspension(failed.occurred_on, failed, passed)
    return None
