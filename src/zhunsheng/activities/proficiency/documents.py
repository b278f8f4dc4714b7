"""The papers of an evaluation: the report as a PDF that carries its own data, and the table of scores as a workbook."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from typing import Any

from zhunsheng.activities.proficiency import figures, report_data
from zhunsheng.activities.proficiency.chart_data import label, result_data, z_score_data
from zhunsheng.activities.proficiency.printed_part import bars_each, printed_part, thinned
from zhunsheng.activities.proficiency.words import FAILED, PASSED, SIGNALS
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import SigningKey, canonical_json, qr_claim, qr_svg, seal_pdf
from zhunsheng.foundation.spreadsheets import CellValue, Sheet, write_xlsx
from zhunsheng.foundation.typesetting.charts import ChartLanguage, is_long, render_svg
from zhunsheng.foundation.typesetting.typeset import Attachment, typeset

_NO_ISSUER = t("not issued by a proficiency testing provider", "未经能力验证提供者签发")
_COMPUTED = t("Computed evaluation", "计算结果")
_ISSUED = t("Issued", "已签发")


def evaluation_report(
    document: Mapping[str, Any],
    *,
    lang: ChartLanguage,
    qr_text: str | None = None,
    issuer: Text | str | None = None,
    number: str | None = None,
    status: Text | None = None,
    canonical: bytes | None = None,
) -> bytes:
    """The report of an evaluation document as a tagged PDF, with the document attached as `evaluation.json` (RFC 8785).

    `number` is the report's identification; without it, one is made from the content of the document. `qr_text` is the
    signed claim for paper copies; `canonical` the document's canonical JSON where the caller has it already. The caller
    seals the PDF (or calls `signed_report`); the same arguments give the same bytes.
    """
    canonical = canonical or canonical_json(dict(document))
    digest = hashlib.sha256(canonical).hexdigest()
    measurands = measurands_of(document)
    data = report_data.head(document, measurands, number or report_number(canonical), digest)
    data |= {"lang": lang, "author": _words(issuer or _NO_ISSUER), "issued": issuer is not None}
    data |= {"status": _words(status or (_ISSUED if issuer else _COMPUTED))}
    images: dict[str, bytes] = {}
    bars = bars_each(len(measurands))
    data["measurands"] = [
        report_data.measurand(printed_part(m, len(measurands))) | _charts(m, n, lang, images, bars)
        for n, m in enumerate(measurands, start=1)
    ]
    if qr_text:
        images["qr"] = qr_svg(qr_text).encode()
    described = "Evaluation data, canonical JSON (RFC 8785) 评定数据"
    return typeset(
        "evaluation",
        data,
        images=images,
        attachments={"evaluation.json": Attachment(canonical, "application/json", described)},
    )


def report_number(canonical: bytes) -> str:
    """The identification of a report, made of the content of its document: a corrected one has another."""
    return f"ZS-{hashlib.sha256(canonical).hexdigest()[:12].upper()}"


def signed_report(
    document: Mapping[str, Any],
    *,
    lang: ChartLanguage,
    key: SigningKey,
    issuer: Text | None = None,
    canonical: bytes | None = None,
    status: Text | None = None,
) -> bytes:
    """The report sealed by `key`, with a QR code by which a paper copy can be checked. The same bytes for the same input."""
    canonical = canonical or canonical_json(dict(document))
    facts = report_facts(document, issuer=issuer)
    qr_text = qr_claim(facts, hashlib.sha256(canonical).digest(), key)
    pdf = evaluation_report(document, lang=lang, qr_text=qr_text, issuer=issuer, canonical=canonical, status=status)
    return seal_pdf(pdf, key=key, facts=facts, data=canonical)


def report_facts(document: Mapping[str, Any], *, issuer: Text | None = None) -> dict[str, str]:
    """The few facts that a reader of a paper copy compares by eye, written as the report prints them."""
    measurands = measurands_of(document)
    facts = {"issuer": issuer.both()[:200]} if issuer else {}
    facts |= {"title": document["title"][:200]} if document["title"] else {}
    if len(measurands) > 1:
        return facts | {"measurands": str(len(measurands)), "input_sha256": document["input_sha256"]}
    return facts | _facts_of(measurands[0])


def _facts_of(m: Mapping[str, Any]) -> dict[str, str]:
    counts, sigma = m["counts"], m["sigma_pt"]["value"]
    named = {name: str(m[name])[:80] for name in ("measurand", "item", "unit") if m[name]}
    return named | {
        "laboratories": str(counts["laboratories"]),
        "x_pt": figures.measured(m["assigned_value"]["value"], m["assigned_value"]["u"], sigma)[0],
        "sigma_pt": figures.significant(sigma, 3),
        "acceptable/warning/action": f"{counts['acceptable']}/{counts['warning']}/{counts['action']}",
        "input_sha256": m["input_sha256"],
    }


def scores_workbook(document: Mapping[str, Any], lang: ChartLanguage) -> bytes:
    """Results and scores of every measurand as a workbook: reported figures as text, computed ones as numbers."""
    measurands = measurands_of(document)
    sheets: list[Sheet] = []
    for m in measurands:
        sheets.append(_scores_sheet(m, _sheet_name(m, len(measurands), len(sheets)), lang))
    if document.get("judging"):
        sheets.append(_verdict_sheet(document["judging"], lang))
    left_out = [(m, row) for m in measurands for row in m["left_out"]]
    if left_out:
        sheets.append(_left_out_sheet(left_out, lang))
    buffer = io.BytesIO()
    write_xlsx(buffer, sheets)
    return buffer.getvalue()


def measurands_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The measurand objects of a document, whether it holds one or several."""
    return list(document.get("measurands") or [document])


