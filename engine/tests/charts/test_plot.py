"""Drawing without Matplotlib is refused with the way to get it; the drawings themselves are calls on the axes."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from intercomp import charts, plot
from intercomp.errors import InputError


def test_without_matplotlib_the_extra_is_named(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(plot.NoMatplotlib, match=r'pip install "intercomp\[plot\]"'):
        plot.draw(charts.sorted_scores(["a", "b"], [1.0, 2.0]))


def test_what_is_no_chart_is_refused() -> None:
    with pytest.raises(InputError, match="is no chart"):
        plot.draw([1, 2, 3])


class Axes:
    """Stands for Matplotlib's axes and remembers what was drawn."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **_how: self.calls.append((name, given))

    def names(self) -> list[str]:
        return [name for name, _ in self.calls]


def test_every_chart_has_a_painter() -> None:
    assert set(plot._PAINTERS) == set(charts.CHARTS.values())


def test_bars_are_drawn_with_their_limits_and_what_is_off_scale_with_its_value() -> None:
    axes = Axes()
    assert plot.draw(charts.sorted_scores(["a", "b"], [1.0, 9.0]), axes) is axes
    assert [given[0] for name, given in axes.calls if name == "annotate"] == ["9.0"]
    assert sorted(given[0] for name, given in axes.calls if name == "axhline") == [-3.0, -2.0, 0, 2.0, 3.0]


def test_a_limit_is_drawn_as_an_arrow_and_no_uncertainty_as_no_bar() -> None:
    chart = charts.results_with_bands(["a", "b"], [1.0, 2.0], 1.5, 0.5, U=[0.1, None], limits=[("c", 0.5, "below")])
    axes = Axes()
    plot.draw(chart, axes)
    assert [given[2] for name, given in axes.calls if name == "plot" and len(given) == 3] == ["o", "o", "v"]
    assert axes.names().count("axhspan") == 2


def test_the_uncertainty_of_the_pomplot_grows_downwards() -> None:
    axes = Axes()
    plot.draw(charts.pom_plot(["a"], [1.0], [0.5]), axes)
    assert "invert_yaxis" in axes.names()
