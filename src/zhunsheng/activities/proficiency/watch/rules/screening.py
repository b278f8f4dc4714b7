"""Copied or impossible results of a round: the tests of the engine, their gates in words, their hits with the rows behind them; pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from intercomp import algorithm_s
from intercomp.forensics import (
    benjamini_hochberg,
    copied_results,
    geary_ratios,
    replicate_variances,
    scores_too_good,
)
from numpy.typing import NDArray

from zhunsheng.activities.proficiency.rules.replicates import LaboratoryResult
from zhunsheng.activities.proficiency.rules.results_file import MeasurandResults
from zhunsheng.activities.proficiency.watch.rules.words import ENOUGH, GATES, TESTS
from zhunsheng.foundation.bilingual import Text, t

FloatArray = NDArray[np.float64]
LEAST_LABORATORIES, MOST_LABORATORIES, LEAST_PEERS = 20, 3000, 30
LEAST_DF, LEAST_DUPLICATES, LEAST_SCORES, LEAST_SPREADS = 10, 15, 8, 5
RATE = 0.05
GEARY = float(np.sqrt(2 / np.pi))
"""mean|d|/rms d of normal differences, 0.798."""
FAR = 1.1
"""A ratio to the honest G that matters as well as being evident."""


@dataclass(frozen=True, slots=True)
class Question:
    """One hit: the codes it is about, how unlikely under honest measurement, how large, and the rows to look at."""

    codes: tuple[str, ...]
    p: float
    effect: float
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One test over the round; `gate` says why it was not applied, and then it says nothing about anybody."""

    key: str
    looked_at: int = 0
    gate: Text | None = None
    questions: tuple[Question, ...] = field(default=())

    @property
    def name(self) -> Text:
        return TESTS[self.key].name


@dataclass(frozen=True, slots=True)
class _Column:
    """One measurand: its results by code, its reporting step, its repeatability standard deviation (None: not known)."""

    name: str
    results: Mapping[str, LaboratoryResult]
    step: float
    s_r: float | None


def screen(
    measurands: Sequence[MeasurandResults], steps: Sequence[float | None], scores: Mapping[str, Sequence[float]]
) -> list[Check]:
    """Every test over the results of a round, by code.

    steps: the reporting step of each measurand, None where it is not said (then the place that most results end at). scores: z of
    each laboratory over the rounds, this one included. s_r comes from the replicates by Algorithm S (ISO 13528:2022, C.4).
    """
    columns = [_column(one, step) for one, step in zip(measurands, steps, strict=True)]
    codes = sorted({code for one in columns for code in one.results})
    return [_copied(columns, codes), _small(columns, codes), _equal(columns, codes), _good(scores)]


def _column(measurand: MeasurandResults, step: float | None) -> _Column:
    results = {one.laboratory: one for one in measurand.results}
    return _Column(measurand.name, results, step or _usual_step(measurand.results), _repeatability(measurand.results))


def _usual_step(results: Sequence[LaboratoryResult]) -> float:
    written = [(one.replicates or (one.result,))[0] for one in results]
    places = Counter(_places(text) for text in written)
    return float(10.0 ** -places.most_common(1)[0][0]) if places else 1.0


def _places(text: str) -> int:
    exponent = Decimal(text).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _repeatability(results: Sequence[LaboratoryResult]) -> float | None:
    """s_r of the laboratories that made the usual number of replicates; None where too few did, or none spread."""
    sets = [_numbers(one) for one in results if one.replicates]
    if not sets:
        return None
    m = Counter(map(len, sets)).most_common(1)[0][0]
    spreads = [float(np.std(one, ddof=1)) for one in sets if len(one) == m]
    if len(spreads) < LEAST_SPREADS:
        return None
    pooled = algorithm_s(np.array(spreads), m - 1)
    return float(pooled.sd) if pooled.status == "converged" and pooled.sd > 0 else None


def _numbers(one: LaboratoryResult) -> FloatArray:
    return np.array([float(text) for text in one.replicates or ()])


def _copied(columns: Sequence[_Column], codes: Sequence[str]) -> Check:
    """T3: pairs whose results are more alike than measurement allows."""
    known = [(one, one.s_r) for one in columns if one.s_r is not None and one.step <= one.s_r]
    if not LEAST_LABORATORIES <= len(codes) <= MOST_LABORATORIES:
        return Check("T3", gate=ENOUGH.with_(n=len(codes), a=LEAST_LABORATORIES, b=MOST_LABORATORIES))
    if not known:
        return Check("T3", gate=GATES["s_r"])
    fine = max(one.step / s_r for one, s_r in known) <= 0.2
    if len(known) < (6 if fine else 12):
        return Check("T3", gate=GATES["items"].with_(n=len(known), m=6 if fine else 12))
    text = [[one.results[code].result if code in one.results else "" for one, _ in known] for code in codes]
    found = copied_results(text, [one.step for one, _ in known], [s_r for _, s_r in known])
    if found.status != "computed":
        return Check("T3", gate=GATES["pairs"])
    hits = [
        Question((a, b), float(found.p[i]), float(found.share[i]), _side_by_side([one for one, _ in known], a, b))
        for i in map(int, np.flatnonzero(found.flagged(RATE)))
        for a, b in [(codes[int(found.first[i])], codes[int(found.second[i])])]
    ]
    return Check("T3", int(found.p.size), questions=_sorted(hits))


