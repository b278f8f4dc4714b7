"""The data of the standard charts against what their conventions say."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import intercomp
import numpy as np
import pytest
from intercomp import charts
from intercomp.inputs import InputError

CASES = {
    case["id"]: case["data"] for case in json.loads(files("intercomp").joinpath("cases/cases.json").read_text("utf-8"))
}
MERCURY, CHROMIUM = CASES["iso13528-E4-scores-mercury-feed"], CASES["metRology-chromium-youden"]
CREOSOTE, POWER = CASES["iso5725-2-B3-creosote-outlier-tests"], CASES["cox2002-procedureA-doe-rf-k25w"]
COLIFORMS = CASES["iso13528-E6-kernel-mode-coliforms"]


def power_degrees() -> Any:
    reference = intercomp.weighted_mean(POWER["x"], POWER["u"])
    return intercomp.degrees_of_equivalence(POWER["x"], POWER["u"], reference)


def every_chart() -> list[Any]:
    z = intercomp.z(MERCURY["x"], MERCURY["x_pt"], MERCURY["sigma_pt"])
    degrees, labs = power_degrees(), MERCURY["lab"]
    return [
        charts.sorted_scores(labs, z),
        charts.results_with_bands(labs, MERCURY["x"], 0.044, 0.0066, U=MERCURY["U"], U_xpt=0.0082),
        charts.density_chart(COLIFORMS["x"], sigma_pt=0.25, x_pt=3.79),
        charts.youden_plot(CHROMIUM["lab"], CHROMIUM["QC"], CHROMIUM["RM"]),
        charts.mandel_plot(intercomp.precision(CREOSOTE["levels"]), list("123456789"), list("12345")),
        charts.pom_plot(POWER["lab"], degrees.D, degrees.u),
        charts.control_chart(["r1", "r2", "r3"], [0.5, np.nan, 3.5]),
        charts.degrees_chart(degrees, POWER["lab"]),
        charts.heat_map(["Hg", "Pb"], labs, [z, np.full(len(labs), np.nan)]),
    ]


def test_every_chart_has_data_and_every_one_is_json() -> None:
    made = every_chart()
    assert [type(chart) for chart in made] == list(charts.CHARTS.values())
    for chart in made:
        assert json.loads(json.dumps(charts.as_json(chart), allow_nan=False)) == charts.as_json(chart)


def test_bars_rise_ties_keep_their_order_and_what_is_off_scale_says_so() -> None:
    chart = charts.sorted_scores(["a", "b", "c", "d", "e", "f"], [7.5, -1.0, np.nan, -1.0, 2.0, -9.0])
    assert [bar.laboratory for bar in chart.bars] == ["f", "b", "d", "e", "a"]
    assert [(bar.height, bar.off_scale) for bar in chart.bars] == [
        (-5.0, True), (-1.0, False), (-1.0, False), (2.0, False), (5.0, True),
    ]  # fmt: skip
    assert [bar.signal for bar in chart.bars] == ["action", "acceptable", "acceptable", "acceptable", "action"]
    assert (chart.missing, chart.warning, chart.action) == (("c",), 2.0, 3.0)


def test_bands_lie_about_the_assigned_value_and_open_symbols_have_no_ends() -> None:
    chart = charts.results_with_bands(
        ["a", "b", "c", "d"], [12.0, 9.0, 10.0, 30.0], 10.0, 2.0, U=[1.0, None, np.nan, 2.0], U_xpt=0.5,
        limits=[("e", "5", "below")], exclude=["d"],
    )  # fmt: skip
    assert [(point.laboratory, point.lower, point.upper) for point in chart.points] == [
        ("b", None, None), ("c", None, None), ("a", 11.0, 13.0),
    ]  # fmt: skip
    assert (chart.U_band, chart.warning_band, chart.action_band) == ((9.5, 10.5), (6.0, 14.0), (4.0, 16.0))
    assert ([point.laboratory for point in chart.excluded], chart.arrows) == (["d"], (("e", 5.0, "below"),))


def test_the_density_encloses_one_and_the_histogram_counts_all() -> None:
    chart = charts.density_chart(COLIFORMS["x"], sigma_pt=0.25)
    assert np.trapezoid(chart.density, chart.places) == pytest.approx(1, abs=1e-3)
    assert sum(chart.counts) == chart.n == len(COLIFORMS["x"])
    assert chart.bandwidth == pytest.approx(0.75 * 0.25)
    assert [place for place, _ in chart.modes] == pytest.approx([2.06107, 3.79334], abs=1e-5)
    assert len(charts.density_chart(COLIFORMS["x"], bins=7).counts) == 7


def test_the_ellipse_of_youden_s_plot_holds_a_further_laboratory_with_its_probability() -> None:
    random, held, trials = np.random.default_rng(5), 0, 3000
    names = [str(number) for number in range(12)]
    for _ in range(trials):
        a, b = np.linalg.cholesky([[4.0, 1.5], [1.5, 1.0]]) @ random.standard_normal((2, 13))
        outline = np.array(charts.youden_plot(names, a[:12], b[:12]).ellipse)
        centre = np.array([a[:12].mean(), b[:12].mean()])
        S = np.cov(a[:12], b[:12])
        reach = (outline[0] - centre) @ np.linalg.solve(S, outline[0] - centre)
        held += (point := np.array([a[12], b[12]]) - centre) @ np.linalg.solve(S, point) <= reach
    assert held / trials == pytest.approx(0.95, abs=0.015)


def test_the_laboratory_that_swapped_its_samples_lies_outside_the_ellipse() -> None:
    chart = charts.youden_plot(CHROMIUM["lab"], CHROMIUM["QC"], CHROMIUM["RM"])
    assert [point.laboratory for point in chart.points if point.outside] == ["Lab10", "Lab29"]
    (x1, y1), (x2, y2) = chart.diagonal
    assert y2 - y1 == pytest.approx(x2 - x1)
    on_a_line = charts.youden_plot(["a", "b", "c"], [1, 2, 3], [2, 4, 6])
    assert (on_a_line.ellipse, [point.outside for point in on_a_line.points]) == ((), [False] * 3)


def test_mandel_s_bars_are_grouped_by_laboratory_with_the_limits_of_each_level() -> None:
    found = intercomp.precision(CREOSOTE["levels"])
    chart = charts.mandel_plot(found, list("123456789"), list("12345"))
    assert (len(chart.h), len(chart.h[0])) == (9, 5)
    assert chart.h[0][2] == found.h[2, 0]
    assert chart.h_critical_1[0] == pytest.approx(2.13, abs=0.005)
    assert chart.k_critical_5[0] == pytest.approx(1.90, abs=0.005)
    gap = intercomp.precision([[[1, 2], [3, 4], [5, 7], []], [[1, 2], [3, 4], [5, 7], [2, 3]]])
    assert charts.mandel_plot(gap, list("abcd"), list("12")).h[3][0] is None


def test_the_rays_of_the_pomplot_are_scores_of_zeta() -> None:
    chart = charts.pom_plot(["a", "b", "c"], [1.0, -2.0, 8.0], [1.0, 0.5, 2.0])
    assert [(point.deviation, point.uncertainty) for point in chart.points] == [(0.5, 0.5), (-1.0, 0.25), (4.0, 1.0)]
    assert [point.zeta for point in chart.points] == [1.0, -4.0, 4.0]
    assert [point.outside for point in chart.points] == [False, True, True]
    assert all(across == pytest.approx(zeta * down) for zeta, (across, down) in chart.rays)
    assert (chart.scale, chart.scale_is, "downwards" in chart.orientation) == (2.0, "median |D|", True)
    assert charts.pom_plot(["a"], [1.0], [1.0], scale=4.0).points[0].deviation == 0.25


def test_the_control_chart_flags_by_the_rules_and_leaves_missed_rounds_blank() -> None:
    chart = charts.control_chart(["1", "2", "3", "4"], [0.1, np.nan, 2.5, 2.6])
    assert chart.z == (0.1, None, 2.5, 2.6)
    assert chart.flagged == (False, False, False, True)
    assert chart.ewma[1] == chart.ewma[0]


def test_degrees_are_drawn_with_their_expanded_uncertainty_in_the_order_given() -> None:
    degrees = power_degrees()
    chart = charts.degrees_chart(degrees, POWER["lab"])
    assert [point.laboratory for point in chart.points] == POWER["lab"]
    assert [point.upper - point.D for point in chart.points] == pytest.approx(degrees.U.tolist())
    assert [point.equivalent for point in chart.points] == (abs(degrees.D) <= degrees.U).tolist()


def test_the_heat_map_has_a_blank_where_there_is_no_score() -> None:
    chart = charts.heat_map(["m"], ["a", "b"], [[2.5, np.nan]])
    assert (chart.scores, chart.signals) == (((2.5, None),), (("warning", ""),))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: charts.sorted_scores(["a"], [1.0, 2.0]),
        lambda: charts.heat_map(["m"], ["a"], [[1.0, 2.0]]),
        lambda: charts.control_chart(["1"], [1.0, 2.0]),
        lambda: charts.results_with_bands(["a"], [1.0, 2.0], 1, 1),
        lambda: charts.results_with_bands(["a"], [1.0], 1, 0),
        lambda: charts.results_with_bands(["a"], [1.0], 1, 1, U=[-1]),
        lambda: charts.youden_plot(["a", "b", "c"], [1, 2, 3], [1, 2]),
        lambda: charts.mandel_plot(intercomp.precision(CREOSOTE["levels"]), ["a"], ["b"]),
        lambda: charts.pom_plot(["a"], [1.0], [0.0]),
        lambda: charts.degrees_chart(power_degrees(), ["a"]),
    ],
)
def test_names_and_numbers_that_do_not_fit_are_refused(wrong: Any) -> None:
    with pytest.raises(InputError):
        wrong()
