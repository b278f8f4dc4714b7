"""Whatever day an address is asked about, there is a page or a sentence, never a breakdown; so with forms."""

from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from itertools import cycle
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import institution_of
from tests.faces.promises import promised
from tests.faces.test_secrecy import (
    address_of,
    as_many_questions_as_one_likes,
    client_of,
    people,
    things,
)
from tests.registry.scopes import ground
from zhunsheng.faces.days import DayField
from zhunsheng.faces.registers.fields import Day
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.scopes.models import ScopeLine

__all__ = ["as_many_questions_as_one_likes", "client_of", "people", "things"]
NAMES = ("on", "known", "known_on", "from", "to", "day", "first", "last", "start", "as_of", "date")
ODD = ("0001-01-01", "9999-12-31", "1949-12-31", "2100-01-02", "2026-02-30", "nonsense", "2026-W53-7", "\u0660" * 8)


def broken(client: Client, address: str, day: str) -> int:
    """The status with every name for a day set to it; the client raises what the server would break down with."""
    path, _, asked = address.partition("?")
    said = dict(item.split("=", 1) for item in asked.split("&") if item)
    got = client.get(path, said | dict.fromkeys(NAMES, day))
    return int(got.status_code)


def test_no_address_breaks_down_over_a_day(
    people: dict[str, User | None], things: dict[str, str], client_of: Callable[[User | None], Client]
) -> None:
    """Every address, as somebody of an authority and of a laboratory, with one odd day after the other."""
    clients = [client_of(people[role]) for role in ("regulator", "institution_admin")]
    days = cycle(ODD)
    wrong = {
        (address, day, status)
        for name, rows in promised().items()
        for address in (address_of(name, arguments, things) for arguments, _ in rows)
        for client in clients
        if (status := broken(client, address, day := next(days))) >= 500
    }
    assert wrong == set() and len(promised()) > 100


PAGES = ("public_institutions", "scopes", "rulebook", "rulebook_changes", "substances", "find")


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(PAGES),
    st.dates(min_value=date.min, max_value=date.max),
    st.dates(min_value=date.min, max_value=date.max),
)
def test_no_pair_of_days_breaks_a_page_of_the_public(page: str, one: date, other: date) -> None:
    days = {"on": one, "known": other, "from": one, "to": other}
    assert Client().get(reverse(page), {name: day.isoformat() for name, day in days.items()}).status_code == 200


def test_a_day_that_cannot_be_meant_mends_no_scope_line(
    laboratory: User, county: User, mercury: Parameter, feed: Matrix, client_of: Callable[[User | None], Client]
) -> None:
    line = ground.line(institution_of(laboratory), mercury, feed, ground.method("GB 1-2020"))
    for day in ("9999-12-31", "0001-01-01", "2100-01-02"):
        got = client_of(county).post(
            reverse("office_scope_line", args=[line.series]), {"from_day": day, "reason": "r", "limits": "x"}
        )
        assert got.status_code == 200 and "Choose a day from 1950 to 2100." in got.content.decode()
    assert ScopeLine.objects.count() == 1


def our_fields() -> Iterator[tuple[str, Any]]:
    """Every field of our forms that takes a day."""
    from django import forms

    import_module(django_settings.ROOT_URLCONF)  # whose views have the forms

    def below(kind: type[Any]) -> Iterator[type[Any]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    for form in below(forms.BaseForm):
        if form.__module__.startswith("zhunsheng."):
            for name, field in getattr(form, "base_fields", {}).items():
                if isinstance(field, forms.DateField):
                    yield f"{form.__module__}.{form.__name__}.{name}", field


def test_every_form_bounds_its_days() -> None:
    assert [name for name, field in our_fields() if not isinstance(field, DayField | Day)] == []
    assert len(list(our_fields())) >= 15
