"""The standard charts as plain data: what is to be drawn, computed once, drawn by whoever holds the pen.

Every function gives a frozen object of numbers, texts and tuples in the order in which they are drawn, free of colours
and sizes; `as_json` turns it into JSON types. `intercomp.plot` draws them with Matplotlib.
"""

# ruff: noqa: F401 -- these imports are the names of this package

from collections.abc import Mapping

from intercomp.charts.comparison_charts import DegreePoint, DegreesChart, PomPlot, PomPoint, degrees_chart, pom_plot
from intercomp.charts.form import as_json
from intercomp.charts.precision_charts import MandelPlot, YoudenPlot, YoudenPoint, mandel_plot, youden_plot
from intercomp.charts.result_charts import (
    DensityChart,
    ResultPoint,
    ResultsWithBands,
    density_chart,
    results_with_bands,
)
from intercomp.charts.score_charts import (
    OFF_SCALE,
    Bar,
    ControlChart,
    HeatMap,
    SortedScores,
    control_chart,
    heat_map,
    sorted_scores,
)

CHARTS: Mapping[str, type] = {
    "sorted scores": SortedScores,
    "results with bands": ResultsWithBands,
    "density": DensityChart,
    "Youden": YoudenPlot,
    "Mandel": MandelPlot,
    "PomPlot": PomPlot,
    "control chart": ControlChart,
    "degrees of equivalence": DegreesChart,
    "heat map": HeatMap,
}
"""The charts by name, each with the class of its data."""
