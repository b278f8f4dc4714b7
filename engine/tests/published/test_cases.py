"""Every worked case that ships with the engine, through the same code that `intercomp verify` runs."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from intercomp.verify import Case, shipped_cases, verify_case

CASES = shipped_cases()


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.id}: {case.source}") for case in CASES])
def test_every_figure_of_the_case_holds_and_none_is_uncovered(case: Case) -> None:
    record = verify_case(case)
    assert [figure for figure in record.figures if not figure.ok] == []
    assert record.uncovered == ()
    assert [figure.name for figure in record.figures] == list(case.expected)


def test_all_published_cases_ship() -> None:
    published = [case for case in CASES if case.file == "cases.json"]
    assert len(published) == 83
    assert len({case.id for case in CASES}) == len(CASES)


def test_every_case_names_its_source() -> None:
    assert all(case.source for case in CASES)


RECOMPUTED_COARSELY = {"hierarchical_bayes", "gum_mc", "bootstrap", "kernel_density"}
ANOTHER_RULE_OR_PROGRAM = {
    "iso13528-E1-algA-censored-ignored.x_star": "converged there, by significant figures in the table",
    "iso13528-E1-algA-censored-deleted.x_star": "converged there, by significant figures in the table",
    "iso13528-E1-algA-censored-deleted.s_star": "converged there, by significant figures in the table",
    "nicob-pcb28-ccqm-k25.LP_u": "one ν is 2: the pool has no standard deviation",
    "nicob-rf-power-ccem-rf-k25w.REML_tau": "1.6e-10 is where that program's search ended; the estimate is 0",
}


def recomputed() -> list[tuple[str, str, object, object]]:
    """(case, figure, full-precision value of the independent recomputation, what the engine gets for that name)."""
    raw = json.loads(files("intercomp").joinpath("cases/cases.json").read_text("utf-8"))
    computed = {case["id"]: case.get("computed") or {} for case in raw}
    found = []
    for case in CASES:
        other = {name: value for name, value in computed.get(case.id, {}).items() if isinstance(value, float)}
        if case.kind in RECOMPUTED_COARSELY or not other:
            continue
        record = verify_case(Case(**{field: getattr(case, field) for field in Case.__slots__} | {"expected": other}))
        found += [(case.id, one.name, one.expected, one.got) for one in record.figures if not one.name.startswith("HB")]
    return found


def test_figures_agree_with_an_independent_recomputation_in_full_precision() -> None:
    compared = [row for row in recomputed() if f"{row[0]}.{row[1]}" not in ANOTHER_RULE_OR_PROGRAM]
    assert len(compared) > 150
    for identity, name, expected, got in compared:
        tolerance = 2e-4 if name.startswith("LP") else 1e-6
        assert got == pytest.approx(expected, rel=tolerance, abs=1e-12), f"{identity}: {name}"
