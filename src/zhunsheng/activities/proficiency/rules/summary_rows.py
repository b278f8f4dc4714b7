"""Rows that sum up the others, left below the data of a sheet: they look like one more laboratory."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from zhunsheng.foundation.bilingual import Text, t

MOST_NAMED = 10

_NAMES = frozenset(
    [
        "mean",
        "average",
        "median",
        "robustmean",
        "standarddeviation",
        "robuststandarddeviation",
        "sd",
        "stdev",
        "rsd",
        "cv",
        "sum",
        "total",
        "minimum",
        "maximum",
        "min",
        "max",
        "xpt",
        "x*",
        "s*",
        "sigmapt",
        "σpt",
        "assignedvalue",
        "consensusvalue",
        "平均值",
        "平均",
        "均值",
        "算术平均值",
        "稳健平均值",
        "中位值",
        "中位数",
        "标准差",
        "标准偏差",
        "稳健标准差",
        "相对标准差",
        "相对标准偏差",
        "变异系数",
        "合计",
        "总计",
        "最小值",
        "最大值",
        "极差",
        "指定值",
        "公议值",
        "能力评定标准差",
    ]
)
_NOISE = re.compile(r"[\s_.:()]+")


def looks_like_a_summary(name: str) -> bool:
    """Whether a name in the column of laboratories is that of a statistic: Mean, 中位值, x_pt, 指定值."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold() in _NAMES


def summary_rows(rows: Sequence[tuple[int, str]]) -> Text:
    """Said of such rows, which were read as laboratories all the same."""
    told = [f"{row} “{name}”" for row, name in rows[:MOST_NAMED]] + ["…"] * (len(rows) > MOST_NAMED)
    return t(
        "Rows that look like summary rows but were read as laboratories: {rows}. If they are, delete them and evaluate"
        " again.",
        "疑似汇总行、但按实验室读取的行：{rows}。如确为汇总行，请删除后重新评定。",
        rows=Text(en=", ".join(told), zh="、".join(told)),
    )
