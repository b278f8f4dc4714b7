"""Which instrument a mark means: serial number and manufacturer, model where both lack it, the institution's own number."""

from __future__ import annotations

import pytest

from zhunsheng.registry.equipment.rules import lost_zeros, mark, ones_meant, serial_key


@pytest.mark.parametrize("text", ["/", "无", "—", "N/A", "none", "0", "000", "无编号", " ", "暂无"])
def test_ways_to_say_that_there_is_no_number(text: str) -> None:
    assert serial_key(text) == ""


HELD = {
    "x": mark("001", "甲厂", "", ""), "y": mark("001", "乙厂", "", "A-2"), "m": mark("002", "", "M1", ""), "n": mark("002", "", "M2", ""),
    "bare": mark("003", "", "", ""), "own": mark("/", "", "", "A-7"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (mark("0 01", "甲厂", "", ""), ["x"]),
        (mark("001", "乙厂", "任意型号", ""), ["y"]),
        (mark("001", "丙厂", "", ""), []),
        (mark("001", "", "", ""), ["x", "y"]),
        (mark("001", "", "", "a2"), ["y"]),
        (mark("002", "", "m-1", ""), ["m"]),
        (mark("002", "", "M3", ""), []),
        (mark("002", "", "", ""), ["m", "n"]),
        (mark("003", "甲厂", "M", ""), ["bare"]),
        (mark("无", "", "", "A7"), ["own"]),
        (mark("SN-9", "", "", "A7"), ["own"]),  # its plate was read at last
        (mark("/", "", "", ""), []),
    ],
)
def test_which_are_meant(asked: object, meant: list[str]) -> None:
    assert ones_meant(asked, HELD) == meant  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("serial", "maker", "found"),
    [("12", "", ["z"]), ("12", "甲厂", ["z"]), ("12", "乙厂", []), ("0012", "", []), ("2", "", []), ("A12", "", [])],
)
def test_zeros_that_a_program_dropped_are_suspected(serial: str, maker: str, found: list[str]) -> None:
    assert (
        lost_zeros(mark(serial, maker, "", ""), {"z": mark("0012", "甲厂", "", ""), "s": mark("A12", "", "", "")})
        == found
    )
