"""The report and the workbook of an evaluation."""

from __future__ import annotations

import copy
import hashlib
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import intercomp
import openpyxl
import pikepdf
import pytest
import rfc8785

from tests.activities.proficiency.mercury import document, mercury, round_of, score
from zhunsheng.activities import proficiency
from zhunsheng.activities.proficiency import documents, report_data
from zhunsheng.activities.proficiency.documents import evaluation_report, scores_workbook
from zhunsheng.activities.proficiency.words import ASSIGNED, SIGMA, SIGNALS, assigned_method, sigma_method
from zhunsheng.faces import cli
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.signing import SigningKey, seal_pdf, verify_pdf
from zhunsheng.foundation.typesetting import charts
from zhunsheng.foundation.typesetting.charts import ChartLanguage

PLACE = Path(proficiency.__file__).parent

LANGUAGES: tuple[ChartLanguage, ...] = ("zh", "en", "both")


def several() -> dict[str, Any]:
    objects = [mercury(), round_of(12) | {"measurand": "镉 Cadmium"}]
    head = {"schema": "zhunsheng-evaluation/1", "title": "饲料中重金属", "input_sha256": "9f" * 32}
    return head | {"engine": objects[0]["engine"], "measurands": objects}


def alone() -> dict[str, Any]:
    """One laboratory, without uncertainty; the assigned value without one, too."""
    row = score(1, "L01", "0.05", None, None) | {"z_prime": None}
    return document(
        [row],
        score_used="z",
        assigned_value={"value": 0.044, "u": None, "u_method": None, "method": "given", "n": None},
    )


