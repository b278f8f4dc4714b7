"""The rules of preparation: worked cases of print, truth tables, balance, commitments."""

import hashlib
import json
import random
from collections import Counter
from datetime import timedelta

import pytest

from tests.activities.proficiency.prepare.studies import ARSENIC, ARSENIC_LATER, COPPER, numbers
from tests.cast import AT
from zhunsheng.activities.proficiency.prepare.rules.gate import Standing, may_ship
from zhunsheng.activities.proficiency.prepare.rules.judging import judge_homogeneity, judge_stability
from zhunsheng.activities.proficiency.prepare.rules.reading import Known, read_study
from zhunsheng.activities.proficiency.prepare.rules.sealing import (
    Sealed,
    check_after,
    check_before,
    check_sealable,
    may_see,
)
from zhunsheng.activities.proficiency.prepare.rules.variants import drawn
from zhunsheng.activities.proficiency.prepare.states import Kind
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.spreadsheets import BadFile, Table, read_table

HG = t("Hg", "汞")


def test_arsenic_in_chocolate_is_homogeneous_as_printed() -> None:
    found = judge_homogeneity(numbers(ARSENIC), 0.02807)
    figures = found.figures
    assert found.outcome == "passed" and found.n == 20
    assert (figures["mean"], figures["limit"]) == pytest.approx((0.18715, 0.008421))
    assert figures["s_x"] == pytest.approx(0.00398, abs=5e-6)
    assert figures["s_w"] == pytest.approx(0.00556, abs=5e-6)
    assert figures["s_s"] == pytest.approx(0.00060, abs=5e-6)
    assert figures["f"] == pytest.approx(1.0233351283432055)
    assert figures["cochran_C"] == pytest.approx(0.16155088852988692)
    between, within, m = figures["ms_between"], figures["ms_within"], figures["m"]
    assert between is not None and within is not None and m == 2
    assert figures["s_s"] == pytest.approx(((between - within) / m) ** 0.5)  # what a person checks by hand
    hidden = (within / m) ** 0.5 * (2 / 10) ** 0.25  # ISO Guide 35: the repeatability could hide this much
    assert found.u == pytest.approx(max(0.0006009252125773261, hidden))


def test_arsenic_in_chocolate_is_stable_as_printed() -> None:
    found = judge_stability(numbers(ARSENIC), numbers(ARSENIC_LATER), 0.02807)
    assert found.outcome == "passed" and found.n == 24
    assert found.figures["mean_2"] == pytest.approx(0.19375)
    assert found.figures["difference"] == pytest.approx(0.0066)
    assert found.figures["criterion"] == pytest.approx(0.008421)
    assert found.u == pytest.approx(0.0066 / 3**0.5)


def test_copper_in_soya_flour_as_computed_from_the_protocol() -> None:
    found = judge_homogeneity(numbers(COPPER), 1.14)
    assert found.outcome == "passed"
    assert found.figures["s_s"] == pytest.approx(0.2916125490919051)
    assert found.figures["ms_within"] == pytest.approx(0.06125)


@pytest.mark.parametrize(
    ("sigma", "outcome"), [(1.14, "passed"), (0.9, "expanded"), (0.3, "failed"), (None, "undecided")]
)
def test_homogeneity_by_sigma(sigma: float | None, outcome: str) -> None:
    """0.3 σ_pt against s_s = 0.2916; √c = √(1.79 · 0.0729 + 0.86 · 0.0613) = 0.428 at σ_pt = 0.9, 0.256 at 0.3."""
    found = judge_homogeneity(numbers(COPPER), sigma)
    assert found.outcome == outcome
    assert (found.figures["limit"] is None) is (sigma is None)


@pytest.mark.parametrize(
    ("sigma", "outcome"), [(0.0221, "passed"), (0.0219, "expanded"), (0.001, "failed"), (None, "undecided")]
)
def test_stability_by_sigma(sigma: float | None, outcome: str) -> None:
    """0.3 σ_pt against 0.0066; expanded by 2√(0.00126² + 0.00075²)."""
    later = (("0.191", "0.198"), ("0.190", "0.196"))
    found = judge_stability(numbers(ARSENIC), numbers(later), sigma)
    assert found.outcome == outcome
    assert found.figures["difference"] == pytest.approx(0.0066)
    assert ("criterion" in found.figures) is (sigma is not None)


@pytest.mark.parametrize(
    ("standing", "settled"),
    [
        (Standing(HG, "homogeneity"), False),
        (Standing(HG, "homogeneity", waived=True), True),
        (Standing(HG, "homogeneity", "passed"), True),
        (Standing(HG, "homogeneity", "expanded"), True),
        (Standing(HG, "homogeneity", "failed"), False),
        (Standing(HG, "homogeneity", "failed", waived=True), True),
        (Standing(HG, "homogeneity", "undecided"), False),
        (Standing(HG, "homogeneity", "undecided", waived=True), True),
        (Standing(HG, "homogeneity", "passed", stale=True), False),
        (Standing(HG, "homogeneity", "undecided", waived=True, stale=True), False),
        (Standing(HG, "homogeneity", "passed", other_unit=True), False),
    ],
)
def test_the_gate(standing: Standing, settled: bool) -> None:
    found = may_ship([Standing(HG, "stability", "passed"), standing])
    assert found.open is settled and len(found.missing) == (0 if settled else 1)
    assert settled or found.missing[0].zh.startswith("汞，均匀性：")


