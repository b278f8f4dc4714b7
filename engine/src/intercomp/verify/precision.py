"""Figures of precision experiments: kinds iso5725_2, outlier_tests, split_level, youden, and the printed tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

import numpy as np

from intercomp.algorithm_s import algorithm_s_factors
from intercomp.pairwise import qn_correction, sn_correction
from intercomp.precision import (
    Precision,
    SplitLevel,
    Youden,
    cochran_critical,
    grubbs_critical,
    grubbs_double_critical,
    mandel_h_critical,
    mandel_k_critical,
    precision,
    robust_precision,
    scrutinise,
    split_level,
    youden,
)
from intercomp.verify.comparisons import consensus
from intercomp.verify.figures import Data, Figures, MissingData, RowByRow, columns
from intercomp.verify.homogeneity import f_quantile, table_b1

_LEVEL = {"5": 0.05, "1": 0.01, "95": 0.05, "99": 0.01}


def experiment(data: Data, options: Data) -> Figures:
    """Precision level by level, Mandel's, Cochran's and Grubbs' statistics and their critical values."""
    shelf = Figures()
    found: Callable[[], Precision] = cache(lambda: _precision(data, options))
    shelf.put_fields(
        found,
        {
        "p": "p", "n N": "n", "m mean general_mean": "m", "s_r": "s_r", "s_L": "s_L", "s_R": "s_R", "r": "r", "R": "R",
        "s_xbar s_x s_of_means": "s_xbar", "h": "h", "k": "k", "cochran_C C": "cochran_C", "grubbs_high": "grubbs_high",
        "grubbs_low": "grubbs_low", "grubbs_high_2 grubbs_double_high": "grubbs_high_2",
        "grubbs_low_2 grubbs_double_low": "grubbs_low_2", "cell_means": "cell_means", "cell_sds": "cell_sds",
    },
    )  # fmt: skip
    _critical(shelf, found, options)
    shelf.put("left_out outliers", lambda: _left_out(data))
    robust = cache(lambda: robust_precision(data.first("levels cells")))
    if len(data.first("levels cells")) == 1:
        shelf.merge(_of_one_level(found))
    fields = ("m", "s_x", "s_r", "s_L", "s_R")
    shelf.put_fields(robust, {f"{field}_robust robust_{field}": field for field in fields})
    return shelf


def _precision(data: Data, options: Data) -> Precision:
    levels, exclude = data.first("levels cells"), options.get("exclude") or {}
    by_name = next((data[key] for key in ("materials", "level_names") if set(exclude) & set(data.get(key) or ())), None)
    return precision(levels, laboratories=data.get("labs", data.get("lab")), levels=by_name, exclude=exclude)


def _of_one_level(found: Callable[[], Precision]) -> Figures:
    """Random-effects means of the laboratories of a single level, with u = s/√n, under names such as MP.mu."""
    shelf = Figures()
    for method in ("MP", "PM", "DL", "REML"):
        for separator in "._":
            for figure in ("mu", "u", "tau", "Q", "p", "u_HK", "u_HKmod"):
                name = f"{method}{separator}{figure}"
                shelf.put(name, partial(_random_effects, found, name))
    return shelf


def _random_effects(found: Callable[[], Precision], name: str) -> Any:
    one = found()
    u = np.asarray(one.cell_sds)[0] / np.sqrt(np.asarray(one.cell_n)[0])
    maker = consensus(Data(x=np.asarray(one.cell_means)[0].tolist(), u=u.tolist()), Data()).maker(name)
    if maker is None:
        raise MissingData(name)
    return maker()


def _left_out(data: Data) -> list[list[str]]:
    chain = scrutinise(data.first("levels cells"), laboratories=data.get("labs", data.get("lab")))
    return [[cell.level, cell.laboratory] for cell in chain.left_out]


def _critical(shelf: Figures, found: Callable[[], Precision], options: Data) -> None:
    """Critical values for the p and n of the data; one number where all levels agree, else one per level."""

    def laboratories() -> Any:
        return np.atleast_1d(found().p)

    def replicates() -> list[int]:
        if options.has("n"):
            return [int(options["n"])] * laboratories().size
        cells = np.atleast_2d(found().cell_n)
        return [int(np.bincount(row[row > 1]).argmax()) if (row > 1).any() else 0 for row in cells]

    def each(value: Callable[[int, int], float]) -> Any:
        values = [value(int(p), n) for p, n in zip(laboratories(), replicates(), strict=True)]
        return values[0] if len(set(values)) == 1 else values

    by: dict[str, Callable[[int, int, float], float]] = {
        "cochran": lambda p, n, alpha: cochran_critical(p, n, alpha),
        "grubbs": lambda p, n, alpha: grubbs_critical(p, alpha),
        "grubbs_double": lambda p, n, alpha: grubbs_double_critical(p, alpha),
        "h": lambda p, n, alpha: mandel_h_critical(p, alpha),
        "k": lambda p, n, alpha: mandel_k_critical(p, n, alpha),
    }
    shelf.put_pattern(
        r"(cochran|grubbs|grubbs_double|h|k)_crit(?:ical)?_(5|1|95|99)",
        lambda name: each(lambda p, n: by[name[1]](p, n, _LEVEL[name[2]])),
    )
    shelf.put_pattern(
        r"(cochran|grubbs|grubbs_double|h|k)_crit(?:ical)?",
        lambda name: each(lambda p, n: by[name[1]](p, n, float(options.first(f"alpha_{name[1]} alpha_h_k alpha")))),
    )


