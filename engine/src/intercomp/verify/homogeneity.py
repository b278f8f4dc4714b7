"""Figures of homogeneity, stability and analysis of variance."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import Any

import numpy as np
import scipy

from intercomp.anova import Anova, NestedAnova, anova, nested_anova
from intercomp.homogeneity import (
    Homogeneity,
    HomogeneityGuide35,
    homogeneity,
    homogeneity_factors,
    homogeneity_guide35,
)
from intercomp.precision import cochran_critical
from intercomp.stability import stability, stability_trend
from intercomp.verify.figures import Data, Figures, numbered


def homogeneity_check(data: Data, options: Data) -> Figures:
    everything = Data({**data, **options})
    return homogeneity_of(
        data.first("items homogeneity_items homogeneity replicates"),
        lambda: float(everything.first("sigma_pt sigma_p sigma")),
        everything,
    )


def homogeneity_of(items: Any, sigma_pt: Callable[[], float], options: Data) -> Figures:
    """Figures of ISO 13528 annex B and, under its own names, of the IUPAC protocol (s²_an, s²_sam, V_S)."""
    shelf = Figures()
    exact, printed = _check(items, sigma_pt, "exact"), _check(items, sigma_pt, "printed")
    bare = lambda: homogeneity(items)  # noqa: E731
    _iso_13528(shelf, bare, exact, printed)
    _protocol(shelf, items, exact, _stated_factors(options))
    iupac = options.has("sigma_p table_factors")
    shelf.put("sufficient homogeneous", lambda: exact().sufficient_expanded if iupac else exact().sufficient)
    g, m = len(items), len(items[0])
    shelf.put_pattern(
        r"cochran_crit(?:ical)?_(95|99|5|1)(?:_p?(\d+))?(?:_n(\d+))?",
        lambda name: cochran_critical(int(name[2] or g), int(name[3] or m), 0.05 if name[1] in ("95", "5") else 0.01),
    )
    return shelf


def _check(items: Any, sigma_pt: Callable[[], float], factors: Any) -> Callable[[], Homogeneity]:
    return cache(lambda: homogeneity(items, sigma_pt(), factors=factors))


def _iso_13528(
    shelf: Figures,
    bare: Callable[[], Homogeneity],
    exact: Callable[[], Homogeneity],
    printed: Callable[[], Homogeneity],
) -> None:
    shelf.put_fields(
        bare,
        {
        "mean grand_mean general_mean": "mean", "s_x sd_of_means": "s_x", "s_w": "s_w", "s_s": "s_s", "g": "g", "m": "m",
        "F f": "f", "F_crit f_crit F_critical": "f_crit", "P p p_value": "p", "cochran_C C cochran": "cochran_C",
        "F1": "factor_1", "F2": "factor_2", "cochran_item": "cochran_item",
    },
    )  # fmt: skip
    shelf.put("check_value_0.3sigma criterion check_value limit 0.3sigma_pt", lambda: exact().limit)
    shelf.put("expanded_c_tableB1 c_tableB1", lambda: printed().c)
    shelf.put("sqrt_c_tableB1 expanded_sqrt_c_tableB1", lambda: printed().sqrt_c)
    shelf.put("expanded_c c_exact_factors expanded_c_exact", lambda: exact().c)
    shelf.put("sqrt_c sqrt_c_exact_factors expanded_sqrt_c", lambda: exact().sqrt_c)
    shelf.put("sufficient_expanded expanded_sufficient", lambda: exact().sufficient_expanded)
    shelf.put("sufficient_0.3sigma sufficient_strict", lambda: exact().sufficient)
    shelf.put("sigma_pt_expanded", lambda: exact().sigma_pt_expanded)


def _stated_factors(options: Data) -> tuple[float, float] | None:
    """F1 and F2 where the case states them, such as "F1=1.79,F2=0.86"."""
    said = str(options.get("table_factors", ""))
    found = [re.search(rf"F{which}\s*=\s*([\d.]+)", said) for which in (1, 2)]
    return (float(found[0][1]), float(found[1][1])) if found[0] and found[1] else None


def _protocol(
    shelf: Figures, items: Any, exact: Callable[[], Homogeneity], factors: tuple[float, float] | None
) -> None:
    def c() -> float:
        if factors is None:
            return exact().c
        return factors[0] * exact().limit ** 2 + factors[1] * exact().s_w ** 2

    squared = lambda: np.subtract(*np.asarray(items, dtype=float).T) ** 2  # noqa: E731
    shelf.put("sum_D2", lambda: squared().sum())
    shelf.put("max_D2_over_sum", lambda: squared().max() / squared().sum())
    shelf.put("s2_an s_an2", lambda: homogeneity(items).s_w ** 2)
    shelf.put("s2_sam s_sam2", lambda: homogeneity(items).s_s ** 2)
    shelf.put("s2_all sigma2_all", lambda: exact().limit ** 2)
    shelf.put("V_S", lambda: 4 * homogeneity(items).s_x ** 2)
    shelf.put("c", c)
    shelf.put("sqrt_c_stated", lambda: c() ** 0.5)


def stability_check(data: Data, options: Data) -> Figures:
    shelf, everything = Figures(), Data({**data, **options})
    found = lambda: stability(  # noqa: E731
        data.first("homogeneity_items items_1 items"),
        data.first("stability_items items_2"),
        everything.first("sigma_pt sigma_p"),
    )
    shelf.put_fields(
        found,
        {
        "mean_1 mean": "mean_1", "mean_2": "mean_2", "u_1": "u_1", "u_2": "u_2", "difference diff": "difference",
        "criterion limit check_value_0.3sigma": "criterion", "stable": "stable", "verdict": "verdict",
        "criterion_expanded expanded_criterion": "criterion_expanded", "stable_expanded": "stable_expanded",
    },
    )  # fmt: skip
    return shelf


def guide35(data: Data, options: Data) -> Figures:
    """Between-unit figures; with `relative` in the options (or _rel in the name) as shares of the mean."""
    shelf = Figures()
    found = lambda: homogeneity_guide35(data.first("replicates items values groups"))  # noqa: E731
    shelf.put_fields(
        found,
        {
        "M_between MS_between MSB": "ms_between", "M_within MS_within MSW": "ms_within", "P p p_value": "p", "F f": "f",
        "mean": "mean", "g N": "g", "n": "n",
    },
    )  # fmt: skip
    for names, field in {
        "s_bb": "s_bb", "u_bb_star u_bb* ubb_star": "u_bb_star", "u_hom u_bb": "u_hom", "s_wb s_w": "s_wb",
    }.items():  # fmt: skip
        relative = " ".join(f"{name}_rel" for name in names.split())
        shelf.put(names, partial(_share_of_mean if options.get("relative") is True else _of_unit, found, field))
        shelf.put(relative, partial(_share_of_mean, found, field))
    return shelf


def _of_unit(found: Callable[[], HomogeneityGuide35], field: str) -> float:
    return float(getattr(found(), field))


def _share_of_mean(found: Callable[[], HomogeneityGuide35], field: str) -> float:
    return float(getattr(found(), field)) / float(found().mean)


def trend(data: Data, options: Data) -> Figures:
    shelf = Figures()
    times = lambda: data.first("days t times months time x")  # noqa: E731
    values = lambda: data.first("value values y results")  # noqa: E731
    horizon = options.get("t_cert_days", options.get("t_cert", options.get("t_cert_months")))
    found = lambda: stability_trend(times(), values(), t_cert=horizon)  # noqa: E731
    shelf.put_fields(
        found,
        {
        "slope slope_per_day b1": "slope", "se_slope s_b1 u_slope": "se_slope", "P p p_value p_slope": "p", "t": "t",
        "intercept b0": "intercept", "se_intercept s_b0": "se_intercept", "s residual_sd": "s", "n": "n", "df": "df",
        "u_lts u_lts_abs u_stab": "u_lts", "significant": "significant",
    },
    )  # fmt: skip
    shelf.put("u_lts_rel", lambda: found().u_lts / float(np.mean(values())))
    return shelf


def groups_of(data: Data) -> Sequence[Any]:
    """Groups as lists, or by the rule of the NIST sets of Simon and Lesage: offset + treatment + replicate."""
    if data.has("groups groups_as_strings y treatments_data"):
        return list(data.first("groups groups_as_strings y treatments_data"))
    rule = dict(re.findall(r"b\((1|even|odd>1)\)\s*=\s*([-\d.]+)", data["rule"]))

    def step(number: int) -> Decimal:
        return Decimal(rule["1" if number == 1 else "even" if number % 2 == 0 else "odd>1"])

    offset, sizes = Decimal(str(data["offset"])), (int(data["treatments"]), int(data["replicates"]))
    treatments, replicates = ([step(number) for number in range(1, size + 1)] for size in sizes)
    return [[str(offset + t + r) for r in replicates] for t in treatments]


def one_way(data: Data, options: Data) -> Figures:
    shelf = Figures()
    found: Callable[[], Anova] = cache(lambda: anova(groups_of(data)))
    shelf.put_fields(
        found,
        {
        "SSB SS_between": "ss_between", "SSW SS_within": "ss_within", "MSB MS_between": "ms_between", "F f": "f",
        "MSW MS_within": "ms_within", "R2 r2 r_squared": "r2", "s residual_sd": "s", "P p p_value": "p", "n N": "n",
        "mean grand_mean": "mean", "df_between": "df_between", "df_within": "df_within", "g k": "g",
        "group_means": "group_means", "n0 n_typical": "n_typical",
    },
    )  # fmt: skip
    shelf.put("SST SS_total", lambda: found().ss_between + found().ss_within)
    return shelf


def nested(data: Data, options: Data) -> Figures:
    """Means and standard deviations of J groups of K; F quantiles under names such as F95_9_40."""
    shelf = Figures()
    n = int(data.first("K n replicates"))
    found: Callable[[], NestedAnova] = lambda: nested_anova(  # noqa: E731
        data.starting("day_means means group_means"), data.starting("day_sds sds group_sds"), n
    )
    shelf.put_fields(
        found,
        {
        "grand_mean mean": "grand_mean", "s_of_means": "s_of_means", "s_a": "s_a", "s_b": "s_b", "F f": "f",
        "s_B s_between": "s_between", "u": "u", "P p": "p",
    },
    )  # fmt: skip
    shelf.put_pattern(r"F(\d{2,4})_(\d+)_(\d+)", lambda name: f_quantile(name))
    return shelf


def f_quantile(name: re.Match[str]) -> float:
    """F95_9_40, F975_9_40: the digits after F are those of the probability behind the point."""
    return float(scipy.stats.f.ppf(float(f"0.{name[1]}"), int(name[2]), int(name[3])))


def table_b1(data: Data, options: Data) -> Figures:
    shelf = Figures()
    m = numbered(options.get("m", data.get("m", 2)))
    shelf.put("F1", lambda: homogeneity_factors(data["g"], m)[0])
    shelf.put("F2", lambda: homogeneity_factors(data["g"], m)[1])
    return shelf
