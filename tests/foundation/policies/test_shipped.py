"""Of dated policies the one of the day is found, and every one that a decision can name; every file says what it is."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from zhunsheng.foundation.policies import Shipped

ROOMS = (
    "activities.campaigns.draw",
    "activities.campaigns.inspection",
    "activities.campaigns.summary",
    "decisions.eligibility",
)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shipped:
    room = tmp_path / "made_up_policies"
    room.mkdir()
    (room / "__init__.py").touch()
    for name, version, first, last in (
        ("appeal", 1, "2020-01-01", "2024-12-31"),
        ("appeal", 2, "2025-01-01", None),
        ("repeat", 1, "2022-01-01", None),
    ):
        policy = {"name": name, "version": version, "valid_from": first, "valid_to": last}
        (room / f"{name}-{version}.json").write_text(json.dumps(policy))
    monkeypatch.syspath_prepend(str(tmp_path))
    return Shipped("made_up_policies")


@pytest.mark.parametrize(
    ("day", "version"), [((2020, 1, 1), 1), ((2024, 12, 31), 1), ((2025, 1, 1), 2), ((2090, 1, 1), 2)]
)
def test_the_version_of_the_day(shipped: Shipped, day: tuple[int, int, int], version: int) -> None:
    assert shipped.on("appeal", date(*day))["version"] == version


def test_before_the_first_version_and_of_an_unknown_name_there_is_none(shipped: Shipped) -> None:
    for name, day in (("appeal", date(2019, 12, 31)), ("appea", date(2025, 1, 1))):
        with pytest.raises(LookupError, match=name):
            shipped.on(name, day)


def test_an_old_version_is_found_by_its_name_and_only_what_there_was(shipped: Shipped) -> None:
    assert shipped.version("appeal/1")["valid_to"] == "2024-12-31"
    with pytest.raises(KeyError):
        shipped.version("appeal/3")


def test_what_a_reader_does_to_a_policy_stays_with_that_reader(shipped: Shipped) -> None:
    shipped.on("repeat", date(2026, 1, 1))["version"] = 9
    assert shipped.on("repeat", date(2026, 1, 1))["version"] == 1


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_is_named_after_its_policy_and_no_day_has_two_versions(room: str) -> None:
    kept = Shipped(f"zhunsheng.{room}.policies")
    assert kept.texts
    by_name: dict[str, list[tuple[str, str]]] = {}
    for stem, text in kept.texts.items():
        policy = json.loads(text)
        assert stem == f"{policy['name']}-{policy['version']}"
        by_name.setdefault(policy["name"], []).append((policy["valid_from"], policy["valid_to"] or "9999-12-31"))
    for periods in by_name.values():
        periods.sort()
        assert all(one[1] < then[0] for one, then in pairwise(periods))
