"""The data files that are shipped: sound, complete, in both languages, and never changed once released."""

import copy
import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhunsheng.registry.rulebook import queries
from zhunsheng.registry.rulebook.rules.book import BadRulebook, Rulebook, rulebook
from zhunsheng.registry.rulebook.rules.soundness import faults
from zhunsheng.registry.rulebook.states import (
    BOUNDS,
    CERTAINTIES,
    KINDS,
    ONE,
    SEVERAL,
    Bound,
    Certainty,
    Kind,
    Unit,
)

DATA = Path(queries.__file__).parent / "data"


def changed(change: Any) -> Rulebook:
    """The shipped rulebook after a change of its data."""
    data = copy.deepcopy(queries.shipped())
    change(data)
    versions = {name: raw for name, raw in data.items() if name not in queries.NOT_VERSIONS}
    return rulebook(data["regulations"]["regulations"], data["findings"]["findings"], versions, {})


def test_the_shipped_rules_are_sound() -> None:
    assert faults(queries.book()) == []


def test_every_regulation_of_the_field_is_there() -> None:
    assert {one.id for one in queries.book().regulations} == {
        "SAMR-163", "SAMR-39", "SAMR-2023-21", "RB-T-214", "SAMR-2023-13", "SAMR-69", "CREDIT-RISK", "SERIOUS-CASES",
        "ENVIRONMENT", "REPORT-NUMBERS",
    }  # fmt: skip
    assert list(queries.book().classes) == [f"F{n:02}" for n in range(1, 24)]


def test_every_word_is_said() -> None:
    assert (set(CERTAINTIES), set(ONE), set(SEVERAL), set(BOUNDS), set(KINDS)) == (
        set(Certainty), set(Unit), set(Unit), set(Bound), set(Kind),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["SAMR-69@2023.1"]["articles"][0].update(zh=""), "a language is missing"),
        (lambda d: d["SAMR-69@2023.1"]["articles"][0].update(zh="比对,应当参加"), "half-width"),
        (lambda d: d["SAMR-69@2023.1"]["articles"][0].update(no="7"), "7 stands twice"),
        (lambda d: d["SAMR-39@2025.1"]["findings"]["F01"].update(articles=["99"]), "cites article 99"),
        (lambda d: d["SAMR-163@2021.1"]["measures"]["rectification"].update(article="98"), "cites article 98"),
        (lambda d: d["SAMR-39@2025.1"].update(replaces=[]), "an overlap, or a hole"),
        (lambda d: d["SAMR-39@2025.1"].update(replaces=["SAMR-39@2021", "SAMR-39@1900"]), "SAMR-39@1900, which is not"),
        (lambda d: d["SAMR-39@2025.1"]["findings"].pop("F01"), "F01 on 2025-05-01: rests on nothing"),
        (lambda d: d["findings"]["findings"][0].update(since="SAMR-39@2025"), "rests on something too early"),
        (lambda d: d["SAMR-39@2025.1"]["findings"].update(F99={"articles": ["15"]}), "F99 is no class"),
        (lambda d: d["SAMR-163@2015.1"].update(coverage="part"), "coverage part with 0 articles"),
        (lambda d: d.pop("SAMR-69@2023.1"), "SAMR-69 has no version"),
    ],
)  # fmt: skip
def test_a_fault_in_the_data_is_seen(change: Any, said: str) -> None:
    assert [fault for fault in faults(changed(change)) if said in fault]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["SAMR-69@2023.1"].update(vaild_from=date(2023, 6, 1)),
        lambda d: d["SAMR-69@2023.1"].update(regulation="SAMR-70"),
        lambda d: d["SAMR-39@2025.1"]["consequences"]["false"].update(fine_cap=1),
        lambda d: d["SAMR-39@2025.1"]["findings"]["F01"].update(consequence="none"),
        lambda d: d["SAMR-39@2025.1"]["findings"]["F01"].update(only=1),
        lambda d: d["SAMR-163@2021.1"]["measures"]["rectification"].update(unit="weeks"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(change: Any) -> None:
    with pytest.raises(BadRulebook, match=r"^SAMR-\d+@20\d\d\.1: "):
        changed(change)


def test_regulations_follow_one_another_without_overlap_or_hole() -> None:
    book = queries.book()
    for day in book.change_days():
        ids = [one.regulation.id for one in book.on(day).versions]
        assert len(ids) == len(set(ids))
    assert [one.id for one in book.on(date(2023, 11, 30)).versions if one.regulation.id == "RB-T-214"]
    assert not [one for one in book.on(date(2023, 12, 1)).versions if one.regulation.id == "RB-T-214"]


RELEASED = Path(__file__).with_name("released.sha256")


def test_a_released_file_is_never_changed() -> None:
    """A correction is a new edition, because old findings name the edition that they were judged by."""
    lines = (line.partition("  ") for line in RELEASED.read_text(encoding="utf-8").splitlines())
    released = {name: digest for digest, _, name in lines}
    shipped = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in DATA.glob("*@*.toml")}
    assert shipped == released
