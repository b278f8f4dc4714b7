"""An evaluation as pages show it: one measurand at a time, its table in the order asked for, its charts.

Used by the offices, which see names beside codes, and by the workspace, which sees codes and its own row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from zhunsheng.activities.proficiency.chart_data import result_data, z_score_data
from zhunsheng.activities.proficiency.documents import measurands_of
from zhunsheng.activities.proficiency.words import method_name as method_name
from zhunsheng.faces.lists import order_of, page_of
from zhunsheng.foundation.bilingual import Text

Names = Mapping[str, tuple[Text, Any]]

ROWS_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A row of the table: the scores, and the name where the reader may see it."""

    score: Mapping[str, Any]
    name: Text | None
    own: bool

    @property
    def code(self) -> str:
        return str(self.score["code"] or self.score["laboratory"])


def _number(key: str) -> Callable[[ScoreRow], Any]:
    return lambda row: row.score[key]


SORTS: dict[str, Callable[[ScoreRow], Any]] = {
    "code": lambda row: row.code,
    "name": lambda row: str(row.name) if row.name else None,
    "result": _number("value"),
    "U": _number("U"),
    "k": lambda row: _k(row.score["k"]),
    "z": _number("z"),
    "z_prime": _number("z_prime"),
    "zeta": _number("zeta"),
    "e_n": _number("e_n"),
    "signal": lambda row: ("acceptable", "warning", "action").index(row.score["signal"]),
}


def _k(reported: str | None) -> float | None:
    try:
        return float(reported) if reported else None
    except ValueError:
        return None


def measurand_name(measurand: Mapping[str, Any], *, title: Text) -> Text:
    """Mercury in feed, item A: what a measurand is called on a page; the round's title where the file named none."""
    parts = [str(part) for part in (measurand["measurand"], measurand["item"]) if part]
    return Text(en=", ".join(parts), zh="，".join(parts)) if parts else title


def in_order(rows: Sequence[ScoreRow], sort: str) -> list[ScoreRow]:
    """The rows by a column; those without a value stand last in either direction."""
    key, down = SORTS[sort.removeprefix("-")], sort.startswith("-")
    known = [row for row in rows if key(row) is not None]
    return sorted(known, key=key, reverse=down) + [row for row in rows if key(row) is None]


def table_of(measurand: Mapping[str, Any], *, names: Names, own: str | None) -> list[ScoreRow]:
    """All rows of a measurand with the names that the reader may see."""
    rows = []
    for score in measurand["scores"]:
        code = score["code"] or score["laboratory"]
        name = names[code][0] if code in names else None
        rows.append(ScoreRow(score=score, name=name, own=own is not None and code == own))
    return rows


def chosen(request: HttpRequest, measurands: Sequence[Any]) -> int:
    """Which measurand the address asks for, counted from 0; the first for one that there is not."""
    asked = request.GET.get("measurand", "1")
    position = int(asked) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    return position if 0 <= position < len(measurands) else 0


def shown(
    request: HttpRequest,
    document: Mapping[str, Any],
    *,
    title: Text,
    names: Names | None = None,
    own: str | None = None,
) -> dict[str, Any]:
    """What the templates `proficiency/*.html` need of an evaluation document."""
    measurands = measurands_of(document)
    position = chosen(request, measurands)
    measurand = measurands[position]
    verdicts = document["judging"]["laboratories"] if "judging" in document else []
    sort = order_of(request, SORTS, "code")
    rows = table_of(measurand, names=names or {}, own=own)
    size = max(len(rows), 1) if request.GET.get("rows") == "all" else ROWS_A_PAGE
    return {
        "document": document, "measurands": [measurand_name(one, title=title) for one in measurands], "position": position,
        "measurand": measurand, "measurand_name": measurand_name(measurand, title=title), "named": names is not None, "sort": sort,
        "rows": page_of(request, in_order(rows, sort), size=size), "own": next((r for r in rows if r.own), None),
        "own_left_out": [row for row in measurand["left_out"] if own is not None and row["laboratory"] == own],
        "names": names or {}, "method_name": method_name,
        "own_verdict": next((v for v in verdicts if own is not None and v["laboratory"] == own), None),
        "failed": [v["laboratory"] for v in verdicts if not v["passed"]],
        "z_chart": z_score_data(measurand, own=own), "result_chart": result_data(measurand, own=own),
    }  # fmt: skip
