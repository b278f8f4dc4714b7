"""Settings for each measurand alone: what overrides what, and what u(x_pt) is made of, by hand-computed numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.activities.proficiency.rules.json_schema import complaints
from tests.activities.proficiency.rules.test_evaluation import SCHEMA
from zhunsheng.activities.proficiency import words
from zhunsheng.activities.proficiency.rules.evaluation import Settings, SettingsError, evaluate
from zhunsheng.activities.proficiency.rules.results_file import read_results
from zhunsheng.activities.proficiency.rules.settings import Written, in_force
from zhunsheng.foundation.spreadsheets import BadFile

ROUND = Written("10", "0.3", "1")
CSV = b"lab,measurand,result\n" + b"".join(
    f"L{i},{name},{base + step}\n".encode()
    for name, base in (("Hg", 10), ("Pb", 50))
    for i, step in enumerate((-1, 0, 2))
)


def of(*settings: Settings) -> list[dict[str, Any]]:
    document = evaluate(read_results(CSV, Path("r.csv").name), list(settings))
    assert complaints(document, SCHEMA) == []
    found: list[dict[str, Any]] = document["measurands"]
    return found


@pytest.mark.parametrize(
    ("own", "expected", "of_its_own"),
    [
        (Written(), (10.0, 0.3, 1.0), set()),
        (Written(assigned="5"), (5.0, None, 1.0), {"assigned"}),
        (Written(assigned="5", u_assigned="0.1"), (5.0, 0.1, 1.0), {"assigned", "u_assigned"}),
        (Written(u_assigned="0.2"), (10.0, 0.2, 1.0), {"u_assigned"}),
        (Written(sigma="2"), (10.0, 0.3, 2.0), {"sigma"}),
        (Written(assigned="median", sigma="niqr"), ("median", None, "niqr"), {"assigned", "sigma"}),
    ],
)
def test_what_a_measurand_has_of_its_own_comes_before_the_rounds(
    own: Written, expected: tuple[Any, ...], of_its_own: set[str]
) -> None:
    held = in_force(ROUND, own)
    assert (held.assigned, held.u_assigned, held.sigma) == expected
    assert held.own == of_its_own


def test_each_measurand_is_scored_by_its_own_value() -> None:
    mercury = in_force(Written(), Written(assigned="10", u_assigned="0", sigma="1"))
    lead = in_force(Written(), Written(assigned="50", u_assigned="0", sigma="0.5"))
    first, second = of(mercury, lead)
    assert [row["z"] for row in first["scores"]] == [-1.0, 0.0, 2.0]
    assert [row["z"] for row in second["scores"]] == [-2.0, 0.0, 4.0]
    assert not any("every measurand" in note["en"] for note in second["notes"])


def test_one_value_for_several_measurands_is_still_refused() -> None:
    held = in_force(Written("10", "", "1"), Written())
    with pytest.raises(BadFile, match="One assigned value cannot stand for several"):
        of(held, held)


def test_uncertainties_are_added_in_squares_and_change_the_choice_of_the_score() -> None:
    """u_char = 0.2 alone is below 0.3 σ_pt = 0.3; √(0.2² + 0.1² + 0.2²) = 0.3 is not. z′ = 2/√(1 + 0.09) = 1.9157."""
    plain = in_force(Written(), Written(assigned="10", u_assigned="0.2", sigma="1"))
    parts = in_force(Written(), Written(assigned="10", u_assigned="0.2", sigma="1", u_hom="0.1", u_stab="0.2"))
    other = in_force(Written(), Written(assigned="50", u_assigned="0", sigma="1"))
    before, after = of(plain, other)[0], of(parts, other)[0]
    assert before["score_used"] == "z" and "u_char" not in before["assigned_value"]
    assert after["score_used"] == "z_prime" and after["assigned_value"]["u"] == pytest.approx(0.3)
    kept = {key: after["assigned_value"][key] for key in ("u_char", "u_hom", "u_stab")}
    assert kept == {"u_char": 0.2, "u_hom": 0.1, "u_stab": 0.2}
    assert after["scores"][2]["z_prime"] == pytest.approx(1.9157, abs=5e-5)
    told = next(note for note in after["notes"] if "u_hom" in note["en"])
    assert told["en"] == (
        "u(x_pt) = √(u_char² + u_hom² + u_stab²) = 0.3, with u_char = 0.2, u_hom = 0.1, u_stab = 0.2"
        " (ISO 13528:2022, 7.2)."
    )
    assert "其中 u_char = 0.2" in told["zh"]
    assert words.uncertainty_method(after["assigned_value"]).en.startswith("u = √(u_char² + u_hom² + u_stab²)")


def test_without_the_uncertainty_of_the_characterisation_the_whole_is_not_known() -> None:
    held = in_force(Written(), Written(assigned="10", sigma="1", u_hom="0.1"))
    other = in_force(Written(), Written(assigned="50", sigma="1"))
    found = of(held, other)[0]["assigned_value"]
    assert (found["u"], found["u_char"], found["u_hom"]) == (None, None, 0.1)


def test_settings_for_all_and_the_same_for_each_give_the_same_document() -> None:
    chosen = Settings.parse("median", None, "niqr")
    results = read_results(CSV, "r.csv")
    assert evaluate(results, chosen) == evaluate(results, [chosen, chosen])


@pytest.mark.parametrize("name", ["u_hom", "u_stab"])
def test_an_uncertainty_that_is_no_number_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(SettingsError, match="inhomogeneity" if name == "u_hom" else "instability"):
        in_force(ROUND, Written(**{name: "-1"}))
