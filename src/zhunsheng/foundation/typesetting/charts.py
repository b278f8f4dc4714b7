"""Charts as SVG for print: the drawing itself is `static/charts/options.js`, which browsers load as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from zhunsheng.foundation.typesetting.drawing import draw

Kind = Literal["zScores", "resultBars", "controlChart"]
ChartLanguage = Literal["zh", "en", "both"]

LONGEST_LABEL = 18  # as in options.js


def render_svg(kind: Kind, data: Mapping[str, Any], lang: ChartLanguage, *, width: int = 680, height: int = 320) -> str:
    """The chart as an SVG picture for print; the same data give the same bytes."""
    return draw(kind, data, lang, width, height)


def is_long(name: str) -> bool:
    """Whether a chart must shorten it; a Han character is two wide."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in name) > LONGEST_LABEL
