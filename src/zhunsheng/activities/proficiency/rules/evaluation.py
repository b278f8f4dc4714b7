"""From reported results to the evaluation document: assigned value, σ_pt, scores, signals, and what to be told.

The document is the one form in which an evaluation travels (evaluation.schema.json beside this room). It has no clock
and no randomness in it: the same results and settings give the same document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import intercomp
import numpy as np
from numpy.typing import NDArray

from zhunsheng.activities.proficiency.rules import evaluation_notes as notes
from zhunsheng.activities.proficiency.rules.consensus import Basis, bases
from zhunsheng.activities.proficiency.rules.exclusions import Excluded, told
from zhunsheng.activities.proficiency.rules.judging import NO_UNCERTAINTIES, RuleSet, judging, signal_of
from zhunsheng.activities.proficiency.rules.names import same
from zhunsheng.activities.proficiency.rules.replicates import ASSUMED_K, LaboratoryResult
from zhunsheng.activities.proficiency.rules.results_file import LeftOut, MeasurandResults, ResultsFile
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.activities.proficiency.rules.settings import Settings as Settings
from zhunsheng.activities.proficiency.rules.settings import SettingsError as SettingsError
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.spreadsheets import BadFile, Fault

SCHEMA = "zhunsheng-evaluation/1"
ENGINE = {"name": "intercomp", "version": intercomp.__version__}

Progress = Callable[[int, int], None]
FloatArray = NDArray[np.float64]


def evaluate(
    results: ResultsFile,
    settings: Settings | Sequence[Settings],
    *,
    excluded: Excluded | None = None,
    rule: RuleSet | None = None,
    title: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Evaluate every measurand of a file after ISO 13528:2022, by settings for all or one for each in their order.

    `excluded` are the results that are scored, but out of the statistics, for each measurand by code.
    One measurand: its keys stand at the top of the document; several: in the list `measurands`. `progress(done, total)`
    is called after each measurand. Raises BadFile where a measurand cannot be evaluated, naming each and the mend.
    """
    each = [settings] * len(results.measurands) if isinstance(settings, Settings) else settings
    objects = []
    outs: Excluded = excluded or [{}] * len(results.measurands)
    based = bases(results, each, outs)
    for done, row in enumerate(zip(results.measurands, based, each, outs, strict=True), start=1):
        objects.append(_measurand(*row, results))
        if progress is not None:
            progress(done, len(based))
    head: dict[str, Any] = {"schema": SCHEMA, "title": title}
    if rule is not None:
        head["judging"] = judging(objects, rule)
    if len(objects) == 1:
        return head | objects[0]
    return head | {"input_sha256": results.sha256, "engine": dict(ENGINE), "measurands": objects}


def tried(asked: Mapping[str, Any]) -> dict[str, Any] | Text:
    """The document of `evaluate(**asked)`, or why there is none: for many rounds at once, of which one may be refused."""
    try:
        return evaluate(**asked)
    except (BadFile, CannotDo, SettingsError) as refusal:
        return refusal.reason


def _measurand(
    measurand: MeasurandResults, basis: Basis, settings: Settings, out: Mapping[str, str], file: ResultsFile
) -> dict[str, Any]:
    scores, listed = _told_apart(_scores(measurand.results, basis), measurand, basis)
    for score in scores:
        if score["laboratory"] in out:
            score["excluded"] = out[score["laboratory"]]
    return {
        "input_sha256": file.sha256,
        "engine": dict(ENGINE),
        "measurand": measurand.measurand,
        "item": measurand.item,
        "unit": measurand.unit,
        "assigned_value": {
            "value": basis.x_pt,
            "u": basis.u,
            "u_method": basis.u_method,
            "method": basis.x_pt_method,
            "n": basis.n,
        }
        | (basis.u_parts or {}),
        "sigma_pt": {"value": basis.sigma, "method": basis.sigma_method},
        "score_used": basis.score_used,
        "u_limit": basis.u_limit,
        "scores": scores,
        "left_out": [_left_out(left) for left in listed],
        "counts": _counts(listed, scores),
        "statistics": basis.statistics,
        "notes": [{"en": note.en, "zh": note.zh} for note in _notes(measurand, basis, settings, out, listed, file)],
    }