def test_the_gate_of_a_round_without_measurands_is_closed() -> None:
    assert not may_ship([]).open


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("n", "variants"), [(0, 2), (1, 3), (7, 2), (100, 3), (1000, 9)])
def test_variants_are_balanced(n: int, variants: int, seed: int) -> None:
    counts = Counter(drawn(n, variants, draw=random.Random(seed)))
    often = [counts[one] for one in range(1, variants + 1)]
    assert sum(often) == n and max(often) - min(often) <= 1


def test_latecomers_keep_the_balance() -> None:
    late = Counter(drawn(5, 2, draw=random.Random(1), already={1: 10, 2: 13}))
    assert (10 + late[1], 13 + late[2]) == (14, 14)


def test_the_order_of_variants_is_drawn() -> None:
    assert drawn(40, 2, draw=random.Random(1)) != drawn(40, 2, draw=random.Random(2))


SEALED = Sealed("r", "A", "汞 mercury", "mg/kg", 1, "0.187", "0.002", "00ff")


def test_anyone_computes_a_commitment_again() -> None:
    again = json.dumps(json.loads(SEALED.canonical), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(again).hexdigest() == SEALED.commitment
    other = Sealed("r", "A", "汞 mercury", "mg/kg", 1, "0.188", "0.002", "00ff")
    assert other.commitment != SEALED.commitment


@pytest.mark.parametrize(
    ("assigned", "u", "variant"),
    [("", "", 1), ("<0.1", "", 1), ("0.1", "-1", 1), ("0.1", "x", 1), ("0.1", "", 3), ("0.1", "", 0)],
)
def test_what_cannot_be_sealed(assigned: str, u: str, variant: int) -> None:
    with pytest.raises(CannotDo):
        check_sealable(assigned, u, variant, 2)
    check_sealable("0,187", " ", 2, 2)


def test_the_deadline_itself_still_belongs_to_before() -> None:
    check_before(AT, AT)
    with pytest.raises(CannotDo):
        check_after(AT, AT)
    check_after(AT, AT + timedelta(seconds=1))
    with pytest.raises(CannotDo):
        check_before(AT, AT + timedelta(seconds=1))


@pytest.mark.parametrize(("is_sealer", "seconds", "sees"), [(True, 0, True), (False, 0, False), (False, 1, True)])
def test_who_sees_a_sealed_value(is_sealer: bool, seconds: int, sees: bool) -> None:
    assert may_see(is_sealer=is_sealer, deadline=AT, at=AT + timedelta(seconds=seconds)) is sees


KNOWN = [
    Known(1, "A", frozenset({"汞", "mercury"}), t("A Hg", "A 汞")),
    Known(2, "B", frozenset({"汞", "mercury"}), t("B Hg", "B 汞")),
]


def table(text: str) -> Table:
    return read_table(text.encode(), filename="t.csv")


def faults(text: str, kind: Kind = "homogeneity") -> list[str]:
    with pytest.raises(BadFile) as bad:
        read_study(table(text), kind, KNOWN)
    return [one.text.en for one in bad.value.faults]


def test_a_table_is_read_with_its_texts_as_written() -> None:
    found = read_study(
        table("样品,被测量,样品单元,重复 1,重复 2\nA,汞,1,0.10,0.11\nA,汞,2,0.1200,\nA,Mercury,3,,\nB,mercury,1,１.0,2\nB,汞,2,1,2\n"),
        "homogeneity", KNOWN,
    )  # fmt: skip
    assert [(one.unit, one.values) for one in found[1]] == [("1", ("0.10", "0.11")), ("2", ("0.1200", ""))]
    assert found[1][1].numbers == [0.12] and found[2][0].numbers == [1.0, 2.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Item,Measurand,Unit,Replicate 1\nA,mercury,1,<0.1\n", "row 2, column D: “<0.1” is not a number"),
        ("Item,Measurand,Unit,Replicate 1,Mean\nA,mercury,1,1,1\n", "row 1, column E: “Mean” is no column"),
        ("Item,Measurand,Replicate 1\nA,mercury,1\n", "“Unit” is missing"),
        ("Item,Measurand,Unit\nA,mercury,1\n", "no column of results"),
        ("Measurand,Unit,Replicate 1\nmercury,1,1\n", "“Item” is missing"),
        ("Item,Measurand,Unit,Replicate 1\nA,lead,1,1\n", "row 2: “lead” in item “A” is no measurand"),
        ("Item,Measurand,Unit,Replicate 1\nA,mercury,,1\n", "Give the unit a number."),
        ("Item,Measurand,Unit,Replicate 1\nA,mercury,1,1\nA,mercury,1,2\n", "row 3: Unit 1 is given twice"),
        ("Item,Measurand,Unit,Replicate 1\nA,mercury,1,1\nA,mercury,2,2\n", "measured twice"),
        ("Item,Measurand,Unit,Replicate 1\nA,mercury,1,\n", "There is no result"),
    ],
)
def test_a_table_that_cannot_be_used_says_where(text: str, said: str) -> None:
    assert any(said in one for one in faults(text))


def test_three_groups_are_too_many() -> None:
    head = "Item,Measurand,Group,Unit,Replicate 1\n"
    rows = "".join(f"A,mercury,{group},1,1\n" for group in "abc")
    assert "these are 3" in faults(head + rows, "stability")[0]


def test_the_page_of_a_measurand_says_of_which() -> None:
    text = "Unit\tReplicate 1\tReplicate 2\n1\t1.0\t1.1\n2\t1.2\t1.1\n"
    assert list(read_study(table(text), "homogeneity", KNOWN, only=KNOWN[1])) == [2]
    with pytest.raises(BadFile):  # a table of another measurand is not taken for this one
        read_study(table("Item,Measurand,Unit,Replicate 1\nA,mercury,1,1\n"), "homogeneity", KNOWN, only=KNOWN[1])
