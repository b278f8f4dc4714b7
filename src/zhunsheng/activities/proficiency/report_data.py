"""An evaluation document as the words and figures its report prints: all rounding happens here, none in the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhunsheng.activities.proficiency import figures
from zhunsheng.activities.proficiency.chart_data import label, labels
from zhunsheng.activities.proficiency.words import SIGNALS, assigned_method, sigma_method, uncertainty_method
from zhunsheng.foundation.bilingual import Text, t

Object = Mapping[str, Any]

_STATISTICS: dict[str, Text] = {
    "median": t("median", "中位值"),
    "robust_mean": t("robust mean x*", "稳健平均值 x*"),
    "robust_sd": t("robust standard deviation s*", "稳健标准差 s*"),
    "mean": t("mean", "平均值"),
    "sd": t("standard deviation", "标准差"),
    "min": t("smallest", "最小值"),
    "max": t("largest", "最大值"),
}
_SPREADS = ("robust_sd", "sd")
_SCORES = ("z", "z_prime", "zeta", "e_n")
_NAMES = {"z": "z", "z_prime": "z′", "zeta": "ζ", "e_n": "E_n"}


def head(document: Object, measurands: Sequence[Object], number: str, digest: str) -> dict[str, Any]:
    """What stands on the first page, and what the end of the report explains."""
    first = measurands[0]
    untitled = _name(first) if len(measurands) == 1 else t("Evaluation of results", "结果评定")
    title = document.get("title")
    engine = document.get("engine") or first["engine"]
    return {
        "title": _words(Text(en=title, zh=title) if title else untitled),
        "number": number,
        "input_sha256": document.get("input_sha256") or first["input_sha256"],
        "json_sha256": digest,
        "engine": f"{engine['name']} {engine['version']}",
        "summary": _words(_joined(_summary(measurands), _verdicts(document))),
        "qr_alt": _words(t("QR code with the signed key figures", "载有已签名关键数据的二维码")),
        "signals": [_signal(key) | {"meaning": _words(SIGNALS[key].meaning)} for key in SIGNALS],
    }


def measurand(m: Object) -> dict[str, Any]:
    """The sections of one measurand."""
    x_pt, u = figures.measured(m["assigned_value"]["value"], m["assigned_value"]["u"], m["sigma_pt"]["value"])
    sigma = figures.significant(m["sigma_pt"]["value"], 3)
    name = _name(m)
    return {
        "name": _words(name),
        "x_pt_unit": _with_unit(x_pt, m),
        "u": u or "–",
        "u_unit": _with_unit(u, m) if u else "–",
        "sigma": sigma,
        "sigma_unit": _with_unit(sigma, m),
        "assigned_method": _words(assigned_method(m["assigned_value"]["method"])),
        "u_method": _words(uncertainty_method(m["assigned_value"])),
        "sigma_method": _words(sigma_method(m["sigma_pt"]["method"])),
        "counts": {key: str(value) for key, value in _counts(m).items()},
        "statistics": _statistics(m),
        "choice": _words(_choice(m)),
        "formulas": [key for key in _SCORES if key == "z" or _any(m, key)],
        "example": _words_or_none(_example(m, x_pt, u, sigma)),
        **_table(m),
        "left_out": [_left_out(row) for row in m["left_out"]],
        "notes": list(m["notes"]),
    }


def name_of(m: Object) -> dict[str, str]:
    """What a measurand is called on paper."""
    return _words(_name(m))


def reason(row: Object) -> Text:
    """Why a result was left out."""
    return Text(en=row["reason"], zh=row["reason_zh"])


def _words(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _words_or_none(text: Text | None) -> dict[str, str] | None:
    return None if text is None else _words(text)


def _name(m: Object) -> Text:
    measurand, item = m.get("measurand"), m.get("item")
    if measurand and item:
        return t("{measurand} ({item})", "{measurand}（{item}）", measurand=measurand, item=item)
    named = measurand or item
    return Text(en=named, zh=named) if named else t("Results", "结果")


def _with_unit(figure: str, m: Object) -> str:
    return f"{figure} {m['unit']}" if m.get("unit") else figure


def _any(m: Object, key: str) -> bool:
    return any(row.get(key) is not None for row in m["scores"])


def _counts(m: Object) -> dict[str, int]:
    found = {key: sum(row["signal"] == key for row in m["scores"]) for key in SIGNALS}
    took_part = {row["laboratory"] for row in m["scores"]} | {row["laboratory"] for row in m["left_out"]}
    return {"laboratories": len(took_part), "scored": len(m["scores"])} | found | dict(m.get("counts") or {})


def _signal(key: str) -> dict[str, Any]:
    return {"letter": SIGNALS[key].letter, "word": _words(SIGNALS[key].word)}


def _summary(measurands: Sequence[Object]) -> Text:
    counts = [_counts(m) for m in measurands]
    scored, good = sum(c["scored"] for c in counts), sum(c["acceptable"] for c in counts)
    if not scored:
        return t("No result could be scored.", "没有可评分的结果。")
    if scored == 1:
        word = SIGNALS[next(row["signal"] for m in measurands for row in m["scores"])].word
        return t(
            "One result was scored: {word}. It is judged by the score named under “How the scores were computed”; all "
            "figures are attached to this file unrounded.",
            "评分结果 1 个：{word}。判定所用的比分数见“比分数的计算”；全部未经修约的数据附于本文件。",
            word=word,
        )
    return t(
        "Of {scored} scored results {good} ({share} %) are acceptable. A result is judged by the score named under "
        "“How the scores were computed”; all figures are attached to this file unrounded.",
        "在 {scored} 个评分结果中，{good} 个（{share}%）为满意。判定所用的比分数见“比分数的计算”；全部未经修约的数据附于本文件。",
        scored=scored,
        good=good,
        share=f"{100 * good / scored:.0f}",
    )


def _joined(first: Text, then: Text) -> Text:
    return Text(en=first.en + then.en, zh=first.zh + then.zh)


MOST_FAILED = 50


def _verdicts(document: Object) -> Text:
    """By which rule laboratories pass, how many did, and who did not."""
    judging = document.get("judging")
    if not judging:
        return Text(en="", zh="")
    rule, failed = judging["rule"], [one["laboratory"] for one in judging["laboratories"] if not one["passed"]]
    who = failed[:MOST_FAILED] + ["…"] * (len(failed) > MOST_FAILED)
    return t(
        " {rule} Passed: {passed}; failed: {failed}{who}.",
        "{rule}合格 {passed} 家，不合格 {failed} 家{who}。",
        rule=Text(en=rule["en"], zh=rule["zh"]),
        passed=judging["passed"],
        failed=judging["failed"],
        who=Text(en=f" ({', '.join(who)})", zh=f"（{'、'.join(who)}）") if who else "",
    )


def _choice(m: Object) -> Text:
    """Why this score was used: the check of u(x_pt) against 0.3 σ_pt, with its figures; or what the provider chose."""
    if m["score_used"] in ("zeta", "e_n"):
        return t(
            "Results are judged by {score}, as the provider chose; a result without an uncertainty is listed, not judged.",
            "按提供者的选择，以 {score} 判定结果；未上报不确定度的结果只列出、不判定。",
            score=_NAMES[m["score_used"]],
        )
    u, limit = m["assigned_value"]["u"], m.get("u_limit")
    if u is None or limit is None:
        return t(
            "The uncertainty of the assigned value is not known; results are judged by z.",
            "指定值的不确定度未知；以 z 比分数判定结果。",
        )
    figures_of = {"u": figures.significant(u, 2), "limit": figures.significant(limit, 3)}
    if m["score_used"] == "z_prime":
        return t(
            "u(x_pt) = {u} is not below 0.3 σ_pt = {limit}; it is not negligible, and results are judged by z′ "
            "(ISO 13528:2022, 9.2.1 and 9.5).",
            "u(x_pt) = {u}，不小于 0.3 σ_pt = {limit}，不可忽略，因此以 z′ 比分数判定结果（ISO 13528:2022，9.2.1 及 9.5）。",
            **figures_of,
        )
    return t(
        "u(x_pt) = {u} is below 0.3 σ_pt = {limit}; it is negligible, and results are judged by z "
        "(ISO 13528:2022, 9.2.1 and 9.4).",
        "u(x_pt) = {u}，小于 0.3 σ_pt = {limit}，可以忽略，因此以 z 比分数判定结果（ISO 13528:2022，9.2.1 及 9.4）。",
        **figures_of,
    )


def _example(m: Object, x_pt: str, u: str | None, sigma: str) -> Text | None:
    """One score worked with the figures as printed; None where rounding would make the printed figures disagree."""
    named = zip(labels(m), m["scores"], strict=True)
    for name, row in sorted(named, key=lambda pair: -abs(pair[1].get(m["score_used"]) or 0)):
        worked = _worked(m["score_used"], str(row["result"]), x_pt, u, sigma)
        if worked and figures.score(worked[1]) == figures.score(row[m["score_used"]]):
            return t(
                "By hand, laboratory {lab}: {worked} = {score}.",
                "手工验算示例，实验室 {lab}：{worked} = {score}。",
                lab=figures.shortened(name),
                worked=worked[0],
                score=figures.score(worked[1]),
            )
    return None


def _worked(used: str, result: str, x_pt: str, u: str | None, sigma: str) -> tuple[str, float] | None:
    try:
        deviation, s = float(result) - float(x_pt), float(sigma)
        if used not in ("z", "z_prime"):
            return None
        if used == "z":
            return f"z = ({result} − {x_pt}) / {sigma}", deviation / s
        return f"z′ = ({result} − {x_pt}) / √({sigma}² + {u}²)", deviation / (s**2 + float(u or "") ** 2) ** 0.5
    except (ValueError, ZeroDivisionError):
        return None


def _statistics(m: Object) -> list[dict[str, Any]]:
    """Locations to one place beyond sigma_pt / 10, spreads to two digits."""
    place = figures.last_place(m["sigma_pt"]["value"], 3)
    given = m.get("statistics") or {}
    return [
        {"name": _words(words), "value": _statistic(key, given[key], place)}
        for key, words in _STATISTICS.items()
        if given.get(key) is not None
    ]


def _statistic(key: str, value: float, place: int) -> str:
    return figures.significant(value, 2) if key in _SPREADS else figures.no_longer_than(value, place)


def _table(m: Object) -> dict[str, Any]:
    """The columns that hold anything, the rows as printed, and the remarks that the rows need."""
    optional = [key for key in ("U", "k") if any(row.get("uncertainty") for row in m["scores"])]
    columns = ["laboratory", "result", *optional, *(key for key in _SCORES if key == "z" or _any(m, key)), "signal"]
    names = [figures.shortened(name) for name in labels(m)]
    rows = [[name, *(_cell(row, key) for key in columns[1:])] for name, row in zip(names, m["scores"], strict=True)]
    widths = [max(4, *map(_width, cells)) + 2 for cells in zip(columns, *rows, strict=True)]
    return {"columns": columns, "widths": widths, "rows": rows, "remarks": [_words(remark) for remark in _remarks(m)]}


def _width(cell: Any) -> int:
    """Room a cell takes, in half-widths of a Han character; a signal shows its letter and its word in both languages."""
    if isinstance(cell, dict):
        return 4 + figures.width(cell["word"]["zh"] + cell["word"]["en"])
    return 4 if cell in _SCORES else figures.width(cell)


def _cell(row: Object, column: str) -> Any:
    if column in _SCORES:
        return figures.score(row.get(column))
    if column == "signal":
        return _signal(row["signal"])
    if column == "U":
        return row.get("uncertainty") or "–"
    if column == "k":
        return _coverage(row)
    marks = ("‡" if row.get("replicates") else "") + ("§" if row.get("excluded") else "")
    return figures.shortened(str(row["result"]) + marks, 24)


def _coverage(row: Object) -> str:
    if not row.get("uncertainty"):
        return "–"
    return f"{row.get('k') or 2}†" if row.get("k_assumed") else str(row.get("k") or "–")


def _remarks(m: Object) -> list[Text]:
    scores, remarks = m["scores"], []
    used = _NAMES[m["score_used"]]
    remarks.append(t("Signals are judged by {score}.", "信号按 {score} 比分数判定。", score=used))
    if any(row.get("k_assumed") for row in scores):
        remarks.append(t("† k was not reported; k = 2 was assumed.", "† 未报告 k，按 k = 2 处理。"))
    if any(row.get("replicates") for row in scores):
        remarks.append(
            t("‡ Mean of replicates; each is in evaluation.json.", "‡ 重复测定的平均值，各次结果见 evaluation.json。")
        )
    if any(row.get("excluded") for row in scores):
        remarks.append(t("§ Left out of the statistics, but scored.", "§ 不参与统计，但仍评分。"))
    if any(figures.shortened(label(row)) != label(row) for row in scores):
        remarks.append(
            t(
                "… Long names are shortened; evaluation.json has them in full.",
                "… 过长的名称已缩略，全称见 evaluation.json。",
            )
        )
    return remarks


def _left_out(row: Object) -> dict[str, Any]:
    return {
        "row": str(row["row"]),
        "laboratory": figures.shortened(str(row["laboratory"])),
        "result": figures.shortened(str(row["result"] or ""), 24) or "–",
        "reason": _words(reason(row)),
    }
