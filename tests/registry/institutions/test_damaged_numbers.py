"""A CMA number that lost a digit and a day in the wrong century are refused with the mend, from files and on pages."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import AT, institution
from tests.foundation.imports.sent import reasons, send, workbook_of
from tests.registry.institutions.test_importing import HEAD, REGISTER, row
from zhunsheng.registry.institutions.actions import enter_certificate
from zhunsheng.registry.institutions.models import Certificate
from zhunsheng.registry.institutions.rules.certificates import lost_a_digit
from zhunsheng.registry.institutions.rules.refusals import CannotEnter


@pytest.mark.parametrize(
    ("scheme", "number", "lost"),
    [
        ("CMA", "31120110001", True), ("CMA", "231120110001", False), ("CMA", "2015002131Z", False), ("CMA", "20150021", False),
        ("CNAS", "31120110001", False),
    ],
)  # fmt: skip
def test_which_numbers_lost_a_digit(scheme: str, number: str, lost: bool) -> None:
    assert (lost_a_digit(scheme, number) is not None) is lost


@pytest.mark.django_db
def test_a_file_is_told_what_to_do() -> None:
    slips = [row(1), row(2, first="2062-05-04", last="2068-05-03"), row(3, last="3029-05-03")]
    slips[0][HEAD.index("CMA 证书编号")] = "31120110001"
    found = reasons(send(REGISTER, workbook_of([HEAD, *slips])))
    assert "has 11 digits, a CMA number has 12" in found[2][0]
    assert "years ahead" in found[3][0] and "too far away" in found[4][0]


@pytest.mark.django_db
def test_so_is_a_page() -> None:
    made = Certificate(
        institution=institution("laboratory", "甲", "A"), scheme="CMA", number="31120110001", valid_from=date(2023, 5, 4),
        valid_to=date(2029, 5, 3),
    )  # fmt: skip
    with pytest.raises(CannotEnter) as refusal:
        enter_certificate(made, actor=None, at=AT)
    assert refusal.value.field == "number"
