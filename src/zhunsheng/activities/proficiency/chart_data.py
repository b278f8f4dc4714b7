"""The charts of an evaluation as plain data, which page and paper draw alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from zhunsheng.activities.proficiency.rules.reported_values import read_value
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.typesetting.charts import is_long


def z_score_data(measurand: Mapping[str, Any], own: str | None = None) -> dict[str, Any]:
    """The sorted bars of the score that was used, ascending; `own` is the code (or name) of the reader's laboratory."""
    score = measurand["score_used"]
    bars = [
        {"label": shown, "score": row[score], "signal": row["signal"], "own": _is(row, own)}
        for shown, row in zip(labels(measurand), measurand["scores"], strict=True)
        if _finite(row.get(score))
    ]
    bars.sort(key=lambda bar: (bar["score"], bar["label"]))
    return {"score": score, "bars": bars, "description": _both(_describe_scores(measurand, bars))}


def result_data(measurand: Mapping[str, Any], own: str | None = None) -> dict[str, Any]:
    """The results as reported with U, ascending, and the bands around the assigned value; results below a limit stand at it."""
    assigned, sigma = measurand["assigned_value"], measurand["sigma_pt"]["value"]
    scored = [
        _scored_point(row, shown, own)
        for shown, row in zip(labels(measurand), measurand["scores"], strict=True)
        if _finite(row.get("value"))
    ]
    points = sorted(scored + _limits(measurand.get("left_out", []), own), key=lambda p: (p["value"], p["label"]))
    return {
        "score": measurand["score_used"],
        "unit": measurand.get("unit"),
        "assigned": {"value": assigned["value"], "U": 2 * assigned["u"] if _finite(assigned.get("u")) else None},
        "sigma": sigma,
        "points": points,
        "description": _both(_describe_results(measurand, points)),
    }


def label(row: Mapping[str, Any]) -> str:
    """What a chart calls a laboratory: its code where it has one, so that a name never stands beside it."""
    return str(row.get("code") or row["laboratory"])


def labels(measurand: Mapping[str, Any]) -> list[str]:
    """What chart and table call the scored laboratories, in the order of the input.

    Where names are long they are numbered: shortened, two of them may look alike.
    """
    names = [label(row) for row in measurand["scores"]]
    if any(map(is_long, names)):
        return [f"{number} {name}" for number, name in enumerate(names, start=1)]
    return names


def _is(row: Mapping[str, Any], own: str | None) -> bool:
    return own is not None and own == label(row)


def _finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _scored_point(row: Mapping[str, Any], shown: str, own: str | None) -> dict[str, Any]:
    return {
        "label": shown,
        "kind": "value",
        "value": row["value"],
        "U": row["U"] if _finite(row.get("U")) else None,
        "result": row["result"],
        "uncertainty": row.get("uncertainty"),
        "signal": row["signal"],
        "own": _is(row, own),
    }


def _limits(left_out: Sequence[Mapping[str, Any]], own: str | None) -> list[dict[str, Any]]:
    return [point for row in left_out if (point := _limit_point(row, own))]


def _limit_point(row: Mapping[str, Any], own: str | None) -> dict[str, Any] | None:
    """A result such as "<0.01" has no value, but it says where the value is not."""
    limit = read_value(str(row.get("result") or ""))
    if limit.kind not in ("below", "above"):
        return None
    shown = {"label": str(row["laboratory"]), "kind": limit.kind, "value": float(limit.number), "U": None}
    return shown | {"result": row["result"], "uncertainty": None, "signal": None, "own": row["laboratory"] == own}


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _describe_scores(measurand: Mapping[str, Any], bars: Sequence[Mapping[str, Any]]) -> Text:
    if not bars:
        return t("Bar chart of scores without any bar.", "比分数柱状图，无可绘制的比分数。")
    of = {signal: sum(bar["signal"] == signal for bar in bars) for signal in ("acceptable", "warning", "action")}
    return t(
        "Bar chart of the {name} scores of {laboratories}, ascending from {low} to {high}, lines at ±2 and ±3: "
        "{s} acceptable, {w} warning signals, {a} action signals.",
        "{laboratories}的 {name} 比分数柱状图，按升序由 {low} 到 {high}，在 ±2 和 ±3 处有界线：满意 {s} 个，可疑 {w} 个，不满意 {a} 个。",
        name={"z_prime": "z′", "zeta": "ζ", "e_n": "E_n"}.get(measurand["score_used"], "z"),
        laboratories=_laboratories(len(bars)),
        low=_score(bars[0]["score"]),
        high=_score(bars[-1]["score"]),
        s=of["acceptable"],
        w=of["warning"],
        a=of["action"],
    )


def _describe_results(measurand: Mapping[str, Any], points: Sequence[Mapping[str, Any]]) -> Text:
    if not points:
        return t("Chart of results without any point.", "结果图，无可绘制的结果。")
    return t(
        "Results of {laboratories} with their expanded uncertainties, ascending from {low} to {high}, "
        "against the assigned value and its bands of two and three standard deviations.",
        "{laboratories}的结果及其扩展不确定度图，按升序由 {low} 到 {high}，并标出指定值及其两倍和三倍能力评定标准差的范围。",
        laboratories=_laboratories(len(points)),
        low=points[0]["result"],
        high=points[-1]["result"],
    )


def _laboratories(n: int) -> Text:
    return t("{n} laboratory", "{n} 个实验室", n=n) if n == 1 else t("{n} laboratories", "{n} 个实验室", n=n)


def _score(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
