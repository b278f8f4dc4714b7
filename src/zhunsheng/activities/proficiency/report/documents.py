"""The report to one laboratory: its own results against the round, the others as a curve without codes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhunsheng.activities.proficiency import figures, report_data
from zhunsheng.activities.proficiency.chart_data import label, result_data, z_score_data
from zhunsheng.activities.proficiency.documents import measurands_of
from zhunsheng.activities.proficiency.printed_part import bars_each, thinned
from zhunsheng.activities.proficiency.rules.corrections import status
from zhunsheng.activities.proficiency.words import SIGNALS
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import SigningKey, canonical_json, qr_claim, qr_svg, seal_pdf
from zhunsheng.foundation.typesetting.charts import ChartLanguage, is_long, render_svg
from zhunsheng.foundation.typesetting.typeset import Attachment, typeset

Object = Mapping[str, Any]

MOST_BARS = 150
"""So many marks a curve are told apart on a page of 168 mm; more cost time and kilobytes in every one of some thousand reports."""
_ISSUED = t("Final", "最终报告")
_NOT_SCORED = t("not scored", "未评分")
_KINDS = {"z": "z", "z_prime": "z′", "zeta": "ζ", "e_n": "E_n"}


@dataclass(frozen=True, slots=True)
class Corrected:
    """The corrigendum by which a report gives way to this one: which it is, why, and every score that it changed."""

    number: int
    reason: str
    changes: Sequence[Object]


def laboratory_report_number(round_number: str, code: str, corrigendum: int = 0) -> str:
    """A number of its own for every report: the one after the nth corrigendum ends with its number."""
    return f"{round_number}-{code}" + (f"-C{corrigendum}" if corrigendum else "")


@dataclass(frozen=True, slots=True)
class Issue:
    """What all reports on one evaluation have in common, gone through once: its document, its hash, and the rows of each code."""

    document: Object
    sha256: str
    scores: Sequence[Mapping[str, Sequence[Object]]]
    left_out: Sequence[Mapping[str, Sequence[Object]]]

    @classmethod
    def of(cls, document: Object) -> "Issue":
        """The issue of a document; for each measurand in its order, rows by the code they are printed under."""
        measurands = measurands_of(document)
        return cls(
            document, hashlib.sha256(canonical_json(dict(document))).hexdigest(),
            [_by_code(m["scores"]) for m in measurands], [_by_code(m["left_out"]) for m in measurands],
        )  # fmt: skip


def _by_code(rows: Sequence[Object]) -> dict[str, list[Object]]:
    found: dict[str, list[Object]] = {}
    for row in rows:
        for code in {label(row), row["laboratory"]}:
            found.setdefault(code, []).append(row)
    return found


def own_part(issue: Issue, code: str, corrected: Corrected | None = None, replaces: str = "") -> dict[str, Any]:
    """What the evaluation says of one laboratory: the document with its own rows alone, and what a corrigendum changed."""
    kept = ("measurand", "item", "unit", "assigned_value", "sigma_pt", "score_used", "u_limit", "counts", "statistics")
    return {
        "schema": "zhunsheng-laboratory-report/1", "title": issue.document["title"], "laboratory": code,
        "evaluation_sha256": issue.sha256,
        "measurands": [
            {key: m[key] for key in kept if key in m}
            | {"scores": list(scores.get(code, [])), "left_out": list(left_out.get(code, []))}
            for m, scores, left_out in zip(measurands_of(issue.document), issue.scores, issue.left_out, strict=True)
        ],
    } | _corrigendum(corrected, code, replaces)  # fmt: skip


def _corrigendum(corrected: Corrected | None, code: str, replaces: str) -> dict[str, Any]:
    if corrected is None:
        return {}
    mine = [
        {key: one[key] for key in ("measurand", "old", "new")} for one in corrected.changes if one["laboratory"] == code
    ]
    return {
        "corrigendum": {
            "number": corrected.number, "replaces": replaces, "reason": corrected.reason, "changes": mine,
        }
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """One report before it is set: its number, its figures as they are attached, and the code to be photographed."""

    code: str
    number: str
    own: Object
    canonical: bytes
    qr: bytes
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Reports that are set together, by whichever process: plain data, no key."""

    document: Object
    lang: ChartLanguage
    issuer: Text
    wanted: Sequence[Wanted]


def wanted(
    issue: Issue, code: str, *, round_number: str, issuer: Text, key: SigningKey, corrected: Corrected | None = None
) -> Wanted:
    """What stands in the report of one laboratory, its key facts signed."""
    number = laboratory_report_number(round_number, code, corrected.number if corrected else 0)
    replaces = laboratory_report_number(round_number, code, corrected.number - 1) if corrected else ""
    own = own_part(issue, code, corrected, replaces)
    canonical = canonical_json(own)
    facts = {
        "issuer": issuer.both()[:200], "title": str(issue.document["title"])[:200], "laboratory": code, "report": number
    }  # fmt: skip
    qr = qr_svg(qr_claim(facts, hashlib.sha256(canonical).digest(), key)).encode()
    return Wanted(code, number, own, canonical, qr, facts)


