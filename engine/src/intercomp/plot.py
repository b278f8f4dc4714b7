"""Drawings of the standard charts for notebooks, with Matplotlib (the extra [plot]).

`draw(chart)` draws any object of `intercomp.charts` on new axes or on given ones and returns the axes.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from intercomp import charts
from intercomp.errors import InputError

_SIGNAL = {"acceptable": "#3b6ea5", "warning": "#d98f00", "action": "#b3261e", "": "#999999"}
_DARK_FROM = 2.5  # where the colours of the heat map ask for white figures
_INK, _FAINT, _BAND = "#222222", "#999999", "#3b6ea5"


class NoMatplotlib(ImportError):
    """Matplotlib is not installed; the message says how to install the extra."""


def _pyplot() -> Any:
    try:
        return import_module("matplotlib.pyplot")
    except ImportError as error:
        told = 'drawing needs Matplotlib; install the extra: pip install "intercomp[plot]"'
        raise NoMatplotlib(told) from error


def draw(chart: Any, axes: Any = None) -> Any:
    """Draw a chart of `intercomp.charts`; returns the axes (a pair of them for MandelPlot).

    axes  Matplotlib axes, or None for a new figure. Raises NoMatplotlib without the extra [plot], InputError on anything
    that is no chart.
    """
    painter = _PAINTERS.get(type(chart))
    if painter is None:
        raise InputError(
            "chart", f"{type(chart).__name__} is no chart", "give what a function of intercomp.charts returns"
        )
    if axes is None:
        rows = 2 if isinstance(chart, charts.MandelPlot) else 1
        _, axes = _pyplot().subplots(rows, 1, figsize=(8, 4 * rows), layout="constrained")
    painter(chart, axes)
    return axes


def _sorted_scores(chart: charts.SortedScores, axes: Any) -> None:
    places = range(len(chart.bars))
    axes.bar(places, [bar.height for bar in chart.bars], color=[_SIGNAL[bar.signal] for bar in chart.bars])
    for place, bar in enumerate(chart.bars):
        if bar.off_scale:
            axes.annotate(f"{bar.score:.1f}", (place, bar.height), ha="center", va="bottom" if bar.score > 0 else "top")
    _lines_at(axes, (chart.warning, "--"), (chart.action, "-"))
    axes.set_xticks(list(places), [bar.laboratory for bar in chart.bars], rotation=90)
    axes.set_ylabel(chart.score)
    if chart.missing:
        axes.set_xlabel(f"no score: {', '.join(chart.missing)}")


def _lines_at(axes: Any, *lines: tuple[float, str]) -> None:
    axes.axhline(0, color=_INK, linewidth=0.8)
    for height, style in lines:
        for side in (-1, 1):
            axes.axhline(side * height, color=_FAINT, linestyle=style, linewidth=0.8)


def _results(chart: charts.ResultsWithBands, axes: Any) -> None:
    for band, alpha in ((chart.action_band, 0.08), (chart.warning_band, 0.12), (chart.U_band, 0.25)):
        if band is not None:
            axes.axhspan(*band, color=_BAND, alpha=alpha, linewidth=0)
    axes.axhline(chart.x_pt, color=_INK, linewidth=0.8)
    shown = [*chart.points, *chart.excluded]
    for place, point in enumerate(shown):
        hollow = point.lower is None or point in chart.excluded
        if point.lower is not None and point.upper is not None:
            axes.plot([place, place], [point.lower, point.upper], color=_INK, linewidth=1)
        axes.plot(place, point.value, "o", color=_INK, markerfacecolor="white" if hollow else _INK)
    for place, (_, limit, side) in enumerate(chart.arrows, start=len(shown)):
        axes.plot(place, limit, "v" if side == "below" else "^", color=_INK)
    names = [point.laboratory for point in shown] + [name for name, _, _ in chart.arrows]
    axes.set_xticks(range(len(names)), names, rotation=90)


def _density(chart: charts.DensityChart, axes: Any) -> None:
    width = np.diff(chart.edges)
    axes.bar(chart.edges[:-1], np.array(chart.counts) / (chart.n * width), width, align="edge", color=_BAND, alpha=0.3)
    axes.plot(chart.places, chart.density, color=_INK)
    for place, _ in chart.modes:
        axes.axvline(place, color=_FAINT, linestyle=":")
    if chart.x_pt is not None:
        axes.axvline(chart.x_pt, color=_SIGNAL["action"], linewidth=0.8)
    axes.set_xlabel(f"bandwidth {chart.bandwidth:.3g} ({chart.bandwidth_rule})")


def _youden(chart: charts.YoudenPlot, axes: Any) -> None:
    axes.axvline(chart.medians[0], color=_FAINT, linewidth=0.8)
    axes.axhline(chart.medians[1], color=_FAINT, linewidth=0.8)
    axes.plot(*zip(*chart.diagonal, strict=True), color=_FAINT, linestyle="--")
    if chart.ellipse:
        axes.plot(*zip(*chart.ellipse, strict=True), color=_BAND)
    for point in chart.points:
        axes.plot(point.a, point.b, "o", color=_SIGNAL["action"] if point.outside else _INK)
        if point.outside:
            axes.annotate(point.laboratory, (point.a, point.b), xytext=(4, 4), textcoords="offset points")
    axes.set_aspect("equal", adjustable="datalim")


def _mandel(chart: charts.MandelPlot, axes: Any) -> None:
    panels = (
        ("h", chart.h, chart.h_critical_5, chart.h_critical_1),
        ("k", chart.k, chart.k_critical_5, chart.k_critical_1),
    )
    width = 0.8 / len(chart.levels)
    for panel, (name, table, critical_5, critical_1) in zip(np.ravel(axes), panels, strict=True):
        for level in range(len(chart.levels)):
            heights = [np.nan if row[level] is None else row[level] for row in table]
            panel.bar(np.arange(len(table)) - 0.4 + (level + 0.5) * width, heights, width, label=chart.levels[level])
        signs = (-1, 1) if name == "h" else (1,)
        for value, style in ((max(critical_5), "--"), (max(critical_1), "-")):
            for sign in signs:
                panel.axhline(sign * value, color=_FAINT, linestyle=style, linewidth=0.8)
        panel.set_xticks(range(len(table)), chart.laboratories)
        panel.set_ylabel(name)
    np.ravel(axes)[0].legend(title="level", fontsize="small")


def _pom(chart: charts.PomPlot, axes: Any) -> None:
    for zeta, (across, down) in chart.rays:
        axes.plot([0, across], [0, down], color=_FAINT, linewidth=0.8)
        axes.annotate(f"{zeta:+g}", (across, down), color=_FAINT, ha="center", va="top")
    for point in chart.points:
        axes.plot(point.deviation, point.uncertainty, "s", color=_SIGNAL["action"] if point.outside else _INK)
        axes.annotate(point.laboratory, (point.deviation, point.uncertainty), xytext=(4, 2), textcoords="offset points")
    axes.invert_yaxis()
    axes.set_xlabel(f"D/Δ, Δ = {chart.scale:.3g} ({chart.scale_is})")
    axes.set_ylabel(f"u/Δ ({chart.orientation})")


def _control(chart: charts.ControlChart, axes: Any) -> None:
    places = np.arange(len(chart.rounds))
    z = np.array([np.nan if one is None else one for one in chart.z])
    axes.plot(places, z, "o-", color=_INK, linewidth=0.8)
    flagged = np.array(chart.flagged)
    axes.plot(places[flagged], z[flagged], "o", color=_SIGNAL["action"])
    axes.plot(places, chart.ewma, color=_BAND, label="EWMA")
    for side in (-1, 1):
        axes.plot(places, side * np.array(chart.ewma_limit), color=_BAND, linestyle=":")
    _lines_at(axes, (chart.warning, "--"), (chart.action, "-"))
    axes.set_xticks(places, chart.rounds, rotation=90)
    axes.set_ylabel("z")
    axes.legend(fontsize="small")


def _degrees(chart: charts.DegreesChart, axes: Any) -> None:
    axes.axhline(0, color=_FAINT, linewidth=0.8)
    for place, point in enumerate(chart.points):
        color = _INK if point.equivalent else _SIGNAL["action"]
        axes.plot([place, place], [point.lower, point.upper], color=color)
        axes.plot(place, point.D, "o", color=color)
    axes.set_xticks(range(len(chart.points)), [point.laboratory for point in chart.points], rotation=90)
    axes.set_ylabel(f"D, bars U (k = {chart.k:g})")


def _heat(chart: charts.HeatMap, axes: Any) -> None:
    table = np.array([[np.nan if one is None else one for one in row] for row in chart.scores])
    axes.imshow(np.clip(table, -4, 4), cmap="RdBu_r", vmin=-4, vmax=4, aspect="auto")
    for row, column in zip(*np.nonzero(~np.isnan(table)), strict=True):
        ink = "white" if abs(table[row, column]) > _DARK_FROM else _INK
        axes.text(column, row, f"{table[row, column]:.1f}", ha="center", va="center", fontsize=7, color=ink)
    axes.set_xticks(range(len(chart.laboratories)), chart.laboratories, rotation=90)
    axes.set_yticks(range(len(chart.measurands)), chart.measurands)


_PAINTERS: dict[type, Callable[[Any, Any], None]] = {
    charts.SortedScores: _sorted_scores,
    charts.ResultsWithBands: _results,
    charts.DensityChart: _density,
    charts.YoudenPlot: _youden,
    charts.MandelPlot: _mandel,
    charts.PomPlot: _pom,
    charts.ControlChart: _control,
    charts.DegreesChart: _degrees,
    charts.HeatMap: _heat,
}
