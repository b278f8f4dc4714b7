"""A payload has exactly the shape of its kind and version, or is refused with the field's name."""

from typing import Any

import pytest

from zhunsheng.capability.evidence.kinds import BadPayload, check_payload

GOOD: dict[str, Any] = {
    "round": "R-1", "result": "0.013", "unit": "mg/kg", "score_kind": "z_prime", "score": -3.99, "zeta": -7.1,
    "e_n": None, "signal": "action", "assigned_value": 0.044, "u_assigned": 0.0041, "sigma_pt": 0.0066, "n": 21, "method": "given",
    "engine": "intercomp 0.1.0",
}  # fmt: skip


def test_a_sound_payload_passes() -> None:
    check_payload("proficiency_result", 1, GOOD)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"result": 0.013}, "result"),  # reported values are strings
        ({"score": "−3.99"}, "score"),
        ({"n": True}, "n"),
        ({"stray": 1}, "stray"),
    ],
)
def test_a_field_of_the_wrong_type_or_name_is_named(change: dict[str, Any], names: str) -> None:
    with pytest.raises(BadPayload, match=names):
        check_payload("proficiency_result", 1, {**GOOD, **change})


def test_a_missing_field_is_named() -> None:
    with pytest.raises(BadPayload, match="signal"):
        check_payload("proficiency_result", 1, {k: v for k, v in GOOD.items() if k != "signal"})


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(BadPayload, match="version 99"):
        check_payload("proficiency_result", 99, GOOD)
