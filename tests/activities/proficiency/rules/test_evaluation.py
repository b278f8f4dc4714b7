"""The evaluation document: published rounds come out as printed, traps do not go through, the schema holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from intercomp import ASSIGNED_METHODS, SIGMA_METHODS

from tests.activities.proficiency.rules.json_schema import complaints
from zhunsheng.activities import proficiency
from zhunsheng.activities.proficiency import words
from zhunsheng.activities.proficiency.rules.evaluation import Settings, SettingsError, evaluate
from zhunsheng.activities.proficiency.rules.results_file import read_results
from zhunsheng.foundation.spreadsheets import BadFile

ROUNDS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "data" / "published_rounds.json").read_text("utf-8"))
MANUAL = (Path(__file__).parents[4] / "docs" / "reference" / "evaluation-json.md").read_text("utf-8")
SCHEMA = json.loads((Path(proficiency.__file__).parent / "evaluation.schema.json").read_text("utf-8"))


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def as_csv(published: dict[str, Any]) -> bytes:
    columns = [c for c in ("laboratory", "result", "uncertainty", "k") if c in published["results"][0]]
    return csv(",".join(columns), *(",".join(row[c] for c in columns) for row in published["results"]))


def evaluated(data: bytes, **chosen: str) -> dict[str, Any]:
    document = evaluate(read_results(data, "r.csv"), Settings.parse(**chosen))
    assert complaints(document, SCHEMA) == []
    return document


def column(document: dict[str, Any], name: str) -> list[Any]:
    return [score[name] for score in document["scores"]]


# --- published rounds -------------------------------------------------------------------------------------------------


def test_mercury_in_feed_comes_out_as_printed() -> None:
    published = ROUNDS["mercury"]
    document = evaluated(as_csv(published), **published["given"])
    half_a_unit = 0.5 * 10 ** -published["printed_decimals"] + 1e-9
    for name, key in (("z", "z"), ("z_prime", "z_prime"), ("zeta", "zeta"), ("E_n", "e_n")):
        assert column(document, key) == pytest.approx(published["printed"][name], abs=half_a_unit)
    assert document["score_used"] == "z_prime" and document["u_limit"] == pytest.approx(0.00198)
    assert document["counts"] == {"laboratories": 21, "scored": 21, "acceptable": 12, "warning": 1, "action": 8}
    assert [score["laboratory"] for score in document["scores"]][:3] == ["L04", "L05", "L23"]
    assert (document["scores"][2]["k"], document["scores"][2]["uncertainty"]) == ("1.732", "0.00108")


@pytest.mark.parametrize("name", ["potassium", "chromium"])
def test_consensus_of_published_rounds(name: str) -> None:
    computed = ROUNDS[name]["computed"]
    document = evaluated(as_csv(ROUNDS[name]))
    assert document["assigned_value"]["value"] == pytest.approx(computed["algA_x"], rel=1e-9)
    assert document["sigma_pt"] == {"value": pytest.approx(computed["algA_s"], rel=1e-9), "method": "algorithm-a"}
    assert document["assigned_value"]["u"] == pytest.approx(1.25 * computed["algA_s"] / computed["n"] ** 0.5, rel=1e-9)
    assert document["statistics"]["median"] == pytest.approx(computed["median"], rel=1e-12)
    assert document["assigned_value"]["n"] == computed["n"] == document["counts"]["scored"]


def test_apricots_are_scored_by_the_means_of_duplicates() -> None:
    document = evaluated(as_csv(ROUNDS["apricot"]))
    assert document["scores"][0]["replicates"] == ["25.05", "25.58"] and document["scores"][0]["result"] == "25.315"
    assert document["statistics"]["mean"] == pytest.approx(ROUNDS["apricot"]["computed"]["general_mean"], rel=1e-12)
    assert document["score_used"] == "z_prime" and "9" in document["notes"][1]["en"]


# --- what is to be told -----------------------------------------------------------------------------------------------


def notes(document: dict[str, Any]) -> str:
    assert all(note["zh"] != note["en"] for note in document["notes"])
    return "\n".join(note["en"] for note in document["notes"])


def test_it_is_said_that_sigma_is_from_the_data_and_that_k_was_assumed() -> None:
    document = evaluated(csv("lab,result,U", *(f"L{n},{1 + n / 10},0.2" for n in range(12))))
    assert "taken from the results" in notes(document)
    assert "Uncertainties without a coverage factor: 12" in notes(document)
    assert "The consensus rests" not in notes(document)


def test_a_given_sigma_is_not_called_ones_own_data() -> None:
    assert "taken from the results" not in notes(evaluated(csv("lab,result", "a,1", "b,2", "c,3"), sigma="0.5"))


def test_a_given_value_without_uncertainty_has_no_zeta() -> None:
    document = evaluated(csv("lab,result,U,k", "a,1,0.2,2", "b,2,,"), assigned="1.5", sigma="0.25")
    assert document["assigned_value"] == {"value": 1.5, "u": None, "u_method": None, "method": "given", "n": None}
    assert (document["score_used"], column(document, "zeta"), column(document, "e_n")) == ("z", [None] * 2, [None] * 2)
    assert "uncertainty of the assigned value is not known" in notes(document)


def test_zeta_and_e_n_stand_only_where_an_uncertainty_was_reported() -> None:
    settings = {"assigned": "1.5", "u_assigned": "0.01", "sigma": "0.25"}
    document = evaluated(csv("lab,result,U,k", "a,1,0.2,2", "b,2,,"), **settings)
    assert column(document, "zeta") == [pytest.approx(-0.5 / (0.1**2 + 0.01**2) ** 0.5), None]
    assert column(document, "e_n") == [pytest.approx(-0.5 / (0.2**2 + 0.02**2) ** 0.5), None]
    assert document["score_used"] == "z" and column(document, "z_prime") == [None, None]


def test_z_prime_from_three_tenths_of_sigma_on() -> None:
    lines = ["lab,result", "a,1", "b,2"]
    at_the_limit = evaluated(csv(*lines), assigned="1.5", u_assigned="0.3", sigma="1")
    below = evaluated(csv(*lines), assigned="1.5", u_assigned="0.2999", sigma="1")
    assert (at_the_limit["score_used"], below["score_used"]) == ("z_prime", "z")


@pytest.mark.parametrize(
    ("result", "signal"), [("12", "acceptable"), ("12.01", "warning"), ("13", "action"), ("7", "action")]
)
def test_exactly_two_is_acceptable_and_exactly_three_is_action(result: str, signal: str) -> None:
    document = evaluated(csv("lab,result", f"a,{result}", "b,10"), assigned="10", u_assigned="0", sigma="1")
    assert document["scores"][0]["signal"] == signal


def test_limits_are_listed_and_not_scored() -> None:
    lines = ["lab,result", "a,1", "b,<0.5", "c,2", "d,", "e,3", "f,ND"]
    document = evaluated(csv(*lines))
    assert [(x["row"], x["laboratory"], x["result"], x["code"]) for x in document["left_out"]] == [
        (3, "b", "<0.5", "censored"),
        (5, "d", "", "no_result"),
        (7, "f", "ND", "not_detected"),
    ]
    assert all(x["reason"] and x["reason_zh"] for x in document["left_out"])
    assert document["counts"]["laboratories"] == 6 and document["counts"]["scored"] == 3


def test_a_gross_error_among_five_is_seen() -> None:
    """With mean and standard deviation |z| cannot exceed 1.79 among five (OpenELIS-Global-2, pull request 4174)."""
    lines = ["lab,result", "Lae,39.5", "Goroka,40.0", "Kimbe,40.5", "Mt Hagen,41.0", "PMGH,80"]
    assert evaluated(csv(*lines))["scores"][4]["signal"] == "action"
    classical = evaluated(csv(*lines), assigned="mean", sigma="sd")
    assert classical["scores"][4]["z"] == pytest.approx(1.78797, abs=1e-5)
    assert "not robust" in notes(classical)


@pytest.mark.parametrize(("assigned", "sigma"), [("median", "mad-e"), ("median-niqr", "niqr"), ("mean", "sd")])
def test_every_method_can_be_chosen(assigned: str, sigma: str) -> None:
    document = evaluated(as_csv(ROUNDS["chromium"]), assigned=assigned, sigma=sigma)
    assert (document["assigned_value"]["method"], document["sigma_pt"]["method"]) == (assigned, sigma)


def test_horwitz_goes_by_the_unit() -> None:
    lines = ["lab,result,unit", "a,1.0,mg/kg", "b,1.1,mg/kg", "c,0.9,mg/kg"]
    document = evaluated(csv(*lines), assigned="1", sigma="horwitz")
    assert document["sigma_pt"]["value"] == pytest.approx(0.02 * 1e-6**0.8495 * 1e6)


# --- what does not go through -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "chosen", "mend"),
    [
        (["lab,result", "a,1", "b,2"], {}, "too few"),
        (["lab,result", "a,1", "b,2"], {"assigned": "1"}, "too few"),
        (["lab,result", "a,5", "b,5", "c,5", "d,5"], {}, "--sigma"),
        (["lab,result", *(f"L{n},1" for n in range(6)), "x,2"], {}, "--sigma"),
        (["lab,result", "a,<1", "b,ND"], {}, "nothing can be scored"),
        (["lab,result,unit", "a,1,mg/L", "b,2,mg/L", "c,3,mg/L"], {"sigma": "horwitz"}, "mass fraction"),
        (["lab,result", "a,1", "b,2", "c,3"], {"sigma": "horwitz"}, "mass fraction"),
        (["lab,result,unit", "a,-1,%", "b,-2,%", "c,-3,%"], {"sigma": "horwitz"}, "Horwitz"),
        (["lab,result,measurand", "a,1,Hg", "b,2,Hg", "a,1,Pb", "b,2,Pb"], {"assigned": "1", "sigma": "1"}, "several"),
    ],
)
def test_what_cannot_be_evaluated_is_told_with_the_mend(lines: list[str], chosen: dict[str, str], mend: str) -> None:
    with pytest.raises(BadFile) as caught:
        evaluated(csv(*lines), **chosen)
    fault = caught.value.faults[0]
    assert mend in fault.message.en and fault.message.zh != fault.message.en and fault.file == "r.csv"


def test_equal_results_can_be_scored_with_a_sigma_from_outside() -> None:
    document = evaluated(csv("lab,result", *(f"L{n},5" for n in range(6)), "x,9"), sigma="1")
    assert column(document, "z") == [0, 0, 0, 0, 0, 0, 4]
    assert document["assigned_value"] == {"value": 5, "u": None, "u_method": None, "method": "algorithm-a", "n": 7}


def test_every_measurand_that_cannot_be_evaluated_is_named() -> None:
    lines = ["lab,result,measurand", *(f"{lab},1,{m}" for m in ("Hg", "Pb", "Cd") for lab in "abc"), "d,2,Pb", "e,3,Pb"]
    with pytest.raises(BadFile) as caught:
        evaluated(csv(*lines), assigned="median", sigma="sd")
    assert [fault.message.en.split(":")[0] for fault in caught.value.faults] == ["Hg", "Cd"]


@pytest.mark.parametrize(
    ("chosen", "word"),
    [
        ({"assigned": "algorithm-b"}, "algorithm-a"),
        ({"sigma": "0"}, "greater than zero"),
        ({"sigma": "-1"}, "greater than zero"),
        ({"sigma": "nan"}, "horwitz"),
        ({"u_assigned": "-0.1"}, "zero or more"),
        ({"u_assigned": "x"}, "zero or more"),
    ],
)
def test_settings_that_cannot_be_used(chosen: dict[str, str], word: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.parse(**chosen)
    assert word in caught.value.message.en


# --- the form ---------------------------------------------------------------------------------------------------------


def test_several_measurands_stand_in_a_list_and_each_says_where_it_comes_from() -> None:
    lines = [
        "lab,result,measurand,item",
        *(f"L{n},{n},{m},S{i}" for m in ("Hg", "Pb") for i in (1, 2) for n in (1, 2, 4)),
    ]
    document = evaluated(csv(*lines))
    assert [(m["measurand"], m["item"]) for m in document["measurands"]] == [
        ("Hg", "S1"),
        ("Hg", "S2"),
        ("Pb", "S1"),
        ("Pb", "S2"),
    ]
    assert all(
        m["input_sha256"] == document["input_sha256"] and m["engine"] == document["engine"]
        for m in document["measurands"]
    )
    assert "scores" not in document


def test_a_measurand_among_many_has_the_figures_it_has_alone() -> None:
    values = {"Hg": [1, 2, 4, 5], "Pb": [10, 30, 20, 80, 15, 17]}
    rows = {m: [f"L{n},{v},{m}" for n, v in enumerate(vs)] for m, vs in values.items()}
    together = evaluated(csv("lab,result,measurand", *rows["Hg"], *rows["Pb"]))
    for measurand in together["measurands"]:
        alone = evaluated(csv("lab,result,measurand", *rows[measurand["measurand"]]))
        assert column(alone, "z") == pytest.approx(column(measurand, "z"), rel=1e-12)


@given(st.integers(-9, 9), st.lists(st.integers(1, 10**6), min_size=4, max_size=30, unique=True))
def test_scores_do_not_depend_on_the_unit(exponent: int, values: list[int]) -> None:
    one = evaluate(read_results(csv("lab,result", *(f"L{n},{v}" for n, v in enumerate(values))), "r.csv"), Settings())
    scaled = csv("lab,result", *(f"L{n},{v}E{exponent}" for n, v in enumerate(values)))
    other = evaluate(read_results(scaled, "r.csv"), Settings())
    assert column(other, "z") == pytest.approx(column(one, "z"), rel=1e-9, abs=1e-9)
    assert column(other, "signal") == column(one, "signal")


def test_the_same_input_gives_the_same_bytes_and_nothing_that_json_lacks() -> None:
    data = as_csv(ROUNDS["mercury"])
    assert rfc8785.dumps(evaluated(data)) == rfc8785.dumps(evaluated(data))


def test_progress_is_told_for_each_measurand() -> None:
    lines = ["lab,result,measurand", *(f"L{n},{n},{m}" for m in ("Hg", "Pb") for n in (1, 2, 4))]
    seen: list[tuple[int, int]] = []
    evaluate(read_results(csv(*lines), "r.csv"), Settings(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_the_checker_of_the_schema_finds_what_is_wrong() -> None:
    document = evaluated(as_csv(ROUNDS["mercury"]))
    document["scores"][0]["z"] = "-4.7"
    document["score_used"] = "sigma"
    del document["scores"][1]["signal"]
    document["scores"][2]["extra"] = 1
    found = "\n".join(complaints(document, SCHEMA["$defs"]["measurand"], SCHEMA))
    assert all(place in found for place in ("scores/0/z", "score_used", "scores/1", "scores/2"))


# --- what is said of where the figures come from ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "u_method", "n"),
    [
        ({}, "computed", 7),
        ({"assigned": "median"}, "computed", 7),
        ({"u_assigned": "0.1"}, "given", 7),
        ({"assigned": "4", "u_assigned": "0.1", "sigma": "1"}, "given", None),
        ({"assigned": "4", "sigma": "1"}, None, None),
    ],
)
def test_the_document_says_where_the_uncertainty_of_the_assigned_value_comes_from(
    chosen: dict[str, str], u_method: str | None, n: int | None
) -> None:
    assigned = evaluated(csv("lab,result", *(f"L{i},{i}" for i in range(1, 8))), **chosen)["assigned_value"]
    assert (assigned["u_method"], assigned["n"]) == (u_method, n)


@pytest.mark.parametrize(("place", "methods"), [("assigned_value", ASSIGNED_METHODS), ("sigma_pt", SIGMA_METHODS)])
def test_engine_schema_manual_and_words_know_the_same_methods(place: str, methods: dict[str, str]) -> None:
    known = {*methods, "given"}
    assert set(SCHEMA["$defs"][place]["properties"]["method"]["enum"]) == known
    assert set({"assigned_value": words.ASSIGNED, "sigma_pt": words.SIGMA}[place]) == known
    assert known <= set(words.NAMES)
    heading = {"assigned_value": "`method` of the assigned value: ", "sigma_pt": "`method` of σ_pt: "}[place]
    listed = MANUAL.partition(heading)[2].partition(".\n")[0]
    assert set(re.findall("`([a-z-]+)`", listed)) == known


def test_no_method_has_a_name_that_nothing_produces() -> None:
    assert set(words.NAMES) == {*ASSIGNED_METHODS, *SIGMA_METHODS, "given"}
    assert set(words._FORMULAS) == set(ASSIGNED_METHODS)


@pytest.mark.parametrize("method", SIGMA_METHODS)
def test_the_schema_admits_every_way_to_sigma(method: str) -> None:
    lines = csv("lab,result,unit", *(f"L{i},{i},mg/kg" for i in range(1, 8)))
    assert evaluated(lines, sigma=method)["sigma_pt"]["method"] == method


@pytest.mark.parametrize("method", ASSIGNED_METHODS)
def test_the_schema_admits_every_way_to_the_assigned_value(method: str) -> None:
    assert (
        evaluated(csv("lab,result", *(f"L{i},{i}" for i in range(1, 8))), assigned=method)["assigned_value"]["method"]
        == method
    )


# --- the ends of the range --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exponent", ["99", "-99"])
@pytest.mark.parametrize("assigned", ["algorithm-a", "median", "mean"])
def test_results_at_the_ends_of_the_range_are_scored(exponent: str, assigned: str) -> None:
    lines = csv("lab,result,U", *(f"L{i},{i}e{exponent},1e{exponent}" for i in range(1, 8)))
    plain = csv("lab,result,U", *(f"L{i},{i},1" for i in range(1, 8)))
    assert column(evaluated(lines, assigned=assigned), "z") == pytest.approx(
        column(evaluated(plain, assigned=assigned), "z")
    )


def test_what_the_engine_refuses_is_a_fault_of_the_file() -> None:
    results = read_results(csv("lab,result", "a,1", "b,2", "c,3"), "r.csv")
    with pytest.raises(BadFile) as caught:
        evaluate(results, Settings(sigma="of our own"))
    assert "of our own" in caught.value.faults[0].message.en


def test_the_measurand_of_a_fault_is_named_in_the_punctuation_of_the_language() -> None:
    lines = csv("lab,measurand,result", "a,Hg,1", "b,Hg,2")
    with pytest.raises(BadFile) as caught:
        evaluate(read_results(lines, "r.csv"), Settings.parse())
    assert caught.value.faults[0].message.zh.startswith("Hg：")


def test_one_laboratory_in_two_widths_is_counted_once() -> None:
    document = evaluated(csv("lab,result", "Lab1,1", "b,2", "c,3", "\uff2cab1,"))
    assert document["counts"]["laboratories"] == 3
