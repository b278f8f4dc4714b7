"""Results that may be blunders, as questions for a person: nothing is taken out by a test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from statistics import stdev

import intercomp
import numpy as np

from zhunsheng.activities.proficiency.rules.replicates import LaboratoryResult
from zhunsheng.activities.proficiency.rules.reported_values import read_value
from zhunsheng.activities.proficiency.rules.results_file import MeasurandResults
from zhunsheng.foundation.bilingual import Text, t

FAR = 3.0
MOST_ASKED = 50


@dataclass(frozen=True, slots=True)
class Question:
    """One result that a test points at."""

    code: str
    result: str
    words: Text


def questions(measurand: MeasurandResults, out: Container[str] = ()) -> list[Question]:
    """What Grubbs' and Cochran's tests and the robust distance point at among the results in the statistics."""
    kept = [one for one in measurand.results if one.laboratory not in out]
    if len(kept) < 3:
        return []
    return [*_grubbs(kept), *_cochran(kept), *_far(kept)][:MOST_ASKED]


def _grubbs(kept: Sequence[LaboratoryResult]) -> Iterator[Question]:
    """Largest and smallest of all results (ISO 5725-2:2019, 7.3.4)."""
    values = np.array([one.value for one in kept])
    for test in (intercomp.grubbs_test(values, "high"), intercomp.grubbs_test(values, "low")):
        if test.verdict in ("straggler", "outlier"):
            yield from (_asked(kept[row - 1], _grubbs_words(test)) for row in test.rows)


def _cochran(kept: Sequence[LaboratoryResult]) -> Iterator[Question]:
    """The largest spread of replicates, among laboratories with as many of them as most have (ISO 5725-2:2019, 7.3.3)."""
    numbers = Counter(len(one.replicates) for one in kept if one.replicates)
    if not numbers:
        return
    usual = numbers.most_common(1)[0][0]
    cells = [one for one in kept if one.replicates and len(one.replicates) == usual]
    test = intercomp.cochran_test([_spread(one.replicates or ()) for one in cells], usual)
    if test.verdict in ("straggler", "outlier"):
        yield from (_asked(cells[row - 1], _cochran_words(test)) for row in test.rows)


def _spread(replicates: Sequence[str]) -> float:
    return stdev(float(read_value(one).number) for one in replicates)


def _far(kept: Sequence[LaboratoryResult]) -> Iterator[Question]:
    """Results further than 3 s* from x* (Algorithm A), the farthest first."""
    values = np.array([one.value for one in kept])
    robust = intercomp.algorithm_a(values)
    if str(robust.status) != "converged" or not robust.sd > 0:
        return
    distance = np.abs(values - float(robust.mean)) / float(robust.sd)
    for row in np.argsort(-distance, kind="stable"):
        if distance[row] <= FAR:
            return
        yield _asked(kept[row], _far_words(float(distance[row])))


def _asked(one: LaboratoryResult, words: Text) -> Question:
    return Question(one.laboratory, one.result, words)


def _grubbs_words(test: intercomp.OutlierTest) -> Text:
    return t(
        "Grubbs: G = {g}, critical values {c5} (5 %) and {c1} (1 %)",
        "格拉布斯检验：G = {g}，临界值 {c5}（5%）、{c1}（1%）",
        **_figures("g", test),
    )


def _cochran_words(test: intercomp.OutlierTest) -> Text:
    return t(
        "Cochran, spread of replicates: C = {c}, critical values {c5} (5 %) and {c1} (1 %)",
        "柯克伦检验（重复性离散）：C = {c}，临界值 {c5}（5%）、{c1}（1%）",
        **_figures("c", test),
    )


def _figures(name: str, test: intercomp.OutlierTest) -> dict[str, str]:
    return {name: f"{test.statistic:.3f}", "c5": f"{test.critical_5:.3f}", "c1": f"{test.critical_1:.3f}"}


def _far_words(distance: float) -> Text:
    return t(
        "{d} robust standard deviations from the robust mean",
        "偏离稳健平均值 {d} 倍稳健标准差",
        d=f"{distance:.1f}",
    )
