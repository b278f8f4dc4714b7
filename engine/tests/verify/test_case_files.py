"""Case files: what is read, and what is refused with its place and a mend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from intercomp.verify import BadCaseFile, cases_of, read_cases

WHOLE: dict[str, Any] = {
    "id": "one",
    "source": "a book, page 3",
    "kind": "algorithm_a",
    "data": {"x": [1.0, 2.0, 4.0]},
    "options": {},
    "expected": {"median": 2.0, "group": {"mean": 2.33, "deep": {"sd": 1.53}}},
    "printed_precision": {"median": 1, "group": "abs 0.1", "group.deep.sd": 2},
}


def read(content: Any) -> Any:
    return cases_of(json.dumps(content).encode(), "cases.json")


@pytest.mark.parametrize("content", [[WHOLE], WHOLE, {"cases": [WHOLE]}], ids=["list", "one case", "cases"])
def test_a_list_a_single_case_and_an_object_of_cases_are_read_alike(content: Any) -> None:
    (case,) = read(content)
    assert (case.id, case.kind, case.source) == ("one", "algorithm_a", "a book, page 3")
    assert dict(case.expected) == {"median": 2.0, "group.mean": 2.33, "group.deep.sd": 1.53}


def test_the_tolerance_of_a_nested_figure_is_its_own_then_its_group_s_then_that_of_all() -> None:
    (case,) = read(WHOLE)
    told = {name: case.tolerance(name).told for name in ("median", "group.mean", "group.deep.sd", "other")}
    assert told == {"median": "abs 0.05", "group.mean": "abs 0.1", "group.deep.sd": "abs 0.005", "other": "rel 1e-09"}
    (starred,) = read(WHOLE | {"printed_precision": {"*": 3}})
    assert starred.tolerance("median").told == "abs 0.0005"


@pytest.mark.parametrize("foreign", [{"median": 3, "group": 0}, ["median", "group"]])
def test_foreign_figures_are_not_the_engine_s_to_reproduce(foreign: Any) -> None:
    (case,) = read(WHOLE | {"foreign": foreign})
    assert dict(case.expected) == {}


def test_options_precision_and_source_may_be_missing() -> None:
    (case,) = read({key: WHOLE[key] for key in ("id", "kind", "data", "expected")})
    assert (case.source, dict(case.options)) == ("", {})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ([], "there is no case in it"),
        ({"cases": []}, "there is no case in it"),
        (3, "no list of cases"),
        ({"cases": "x"}, "no list of cases"),
        ([1], "case 1: not an object"),
        ([WHOLE, {**WHOLE, "id": ""}], "case 2: id is missing or no text"),
        ([{**WHOLE, "kind": None}], r"case 1 \(one\): kind is missing"),
        ([{**WHOLE, "data": [1]}], "data is no object"),
        ([{key: WHOLE[key] for key in ("id", "kind", "data")}], "expected is missing"),
        ([{**WHOLE, "options": 3}], "options is no object"),
        ([{**WHOLE, "printed_precision": {"median": "rel x"}}], r"printed_precision.median: 'x' is no number"),
        ([{**WHOLE, "printed_precision": {"median": 1.5}}], "whole number of decimals"),
        ([{**WHOLE, "foreign": 3}], "foreign: not an object"),
        ([{**WHOLE, "expected": {"a": [{"b": 1}]}}], "expected.a"),
    ],
)
def test_what_is_no_case_is_refused_with_its_place(content: Any, told: str) -> None:
    with pytest.raises(BadCaseFile, match=told) as caught:
        read(content)
    assert str(caught.value).startswith("cases.json")
    assert "; " in str(caught.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'[{"id": }]', "line 1, column 9: not JSON"),
        (b"", "line 1, column 1: not JSON"),
        (b"\xff\xfe", "byte 1: not UTF-8"),
        (b'[{"id": NaN}]', "NaN is no figure"),
        (b"[" * 100_000, "not JSON|nested too deeply|recursion"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(content: bytes, told: str) -> None:
    with pytest.raises(BadCaseFile, match=told):
        cases_of(content, "cases.json")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert len(cases_of(b"\xef\xbb\xbf" + json.dumps(WHOLE).encode(), "cases.json")) == 1


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCaseFile, match="cannot be read"):
        read_cases(tmp_path / "nowhere.json")
    with pytest.raises(BadCaseFile, match="cannot be read"):
        read_cases(tmp_path)
