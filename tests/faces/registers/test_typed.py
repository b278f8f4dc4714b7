"""What is typed on a page is read as in a file: full-width codes, numbers that a program shortened, slips of the year."""

from __future__ import annotations

from typing import Any

import pytest

from zhunsheng.faces.registers import forms

CALIBRATION = {"kind": "calibration", "certificate": "C-1", "valid_from": "2026-01-10", "valid_to": "2027-01-09"}
CERTIFICATE = {"scheme": "CMA", "number": "231120110001", "valid_from": "2023-05-04", "valid_to": "2029-05-03"}
INSTRUMENT = {"name_zh": "天平", "name_en": "Balance", "serial": "1"}
QUALIFICATION = {"kind": "title", "name": "工程师", "valid_from": "2010-06-01"}


@pytest.mark.parametrize(
    ("form", "sent", "field", "value"),
    [
        (forms.InstrumentForm, {**INSTRUMENT, "serial": "ＳＮ－００１２"}, "serial", "SN-0012"),
        (forms.CalibrationForm, {**CALIBRATION, "certificate": "ＪＺ２０２６"}, "certificate", "JZ2026"),
        (forms.CertificateForm, {**CERTIFICATE, "number": "２３１１２０１１０００１"}, "number", "231120110001"),
        (forms.QualificationForm, {**QUALIFICATION, "number": "Ｎｏ１"}, "number", "No1"),
    ],
)
def test_full_width_codes_are_made_half_width(form: Any, sent: dict[str, str], field: str, value: str) -> None:
    filled = form(sent)
    assert filled.is_valid(), filled.errors
    assert filled.cleaned_data[field] == value


@pytest.mark.parametrize(
    ("form", "sent", "field", "said"),
    [
        (forms.InstrumentForm, {**INSTRUMENT, "serial": "1.2E+05"}, "serial", "spreadsheet program"),
        (forms.CalibrationForm, {**CALIBRATION, "valid_from": "2062-01-10", "valid_to": "2063-01-09"}, "valid_from", "in the future"),
        (forms.CalibrationForm, {**CALIBRATION, "valid_from": "0026-01-10"}, "valid_from", "as 2026-01-10"),
        (forms.CertificateForm, {**CERTIFICATE, "valid_to": "3029-05-03"}, "valid_to", "too far away"),
        (forms.CertificateForm, {**CERTIFICATE, "valid_from": "2062-05-04", "valid_to": "2068-05-03"}, "valid_from", "years ahead"),
        (forms.QualificationForm, {**QUALIFICATION, "valid_from": "2062-05-04"}, "valid_from", "in the future"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_the_name_of_the_field(
    form: Any, sent: dict[str, str], field: str, said: str, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "en"
    filled = form(sent)
    (message,) = filled.errors[field]
    assert said in message and str(filled.fields[field].label) in message
