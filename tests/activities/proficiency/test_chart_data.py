"""What the charts of an evaluation are made of."""

from __future__ import annotations

import pytest

from tests.foundation.typesetting.test_charts import THREE, measurand, row
from zhunsheng.activities.proficiency.chart_data import result_data, z_score_data
from zhunsheng.activities.proficiency.rules.evaluation import Settings, evaluate
from zhunsheng.activities.proficiency.rules.results_file import read_results


def test_bars_ascend_and_one_is_the_readers() -> None:
    bars = z_score_data(THREE, own="甲")["bars"]
    assert [bar["label"] for bar in bars] == ["乙", "甲", "丙"]
    assert [bar["own"] for bar in bars] == [False, True, False]


def test_a_code_hides_the_name() -> None:
    data = str(z_score_data(measurand(row("Acme Laboratory", 0.1, code="P07")))) + str(
        result_data(measurand(row("Acme Laboratory", 0.1, code="P07")))
    )
    assert "P07" in data
    assert "Acme" not in data


@pytest.mark.parametrize(
    ("reported", "kind", "limit"),
    [
        ("<0.01", "below", 0.01),
        (">20", "above", 20.0),
        ("<0,01", "below", 0.01),
        ("\uff1c\uff10\uff0e\uff10\uff11", "below", 0.01),
        ("小于0.01", "below", 0.01),
        ("\u22640.01", "below", 0.01),
        ("less than 0.01", "below", 0.01),
        ("大于 20", "above", 20.0),
    ],
)
def test_a_limit_stands_where_it_was_reported(reported: str, kind: str, limit: float) -> None:
    left_out = [{"row": 9, "laboratory": "L9", "code": "censored", "result": reported}]
    point = next(p for p in result_data(measurand(row("A", 0), left_out=left_out))["points"] if p["label"] == "L9")
    assert (point["kind"], point["value"], point["signal"]) == (kind, limit, None)


def test_what_is_no_number_and_no_limit_is_not_drawn() -> None:
    left_out = [{"row": 9, "laboratory": "L9", "code": "text", "result": "not detected"}]
    assert len(result_data(measurand(row("A", 0), left_out=left_out))["points"]) == 1


def test_one_laboratory_is_described_in_the_singular() -> None:
    alone = measurand(row("A", 0))
    assert "of 1 laboratory" in z_score_data(alone)["description"]["en"]
    assert "of 1 laboratory" in result_data(alone)["description"]["en"]
    assert "of 3 laboratories" in z_score_data(THREE)["description"]["en"]


def test_every_limit_that_the_reader_understood_has_its_arrow() -> None:
    limits = ['"<0,01"', "小于0.01", "\uff1c0.01", "< 0.01", ">5"]
    lines = ["lab,result", *(f"L{i},{i}.5" for i in range(1, 6)), *(f"C{i},{x}" for i, x in enumerate(limits))]
    document = evaluate(read_results("\n".join(lines).encode(), "r.csv"), Settings.parse())
    arrows = [point for point in result_data(document)["points"] if point["kind"] != "value"]
    assert len(arrows) == len(document["left_out"]) == len(limits)
