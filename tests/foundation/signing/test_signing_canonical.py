"""Canonical JSON: the published example, and what has no single form."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.foundation.signing import JsonError, canonical_json, parse_strict

# RFC 8785, 3.2.2 (input) and 3.2.3 (output)
SAMPLE = rb"""{
  "numbers": [333333333.33333329, 1E30, 4.50,
              2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
CANONICAL = (
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
).encode()

INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)

AMBIGUOUS = {
    "duplicate key": b'{"a":1,"a":2}',
    "duplicate key deep inside": b'[{"x":{"a":1,"b":2,"\\u0061":3}}]',
    "NaN": b'{"a":NaN}',
    "Infinity": b"[Infinity]",
    "-Infinity": b"[-Infinity]",
    "float out of range": b"[1e999]",
    "integer that is no float": b"[9007199254740993]",
    "integer of 22 digits": b"[1000000000000000000000]",
    "integer of 5000 digits": b"[" + b"9" * 5000 + b"]",
    "byte order mark": b'\xef\xbb\xbf{"a":1}',
    "not UTF-8": b'{"a":"\xff"}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "lone surrogate": b'{"a":"\\ud800"}',
    "lone surrogate in a key": b'{"\\udc00":1}',
    "trailing comma": b"[1,]",
    "two values": b"{} {}",
    "nothing": b"",
    "single quotes": b"{'a':1}",
    "nested 100000 deep": b"[" * 100_000,
}


def test_published_example() -> None:
    assert canonical_json(parse_strict(SAMPLE)) == CANONICAL


@given(VALUES)
def test_canonical_form_is_read_back_and_is_its_own_canonical_form(value) -> None:
    written = canonical_json(value)
    assert parse_strict(written) == value
    assert canonical_json(parse_strict(written)) == written


def test_large_figures_survive() -> None:
    assert canonical_json([1e17, -1e20, 2.0**53]) == b"[100000000000000000,-100000000000000000000,9007199254740992]"
    assert parse_strict(b"[100000000000000000,-100000000000000000000,9007199254740992]") == [1e17, -1e20, 2.0**53]


def test_keys_are_ordered_by_utf16_code_units() -> None:
    # RFC 8785, 3.2.3: U+1F600 is written D83D DE00 and stands before U+FB33
    assert canonical_json({"\ufb33": 1, "\U0001f600": 2, "€": 3}) == '{"€":3,"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_ambiguous_data_are_refused_in_both_languages(name: str) -> None:
    with pytest.raises(JsonError) as refusal:
        parse_strict(AMBIGUOUS[name])
    assert refusal.value.message.en and refusal.value.message.zh != refusal.value.message.en


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2**53, "\ud800", {1: 2}, b"x", {"a": {1, 2}}])
def test_what_json_cannot_carry_is_refused(value: object) -> None:
    with pytest.raises(JsonError):
        canonical_json({"value": value})


def test_data_that_hold_themselves_are_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(JsonError, match="nested"):
        canonical_json(loop)
