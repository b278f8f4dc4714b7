"""The numbers of a form are read as those of a results file and of the command line."""

from __future__ import annotations

import pytest

from zhunsheng.activities.proficiency.rules.settings import Settings
from zhunsheng.faces.office.forms import EvaluationSettings

GIVEN = {"assigned_method": "given", "assigned_value": "0.5", "sigma_method": "given", "sigma_value": "0.1"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0,044", "0.044"),
        ("\uff10\uff0e\uff10\uff14\uff14", "0.044"),
        (" 1 234.5 ", "1234.5"),
        ("4.4e-2", "4.4e-2"),
    ],
)
def test_a_form_and_the_command_line_read_the_same_number(written: str, read: str) -> None:
    form = EvaluationSettings(GIVEN | {"assigned_value": written, "u_assigned": written, "sigma_value": written})
    assert form.is_valid(), form.errors
    assert [form.cleaned_data[key] for key in ("assigned", "u_assigned", "sigma")] == [read] * 3
    settings = Settings.parse(assigned=written, u_assigned=written, sigma=written)
    assert (settings.assigned, settings.u_assigned, settings.sigma) == (float(read),) * 3


@pytest.mark.parametrize("written", ["1,234", "1_000", "inf", "5 %", "<0.1", "1e160", "ND"])
def test_what_is_no_single_number_is_refused_as_in_a_file(written: str) -> None:
    form = EvaluationSettings(GIVEN | {"assigned_value": written, "u_assigned": written, "sigma_value": written})
    assert set(form.errors) == {"assigned_value", "u_assigned", "sigma_value"}


def test_a_dash_is_no_value_and_no_uncertainty() -> None:
    form = EvaluationSettings(GIVEN | {"assigned_value": "—", "u_assigned": "—"})
    assert set(form.errors) == {"assigned_value"}
    assert form.cleaned_data["u_assigned"] == ""


def test_an_uncertainty_is_not_negative_and_sigma_is_more_than_zero() -> None:
    form = EvaluationSettings(GIVEN | {"assigned_value": "-1", "u_assigned": "-0.1", "sigma_value": "0"})
    assert set(form.errors) == {"u_assigned", "sigma_value"}
    assert "u_assigned" not in EvaluationSettings(GIVEN | {"u_assigned": "0"}).errors
