"""The small pieces that pages are made of."""

from typing import Any

import pytest
from django import forms
from django.template import engines
from markupsafe import Markup

from zhunsheng.faces.templating import symbols, unbroken
from zhunsheng.foundation.bilingual import t


def macros() -> Any:
    """The macros of `macros.html`, as functions."""
    environment = engines["jinja2"].env  # type: ignore[attr-defined]
    return environment.get_template("macros.html").module


class Amount(forms.Form):
    amount = forms.IntegerField(label="Amount", max_value=10)


class Unit(forms.Form):
    unit = forms.CharField(label="Unit", max_length=3)


@pytest.mark.parametrize(("n", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows")])
def test_one_is_not_many(n: int, said: str) -> None:
    assert str(macros().count(n, t("1 row", "1 行"), t("{n} rows", "{n} 行", n=n))).strip() == said


def test_a_refused_form_says_that_nothing_was_done_and_names_the_fault() -> None:
    said = str(macros().form_errors(Amount({"amount": "99"})))
    assert 'role="alert"' in said
    assert "Nothing was done" in said
    assert '<a href="#id_amount">Amount</a>: Ensure this value is less than or equal to 10.' in said


def test_the_fault_of_a_form_beside_it_is_named_too() -> None:
    said = str(macros().form_errors(Amount({"amount": "9"}), Unit({"unit": "<long>"})))
    assert 'href="#id_unit"' in said


def test_forms_without_a_fault_say_nothing() -> None:
    assert not str(macros().form_errors(Amount({"amount": "9"}), Unit({"unit": "kg"}))).strip()


def test_a_date_in_a_sentence_stays_on_one_line() -> None:
    said = unbroken(t("Released 2026-03-20 <by> B-1.", "x"))
    assert said == Markup('Released <span class="date">2026-03-20</span> &lt;by&gt; B-1.')


def test_quantities_in_a_sentence_are_set_as_such() -> None:
    assert symbols("u(x_pt) < 0.3σ_pt, E_n") == Markup(
        "u(<i>x</i><sub>pt</sub>) &lt; 0.3<i>σ</i><sub>pt</sub>, <i>E</i><sub>n</sub>"
    )