def attached(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        content: bytes = opened.attachments["evaluation.json"].get_file().read_bytes()
    return content


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("make", [mercury, several, alone], ids=["one-measurand", "several", "one-laboratory"])
def test_a_report_carries_its_evaluation_as_canonical_json(make: Any, lang: ChartLanguage) -> None:
    given = make()
    assert attached(evaluation_report(given, lang=lang)) == rfc8785.dumps(given)


def test_the_document_is_left_as_it_was() -> None:
    given = mercury()
    evaluation_report(given, lang="zh")
    assert given == mercury()


def test_a_report_can_be_sealed_and_verified(tmp_path: Any) -> None:
    key = SigningKey.load_or_make(tmp_path / "key.pem")
    sealed = seal_pdf(evaluation_report(mercury(), lang="both"), key=key, facts={"title": "x"})
    assert verify_pdf(sealed, [key.public]).outcome == "valid"


def test_same_document_same_bytes_in_another_process() -> None:
    here = evaluation_report(mercury(), lang="both", qr_text="ZS1:ABC", issuer="提供者")
    code = (
        "import hashlib; from tests.activities.proficiency.mercury import mercury;"
        "from zhunsheng.activities.proficiency.documents import evaluation_report as r;"
        "print(hashlib.sha256(r(mercury(), lang='both', qr_text='ZS1:ABC', issuer='提供者')).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=120).stdout
    assert there.decode().strip() == hashlib.sha256(here).hexdigest()


def test_the_number_of_a_report_follows_its_content() -> None:
    def number(given: dict[str, Any]) -> str:
        with pikepdf.open(io.BytesIO(evaluation_report(given, lang="en"))) as pdf:
            return hashlib.sha256(b"".join(page.Contents.read_bytes() for page in pdf.pages[:1])).hexdigest()

    changed = mercury()
    changed["scores"][0]["method"] = "ICP-MS"
    assert number(mercury()) != number(changed)


def test_two_hundred_laboratories_and_long_names() -> None:
    assert len(pikepdf.open(io.BytesIO(evaluation_report(round_of(200), lang="zh"))).pages) > 4
    name = "国家食品质量安全监督检验中心粤港澳大湾区农产品与饲料重金属污染物检测联合实验室第{i}分中心\uff08东莞松山湖园区\uff09检测部"
    shown = [row[0] for row in report_data.measurand(round_of(30, name))["rows"]]
    assert len(set(shown)) == 30 and all("…" in row for row in shown)


def test_thinned_charts_say_how_many_laboratories_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: dict[str, Any] = {}

    def draw(kind: str, data: dict[str, Any], lang: str, *, height: int) -> str:
        drawn[kind] = data
        return "<svg/>"

    monkeypatch.setattr(documents, "render_svg", draw)
    documents._charts(round_of(3000), 1, "en", {}, 400)
    assert [drawn[kind]["laboratories"] for kind in ("zScores", "resultBars")] == [3000, 3000]
    assert max(len(drawn["zScores"]["bars"]), len(drawn["resultBars"]["points"])) <= 400


def test_the_title_and_the_issuer_are_in_the_properties() -> None:
    pdf = evaluation_report(mercury(), lang="zh", issuer=Text(en="Provider", zh="提供者"))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.docinfo["/Title"]) == "总汞 Total mercury"
        assert str(opened.docinfo["/Author"]) == "提供者"


# ---- what is printed ------------------------------------------------------------------------------------------------


def test_figures_are_rounded_by_their_uncertainty_and_results_stand_as_reported() -> None:
    shown = report_data.measurand(mercury())
    assert (shown["x_pt_unit"], shown["u"], shown["sigma"]) == ("0.0440 mg/kg", "0.0041", "0.0066")
    assert shown["columns"] == ["laboratory", "result", "U", "k", "z", "z_prime", "zeta", "e_n", "signal"]
    assert shown["rows"][2][:8] == ["L23", "0.0135", "0.00108", "1.732", "−4.62", "−3.93", "−7.35", "−3.69"]


def test_columns_that_hold_nothing_are_not_printed() -> None:
    shown = report_data.measurand(alone())
    assert shown["columns"] == ["laboratory", "result", "z", "signal"]
    assert shown["formulas"] == ["z"]
    assert "not known" in shown["choice"]["en"]


def test_the_example_worked_by_hand_gives_the_printed_score() -> None:
    example = report_data.measurand(mercury())["example"]
    assert example["en"].endswith("z′ = (0.013 − 0.0440) / √(0.0066² + 0.0041²) = −3.99.")


def test_an_example_that_rounding_would_belie_is_not_given() -> None:
    given = alone()
    given["scores"][0]["z"] += 1
    assert report_data.measurand(given)["example"] is None


def test_nothing_is_said_of_a_given_value_that_nobody_said() -> None:
    shown = report_data.measurand(mercury())
    for key in ("assigned_method", "sigma_method", "u_method"):
        assert shown[key]["en"] == "Value given by the organiser; how it was set is not stated in this evaluation."
        assert shown[key]["zh"] == "由组织者给定的值；本评定未说明其确定方法。"


def test_the_row_of_the_uncertainty_says_what_it_rests_on() -> None:
    consensus = {"value": 0.044, "u": 0.0041, "method": "algorithm-a", "n": 21}
    computed = document(mercury()["scores"], assigned_value=consensus | {"u_method": "computed"})
    shown = report_data.measurand(computed)
    assert shown["u_method"]["en"] == "u = 1.25 s*/√p, from 21 results."
    assert "1.25" not in shown["assigned_method"]["en"]
    given = report_data.measurand(document(mercury()["scores"], assigned_value=consensus | {"u_method": "given"}))
    assert "given by the organiser" in given["u_method"]["en"] and "21" not in given["u_method"]["en"]
    assert report_data.measurand(alone())["u_method"] == {"en": "–", "zh": "–"}


def test_replicates_and_assumed_factors_are_marked() -> None:
    row = score(1, "L01", "0.05", "0.007", "2") | {"k_assumed": True, "replicates": ["0.049", "0.051"]}
    shown = report_data.measurand(document([row]))
    assert shown["rows"][0][1:4] == ["0.05‡", "0.007", "2†"]
    assert [remark["en"][0] for remark in shown["remarks"]] == ["S", "†", "‡"]


def test_a_coded_laboratory_is_never_named() -> None:
    row = score(1, "Acme Laboratory", "0.05", None, None) | {"code": "P07"}
    assert "Acme" not in str(report_data.measurand(document([row])))


# ---- words ----------------------------------------------------------------------------------------------------------


def test_every_method_of_the_engine_has_words() -> None:
    assert set(intercomp.ASSIGNED_METHODS) <= set(ASSIGNED)
    assert set(intercomp.SIGMA_METHODS) <= set(SIGMA)
    assert assigned_method("of our own").zh == sigma_method("of our own").en == "of our own"


def test_signals_differ_by_letter() -> None:
    assert len({words.letter for words in SIGNALS.values()}) == len(SIGNALS) == 3


def test_chinese_is_punctuated_in_chinese() -> None:
    texts = [*ASSIGNED.values(), *SIGMA.values(), *(w.meaning for w in SIGNALS.values())]
    han = {
        i for text in texts for i, c in enumerate(text.zh) if c in ",;:?!" and "\u4e00" <= text.zh[i - 1] <= "\u9fff"
    }
    assert not han


def test_sources_stand_in_chinese_brackets_in_chinese() -> None:
    assert [text.zh for text in [*ASSIGNED.values(), *SIGMA.values()] if "(ISO" in text.zh] == []


def test_chinese_uses_one_term_for_one_thing() -> None:
    ours = [path for path in PLACE.rglob("*.py") if path.name != "summary_rows.py"]  # which knows what others write
    files = [*ours, *Path(charts.__file__).parent.glob("*.py"), *Path(cli.__file__).parent.glob("*.py")]
    said = {path: path.read_text("utf-8") for path in files}
    assert [
        (path.name, term) for path, text in said.items() for term in ("评价", "标准偏差", "得分") if term in text
    ] == []


def test_one_scored_result_is_spoken_of_in_the_singular() -> None:
    summary = report_data.head(alone(), [alone()], "1", "0")["summary"]
    assert summary["en"].startswith("One result was scored: acceptable.")
    assert summary["zh"].startswith("评分结果 1 个：满意。")


# ---- the workbook ---------------------------------------------------------------------------------------------------


def test_a_workbook_keeps_reported_text_and_computed_numbers() -> None:
    book = openpyxl.load_workbook(io.BytesIO(scores_workbook(mercury(), "en")))
    scores = book.worksheets[0]
    header = [cell.value for cell in scores[1]]
    first = dict(zip(header, (cell.value for cell in scores[2]), strict=True))
    assert first["Result"] == "0.013"
    assert first["z′"] == pytest.approx(-3.98979981546)
    assert first["Signal"] == "A action"
    assert [cell.value for cell in book.worksheets[1][2]][2:4] == ["L27", "<0.01"]


def test_a_workbook_has_a_sheet_for_each_measurand_whatever_it_is_called() -> None:
    given = several()
    for m in given["measurands"]:
        m["measurand"] = "Pb/Cd [total] in a very long description of the matter"
    given["measurands"][0]["left_out"] = []
    names = openpyxl.load_workbook(io.BytesIO(scores_workbook(given, "both"))).sheetnames
    assert len(names) == len(set(names)) == 2
    assert scores_workbook(copy.deepcopy(given), "both") == scores_workbook(given, "both")


def test_one_measurand_or_several_are_read_alike() -> None:
    assert [len(documents.measurands_of(d)) for d in (mercury(), several())] == [1, 2]
