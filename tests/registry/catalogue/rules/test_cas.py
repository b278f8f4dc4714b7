"""CAS numbers: the check digits of published ones, and single mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.registry.catalogue.rules.cas import cas_check_digit, cas_faults


@pytest.mark.parametrize(
    "cas", ["7732-18-5", "108-78-1", "7439-97-6", "149-44-0", "58-08-2", "", " 108-78-1 ", "108—78—1"]
)
def test_published_numbers_are_sound(cas: str) -> None:
    assert cas_faults(cas) == []


@pytest.mark.parametrize(
    ("cas", "said"), [("108-78-2", "should be 1"), ("108781", "not a CAS number"), ("2015-08-01", "not a CAS number")]
)
def test_what_is_wrong_is_said(cas: str, said: str) -> None:
    assert [said in fault.en for fault in cas_faults(cas)] == [True]


@given(st.integers(min_value=1000, max_value=999_999_999), st.integers(0, 9))
def test_any_other_last_digit_is_found(digits: int, last: int) -> None:
    text = str(digits)
    assert bool(cas_faults(f"{text[:-2]}-{text[-2:]}-{last}")) == (last != cas_check_digit(text))
