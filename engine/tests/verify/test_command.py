"""`intercomp verify` and `intercomp evaluate` as a person or a pipeline runs them."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from intercomp import __version__
from intercomp.cli import main

GOOD = {
    "id": "good",
    "source": "by hand <&>",
    "kind": "algorithm_a",
    "data": {"x": [1.0, 2.0, 4.0]},
    "options": {},
    "expected": {"median": 2.0, "group": {"strange": 1}, "mean": 2.33},
    "printed_precision": {"*": 2},
}


@pytest.fixture
def write(tmp_path: Path):
    def write(content: Any, name: str = "cases.json") -> str:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return str(path)

    return write


def test_the_json_record_has_the_promised_shape(write, capsys) -> None:
    assert main(["verify", write([GOOD]), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["cases", "passed", "failed", "uncovered"]
    assert (printed["passed"], printed["failed"], printed["uncovered"]) == (2, 0, 1)
    (case,) = printed["cases"]
    assert list(case) == ["id", "kind", "figures", "uncovered"]
    assert (case["id"], case["kind"], case["uncovered"]) == ("good", "algorithm_a", ["group.strange"])
    assert [list(figure) for figure in case["figures"]] == [["name", "expected", "got", "tolerance", "ok"]] * 2
    assert case["figures"][0] == {"name": "median", "expected": 2.0, "got": 2.0, "tolerance": "abs 0.005", "ok": True}


def test_lines_tell_expected_got_tolerance_and_verdict(write, capsys) -> None:
    wrong = GOOD | {"expected": {"median": 2.5, "other": 1, "mean": 2.33}}
    assert main(["verify", write(wrong)]) == 1
    told = capsys.readouterr().out
    assert "FAIL  median: expected 2.5, got 2.0, tolerance abs 0.005" in told
    assert "pass  mean: expected 2.33, got 2.333333333, tolerance abs 0.005" in told
    assert "uncovered  other" in told
    assert told.endswith("1 cases: 1 figures passed, 1 failed, 1 uncovered\n")


def test_exit_codes(write, capsys) -> None:
    whole = GOOD | {"expected": {"median": 2.0}}
    assert main(["verify", write(whole)]) == 0
    assert main(["verify", "--strict", write(whole)]) == 0
    assert main(["verify", write(GOOD)]) == 0
    assert main(["verify", "--strict", write(GOOD)]) == 1
    assert main(["verify", write(GOOD | {"expected": {"median": 3}})]) == 1
    capsys.readouterr()
    assert main(["verify", write("{]", "bad.json")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert re.search(r"bad.json, line 1, column 2: not JSON .*; correct the file there", told.err)


def test_several_files_are_one_record_and_one_unreadable_file_stops_all(write, capsys) -> None:
    first, second = write(GOOD, "a.json"), write({"cases": [GOOD | {"id": "second"}]}, "b.json")
    assert main(["verify", first, second, "--json"]) == 0
    assert [case["id"] for case in json.loads(capsys.readouterr().out)["cases"]] == ["good", "second"]
    assert main(["verify", first, write([], "empty.json"), "--json"]) == 2
    assert capsys.readouterr().out == ""


def test_figures_that_are_no_numbers_still_make_json(write, capsys) -> None:
    constant = {**GOOD, "kind": "homogeneity", "data": {"items": [[1, 1], [1, 1]]}, "expected": {"F": 1.0, "P": 1.0}}
    assert main(["verify", write(constant), "--json"]) == 1
    figures = json.loads(capsys.readouterr().out)["cases"][0]["figures"]
    assert [(figure["got"], figure["ok"]) for figure in figures] == [("NaN", False), ("NaN", False)]


# --- the report -------------------------------------------------------------------------------------------------------


def test_the_html_report_needs_nothing_else_and_can_be_signed(write, tmp_path, capsys) -> None:
    report = tmp_path / "record.html"
    wrong = GOOD | {"id": "wrong", "expected": {"median": 2.5}}
    assert main(["verify", write([GOOD, wrong]), "--report", str(report), "--date", "2026-03-14"]) == 1
    page = report.read_text("utf-8")
    for told in (
        f"intercomp {__version__}",
        "2026-03-14",
        "NumPy",
        "SciPy",
        "Python",
        "cases.json, SHA-256 ",
        "NOT all figures hold",
    ):
        assert told in page
    for told in (
        "Verified by",
        "Reviewed by",
        "Signature",
        "group.strange",
        "uncovered",
        "FAIL",
        "by hand &lt;&amp;&gt;",
    ):
        assert told in page
    assert not re.search(r"<script|<link|@import|src=|https?://|url\(", page)
    assert "by hand <&>" not in page


def test_the_same_record_gives_the_same_report(write, tmp_path, capsys) -> None:
    for name in ("a.html", "b.html"):
        main(["verify", write(GOOD), "--report", str(tmp_path / name), "--date", "2026-03-14"])
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_pdf_report_is_written_with_the_extra_and_refused_with_the_reason_without(write, tmp_path, capsys) -> None:
    report = tmp_path / "record.pdf"
    code = main(["verify", write(GOOD), "--report", str(report)])
    if importlib.util.find_spec("typst"):
        assert code == 0
        assert report.read_bytes().startswith(b"%PDF-")
    else:
        assert code == 2
        assert 'pip install "intercomp[report]"' in capsys.readouterr().err


def test_without_the_extra_the_pdf_is_refused(write, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert main(["verify", write(GOOD), "--report", str(tmp_path / "record.pdf")]) == 2
    assert 'pip install "intercomp[report]"' in capsys.readouterr().err


@pytest.mark.parametrize("name", ["record.docx", "record", "nowhere/record.html"])
def test_a_report_that_cannot_be_written_is_refused(write, tmp_path, capsys, name: str) -> None:
    assert main(["verify", write(GOOD), "--report", str(tmp_path / name)]) == 2
    assert ";" in capsys.readouterr().err


# --- evaluate ---------------------------------------------------------------------------------------------------------

ROUND = """laboratory,result,U,k
L1,10.2,0.4,2
L2,9.8,,
L3,<10,,
L4,10.1,0.3,2
L5,10.4,0.5,2
L6,14,0.2,2
L7,,,
"""


def test_a_round_at_a_glance(write, capsys) -> None:
    given = ["--assigned", "10", "--u-assigned", "0.05", "--sigma", "0.3"]
    assert main(["evaluate", write(ROUND, "round.csv"), *given]) == 0
    told = capsys.readouterr().out
    assert re.search(r"L1 +10.2 +0.67 +0.97 +0.49  acceptable", told)
    assert re.search(r"L2 +9.8 +-0.67 +acceptable", told)
    assert re.search(r"L6 +14 +13.33 +35.78 +17.89  action", told)
    assert "left out: row 4, L3, <10 — a limit, not a result" in told
    assert "left out: row 8, L7, (blank) — no result" in told


def test_scores_from_the_round_itself_are_told_to_be_relative(write, capsys) -> None:
    assert main(["evaluate", write(ROUND, "round.csv"), "--assigned", "mean", "--sigma", "sd"]) == 0
    told = capsys.readouterr().out
    for note in ("relative to this round", "few for a consensus", "no |z| can exceed 1.79", "z' was taken"):
        assert note in told


def test_replicates_measurands_semicolons_and_chinese_headers(write, capsys) -> None:
    content = "实验室代码;检测项目;结果 1;结果 2\nA;Pb;1.0;1.2\nB;Pb;1.4;1.2\nA;Cd;3;4\nB;Cd;4;5\n"
    assert main(["evaluate", write(content, "round.csv"), "--assigned", "mean", "--sigma", "1"]) == 0
    told = capsys.readouterr().out
    assert "Pb\nassigned value  1.2 " in told
    assert "Cd\nassigned value  4 " in told


def test_horwitz_asks_for_the_mass_fraction(write, capsys) -> None:
    path = write("lab,result\nA,1.1\nB,1.3\n", "round.csv")
    assert main(["evaluate", path, "--assigned", "1.195", "--sigma", "horwitz"]) == 2
    assert "mass_fraction" in capsys.readouterr().err
    assert main(["evaluate", path, "--assigned", "1.195", "--sigma", "horwitz", "--mass-fraction", "1.195e-6"]) == 0
    assert "sigma_pt        0.186103  by horwitz" in capsys.readouterr().out


def test_a_round_without_spread_has_no_scores(write, capsys) -> None:
    assert main(["evaluate", write("lab,result\nA,1\nB,1\nC,1\n", "round.csv")]) == 1
    assert "no scores: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (
            "lab,result\nA,1\nB,ten\nC,1,5\nD,abc\n",
            "round.csv",
            r"row 3: result: 'ten' is not a number.*\n.*row 5: result",
        ),
        ("lab,weight\nA,1\n", "round.csv", "no column of results among: lab, weight"),
        ("lab,result,value\nA,1,2\n", "round.csv", "two columns hold the result"),
        ("", "round.csv", "it is empty"),
        ("lab,result\n", "round.csv", "there is no result in it"),
        ("lab,result,U\nA,1,-2\n", "round.csv", "row 2: U: -2 is too small"),
        ("lab,result\nA,1\n", "round.doc", r"\.doc is not known"),
        ("not a workbook", "round.xlsx", r"not a workbook|pip install \"intercomp\[xlsx\]\""),
        ("lab,result\nA,<1\n", "round.csv", "there is none to evaluate"),
    ],
)
def test_a_round_that_cannot_be_read_is_refused_with_every_fault(
    write, capsys, content: str, name: str, told: str
) -> None:
    assert main(["evaluate", write(content, name)]) == 2
    assert re.search(told, capsys.readouterr().err)


def test_an_unknown_method_is_refused_with_those_there_are(write, capsys) -> None:
    assert main(["evaluate", write(ROUND, "round.csv"), "--assigned", "guess"]) == 2
    assert "give one of algorithm-a" in capsys.readouterr().err


SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>lab</t></is></c><c r="B1" t="inlineStr"><is><t>result</t></is></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>A</t></is></c><c r="B2"><v>9.5</v></c></row>
<row r="3"><c r="A3" t="inlineStr"><is><t>B</t></is></c><c r="B3"><v>10.5</v></c></row>
</sheetData></worksheet>"""
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
    'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"'
    '/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": SHEET,
}


