"""A results file: either all of it is understood, or every fault is told with its place and its mend."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.activities.proficiency.rules.replicates import ReportedRow, combine
from zhunsheng.activities.proficiency.rules.results_file import MeasurandResults, read_results
from zhunsheng.foundation.spreadsheets import BadFile, Fault


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def only(data: bytes) -> MeasurandResults:
    (measurand,) = read_results(data, "r.csv").measurands
    return measurand


def faults(data: bytes, name: str = "r.csv") -> list[Fault]:
    with pytest.raises(BadFile) as caught:
        read_results(data, name)
    return caught.value.faults


@pytest.mark.parametrize(
    "header",
    [
        "laboratory,result,uncertainty,k,unit,method,measurand,item",
        "Laboratory,RESULT,Expanded uncertainty,Coverage factor,Units,Test method,Analyte,Sample",
        "实验室,结果,不确定度,包含因子,单位,方法,被测量,样品",
        " 实验室名称 ,检测结果,扩展不确定度,k,计量单位,检测方法,检测项目,样品编号",
        "\uff2c\uff41\uff42,\uff32esult,\uff35,\uff4b,unit,method,测量参数,item",
    ],
)
def test_headings_in_both_languages_in_any_case_and_width(header: str) -> None:
    measurand = only(csv(header, "a,0.50,0.1,2,mg/kg,ICP-MS,Hg,F1", "b,0.6,,,mg/kg,,Hg,F1"))
    assert (measurand.measurand, measurand.item, measurand.unit) == ("Hg", "F1", "mg/kg")
    first, second = measurand.results
    assert (first.result, first.uncertainty, first.k, first.method) == ("0.50", "0.1", "2", "ICP-MS")
    assert (first.U, first.u, second.U, second.u) == (0.1, 0.05, None, None)


def test_columns_in_another_order_and_columns_that_are_not_ours() -> None:
    read = read_results(csv("remark,结果,date,实验室", "x,0.5,2026-01-02,a", ",0.6,,b"), "r.csv")
    assert [r.laboratory for r in read.measurands[0].results] == ["a", "b"]
    assert "remark, date" in read.notes[0].en and "remark, date" in read.notes[0].zh


def test_unit_and_factor_may_stand_in_the_heading() -> None:
    measurand = only(csv("实验室,结果\uff08mg/kg\uff09,U (k=3)", "a,1,0.3", "b,2,0.3"))
    assert (measurand.unit, measurand.results[0].u, measurand.results[0].k_assumed) == ("mg/kg", 0.3 / 3, False)


def test_a_code_column_beside_the_names_and_a_code_column_alone() -> None:
    assert only(csv("实验室,实验室代码,结果", "甲,01,1", "乙,02,2")).results[0].code == "01"
    alone = only(csv("实验室代码,结果", "01,1", "02,2")).results[0]
    assert (alone.laboratory, alone.code) == ("01", None)


def test_the_digest_is_that_of_the_file() -> None:
    data = csv("lab,result", "a,1", "b,2")
    assert read_results(data, "r.csv").sha256 == hashlib.sha256(data).hexdigest()


def test_reported_values_stay_as_received_and_all_kinds_are_distinct() -> None:
    values = ["0", "0.0", "-0", "ND", "<0.1", "\uff10.5", "", "0.10"]
    measurand = only(csv("lab,result", *(f"L{i},{value}" for i, value in enumerate(values))))
    assert [r.result for r in measurand.results] == ["0", "0.0", "-0", "\uff10.5", "0.10"]
    assert [(left.result, left.code) for left in measurand.left_out] == [
        ("ND", "not_detected"),
        ("<0.1", "censored"),
        ("", "no_result"),
    ]


def test_a_missing_measurand_of_one_laboratory_does_not_move_the_others() -> None:
    lines = ["lab,measurand,result", "a,Hg,1", "a,Pb,10", "b,Hg,2", "b,Pb,", "c,Pb,30", "c,Hg,3"]
    mercury, lead = read_results(csv(*lines), "r.csv").measurands
    assert [(r.laboratory, r.value) for r in mercury.results] == [("a", 1), ("b", 2), ("c", 3)]
    assert [(r.laboratory, r.value) for r in lead.results] == [("a", 10), ("c", 30)]


def test_names_are_compared_without_width_and_invisible_characters() -> None:
    data = csv("lab,result", "Lab\u00a01,1", "\uff2cab 1\u200b,3", "lab 1,5")
    assert [(r.laboratory, r.value) for r in only(data).results] == [("Lab 1", 2), ("lab 1", 5)]


def test_leading_zeros_are_part_of_a_code() -> None:
    assert [r.laboratory for r in only(csv("lab,result", "01,1", "1,2")).results] == ["01", "1"]


def test_empty_rows_at_the_end_are_ignored() -> None:
    assert len(only(csv("lab,result", "a,1", "b,2", ",", "", " , ")).results) == 2


# --- replicates -------------------------------------------------------------------------------------------------------


def test_replicates_are_averaged_exactly_and_shown() -> None:
    result, other = only(csv("lab,result", "a,0.1", "b,1", "a,0.2", "a,0.3")).results
    assert (result.value, result.result, result.replicates, result.rows) == (
        0.2,
        "0.2",
        ("0.1", "0.2", "0.3"),
        (2, 4, 5),
    )
    assert other.replicates is None


def test_the_mean_is_written_with_two_decimals_more() -> None:
    result = only(csv("lab,result", "a,25.05", "a,25.58", "b,1")).results[0]
    assert (result.value, result.result) == (25.315, "25.315")
    assert only(csv("lab,result", "a,1", "a,1", "a,2", "b,1")).results[0].result == "1.33"


@given(st.lists(st.decimals(-(10**6), 10**6, places=6, allow_nan=False), min_size=2, max_size=9))
def test_the_mean_is_the_decimal_mean_rounded_once(values: list[Decimal]) -> None:
    rows = [ReportedRow(n, str(v), f"{v:f}", None, None, None, None, None) for n, v in enumerate(values, start=2)]
    assert combine("a", None, rows).value == float(sum(map(Fraction, values), Fraction(0)) / len(values))


def test_a_common_uncertainty_stays_as_reported() -> None:
    result = only(csv("lab,result,U,k", "a,1,0.10,2", "a,3,0.10,2", "b,1,,")).results[0]
    assert (result.uncertainty, result.U, result.u, result.pooled) == ("0.10", 0.1, 0.05, False)


def test_different_uncertainties_give_their_root_mean_square() -> None:
    result = only(csv("lab,result,U,k", "a,1,0.6,2", "a,3,0.8,2", "b,1,,")).results[0]
    assert result.u == pytest.approx(((0.3**2 + 0.4**2) / 2) ** 0.5)
    assert pytest.approx(2 * (result.u or 0)) == result.U and result.pooled


def test_a_limit_among_replicates_leaves_the_laboratory_out() -> None:
    measurand = only(csv("lab,result", "a,0.5", "a,<0.1", "b,1", "c,2"))
    assert [r.laboratory for r in measurand.results] == ["b", "c"]
    assert [(left.row, left.code) for left in measurand.left_out] == [(2, "censored_replicate"), (3, "censored")]


# --- uncertainties and factors ----------------------------------------------------------------------------------------


def test_a_missing_factor_is_taken_as_two_and_remembered() -> None:
    result = only(csv("lab,result,U", "a,1,0.4", "b,2,")).results[0]
    assert (result.k, result.k_assumed, result.u) == ("2", True, 0.2)


@pytest.mark.parametrize("factor", ["1.732", "k=1.732", "\u221a3", "sqrt(3)"])
def test_factors_as_people_write_them(factor: str) -> None:
    result = only(csv("lab,result,U,k", f"a,1,\u00b10.3,{factor}", "b,2,,")).results[0]
    assert result.u == pytest.approx(0.3 / 3**0.5, rel=1e-4)
    assert (result.uncertainty, result.k, result.k_assumed) == ("\u00b10.3", factor, False)


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "place", "mend"),
    [
        (["result", "1"], (1, None), "no column “laboratory”"),
        (["lab,value of x", "a,1"], (1, None), "no column “result”"),
        (["lab,result,结果", "a,1,1"], (1, "C"), "twice"),
        (["lab,result,standard uncertainty", "a,1,1"], (1, "C"), "expanded"),
        (["lab,result"], (2, None), "no row below"),
        (["lab,result", "a,abc", "b,1"], (2, "B"), "not a number"),
        (["lab,result", "a,1", ",2"], (3, "A"), "laboratory is missing"),
        (["lab,result", "a,1", "a,2"], (2, "A"), "Only one laboratory"),
        (["lab,result,measurand", "a,1,Hg", "b,1,"], (3, "C"), "measurand is missing"),
        (["lab,result,U", "a,1,-0.1", "b,1,"], (2, "C"), "greater than zero"),
        (["lab,result,U", "a,1,0", "b,1,"], (2, "C"), "greater than zero"),
        (["lab,result,U", "a,1,<0.1", "b,1,"], (2, "C"), "greater than zero"),
        (["lab,result,U", "a,1,NaN", "b,1,"], (2, "C"), "not a number"),
        (["lab,result,U,k", "a,1,0.1,0", "b,1,,"], (2, "D"), "greater than zero"),
        (["lab,result,U,k", "a,1,0.1,-2", "b,1,,"], (2, "D"), "greater than zero"),
        (["lab,result,unit", "a,1,mg/kg", "b,1,\u03bcg/kg"], (3, "C"), "mg/kg in row 2"),
        (["lab,result", "a,1;234"], (2, "B"), "more than a number"),
        (["lab;result", "a;1,234", "b;2"], (2, "B"), "two ways"),
        (["lab;result", "a;0,5", "b;1.234"], (3, "B"), "row 2 has a decimal comma"),
    ],
)
def test_each_fault_names_its_place_and_its_mend(lines: list[str], place: tuple[int, str | None], mend: str) -> None:
    first = faults(csv(*lines))[0]
    assert (first.file, first.sheet, (first.row, first.column)) == ("r.csv", "1", place)
    assert mend in first.message.en
    assert f"第 {place[0]} 行" in first.text.zh and "row" in first.text.en


def test_all_faults_are_told_in_the_order_of_the_rows() -> None:
    found = faults(csv("lab,result,U,k", "a,x,-1,0", "b,1,y,2", ",3,,"))
    assert [(f.row, f.column) for f in found] == [(2, "C"), (2, "D"), (2, "B"), (3, "C"), (4, "A")]


def test_two_hundred_faults_are_listed_and_the_rest_counted() -> None:
    with pytest.raises(BadFile) as caught:
        read_results(csv("lab,result", *(f"L{n},x" for n in range(500))), "r.csv")
    assert (len(caught.value.faults), caught.value.total) == (200, 500)
    assert caught.value.more is not None and "300" in caught.value.more.en


def test_micro_has_two_codes_and_is_one_unit() -> None:
    assert only(csv("lab,result,unit", "a,1,\u03bcg/kg", "b,2,\u00b5g/kg")).unit == "\u03bcg/kg"


def test_one_unit_may_differ_between_measurands() -> None:
    data = csv("lab,result,unit,measurand", "a,1,mg/kg,Hg", "b,1,mg/kg,Hg", "a,1,%,fat", "b,2,%,fat")
    assert [m.unit for m in read_results(data, "r.csv").measurands] == ["mg/kg", "%"]


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "上报"
    for row in rows:
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_gives_the_same_as_its_text() -> None:
    rows: list[list[object]] = [["实验室", "结果", "不确定度", "k"], ["a", 0.013, 0.003, 2], ["b", "<0.01", None, None]]
    rows.append([7, 5.0, "0.30", 2.0])
    (measurand,) = read_results(workbook(rows), "r.xlsx").measurands
    assert [(r.laboratory, r.result, r.uncertainty, r.k) for r in measurand.results] == [
        ("a", "0.013", "0.003", "2"),
        ("7", "5", "0.30", "2"),
    ]
    assert measurand.left_out[0].result == "<0.01"


def test_a_result_that_became_a_date_is_a_fault_with_its_cell() -> None:
    found = faults(workbook([["lab", "result"], ["a", dt.date(2026, 1, 2)], ["b", 1]]), "r.xlsx")[0]
    assert (found.sheet, found.row, found.column) == ("上报", 2, "B")
    assert "date" in found.message.en and "文本格式" in found.message.zh


def test_a_date_beside_the_results_harms_nobody() -> None:
    rows: list[list[object]] = [["lab", "result", "received"], ["a", 1, dt.date(2026, 1, 2)], ["b", 2, None]]
    assert len(read_results(workbook(rows), "r.xlsx").measurands[0].results) == 2


def test_text_under_no_heading_is_a_fault_and_never_dropped() -> None:
    """A decimal comma in a comma-separated file splits a number; half of it must not become the result."""
    with pytest.raises(BadFile) as refused:
        read_results(b"laboratory,result\nA,1.1\nB,1,234\nC,1.2,\nD,1.3\n", "r.csv")
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(3, "C")]
    assert "decimal" in refused.value.faults[0].message.en


def test_text_under_an_empty_heading_is_a_fault_too() -> None:
    assert [fault.column for fault in faults(csv("laboratory,,result", "A,,1.1", "B,x,1.2", "C,,1.3"))] == ["B"]


# --- the heading of the uncertainties ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "uncertainty (%)", "不确定度\uff08μg/kg\uff09", "U (ug/kg)", "U (95 %)", "U (rel.)", "U (k=two)", "U (k=0)",
        "U (k=2, 95 %)", "U (mg/kg, 95 %)",
    ],
)  # fmt: skip
def test_uncertainties_in_another_unit_than_the_results_are_a_fault(heading: str) -> None:
    (fault,) = faults(csv(f'lab,结果(mg/kg),"{heading}"', "a,1,0.3", "b,2,0.3"))
    assert (fault.row, fault.column) == (1, "C")
    assert any(word in fault.message.en for word in ("Convert", "greater than zero", "Write digits", "percent"))


def test_a_unit_of_uncertainties_beside_results_without_unit_is_a_fault() -> None:
    (fault,) = faults(csv("lab,result,U (mg/kg)", "a,1,0.3", "b,2,0.3"))
    assert "no unit" in fault.message.en and "未注明单位" in fault.message.zh


def test_the_unit_of_uncertainties_is_held_against_every_measurand() -> None:
    (fault,) = faults(csv("lab,measurand,result,unit,U (mg/kg)", "a,Hg,1,mg/kg,0.3", "b,Pb,2,g/kg,0.3"))
    assert "g/kg" in fault.message.en


@pytest.mark.parametrize("heading", ["U (mg/kg)", "U\uff08\uff4dg/kg\uff09", "U ()", "U", "不确定度 [mg/kg]"])
def test_the_unit_of_the_results_may_stand_over_the_uncertainties(heading: str) -> None:
    result = only(csv(f"lab,结果(mg/kg),{heading}", "a,1,0.3", "b,2,0.3")).results[0]
    assert (result.U, result.u, result.k_assumed) == (0.3, 0.15, True)


@pytest.mark.parametrize(
    "heading",
    ["U (k = √3)", "U(k=√3)", "U\uff08k\uff1d√3\uff09", "U (K = sqrt(3))", "U (mg/kg, k=√3)", "U (mg/kg)(k=√3)"],
)
def test_the_root_of_three_in_the_heading_is_the_factor(heading: str) -> None:
    result = only(csv(f'lab,result (mg/kg),"{heading}"', "a,1,0.3", "b,2,0.3")).results[0]
    assert result.u == pytest.approx(0.3 / 3**0.5) and not result.k_assumed


def test_a_factor_in_the_heading_may_have_a_decimal_comma() -> None:
    assert only(csv('lab,result,"U (k=1,73)"', "a,1,0.3", "b,2,0.3")).results[0].u == pytest.approx(0.3 / 1.73)


@pytest.mark.parametrize("heading", ["u", "u(x)", "u (mg/kg)", "uc", "u_c", "u_c(x)", " u ", "\uff55", "u (k=1)"])
def test_a_lower_case_u_is_a_standard_uncertainty_and_refused(heading: str) -> None:
    (fault,) = faults(csv(f"lab,result (mg/kg),{heading}", "a,1,0.3", "b,2,0.3"))
    assert "Standard uncertainties" in fault.message.en and fault.column == "C"


@pytest.mark.parametrize("heading", ["U", "\uff35", "UNCERTAINTY", "Expanded Uncertainty"])
def test_an_upper_case_u_is_an_expanded_uncertainty(heading: str) -> None:
    assert only(csv(f"lab,result,{heading}", "a,1,0.3", "b,2,0.3")).results[0].U == 0.3


# --- rows that sum up the others --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Mean", "平均值", "Median", "x_pt", "指定值", "Assigned value", "MEDIAN:", "标准差"])
def test_a_summary_row_is_told_but_read(name: str) -> None:
    read = read_results(csv("lab,result", "a,1", "b,2", f"{name},1.5"), "r.csv")
    assert len(read.measurands[0].results) == 3
    (note,) = read.notes
    assert f"4 “{name}”" in note.en and f"4 “{name}”" in note.zh


def test_a_laboratory_is_no_summary_row() -> None:
    names = ["Meanwood Laboratory", "中位检测有限公司", "N", "平均检测中心", "01"]
    assert read_results(csv("lab,result", *(f"{name},1" for name in names)), "r.csv").notes == []
