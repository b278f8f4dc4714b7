"""Constructed and published cases of precision, qualitative results, trends and forensics, each by its identity."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from intercomp import forensics
from intercomp.forensics.invented_replicates import contains_mean_chance
from intercomp.precision import grubbs_double_critical, precision, robust_precision, split_level
from intercomp.qualitative import ordinal, proportion, sensitivity_specificity
from intercomp.rater_agreement import accordance_concordance, agreement
from intercomp.trends import cusum, ewma, predict_next

CASES = json.loads(files("intercomp").joinpath("cases/constructed_precision.json").read_text("utf-8"))


def fields(found: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(found, name) for name in names}


def screening(data: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    found = sensitivity_specificity(**data, **options)
    shares = ("sensitivity", "specificity", "positive_predictive_value", "negative_predictive_value", "accuracy")
    intervals = {
        f"{name}_interval": [getattr(found, name).lower, getattr(found, name).upper]
        for name in ("sensitivity", "specificity")
    }
    return {name: getattr(found, name).share for name in shares} | intervals | fields(found, "youden_j", "kappa")


def rated(data: dict[str, Any]) -> list[list[int]]:
    return [[category for category, count in enumerate(row) for _ in range(count)] for row in data["counts"]]


def digits(data: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    found = forensics.last_digit_counts(data["counts"], **options)
    return {"chi2": found.statistic, "log10_e": found.detail["log10_e"]}


def pt_against_qc(data: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    found = forensics.pt_against_qc(**data)
    return {"ratio": found.statistic, "p": found.p}


def double_grubbs(data: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    return {
        f"grubbs_double_{percent}": [grubbs_double_critical(p, percent / 100) for p in data["p"]] for percent in (5, 1)
    }


KINDS: dict[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]] = {
    "split_level": lambda data, _: fields(
        split_level(data["pairs"]),
        *("m", "mean_difference", "s_D", "s_y", "s_r", "s_L", "s_R", "h_difference", "h_average"),
    ),
    "screening": screening,
    "proportion": lambda data, options: fields(proportion(**data, **options), "lower", "upper"),
    "accordance_concordance": lambda data, _: fields(
        accordance_concordance(**data), "accordance", "concordance", "odds_ratio"
    ),
    "rater_agreement": lambda data, _: fields(agreement(rated(data)), "observed", "expected", "kappa"),
    "forensics_last_digits": digits,
    "forensics_mean_possible": lambda data, _: fields(forensics.mean_possible(**data), "verdict"),
    "forensics_sd_possible": lambda data, _: fields(forensics.sd_possible(**data), "verdict"),
    "forensics_formula": lambda data, options: fields(
        forensics.formula_possible(data["reported"], options["formula"], data["inputs"]), "verdict"
    ),
    "forensics_match_chance": lambda data, _: {"chance": forensics.match_chance(data["step_over_sd"])},
    "forensics_mean_in_triple": lambda data, _: {"chance": contains_mean_chance(np.array(data["mass"]))},
    "forensics_pt_against_qc": pt_against_qc,
    "forensics_e_bh": lambda data, options: fields(forensics.e_bh(data["e"], options["rate"]), "rejected"),
    "prediction": lambda data, options: fields(
        predict_next(data["z"], prior=tuple(options["prior"])), "location", "scale", "df", "mean"
    ),
    "cusum": lambda data, options: fields(cusum(data["z"], **options), "high", "low"),
    "ewma": lambda data, options: fields(ewma(data["z"], **options), "ewma", "limit"),
    "grubbs_double": double_grubbs,
    "iso5725_2": lambda data, _: fields(precision(data["levels"]), "p", "n", "m", "s_r", "s_L", "s_R"),
}


@pytest.mark.parametrize("identity", [case["id"] for case in CASES])
def test_case(case, identity: str) -> None:
    content = next(one for one in CASES if one["id"] == identity)
    one = case.__new__(case)
    one.content, one.data, one.options, one.checked = content, content["data"], content["options"], set()
    figures = KINDS[content["kind"]](one.data, one.options)
    for name in content["expected"]:
        expected, got = content["expected"][name], figures[name]
        if isinstance(expected, list) and isinstance(expected[0], bool):
            assert list(got) == expected
            one.checked.add(name)
        else:
            one.holds(**{name: got})
    one.complete()


def test_iso13528_e15_ordinal_modes_and_medians(case) -> None:
    e15 = case("iso13528-E15-ordinal")
    found = {k: ordinal(e15.data[f"counts_{k}"]) for k in (1, 2)}
    e15.holds(**{f"mode_{k}": int(str(one.modes[0])) for k, one in found.items()})
    e15.holds(**{f"median_{k}": int(str(one.median)) for k, one in found.items()})
    e15.complete()


def test_iso5725_5_creosote_level_5_robust_precision(case) -> None:
    levels = case("iso5725-2-B3-creosote-outlier-tests").data["levels"]
    creosote = case("iso5725-5-creosote-level5-algA-algS")
    found = robust_precision(levels)
    creosote.holds(algA_mu=found.m[4], algS_s_r=found.s_r[4])
    # Algorithm A of ISO 13528 takes the factor 1.134 as printed
    assert found.s_x[4] == pytest.approx(creosote.content["computed"]["algA_s_iso_1.134"], rel=1e-9)
    assert robust_precision(levels[4]).s_R == pytest.approx(found.s_R[4], rel=1e-12)