def split(data: Data, options: Data) -> Figures:
    shelf = Figures()
    found: Callable[[], SplitLevel] = cache(lambda: split_level(data.first("pairs levels cells")))
    names = ("p", "m", "mean_difference", "s_D", "s_y", "s_r", "s_L", "s_R", "h_difference", "h_average")
    shelf.put_fields(found, {name: name for name in names})
    shelf.put("D_bar D_mean", lambda: found().mean_difference)
    shelf.put("y_bar mean", lambda: found().m)
    return shelf


def youden_pair(data: Data, options: Data) -> Figures:
    """Two columns of results, whatever they are called."""
    pair = list(columns(data).values())[:2]
    if len(pair) < 2:
        raise MissingData("two columns of results")
    shelf = Figures()
    found: Callable[[], Youden] = cache(lambda: youden(*pair))
    shelf.put_fields(
        found,
        {
        "pearson r correlation pearson_r": "pearson", "spearman rho spearman_rho": "spearman", "n": "n", "F f": "f",
        "median_1 median_x1": "median_1", "median_2 median_x2": "median_2", "s_random s_r": "s_random", "P p": "p",
        "s_systematic s_b": "s_systematic", "quadrants": "quadrants",
    },
    )  # fmt: skip
    shelf.put("distances", lambda: RowByRow(np.asarray(found().distances).tolist()))
    return shelf


# --- printed tables ---------------------------------------------------------------------------------------------------


def table(data: Data, options: Data) -> Figures:
    """Tables of factors and critical values over g, ν, n or p; the name of a column tells test, n and significance."""
    shelf = table_b1(data, options)
    shelf.put("eta", lambda: algorithm_s_factors(data.first("nu"))[0])
    shelf.put("xi", lambda: algorithm_s_factors(data.first("nu"))[1])
    shelf.put("b_n bn qn_factor d_n", lambda: qn_correction(data.first("n p")))
    shelf.put("c_n cn sn_factor", lambda: sn_correction(data.first("n p")))
    _critical_columns(shelf, data, options)
    shelf.put_pattern(r"F(\d{2,4})_(\d+)_(\d+)", f_quantile)
    return shelf


def _critical_columns(shelf: Figures, data: Data, options: Data) -> None:
    def over(keys: str, value: Callable[[int], float]) -> list[float]:
        listed: Iterable[Any] = np.atleast_1d(data.first(keys)).tolist()
        return [value(int(p)) for p in listed]

    def replicates(name: re.Match[str], test: str) -> int:
        return int(name["n"] or options.get(f"{test}_n") or options.get("n") or data.get("n") or 2)

    ending = r"(?:_crit(?:ical)?)?(?:_p)?(?:_n(?P<n>\d+))?_(?P<level>5|1|95|99)"
    shelf.put_pattern(
        "cochran" + ending,
        lambda name: over(
            "cochran_p p", lambda p: cochran_critical(p, replicates(name, "cochran"), _LEVEL[name["level"]])
        ),
    )
    shelf.put_pattern(
        "(?:grubbs_double|grubbs2|double_grubbs)" + ending,
        lambda name: over("grubbs_double_p grubbs_p p", lambda p: grubbs_double_critical(p, _LEVEL[name["level"]])),
    )
    shelf.put_pattern(
        "grubbs" + ending, lambda name: over("grubbs_p p", lambda p: grubbs_critical(p, _LEVEL[name["level"]]))
    )
    shelf.put_pattern(
        "(?:mandel_)?h" + ending,
        lambda name: over("h_p mandel_p p", lambda p: mandel_h_critical(p, _LEVEL[name["level"]])),
    )
    shelf.put_pattern(
        "(?:mandel_)?k" + ending,
        lambda name: over(
            "k_p mandel_p p", lambda p: mandel_k_critical(p, replicates(name, "k"), _LEVEL[name["level"]])
        ),
    )
