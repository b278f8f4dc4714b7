"""Nobody can compute a count that was withheld; a linear program is the one who tries."""

import random

import pytest
from scipy.optimize import linprog

from zhunsheng.activities.campaigns.summary.rules.suppression import FEW, WITHHELD, Cell, Sum, suppressed

BELOW = 5


def system(rows: list[tuple[int, int]], enrolled: list[int] | None = None) -> tuple[dict[str, Cell], list[Sum]]:
    """Places with how many were inspected and had a problem, and the totals; how many had none stands in no table.

    With how many take part, there is a sum over the sum: those that were not inspected stand in no table either.
    """
    columns = {"inspected": [n for n, _ in rows], "problem": [x for _, x in rows], "none": [n - x for n, x in rows]}
    if enrolled:
        columns |= {"enrolled": enrolled, "left": [all_ - n for all_, (n, _) in zip(enrolled, rows, strict=True)]}
    cells, sums = {}, []
    for column, values in columns.items():
        told = column not in ("none", "left")
        for i, value in enumerate(values):
            cells[f"{i}/{column}"] = Cell(value, value, told)
        cells[f"total/{column}"] = Cell(sum(values), sum(values), told)
        sums.append(Sum(f"total/{column}", tuple(f"{i}/{column}" for i in range(len(rows)))))
    for place in [*range(len(rows)), "total"]:
        sums.append(Sum(f"{place}/inspected", (f"{place}/problem", f"{place}/none")))
        if enrolled:
            sums.append(Sum(f"{place}/enrolled", (f"{place}/inspected", f"{place}/left")))
    return cells, sums


def widest(cells: dict[str, Cell], sums: list[Sum], shown: dict[str, int | str], key: str) -> float:
    """From the least to the most that a reader who knows the sums and the marks can still think a count to be."""
    keys = list(cells)
    equations = [[1.0 if k == one.total else -1.0 if k in one.parts else 0.0 for k in keys] for one in sums]
    bounds = []
    for each in keys:
        said = shown.get(each)
        if said == FEW:
            bounds.append((1, BELOW - 1))
        elif said == WITHHELD:
            bounds.append((BELOW, None) if cells[each].value else (0, None))
        else:
            bounds.append((0, None) if said is None else (int(said), int(said)))
    at = keys.index(key)
    ends = []
    for sign in (1.0, -1.0):
        goal = [sign if i == at else 0.0 for i in range(len(keys))]
        found = linprog(goal, A_eq=equations, b_eq=[0.0] * len(sums), bounds=bounds)
        assert found.status in (0, 3)
        ends.append(found.fun * sign if found.status == 0 else float("inf"))
    return ends[1] - ends[0]


@pytest.mark.parametrize("seed", range(40))
def test_a_linear_program_finds_no_single_value_for_any_small_count(seed: int) -> None:
    chance = random.Random(seed)
    sizes = [chance.choice((0, 1, 2, 4, 5, 6, 9, 20, 40)) for _ in range(chance.randint(3, 7))]
    more = [n + chance.choice((0, 1, 3, 7, 60)) for n in sizes] if seed % 2 else None
    cells, sums = system([(n, chance.randint(0, n)) for n in sizes], more)
    shown = suppressed(cells, sums, BELOW)
    small = [key for key, cell in cells.items() if 0 < cell.units < BELOW]
    assert not [key for key in small if isinstance(shown.get(key), int)]
    alone = [key for key in small if widest(cells, sums, shown, key) < 1 - 1e-6]
    assert not alone, (alone, shown)


def test_a_count_that_no_sum_gives_away_takes_none_with_it() -> None:
    cells, sums = system([(20, 10), (30, 12)])
    assert WITHHELD not in suppressed(cells, sums, BELOW).values()


def test_one_small_count_takes_the_next_smallest_with_it() -> None:
    cells = {"a": Cell(3, 3), "b": Cell(9, 9), "c": Cell(20, 20), "all": Cell(32, 32)}
    shown = suppressed(cells, [Sum("all", ("a", "b", "c"))], BELOW)
    assert shown == {"a": FEW, "b": WITHHELD, "c": 20, "all": 32}


def test_two_ones_are_not_read_off_their_sum() -> None:
    cells = {"a": Cell(1, 1), "b": Cell(1, 1), "c": Cell(20, 20), "all": Cell(22, 22)}
    shown = suppressed(cells, [Sum("all", ("a", "b", "c"))], BELOW)
    assert shown == {"a": FEW, "b": FEW, "c": WITHHELD, "all": 22}


def test_many_findings_at_few_institutions_are_withheld_and_not_called_few() -> None:
    cells = {"a": Cell(12, 2), "b": Cell(30, 9), "c": Cell(8, 7), "all": Cell(50, 11)}
    shown = suppressed(cells, [Sum("all", ("a", "b", "c"))], BELOW)
    assert shown["a"] == WITHHELD and shown["c"] == WITHHELD and shown["b"] == 30


def test_how_many_did_not_is_no_way_round_either() -> None:
    """Seven inspected, six with a problem: the one without is singled out as well."""
    cells, sums = system([(7, 6), (40, 20), (60, 30)])
    shown = suppressed(cells, sums, BELOW)
    assert shown["0/problem"] == WITHHELD or shown["0/inspected"] == WITHHELD


def test_a_small_rest_is_not_read_off_two_columns_with_one_gap_each() -> None:
    """Three of 150 did not hand in: 150 and 147 must not both follow from the totals."""
    cells, sums = system([(398, 200), (266, 90), (147, 60), (88, 40)], [412, 280, 150, 98])
    shown = suppressed(cells, sums, BELOW)
    assert widest(cells, sums, shown, "2/left") >= 1
