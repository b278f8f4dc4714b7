"""The charts as data and as pictures."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from zhunsheng.activities.proficiency.chart_data import labels, result_data, z_score_data
from zhunsheng.foundation.typesetting.charts import ChartLanguage, Kind, render_svg


def row(laboratory: str, score: float, **changes: Any) -> dict[str, Any]:
    value = 10 + score
    size = abs(score)
    return {
        "laboratory": laboratory,
        "code": None,
        "result": f"{value:.2f}",
        "uncertainty": "0.5",
        "value": value,
        "U": 0.5,
        "z": score,
        "z_prime": None,
        "signal": "acceptable" if size <= 2 else "warning" if size < 3 else "action",
    } | changes


def measurand(*rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "unit": "mg/kg",
        "assigned_value": {"value": 10.0, "u": 0.1},
        "sigma_pt": {"value": 1.0},
        "score_used": "z",
        "scores": list(rows),
        "left_out": [],
    } | changes


THREE = measurand(row("甲", 0.5), row("乙", -2.4), row("丙", 7.25))


def drawn(svg: str) -> list[str]:
    """The words in a picture."""
    return [text.text or "" for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_score_that_was_used_is_drawn() -> None:
    used = measurand(row("A", 2.5, z_prime=1.9), score_used="z_prime")
    assert z_score_data(used)["bars"][0]["score"] == 1.9
    assert "z′" in drawn(render_svg("zScores", z_score_data(used), "en"))


def test_a_far_score_is_cut_and_told() -> None:
    words = drawn(render_svg("zScores", z_score_data(THREE), "zh"))
    assert "A 7.25" in words
    assert "W" in words  # the letter tells a warning where the page is grey


def test_lines_stand_at_the_assigned_value_and_not_at_its_rounding() -> None:
    small = measurand(row("A", 0.0, value=0.0441, U=None), row("B", 1.0, value=0.06, U=None))
    small |= {"assigned_value": {"value": 0.044, "u": None}, "sigma_pt": {"value": 0.0066}}
    picture = render_svg("resultBars", result_data(small), "en")
    places = {text.text: text.get("transform", "") for text in ElementTree.fromstring(picture).iter() if text.text}
    heights = [float(re.findall(r"[\d.]+", places[line])[1]) for line in ("−3σ", "−2σ", "x(pt)", "+2σ", "+3σ")]
    steps = [lower - upper for lower, upper in pairwise(heights)]
    assert steps[1] == pytest.approx(2 * steps[0], abs=1.5)
    assert steps[2] == pytest.approx(2 * steps[3], abs=1.5)


def test_without_uncertainty_there_is_no_whisker() -> None:
    alone = measurand(row("A", 0.1, U=None, uncertainty=None), row("B", 0.2))
    with_one = render_svg("resultBars", result_data(alone), "en")
    with_both = render_svg("resultBars", result_data(measurand(row("A", 0.1), row("B", 0.2))), "en")
    assert with_both.count("<path") == with_one.count("<path") + 1


def test_more_than_150_laboratories_lose_their_codes_not_their_bars() -> None:
    many = z_score_data(measurand(*(row(f"L{i:03}", i / 100) for i in range(160))))
    svg = render_svg("zScores", many, "zh")
    assert "L000" not in svg
    assert "160 个实验室\uff0c按升序排列" in svg


@pytest.mark.parametrize(("shown", "labels_shown"), [(400, False), (60, True)])
def test_a_part_of_the_laboratories_is_called_a_part(shown: int, labels_shown: bool) -> None:
    part = z_score_data(measurand(*(row(f"L{i:03}", i / 1000) for i in range(shown)))) | {"laboratories": 3000}
    assert (f"{shown} of 3\u00a0000 laboratories shown, ascending") in drawn(render_svg("zScores", part, "en"))
    words = drawn(render_svg("zScores", part, "zh"))
    assert f"3\u00a0000 个实验室中的 {shown} 个，按升序排列" in words
    assert ("L000" in words) == labels_shown


def test_long_names_are_numbered_because_shortened_they_look_alike() -> None:
    twins = ["国家食品质量监督检验中心第一分中心检测部", "国家食品质量监督检验中心第二分中心检测部"]
    data = measurand(*(row(name, i / 10) for i, name in enumerate(twins)))
    assert [name.split()[0] for name in labels(data)] == ["1", "2"]
    words = [word for word in drawn(render_svg("zScores", z_score_data(data), "zh")) if "…" in word]
    assert len(set(words)) == 2


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
@pytest.mark.parametrize("kind", ["zScores", "resultBars"])
def test_every_chart_speaks_the_language_asked_for(kind: Kind, lang: ChartLanguage) -> None:
    data = z_score_data(THREE) if kind == "zScores" else result_data(THREE)
    words = " ".join(drawn(render_svg(kind, data, lang)))
    assert ("不满意" in words) == (lang != "en")
    assert ("action signal" in words) == (lang != "zh")


def test_a_picture_for_print_has_nothing_for_pointers_and_names_its_weight() -> None:
    svg = render_svg("zScores", z_score_data(THREE, own="甲"), "zh")
    assert "hover" not in svg and "ecmeta" not in svg
    styles = re.findall(r'<text[^>]*style="([^"]*)"', svg)
    assert all("'wght' 400" in style or "700" in style for style in styles)
    assert all("Noto Sans CJK SC" in style for style in styles)


def test_the_same_data_give_the_same_bytes_here_and_elsewhere() -> None:
    here = render_svg("zScores", z_score_data(THREE), "zh")
    render_svg("resultBars", result_data(THREE), "en")
    assert render_svg("zScores", z_score_data(copy.deepcopy(THREE)), "zh") == here
    code = f"from zhunsheng.foundation.typesetting.charts import *; print(render_svg('zScores', {z_score_data(THREE)!r}, 'zh'))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, timeout=60, env={"PYTHONIOENCODING": "utf-8"}
    )
    assert run.stdout.decode().rstrip("\n") == here.rstrip("\n")


def test_nothing_scored_is_a_chart_without_bars() -> None:
    empty = z_score_data(measurand())
    assert empty["bars"] == []
    assert render_svg("zScores", empty, "zh").startswith("<svg")