@pytest.fixture
def workbook(tmp_path: Path) -> str:
    path = tmp_path / "round.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
    return str(path)


def test_a_workbook_is_read_with_the_extra_and_refused_with_the_reason_without(workbook: str, capsys) -> None:
    code = main(["evaluate", workbook, "--assigned", "10", "--sigma", "0.5"])
    told = capsys.readouterr()
    if importlib.util.find_spec("python_calamine"):
        assert code == 0
        assert re.search(r"A +9.5 +-1.00  acceptable", told.out)
    else:
        assert (code, 'pip install "intercomp[xlsx]"' in told.err) == (2, True)


def test_without_the_extra_a_workbook_is_refused(workbook: str, capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert main(["evaluate", workbook]) == 2
    assert 'pip install "intercomp[xlsx]"' in capsys.readouterr().err


# --- the command itself -----------------------------------------------------------------------------------------------


def test_help_version_and_bad_arguments(capsys) -> None:
    assert main([]) == 0
    assert "verify" in capsys.readouterr().out
    for arguments, code in ((["--version"], 0), (["verify", "--help"], 0), (["verify", "--wrong"], 2), (["dance"], 2)):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == code
    assert f"intercomp {__version__}" in capsys.readouterr().out


def test_a_reader_who_leaves_early_does_no_harm(write) -> None:
    many = [GOOD | {"id": f"case {number}"} for number in range(3000)]
    command = [
        sys.executable,
        "-c",
        "import sys; from intercomp.cli import main; sys.exit(main())",
        "verify",
        write(many),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0
    assert told == b""


def test_rows_of_one_laboratory_are_replicates_and_count_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "round.csv"
    file.write_text("lab,result,U\nA,1.0,0.3\nA,1.4,0.4\nB,1.1,0.2\nC,1.3,0.2\nD,1.25,0.2\n", encoding="utf-8")
    assert main(["evaluate", str(file)]) == 0
    told = capsys.readouterr().out
    assert "averaged: A (2)" in told and "4 results are few" in told
    assert sum(line.startswith("A ") for line in told.splitlines()) == 1
