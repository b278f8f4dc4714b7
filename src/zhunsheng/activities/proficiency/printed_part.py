"""What of a large round goes on paper: a reader of a report looks at the whole picture and at who needs attention.

A table of 16,000 rows is 400 pages that nobody reads and that take minutes to set. Everything is in the attached data
and in the workbook; the pages show every figure of the round, curves through evenly chosen laboratories, and the rows
farthest from the assigned value. What was not printed is always said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhunsheng.foundation.bilingual import Text, t

MOST_ROWS = 1_000
FEWEST_ROWS = 20
MOST_BARS = 400
FEWEST_BARS = 120


def rows_each(measurands: int) -> int:
    """How many rows of each measurand a report prints."""
    return max(FEWEST_ROWS, MOST_ROWS // measurands)


def bars_each(measurands: int) -> int:
    """How many laboratories the charts of each measurand show."""
    return max(FEWEST_BARS, min(MOST_BARS, 10 * MOST_BARS // measurands))


def printed_part(m: Mapping[str, Any], measurands: int) -> dict[str, Any]:
    """One of so many measurand objects with the rows that are printed; notes tell what is not. A small round stays whole."""
    most, bars = rows_each(measurands), bars_each(measurands)
    part = dict(m)
    if len(m["scores"]) > most:
        used = m["score_used"]
        farthest_first = sorted(m["scores"], key=lambda row: -abs(row[used]))
        part["scores"] = farthest_first[:most]
        part["notes"] = [*m["notes"], _words(_rows_note(m, part["scores"]))]
    if len(m["left_out"]) > most:
        part["left_out"] = m["left_out"][:most]
        part["notes"] = [*part["notes"], _words(_left_out_note(len(m["left_out"]), most))]
    if len(m["scores"]) > bars:
        part["notes"] = [*part["notes"], _words(_bars_note(len(m["scores"]), bars))]
    return part


def thinned(sorted_marks: Sequence[Any], most: int) -> list[Any]:
    """Evenly chosen marks of a sorted series with both its ends, so that the curve keeps its form."""
    n = len(sorted_marks)
    if n <= most:
        return list(sorted_marks)
    return [sorted_marks[round(i * (n - 1) / (most - 1))] for i in range(most)]


def _words(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _rows_note(m: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Text:
    printed = sum(row["signal"] != "acceptable" for row in rows)
    signalled = sum(row["signal"] != "acceptable" for row in m["scores"])
    return t(
        "The table lists the {n} of {all} laboratories farthest from the assigned value, farthest first, among them"
        " {printed} of the {signalled} warning and action signals. All results and scores are in the attached"
        " evaluation.json.",
        "表中列出 {all} 家实验室中偏离指定值最大的 {n} 家，由大到小排列，其中包含全部 {signalled} 个可疑和不满意结果中的 {printed} 个。"
        "全部结果和比分数见附件 evaluation.json。",
        n=len(rows),
        all=len(m["scores"]),
        printed=printed,
        signalled=signalled,
    )


def _left_out_note(n: int, most: int) -> Text:
    return t(
        "Of {n} results left out the first {most} are listed; all are in the attached evaluation.json.",
        "未评分的结果共 {n} 个，表中只列前 {most} 个，全部见附件 evaluation.json。",
        n=n,
        most=most,
    )


def _bars_note(n: int, most: int) -> Text:
    return t(
        "The charts show {most} laboratories evenly chosen from {n} in ascending order, both ends among them.",
        "图中从升序排列的 {n} 家实验室中等间隔选取 {most} 家，首尾均包含在内。",
        most=most,
        n=n,
    )