def _words(text: Text | str) -> dict[str, str]:
    return {"en": text, "zh": text} if isinstance(text, str) else {"en": text.en, "zh": text.zh}


def _charts(m: Mapping[str, Any], n: int, lang: ChartLanguage, images: dict[str, bytes], bars: int) -> dict[str, Any]:
    """Draw both charts of a measurand into `images`, and say under which names."""
    scores, results = z_score_data(m), result_data(m)
    scores |= {"laboratories": len(scores["bars"]), "bars": thinned(scores["bars"], bars)}
    results |= {"laboratories": len(results["points"]), "points": thinned(results["points"], bars)}
    names = {"z_chart": f"z-{n}", "result_chart": f"results-{n}"}
    height = 400 if any(is_long(bar["label"]) for bar in scores["bars"]) else 320
    images[names["z_chart"]] = render_svg("zScores", scores, lang, height=height).encode()
    images[names["result_chart"]] = render_svg("resultBars", results, lang, height=height).encode()
    return names | {"z_alt": scores["description"], "result_alt": results["description"]}


_COLUMNS: dict[str, tuple[Text, float, str | None]] = {
    "laboratory": (t("Laboratory", "实验室"), 24, None),
    "result": (t("Result", "结果"), 12, None),
    "uncertainty": (t("Uncertainty U", "不确定度 U"), 12, None),
    "k": (t("Coverage factor k", "包含因子 k"), 10, None),
    "method": (t("Method", "方法"), 24, None),
    "z": (t("z", "z"), 10, "0.00"),
    "z_prime": (t("z′", "z′"), 10, "0.00"),
    "zeta": (t("ζ", "ζ"), 10, "0.00"),
    "e_n": (t("En", "En"), 10, "0.00"),
    "signal": (t("Signal", "信号"), 14, None),
    "rows": (t("Row", "行号"), 12, None),
}


_SOMETIMES: dict[str, tuple[Text, float, str | None]] = {
    "excluded": (t("Left out of the statistics", "不参与统计的理由"), 40, None),
}
"""Columns that stand in a workbook only where a row has something to say in them."""


def _scores_sheet(m: Mapping[str, Any], name: str, lang: ChartLanguage) -> Sheet:
    columns = _COLUMNS | {key: column for key, column in _SOMETIMES.items() if any(key in row for row in m["scores"])}
    return Sheet(
        name=name,
        header=[_in(heading, lang) for heading, _, _ in columns.values()],
        rows=[[_cell(row, key, lang) for key in columns] for row in m["scores"]],
        widths=[width for _, width, _ in columns.values()],
        formats=[style for _, _, style in columns.values()],
        frozen_columns=1,
    )


def _cell(row: Mapping[str, Any], key: str, lang: ChartLanguage) -> CellValue:
    if key == "laboratory":
        return label(row)
    if key == "signal":
        words = SIGNALS[row["signal"]]
        return f"{words.letter} {_in(words.word, lang)}"
    if key == "rows":
        return ", ".join(map(str, row.get("rows") or [])) or None
    value: CellValue = row.get(key)
    return value


def _verdict_sheet(judging: Mapping[str, Any], lang: ChartLanguage) -> Sheet:
    numbers = {
        "satisfactory": t("Satisfactory", "满意"),
        "questionable": t("Questionable", "可疑"),
        "unsatisfactory": t("Unsatisfactory", "不满意"),
        "not_scored": t("Without a score", "未评分"),
    }
    header = [t("Laboratory", "实验室"), *numbers.values(), t("Verdict", "结论")]
    return Sheet(
        name=_in(t("verdicts", "结论"), lang).replace("/", "-"),
        header=[_in(text, lang) for text in header],
        rows=[
            [one["laboratory"], *(one[key] for key in numbers), _in(PASSED if one["passed"] else FAILED, lang)]
            for one in judging["laboratories"]
        ],
        widths=[24, 12, 12, 12, 12, 14],
    )


def _left_out_sheet(rows: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]], lang: ChartLanguage) -> Sheet:
    header = [
        t("Measurand", "被测量"),
        t("Row", "行号"),
        t("Laboratory", "实验室"),
        t("Result", "结果"),
        t("Reason", "原因"),
    ]
    return Sheet(
        name=_in(t("left out", "未评分"), lang).replace("/", "-"),
        header=[_in(text, lang) for text in header],
        rows=[
            [m["measurand"], row["row"], row["laboratory"], row["result"], _in(report_data.reason(row), lang)]
            for m, row in rows
        ],
        widths=[20, 12, 24, 12, 60],
    )


def _sheet_name(m: Mapping[str, Any], of: int, before: int) -> str:
    """A name that a workbook accepts (31 characters, none of []:*?/\\) and that no other sheet has."""
    wanted = str(m["measurand"] or "scores")
    kept = "".join("-" if character in "[]:*?/\\" else character for character in wanted).strip("'")
    return (f"{before + 1} {kept}" if of > 1 else kept)[:31]


def _in(text: Text, lang: ChartLanguage) -> str:
    return text.both() if lang == "both" else text.in_(lang)
