"""The unified social credit code, GB 32100-2015, against published and independently computed codes."""

import pytest

from zhunsheng.registry.institutions.rules import (
    USCC_ALPHABET,
    USCC_WEIGHTS,
    organisation_check_character,
    uscc_check_character,
    uscc_faults,
)

SOUND = [
    "91110000600037341L",  # a real company
    "12110000400012342J",  # public institution, Beijing
    "91330100MA2X7K3B2M",  # company, Hangzhou
    "52510100MJ0T5R2L1L",  # private non-enterprise unit, Chengdu
    "1144030000712345XF",  # organisation code ending in X
    "91610131MAB0W8XQ6U",
]


@pytest.mark.parametrize("code", SOUND)
def test_a_sound_code_has_no_faults(code: str) -> None:
    assert uscc_faults(code) == []
    assert uscc_check_character(code[:17]) == code[17]
    assert organisation_check_character(code[8:16]) == code[16]


def test_the_weights_and_characters_are_the_standards() -> None:
    assert USCC_WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    assert len(USCC_ALPHABET) == 31 and not set("IOSVZ") & set(USCC_ALPHABET)


def test_the_published_worked_example() -> None:
    """Sum 1640, 1640 mod 31 = 28, 31 - 28 = 3: the code as issued, ending in 4, breaks the rule."""
    assert uscc_check_character("91350100M000100Y4") == "3"


def test_a_code_of_the_pilot_is_reported_with_what_it_should_be() -> None:
    """Issued in Xiamen before the standard, legal, and not sound: a register warns and keeps it."""
    faults = uscc_faults("91350100M0001TGQXM")
    assert faults
    assert all(fault.en.endswith(".") and fault.zh.endswith("。") for fault in faults)
    assert any("18" in fault.en for fault in faults)


@pytest.mark.parametrize("code", SOUND[:3])
@pytest.mark.parametrize("place", range(17))
def test_one_wrong_character_is_always_noticed(code: str, place: int) -> None:
    """Weights are powers of 3 modulo the prime 31, so no single substitution keeps the sum."""
    others = USCC_ALPHABET.replace(code[place], "")
    assert all(uscc_faults(code[:place] + other + code[place + 1 :]) for other in others)


def test_neighbours_exchanged_are_noticed() -> None:
    code = "91330100MA2X7K3B2M"
    exchanged = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(16) if code[i] != code[i + 1]]
    assert all(uscc_faults(one) for one in exchanged)


@pytest.mark.parametrize("code", ["", "9133010", "91330100MA2X7K3B2MX"])
def test_a_code_of_another_length_says_how_long_it_is(code: str) -> None:
    (fault,) = uscc_faults(code)
    assert str(len(code)) in fault.en and str(len(code)) in fault.zh


@pytest.mark.parametrize(
    ("code", "strange"), [("91330100MA2X7K3B2I", "I"), ("91330100ma2X7K3B2M", "a m"), ("9133010OMAZX7K3B2M", "O Z")]
)
def test_characters_that_cannot_occur_are_named(code: str, strange: str) -> None:
    (fault,) = uscc_faults(code)
    assert fault.en == f"Characters that cannot occur: {strange}."


def test_an_organisation_code_whose_check_is_ten_ends_in_x_and_eleven_in_nought() -> None:
    assert organisation_check_character("00712345") == "X"
    assert organisation_check_character("00000000") == "0"