def _scores(scored: Sequence[LaboratoryResult], basis: Basis) -> list[dict[str, Any]]:
    x = basis.x
    z = intercomp.z(x, basis.x_pt, basis.sigma)
    blank: list[float | None] = [None] * len(scored)
    z_prime, zeta, e_n = blank, blank, blank
    used = z
    if basis.score_used == "z_prime":
        used = intercomp.z_prime(x, basis.x_pt, basis.sigma, basis.u)
        z_prime = used.tolist()
    if basis.u is not None:
        u = _column(scored, "u")
        zeta = _blanked(intercomp.zeta(x, u, basis.x_pt, basis.u))
        e_n = _blanked(intercomp.e_n(x, _column(scored, "U"), basis.x_pt, 2 * basis.u))
    signals = intercomp.signals(used).tolist()
    if basis.judged_by != "z":
        judged = zeta if basis.judged_by == "zeta" else e_n
        signals = ["" if score is None else signal_of(score, basis.judged_by) for score in judged]
    columns = zip(scored, z.tolist(), z_prime, zeta, e_n, signals, strict=True)
    return [_score(*row) for row in columns]


def _told_apart(
    scores: list[dict[str, Any]], measurand: MeasurandResults, basis: Basis
) -> tuple[list[dict[str, Any]], list[LeftOut]]:
    """The rows that are judged, and those only listed: without an uncertainty there is neither ζ nor E_n."""
    unjudged = [row for row in scores if row[basis.score_used] is None]
    if not unjudged:
        return scores, measurand.left_out
    if len(unjudged) == len(scores):
        raise BadFile([Fault("", "", None, None, NO_UNCERTAINTIES)])
    added = [LeftOut(row["rows"][0], row["laboratory"], row["result"], "no_uncertainty") for row in unjudged]
    listed = sorted([*measurand.left_out, *added], key=lambda left: left.row)
    return [row for row in scores if row[basis.score_used] is not None], listed


def _column(scored: Sequence[LaboratoryResult], name: str) -> FloatArray:
    return np.array([getattr(result, name) for result in scored], dtype=np.float64)  # None becomes NaN


def _blanked(score: FloatArray) -> list[float | None]:
    return [None if value != value else value for value in score.tolist()]


def _score(
    result: LaboratoryResult, z: float, z_prime: float | None, zeta: float | None, e_n: float | None, signal: str
) -> dict[str, Any]:
    return {
        "laboratory": result.laboratory,
        "code": result.code,
        "result": result.result,
        "replicates": list(result.replicates) if result.replicates else None,
        "uncertainty": result.uncertainty,
        "k": result.k,
        "k_assumed": result.k_assumed,
        "method": result.method,
        "rows": list(result.rows),
        "value": result.value,
        "u": result.u,
        "U": result.U,
        "z": z,
        "z_prime": z_prime,
        "zeta": zeta,
        "e_n": e_n,
        "signal": signal,
    }


def _left_out(left: LeftOut) -> dict[str, Any]:
    return {
        "row": left.row,
        "laboratory": left.laboratory,
        "result": left.result,
        "code": left.code,
        "reason": left.reason.en,
        "reason_zh": left.reason.zh,
    }


def _counts(listed: Sequence[LeftOut], scores: list[dict[str, Any]]) -> dict[str, int]:
    """Laboratories that took part and were scored, and the signals among the scored."""
    names = [score["laboratory"] for score in scores] + [left.laboratory for left in listed]
    laboratories = set(map(same, names))
    counts = {"laboratories": len(laboratories), "scored": len(scores), "acceptable": 0, "warning": 0, "action": 0}
    for score in scores:
        counts[score["signal"]] += 1
    excluded = sum("excluded" in score for score in scores)
    if excluded:
        counts["excluded"] = excluded
    return counts


def _notes(
    measurand: MeasurandResults, basis: Basis, settings: Settings, out: Mapping[str, str], listed: Sequence[LeftOut],
    file: ResultsFile,
) -> list[Text]:  # fmt: skip
    found = list(basis.notes)
    scored = measurand.results
    left = {r.laboratory: out[r.laboratory] for r in scored if r.laboratory in out}
    if left:
        found.append(told(left))
    if basis.u is None:
        found.append(notes.U_NOT_KNOWN)
    elif basis.score_used == "z_prime":
        found.append(notes.z_prime_used(f"{basis.u:.4g}", f"{basis.u_limit:.4g}"))
    if not isinstance(settings.sigma, str) and len(file.measurands) > 1 and "sigma" not in settings.own:
        found.append(notes.SIGMA_FOR_ALL)
    counted: list[tuple[Callable[[int], Text], int]] = [
        (notes.k_assumed, sum(r.k_assumed for r in scored)),
        (notes.other_k, sum(r.U is not None and not r.k_assumed and _is_other(r.k) for r in scored)),
        (notes.replicates, sum(r.replicates is not None for r in scored)),
        (notes.pooled, sum(r.pooled for r in scored)),
        (notes.left_out, len(listed)),
    ]
    return found + [sentence(n) for sentence, n in counted if n] + file.notes


def _is_other(k: str | None) -> bool:
    return k is not None and k != ASSUMED_K and k.rstrip("0").rstrip(".") != ASSUMED_K