def _side_by_side(columns: Sequence[_Column], a: str, b: str) -> tuple[tuple[str, ...], ...]:
    both = [
        (one.name, one.results[a].result, one.results[b].result)
        for one in columns
        if a in one.results and b in one.results
    ]
    return tuple((name, x, y, "=" if float(x) == float(y) else "") for name, x, y in both)


def _small(columns: Sequence[_Column], codes: Sequence[str]) -> Check:
    """T4: replicates that agree better than those of comparable laboratories."""
    q, df = np.zeros(len(codes)), np.zeros(len(codes))
    for one in columns:
        for i, code in enumerate(codes):
            if one.s_r is not None and code in one.results and one.results[code].replicates:
                numbers = _numbers(one.results[code])
                q[i] += (len(numbers) - 1) * float(np.var(numbers, ddof=1)) / one.s_r**2
                df[i] += len(numbers) - 1
    many = int((df >= LEAST_DF).sum())
    if many < LEAST_PEERS:
        return Check("T4", gate=GATES["df"].with_(n=many, m=LEAST_PEERS, d=LEAST_DF))
    found = replicate_variances(np.divide(q, df, out=np.zeros_like(q), where=df > 0), df)
    if found.status != "computed":
        return Check("T4", gate=GATES["peers"])
    hits = [
        Question((codes[i],), float(found.p[i]), float(found.ratio[i]), _replicates_of(columns, codes[i]))
        for i in map(int, np.flatnonzero(found.flagged(RATE)))
    ]
    return Check("T4", many, questions=_sorted(hits))


def _replicates_of(columns: Sequence[_Column], code: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (one.name, "; ".join(one.results[code].replicates or ()), f"{float(np.std(_numbers(one.results[code]), ddof=1)):.2g}",
         f"{one.s_r:.2g}" if one.s_r is not None else "–")
        for one in columns
        if code in one.results and one.results[code].replicates
    )  # fmt: skip


def _equal(columns: Sequence[_Column], codes: Sequence[str]) -> Check:
    """T4b: differences of duplicates more equal than random error makes them."""
    rows = [_differences(columns, code) for code in codes]
    fit = [i for i, one in enumerate(rows) if len(one) >= LEAST_DUPLICATES]
    if not fit:
        return Check("T4b", gate=GATES["duplicates"].with_(m=LEAST_DUPLICATES))
    table = np.full((len(fit), max(len(rows[i]) for i in fit)), np.nan)
    for place, i in enumerate(fit):
        table[place, : len(rows[i])] = rows[i]
    g, p = geary_ratios(table)
    with np.errstate(invalid="ignore"):
        flagged = benjamini_hochberg(p, RATE).rejected & (g / GEARY >= FAR)
    hits = [
        Question((codes[fit[i]],), float(p[i]), float(g[i] / GEARY), _replicates_of(columns, codes[fit[i]]))
        for i in map(int, np.flatnonzero(flagged))
    ]
    return Check("T4b", len(fit), questions=_sorted(hits))


def _differences(columns: Sequence[_Column], code: str) -> list[float]:
    """Differences of a laboratory's duplicates in units of s_r; where the step is coarser than that, they say nothing."""
    found = []
    for one in columns:
        if one.s_r is not None and one.step <= one.s_r and code in one.results:
            numbers = _numbers(one.results[code])
            if len(numbers) == 2:
                found.append(float(numbers[0] - numbers[1]) / one.s_r)
    return found


def _good(scores: Mapping[str, Sequence[float]]) -> Check:
    """T5: scores closer to zero, over rounds, than those of comparable laboratories."""
    codes = sorted(code for code, z in scores.items() if len(z) >= LEAST_SCORES)
    if len(codes) < LEAST_PEERS:
        return Check("T5", gate=GATES["scores"].with_(n=len(codes), m=LEAST_PEERS, k=LEAST_SCORES))
    table = np.full((len(codes), max(len(scores[code]) for code in codes)), np.nan)
    for i, code in enumerate(codes):
        table[i, : len(scores[code])] = scores[code]
    found = scores_too_good(table)
    if found.status != "computed":
        return Check("T5", gate=GATES["peers"])
    hits = [
        Question((codes[i],), float(found.p[i]), float(found.ratio[i]), (tuple(f"{z:.2f}" for z in scores[codes[i]]),))
        for i in map(int, np.flatnonzero(found.flagged(RATE)))
    ]
    return Check("T5", len(codes), questions=_sorted(hits))


def _sorted(hits: Sequence[Question]) -> tuple[Question, ...]:
    key: Callable[[Question], tuple[float, tuple[str, ...]]] = lambda one: (one.p, one.codes)  # noqa: E731
    return tuple(sorted(hits, key=key))


def in_words(question: Question, key: str) -> Text:
    """How unlikely and how large, in one sentence."""
    return TESTS[key].says.with_(p=f"{question.p:.2g}", e=f"{question.effect:.2f}", s=f"{100 * question.effect:.0f}")


NOTHING = t("Nothing stands out.", "未发现异常。")
