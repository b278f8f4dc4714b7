"""Figures of categories, of performance over rounds and of forensic tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from intercomp import (
    Proportion,
    Screening,
    accordance_concordance,
    agreement,
    cusum,
    ewma,
    forensics,
    nominal,
    ordinal,
    predict_next,
    proportion,
    sensitivity_specificity,
    shewhart,
)
from intercomp.forensics.invented_replicates import contains_mean_chance
from intercomp.verify.figures import Data, Figures


def of_fields(found: Callable[[], Any], *names: str) -> Figures:
    """Figures that are called as the engine calls them."""
    shelf = Figures()
    shelf.put_fields(cache(found), {name: name for name in names})
    return shelf


def categories(data: Data, options: Data) -> Figures:
    """Counts by category, or the results with their scale; several sets under counts_1, counts_2 …"""
    shelf = Figures()
    for key, value in data.items():
        if key.startswith("counts"):
            _put_categories(shelf, cache(partial(ordinal, value)), key.removeprefix("counts"))
    if data.has("results x"):
        scale = data.get("scale", options.get("scale"))
        found = (
            (lambda: ordinal(data.first("results x"), scale)) if scale else (lambda: nominal(data.first("results x")))
        )
        _put_categories(shelf, cache(found), "")
    return shelf


def _put_categories(shelf: Figures, found: Callable[[], Any], ending: str) -> None:
    shelf.put(f"mode{ending}", lambda: _as_number(found().modes[0]))
    shelf.put(f"modes{ending}", lambda: [_as_number(mode) for mode in found().modes])
    shelf.put(f"median{ending}", lambda: _as_number(found().median))
    shelf.put(f"medians{ending}", lambda: [_as_number(median) for median in found().medians])
    shelf.put(f"n{ending}", lambda: found().n)
    shelf.put(f"counts{ending}", lambda: found().counts)
    shelf.put(f"shares{ending}", lambda: found().shares)


def _as_number(category: Any) -> Any:
    """A category that is a whole number written as text (the key of a JSON object) as that number."""
    return int(category) if isinstance(category, str) and category.strip().lstrip("-").isdigit() else category


_SHARES = ("sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value", "accuracy")


def yes_or_no(data: Data, options: Data) -> Figures:
    shelf = Figures()
    names = ("true_positive", "false_negative", "true_negative", "false_positive")
    short = ("TP", "FN", "TN", "FP")
    counts = [data.first(f"{name} {other}") for name, other in zip(names, short, strict=True)]
    found = cache(lambda: sensitivity_specificity(*counts, **options))
    for name in _SHARES:
        shelf.put_fields(
            found,
            {
                name: f"{name}.share",
                f"{name}_lower {name}_lwr": f"{name}.lower",
                f"{name}_upper {name}_upr": f"{name}.upper",
            },
        )
        shelf.put(f"{name}_interval", partial(_interval, found, name))
    shelf.put_fields(found, {"youden_j": "youden_j", "kappa": "kappa"})
    return shelf


def _interval(found: Callable[[], Screening], name: str) -> list[float]:
    one: Proportion = getattr(found(), name)
    return [one.lower, one.upper]


def share(data: Data, options: Data) -> Figures:
    shelf = of_fields(lambda: proportion(data["k"], data["n"], **options), "share", "lower", "upper")
    shelf.put("lwr", lambda: proportion(data["k"], data["n"], **options).lower)
    shelf.put("upr", lambda: proportion(data["k"], data["n"], **options).upper)
    return shelf


def collaborative(data: Data, options: Data) -> Figures:
    return of_fields(
        lambda: accordance_concordance(data["positives"], data["n"]), "accordance", "concordance", "odds_ratio"
    )


def raters(data: Data, options: Data) -> Figures:
    """Ratings, or how many raters put each item into each category."""

    def ratings() -> Any:
        if data.has("ratings"):
            return data["ratings"]
        return [[category for category, count in enumerate(row) for _ in range(count)] for row in data["counts"]]

    return of_fields(lambda: agreement(ratings()), "observed", "expected", "kappa")


def next_score(data: Data, options: Data) -> Figures:
    prior = tuple(options.get("prior", (1.0, 3.0, 0.7)))
    how = {name: options[name] for name in ("bound", "half_life") if options.has(name)}
    return of_fields(
        lambda: predict_next(data["z"], prior=prior, **how),
        *("n", "mean", "sd", "location", "scale", "df", "probability", "lower", "upper"),
    )


def sums(data: Data, options: Data) -> Figures:
    return of_fields(lambda: cusum(data["z"], **options), "high", "low", "signals")


def averages(data: Data, options: Data) -> Figures:
    return of_fields(lambda: ewma(data["z"], **options), "ewma", "limit", "signals")


def control_chart(data: Data, options: Data) -> Figures:
    return of_fields(lambda: shewhart(data["z"]), "any", "signals")


def last_digits(data: Data, options: Data) -> Figures:
    shelf, found = Figures(), cache(lambda: forensics.last_digit_counts(data["counts"], **options))
    shelf.put("chi2 statistic", lambda: found().statistic)
    shelf.put("p", lambda: found().p)
    shelf.put("log10_e", lambda: found().detail["log10_e"])
    return shelf


def mean_possible(data: Data, options: Data) -> Figures:
    return of_fields(lambda: forensics.mean_possible(**{**data, **options}), "verdict")


def sd_possible(data: Data, options: Data) -> Figures:
    return of_fields(lambda: forensics.sd_possible(**{**data, **options}), "verdict")


def arithmetic(data: Data, options: Data) -> Figures:
    formula = Data({**data, **options})["formula"]
    return of_fields(lambda: forensics.formula_possible(data["reported"], formula, data["inputs"]), "verdict")


def chance_of_match(data: Data, options: Data) -> Figures:
    shelf = Figures()
    shelf.put("chance", lambda: forensics.match_chance(data["step_over_sd"]))
    return shelf


def mean_among_three(data: Data, options: Data) -> Figures:
    shelf = Figures()
    shelf.put("chance", lambda: contains_mean_chance(np.array(data["mass"])))
    return shelf


def beside_quality_control(data: Data, options: Data) -> Figures:
    shelf, found = Figures(), cache(lambda: forensics.pt_against_qc(**data))
    shelf.put("ratio statistic F", lambda: found().statistic)
    shelf.put("p", lambda: found().p)
    return shelf


def discoveries(data: Data, options: Data) -> Figures:
    return of_fields(lambda: forensics.e_bh(data["e"], options.get("rate", 0.05)), "rejected")
