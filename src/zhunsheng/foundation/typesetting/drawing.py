"""One V8 a process, in which ECharts draws the charts that a browser would draw."""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from py_mini_racer import MiniRacer

_STATIC = Path(__file__).parent / "static"
_SCRIPTS = (_STATIC / "vendor/echarts/echarts.min.js", _STATIC / "charts/options.js")
_DRAW = """
function drawChart(kind, data, lang, width, height) {
  var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  chart.setOption(ZhunshengCharts[kind](data, lang, {print: true, width: width, height: height}));
  var svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
"""

# V8 lives on a thread of its own: it then never finds, and never blocks, the event loop of whoever asks for a picture.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
_engine: MiniRacer | None = None

# What only a pointer needs, and counters that grow with every chart drawn: without them the same data give the same bytes.
_FOR_POINTERS = re.compile(r'<style >.*?</style>| (?:class|pointer-events|ecmeta_\w+)="[^"]*"', re.DOTALL)
_COUNTER = re.compile(r"\bzr\d+-")
# The font is a variable one whose first instance is Thin, and its weight axis is set only by name.
_REGULAR = re.compile(r'style="(font(?![^"]*\b700\b)[^"]*?);?"')


def draw(kind: str, data: Mapping[str, Any], lang: str, width: int, height: int) -> str:
    """The chart `kind` of options.js as SVG, cleaned for print."""
    arguments = ", ".join(json.dumps(value) for value in (kind, data, lang, width, height))
    svg = _thread.submit(lambda: str(_v8().eval(f"drawChart({arguments})"))).result()
    svg = _COUNTER.sub("z-", _FOR_POINTERS.sub("", svg))
    return _REGULAR.sub(r"""style="\1;font-variation-settings:'wght' 400\"""", svg)


def _v8() -> MiniRacer:
    global _engine
    if _engine is None:
        _engine = MiniRacer()
        for script in _SCRIPTS:
            _engine.eval(script.read_text(encoding="utf-8"))
        _engine.eval(_DRAW)
    return _engine


def _forget() -> None:
    """A forked child has the memory of V8 but not its threads: it makes its own, and never waits for the old one to close."""
    global _engine, _thread
    if _engine is not None:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(_engine))
    _engine, _thread = None, ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")


def _close() -> None:
    """V8 left open would keep the interpreter from ending."""
    global _engine
    if _engine is not None:
        _engine.close()
    _engine = None


os.register_at_fork(after_in_child=_forget)
atexit.register(_close)
