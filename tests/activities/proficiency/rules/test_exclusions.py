"""Results out of the statistics: which, by a truth table; what changes and what does not, by hand-computed numbers."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from tests.activities.proficiency.rules.json_schema import complaints
from tests.activities.proficiency.rules.test_evaluation import SCHEMA
from zhunsheng.activities.proficiency.documents import scores_workbook
from zhunsheng.activities.proficiency.report_data import measurand as printed
from zhunsheng.activities.proficiency.rules.evaluation import Settings, evaluate
from zhunsheng.activities.proficiency.rules.exclusions import Said, check_exclusion, standing
from zhunsheng.activities.proficiency.rules.outliers import questions
from zhunsheng.activities.proficiency.rules.results_file import ResultsFile, read_results
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.spreadsheets import BadFile, read_table

OUT, BACK = True, False
quick = how(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def results(values: dict[str, str]) -> ResultsFile:
    return read_results(("lab,result\n" + "".join(f"{k},{v}\n" for k, v in values.items())).encode(), "r.csv")


FIVE = {"A": "1", "B": "2", "C": "3", "D": "4", "E": "1000"}
MEAN = Settings.parse("mean", None, "sd")


def of(values: dict[str, str], out: dict[str, str], settings: Settings = MEAN) -> dict[str, Any]:
    document = evaluate(results(values), settings, excluded=[out])
    assert complaints(document, SCHEMA) == []
    return document


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], [{}, {}]),
        ([(0, OUT)], [{"A": "r0"}, {}]),
        ([(None, OUT)], [{"A": "r0"}, {"A": "r0"}]),
        ([(None, OUT), (1, BACK)], [{"A": "r0"}, {}]),
        ([(0, OUT), (None, BACK)], [{}, {}]),
        ([(0, OUT), (0, BACK), (0, OUT)], [{"A": "r2"}, {}]),
        ([(0, OUT), (None, OUT)], [{"A": "r1"}, {"A": "r1"}]),
    ],
)
def test_of_the_acts_that_speak_of_a_result_the_last_counts(
    said: list[tuple[int | None, bool]], expected: list[dict[str, str]]
) -> None:
    assert standing([Said(place, "A", out, f"r{i}") for i, (place, out) in enumerate(said)], 2) == expected


@pytest.mark.parametrize(
    ("out", "now", "refused"),
    [(True, [False], False), (True, [True], True), (True, [True, False], False), (False, [True], False), (False, [False], True)],
)  # fmt: skip
def test_an_act_changes_something(out: bool, now: list[bool], refused: bool) -> None:
    if refused:
        with pytest.raises(CannotDo, match="out of the statistics"):
            check_exclusion("typed twice", out=out, now=now)
    else:
        check_exclusion("typed twice", out=out, now=now)
    with pytest.raises(CannotDo, match="reason"):
        check_exclusion("  ", out=out, now=now)


def test_a_blunder_leaves_the_statistics_and_is_scored() -> None:
    """Of 1, 2, 3, 4: mean 2.5, s = √(5/3) = 1.29099; u = s/√4; the blunder has z' of (1000 − 2.5)/√(s² + u²)."""
    document = of(FIVE, {"E": "typed a thousand times too large"})
    assert document["assigned_value"]["value"] == 2.5 and document["assigned_value"]["n"] == 4
    assert document["sigma_pt"]["value"] == pytest.approx(1.29099, abs=5e-6)
    assert document["statistics"]["max"] == 4.0
    blunder = document["scores"][4]
    assert blunder["excluded"] == "typed a thousand times too large" and blunder["signal"] == "action"
    assert blunder["z"] == pytest.approx(997.5 / 1.2909944487)
    assert document["counts"]["scored"] == 5 and document["counts"]["excluded"] == 1
    note = next(note for note in document["notes"] if "Left out of the statistics" in note["en"])
    assert "1. E (typed a thousand times too large)" in note["en"]
    assert "E（typed a thousand times too large）" in note["zh"]


def test_report_and_workbook_tell_it() -> None:
    document = of(FIVE, {"E": "slip"})
    said = printed(document)
    assert any(row[1] == "1000§" for row in said["rows"])
    assert any(remark["en"].startswith("§") for remark in said["remarks"])
    table = read_table(scores_workbook(document, "en"), filename="s.xlsx")
    place = [cell.text for cell in table.header].index("Left out of the statistics")
    assert [row.texts[place] if place < len(row.texts) else "" for row in table.rows] == ["", "", "", "", "slip"]
    without = read_table(scores_workbook(of(FIVE, {}), "en"), filename="s.xlsx")
    assert "Left out of the statistics" not in [cell.text for cell in without.header]


def test_with_every_result_out_there_is_nothing_to_compute() -> None:
    with pytest.raises(BadFile, match="Every result is left out"):
        of(FIVE, dict.fromkeys(FIVE, "x"))


@quick
@given(st.lists(st.integers(0, 999), min_size=4, max_size=12, unique=True))
def test_nothing_excluded_gives_the_very_bytes_as_before(values: list[int]) -> None:
    read = results({f"L{i}": str(v) for i, v in enumerate(values)})
    assert canonical_json(evaluate(read, MEAN, excluded=[{}])) == canonical_json(evaluate(read, MEAN))


@quick
@given(st.lists(st.integers(0, 999), min_size=5, max_size=12, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_laboratories_does_not_matter(values: list[int], chance: random.Random) -> None:
    named = [(f"L{i:02}", str(v)) for i, v in enumerate(values)]
    mixed = chance.sample(named, len(named))
    one, other = of(dict(named), {"L00": "x"}), of(dict(mixed), {"L00": "x"})
    scores = {row["laboratory"]: row["z"] for row in other["scores"]}
    assert {row["laboratory"]: row["z"] for row in one["scores"]} == pytest.approx(scores)


def test_tests_point_at_results_and_take_nothing_out() -> None:
    many = {f"L{i}": f"10.{i}" for i in range(8)} | {"X": "30"}
    read = results(many)
    found = questions(read.measurands[0])
    assert {one.code for one in found} == {"X"} and len(found) == 2
    assert found[0].words.en.startswith("Grubbs: G = 2.66") and "格拉布斯" in found[0].words.zh
    assert questions(read.measurands[0], {"X": "slip"}) == []
    assert len(read.measurands[0].results) == 9


def test_a_spread_of_replicates_that_stands_out_is_asked() -> None:
    rows = "".join(f"L{i},10.{i}\nL{i},10.{i + 1}\n" for i in range(7)) + "X,8.4\nX,12.4\n"
    read = read_results(("lab,result\n" + rows).encode(), "r.csv")
    assert [one.code for one in questions(read.measurands[0]) if "Cochran" in one.words.en] == ["X"]
