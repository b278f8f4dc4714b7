"""What a phone sends is read strictly: a package with one unreadable record is taken in not at all."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.activities.campaigns.inspection.visits import AT, PHOTO, found, look, proof
from zhunsheng.activities.campaigns.inspection.rules.packages import (
    check_content,
    digest_of,
    read_package,
    read_proof,
)
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused


def raw(record: Any, **changes: Any) -> dict[str, Any]:
    return {"id": str(record.id), **record.said(), **changes}


def test_a_package_is_read_as_it_was_written() -> None:
    read = read_package({"looks": [raw(look())], "findings": [raw(found())]}, now=AT)
    assert (read.looks, read.findings) == ((look(),), (found(),))


@pytest.mark.parametrize(
    "findings",
    [
        [raw(found(), code="F24")],
        [raw(found(), code=["F07"])],
        [raw(found(), grade="grave")],
        [raw(found(), facts="  ")],
        [raw(found(), facts="x" * 4001)],
        [raw(found(), facts="a\x00b")],
        [raw(found(), id="7")],
        [raw(found(), act_on="2026-13-01")],
        [raw(found(), act_on=(AT.date() + timedelta(days=1)).isoformat())],
        [raw(found(), at="2026-04-15T09:30:00")],
        [raw(found(), at=(AT + timedelta(days=2)).isoformat())],
        [raw(found()), raw(found())],
        ["finding"],
        {"0": raw(found())},
    ],
)
def test_a_package_with_something_unreadable_is_refused(findings: Any) -> None:
    with pytest.raises(InspectionRefused):
        read_package({"looks": [raw(look())], "findings": findings}, now=AT)


def test_a_package_that_is_none_is_refused() -> None:
    with pytest.raises(InspectionRefused):
        read_package([], now=AT)


def test_the_digest_covers_what_is_said_and_not_the_key() -> None:
    assert digest_of(found()) == digest_of(found("another key"))
    assert digest_of(found()) != digest_of(found(facts="别的事实"))


def test_a_proof_is_its_bytes() -> None:
    assert read_proof(raw(proof()), now=AT) == proof()
    check_content(proof(), PHOTO)
    with pytest.raises(InspectionRefused):
        check_content(proof(), PHOTO + b" ")
    with pytest.raises(InspectionRefused):
        check_content(proof(content=b""), b"")
    with pytest.raises(InspectionRefused):
        read_proof(raw(proof(), sha256="no digest"), now=AT)


def test_the_day_of_an_act_is_that_of_the_zone_that_is_handed_over() -> None:
    """At one in the morning in Shanghai it is still the day before in UTC."""
    night = datetime(2026, 4, 16, 1, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    act = raw(found(), act_on="2026-04-16", at=night.isoformat())
    assert read_package({"findings": [act]}, now=night).findings[0].act_on == night.date()
    with pytest.raises(InspectionRefused, match="lies ahead"):
        read_package({"findings": [act]}, now=night.astimezone(UTC))