def render(batch: Batch) -> list[bytes]:
    """Set the reports of a batch, with their own figures attached as `results.json`; pure, the same bytes for the same batch."""
    return [_rendered(batch, one) for one in batch.wanted]


def _rendered(batch: Batch, one: Wanted) -> bytes:
    images, digest = {"qr": one.qr}, hashlib.sha256(one.canonical).hexdigest()
    data = _data(batch.document, one.own, one.code, batch.lang, one.number, batch.issuer, images, digest)
    described = "Own results and scores, canonical JSON (RFC 8785) 本实验室结果与比分数"
    attached = {"results.json": Attachment(one.canonical, "application/json", described)}
    return typeset("laboratory", data, images=images, attachments=attached)


def sealed(pdf: bytes, one: Wanted, *, key: SigningKey) -> bytes:
    """The report as it is handed out."""
    return seal_pdf(pdf, key=key, facts=dict(one.facts), data=one.canonical, attachment_name="results.json")


def _data(
    document: Object, own: Object, code: str, lang: ChartLanguage, number: str, issuer: Text, images: dict[str, bytes], digest: str
) -> dict[str, Any]:  # fmt: skip
    measurands = measurands_of(document)
    data = report_data.head(document, measurands, number, digest)
    data |= {"lang": lang, "author": {"en": issuer.en, "zh": issuer.zh}, "code": code, "json_sha256": digest}
    data |= _amended(own.get("corrigendum"), measurands)
    bars = min(MOST_BARS, bars_each(len(measurands)))
    data["measurands"] = [
        _measurand(m, mine, n, code, lang, bars, images)
        for n, (m, mine) in enumerate(zip(measurands, own["measurands"], strict=True), 1)
    ]
    return data


def _amended(corrigendum: Object | None, measurands: Sequence[Object]) -> dict[str, Any]:
    """The status of the report, and what a corrigendum changed of this laboratory's scores as rows to print."""
    if corrigendum is None:
        return {"status": _words(_ISSUED), "corrected": None}
    said = status(corrigendum["number"], corrigendum["replaces"], corrigendum["reason"])
    rows = [
        {
            "measurand": report_data.name_of(measurands[one["measurand"]]),
            "old": _before_and_after(one["old"]), "new": _before_and_after(one["new"]),
        }
        for one in corrigendum["changes"]
    ]  # fmt: skip
    return {"status": _words(said), "corrected": rows}


def _before_and_after(side: Object | None) -> dict[str, Any]:
    if side is None:
        return {"result": "–", "score": "–", "signal": _words(_NOT_SCORED)}
    score = f"{_KINDS[side['score_kind']]} {figures.score(side['score'])}"
    return {"result": str(side["result"]), "score": score, "signal": _words(SIGNALS[side["signal"]].word)}


def _words(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _measurand(
    m: Object, mine: Object, n: int, code: str, lang: ChartLanguage, bars: int, images: dict[str, bytes]
) -> dict[str, Any]:
    """The sections of one measurand: all that holds for the round, and of the rows the own ones alone."""
    part = report_data.measurand({**m, "scores": mine["scores"], "left_out": mine["left_out"], "notes": m["notes"]})
    part["own"] = [_own(row, m) for row in mine["scores"]]
    return part | _charts(m, n, code, lang, bars, images)


def _own(row: Object, m: Object) -> dict[str, Any]:
    used = m["score_used"]
    signal = SIGNALS[row["signal"]]
    return {
        "result": str(row["result"]), "uncertainty": row.get("uncertainty") or "–", "k": str(row.get("k") or "–"),
        "used": used, "score": figures.score(row[used]), "zeta": figures.score(row.get("zeta")),
        "e_n": figures.score(row.get("e_n")), "letter": signal.letter, "word": {"en": signal.word.en, "zh": signal.word.zh},
    }  # fmt: skip


def _charts(m: Object, n: int, code: str, lang: ChartLanguage, bars: int, images: dict[str, bytes]) -> dict[str, Any]:
    """The curves of the round with the own mark; the other laboratories bear no code here."""
    scores, results = z_score_data(m, code), result_data(m, code)
    scores |= {"laboratories": len(scores["bars"]), "bars": _nameless(scores["bars"], bars, code)}
    results |= {"laboratories": len(results["points"]), "points": _nameless(results["points"], bars, code)}
    names = {"z_chart": f"z-{n}", "result_chart": f"results-{n}"}
    height = 400 if is_long(code) else 320
    images[names["z_chart"]] = render_svg("zScores", scores, lang, height=height).encode()
    images[names["result_chart"]] = render_svg("resultBars", results, lang, height=height).encode()
    return names | {"z_alt": scores["description"], "result_alt": results["description"]}


def _nameless(marks: Sequence[dict[str, Any]], most: int, code: str) -> list[dict[str, Any]]:
    """Evenly chosen marks, the own one always among them."""
    own = next((i for i, one in enumerate(marks) if one["own"]), None)
    kept = thinned(list(range(len(marks))), most)
    places = sorted({*kept, own} if own is not None else set(kept))
    return [marks[i] if marks[i]["own"] else {**marks[i], "label": ""} for i in places]
