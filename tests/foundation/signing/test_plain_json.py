"""The quick way to canonical JSON gives the very bytes of the careful one, or declines."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.foundation.signing.plain_json import canonical_if_plain

NUMBERS = (
    st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.sampled_from(
        [0.0, -0.0, 5.0, 1e-5, 1.5e-7, 1e15, 1e16, 1e20, 1e21, 1.5e300, 5e-324, 0.1 + 0.2, 9007199254740993.0]
    )
)
TEXT = st.text(max_size=12) | st.sampled_from(
    ["1e-05,", ":5.0,", '"', "\\", '\\"', "[5.0]", "\x00\x7f", "\U00020000", "\uff0c"]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=30,
)


@given(VALUES)
def test_the_bytes_are_those_of_the_careful_way(value: Any) -> None:
    quick = canonical_if_plain(value)
    if quick is not None:
        assert quick == rfc8785.dumps(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_has_its_canonical_form(number: float) -> None:
    assert canonical_if_plain([number, {"k": number}]) == rfc8785.dumps([number, {"k": number}])


def test_plain_data_go_the_quick_way() -> None:
    data: Any = {"b": [1, 2.0, -0.0, 1e-05, "e-05", None, True], "a": {"h": "\uff0c", "x": 0.013}}
    assert canonical_if_plain(data) == rfc8785.dumps(data) and json.loads(rfc8785.dumps(data)) == data


class Odd(str):
    """A string that is not quite one."""


@pytest.mark.parametrize(
    "value",
    [{1: "a"}, {"a": Odd("b")}, {Odd("a"): 1}, [2**60], [-(2**60)], [float("nan")], [float("inf")], ["\ud800"], [b"x"], {1, 2},
     {"\uffff": 1, "\U00010000": 2}, [1e-05, "\ue000"], 5],
)  # fmt: skip
def test_what_takes_a_closer_look_is_declined(value: Any) -> None:
    assert canonical_if_plain(value) is None


def test_what_contains_itself_is_declined() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert canonical_if_plain(loop) is None


def test_what_is_nested_too_deeply_is_declined() -> None:
    deep: list[Any] = []
    for _ in range(sys.getrecursionlimit() * 4):
        deep = [deep]
    assert canonical_if_plain(deep) is None
