"""Assigned value and σ_pt of every measurand of a file, all measurands at once where the engine can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import hypot

import intercomp
import numpy as np
from numpy.typing import NDArray

from zhunsheng.activities.proficiency.rules import evaluation_notes as notes
from zhunsheng.activities.proficiency.rules.exclusions import Excluded
from zhunsheng.activities.proficiency.rules.mass_fractions import fraction_of_one
from zhunsheng.activities.proficiency.rules.results_file import MOST_FAULTS, MeasurandResults, ResultsFile
from zhunsheng.activities.proficiency.rules.settings import GIVEN, Settings
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.spreadsheets import BadFile, Fault

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Basis:
    """What the scores of one measurand rest on."""

    x: FloatArray
    x_pt: float
    u: float | None
    u_method: str | None
    x_pt_method: str
    n: int | None
    sigma: float
    sigma_method: str
    statistics: dict[str, float | None]
    notes: list[Text] = field(default_factory=list)
    u_parts: dict[str, float | None] | None = None
    """u_char, u_hom and u_stab, where inhomogeneity or instability is known; u is made of them"""
    judged_by: str = "z"

    @property
    def u_limit(self) -> float:
        """0.3 σ_pt (ISO 13528:2022, 9.2.1)."""
        return 0.3 * self.sigma

    @property
    def score_used(self) -> str:
        if self.judged_by != "z":
            return self.judged_by
        negligible = self.u is None or intercomp.u_is_negligible(self.u, self.sigma)
        return "z" if negligible else "z_prime"


class _CannotEvaluate(Exception):
    def __init__(self, message: Text) -> None:
        self.message = message


@dataclass(frozen=True, slots=True)
class _Robust:
    """Algorithm A of one measurand, picked from the batch."""

    mean: float
    sd: float
    status: str


def bases(results: ResultsFile, settings: Sequence[Settings], excluded: Excluded) -> list[Basis]:
    """The basis of each measurand, of the results that are in the statistics.

    Raises BadFile listing every measurand that has none, and why.
    """
    found, faults = [], []
    for (measurand, x, robust), chosen in zip(_with_robust(results.measurands, excluded), settings, strict=True):
        try:
            found.append(_basis(measurand, x, robust, chosen, len(results.measurands)))
        except _CannotEvaluate as cannot:
            faults.append(Fault(results.file, results.sheet, None, None, _naming(measurand, cannot.message)))
        except intercomp.InputError as refused:
            faults.append(Fault(results.file, results.sheet, None, None, _naming(measurand, _refused(refused))))
    if faults:
        raise BadFile(faults[:MOST_FAULTS], total=len(faults))
    return found


def _with_robust(
    measurands: Sequence[MeasurandResults], excluded: Excluded
) -> Iterator[tuple[MeasurandResults, FloatArray, _Robust]]:
    columns = [
        np.array([r.value for r in m.results if r.laboratory not in out], dtype=np.float64)
        for m, out in zip(measurands, excluded, strict=True)
    ]
    table = np.full((len(columns), max(map(len, columns), default=0)), np.nan)
    for row, values in zip(table, columns, strict=True):
        row[: len(values)] = values
    enough = np.array([len(values) >= 2 for values in columns])
    batch = intercomp.algorithm_a(table[enough]) if enough.any() else None
    position = 0
    for measurand, values, plenty in zip(measurands, columns, enough, strict=True):
        if plenty and batch is not None:
            robust = _Robust(float(batch.mean[position]), float(batch.sd[position]), str(batch.status[position]))
            position += 1
        else:
            robust = _Robust(float(values[0]) if len(values) else 0.0, 0.0, "too-few")
        yield measurand, values, robust


def _basis(measurand: MeasurandResults, x: FloatArray, robust: _Robust, settings: Settings, measurands: int) -> Basis:
    if not len(x):
        raise _CannotEvaluate(_ALL_OUT if measurand.results else _NOTHING_TO_SCORE)
    said: list[Text] = []
    x_pt, u, method = _assigned(x, robust, settings, measurands)
    u_method = None if u is None else "computed"
    if settings.u_assigned is not None:
        u, u_method = settings.u_assigned, GIVEN
    parts = _parts(u, settings)
    if parts is not None and u is not None:
        u = hypot(u, settings.u_hom or 0.0, settings.u_stab or 0.0)
        said.append(notes.u_combined(u, parts))
    if u is None and settings.score != "z":
        raise _CannotEvaluate(_U_WANTED)
    sigma = _sigma(measurand, x, x_pt, robust, settings)
    if settings.sigma_method not in (GIVEN, "horwitz"):
        said.append(notes.OWN_DATA)
    if isinstance(settings.assigned, str) and len(x) < notes.FEW_LABORATORIES:
        said.append(notes.few_laboratories(len(x)))
    if settings.assigned == "mean" or settings.sigma == "sd":
        said.append(notes.NOT_ROBUST)
    n = len(x) if isinstance(settings.assigned, str) else None
    scored = np.array([r.value for r in measurand.results], dtype=np.float64)
    return Basis(
        scored, x_pt, u, u_method, method, n, sigma, settings.sigma_method, _statistics(x, robust), said, parts, settings.score,
    )  # fmt: skip


def _parts(u_char: float | None, settings: Settings) -> dict[str, float | None] | None:
    """What u(x_pt) is made of: u² = u_char² + u_hom² + u_stab² (ISO 13528:2022, 7.2)."""
    if settings.u_hom is None and settings.u_stab is None:
        return None
    return {"u_char": u_char, "u_hom": settings.u_hom, "u_stab": settings.u_stab}


def _assigned(x: FloatArray, robust: _Robust, settings: Settings, measurands: int) -> tuple[float, float | None, str]:
    if not isinstance(settings.assigned, str):
        if measurands > 1 and "assigned" not in settings.own:
            raise _CannotEvaluate(_ONE_VALUE_FOR_SEVERAL)
        return settings.assigned, None, GIVEN
    if len(x) < notes.FEWEST_FOR_CONSENSUS:
        raise _CannotEvaluate(_too_few(len(x)))
    if settings.assigned == "algorithm-a" and robust.status == "converged":
        return robust.mean, 1.25 * robust.sd / float(np.sqrt(len(x))), "algorithm-a"
    try:
        assigned = intercomp.assigned_by(x, settings.assigned)
    except intercomp.Degenerate:
        # Equal results agree on a value, but say nothing of its uncertainty; whether they can be scored is up to σ_pt.
        return float(intercomp.median(x)), None, settings.assigned
    return assigned.value, assigned.u, assigned.method


def _sigma(measurand: MeasurandResults, x: FloatArray, x_pt: float, robust: _Robust, settings: Settings) -> float:
    if not isinstance(settings.sigma, str):
        return settings.sigma
    if settings.sigma == "horwitz":
        return _horwitz(measurand, x_pt)
    if len(x) < notes.FEWEST_FOR_CONSENSUS:
        raise _CannotEvaluate(_too_few(len(x)))
    if settings.sigma == "algorithm-a" and robust.status == "converged":
        return robust.sd
    try:
        return float(intercomp.sigma_from(x, settings.sigma).value)
    except intercomp.Degenerate as degenerate:
        raise _CannotEvaluate(_NO_SPREAD) from degenerate


def _horwitz(measurand: MeasurandResults, x_pt: float) -> float:
    factor = fraction_of_one(measurand.unit)
    if factor is None:
        raise _CannotEvaluate(_no_mass_fraction(measurand.unit))
    if not 0 < x_pt * factor <= 1:
        raise _CannotEvaluate(_OUTSIDE_HORWITZ)
    return intercomp.sigma_from(None, "horwitz", x_pt=x_pt, mass_fraction=x_pt * factor).value


def _statistics(x: FloatArray, robust: _Robust) -> dict[str, float | None]:
    several = len(x) > 1
    return {
        "median": float(np.median(x)),
        "robust_mean": robust.mean if several else None,
        "robust_sd": robust.sd if several else None,
        "mean": float(np.mean(x)),
        "sd": float(np.std(x, ddof=1)) if several else None,
        "min": float(np.min(x)),
        "max": float(np.max(x)),
    }


_NOTHING_TO_SCORE = t(
    "No laboratory reported a number, so nothing can be scored. Leave the measurand out, or give numbers.",
    "没有实验室上报数值，无法评定。请删去该被测量，或补充数值结果。",
)
_ALL_OUT = t(
    "Every result is left out of the statistics. Put some back.",
    "全部结果均不参与统计，请恢复部分结果。",
)
_U_WANTED = t(
    "The round is judged by ζ or E_n, and for these the standard uncertainty of the assigned value must be known. Give it.",
    "本轮次按 ζ 或 E_n 判定，需已知指定值的标准不确定度，请填写。",
)
_NO_SPREAD = t(
    "At least half of the results are equal, so they have no spread from which σ_pt could come. Give it with --sigma VALUE.",
    "半数及以上的结果相同，离散程度为零，无法由数据得到 σ_pt。请用 --sigma 给出数值。",
)
_ONE_VALUE_FOR_SEVERAL = t(
    "One assigned value cannot stand for several measurands. Evaluate each in a file of its own, or choose a method.",
    "一个指定值不能用于多个被测量。请将各被测量分别放入单独的文件评定，或改用统计方法。",
)
_OUTSIDE_HORWITZ = t(
    "The assigned value is no mass fraction between 0 and 1, so the Horwitz function has no value. Give σ_pt with --sigma.",
    "指定值不是 0 到 1 之间的质量分数，Horwitz 公式不适用。请用 --sigma 给出数值。",
)


def _too_few(n: int) -> Text:
    return t(
        "Laboratories with a number: {n}. That is too few for a consensus; at least {least} are needed. Give --assigned"
        " VALUE and --sigma VALUE, or collect more results.",
        "有数值结果的实验室只有 {n} 家，不足以得到公议值（至少需要 {least} 家）。请用 --assigned 和 --sigma 给出数值，或补充结果。",
        n=n,
        least=notes.FEWEST_FOR_CONSENSUS,
    )


def _no_mass_fraction(unit: str | None) -> Text:
    return t(
        "The unit {unit} is no mass fraction, which the Horwitz function needs. Give the results in mg/kg or the like, or"
        " give --sigma VALUE.",
        "单位 {unit} 不是质量分数，Horwitz 公式不适用。请换算为 mg/kg 等单位，或用 --sigma 给出数值。",
        unit=unit or "(–)",
    )


def _refused(error: intercomp.InputError) -> Text:
    return t("The statistics cannot take these data: {why}.", "统计计算无法处理这些数据：{why}。", why=error)


def _naming(measurand: MeasurandResults, message: Text) -> Text:
    name = measurand.name
    return t("{name}: {message}", "{name}：{message}", name=name, message=message) if name else message
