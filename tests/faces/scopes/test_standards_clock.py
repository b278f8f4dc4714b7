"""The clock of standards: who is told, until when, and what stops it."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.faces.pages import text_of
from tests.faces.scopes.conftest import Ground
from tests.registry.scopes.ground import laboratory, line
from zhunsheng.faces.clocks.standards import find
from zhunsheng.faces.clocks.today import due_at
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.queries import working_calendar
from zhunsheng.foundation.messages.rules import Due
from zhunsheng.registry.scopes.actions import cancel

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=150)


def due(where: list | None = None, ahead: int = 200) -> list[Due]:
    calendar = working_calendar(TODAY, TODAY)
    until = TODAY + timedelta(days=ahead)
    return list(find(on=TODAY, since=TODAY, until=until, calendar=calendar, where=where))


def test_each_institution_whose_lines_name_the_old_edition_is_told(ground: Ground) -> None:
    other = laboratory("Elsewhere", "110101")
    line(other, ground.parameters[0], ground.milk, ground.method)
    told = due()
    assert {one.whose.en for one in told} == {ground.laboratory.name_en, "Elsewhere"}
    own = next(one for one in told if one.whose == ground.laboratory.name)
    assert (
        own.due_on == SOON
        and own.what.en == "File the change from GB/T 22388-2008 to GB/T 22388-2026"
        and "3" in own.why.en
    )
    assert [one.whose.en for one in due(where=[other.pk])] == ["Elsewhere"]
    assert due(ahead=100) == []


def test_it_stops_when_no_line_names_the_old_edition_any_more(ground: Ground) -> None:
    series = [one.series for one in ground.lines]
    cancel(series, from_day=TODAY, reason="moved to the new edition", actor=None, at=timezone.now())
    assert due() == []


def test_it_stands_among_the_things_of_today_once_it_is_near(
    client_of: Callable[[User | None], Client], technical_manager: User, ground: Ground
) -> None:
    assert "File the change" not in text_of(client_of(technical_manager).get(reverse("home")))  # five months off
    found, _ = due_at([ground.laboratory.pk], on=SOON - timedelta(days=30))
    assert [one.due.what.en for one in found] == ["File the change from GB/T 22388-2008 to GB/T 22388-2026"]


def test_two_and_thirty_institutions_cost_the_same(ground: Ground) -> None:
    line(laboratory("One"), ground.parameters[0], ground.milk, ground.method)
    with CaptureQueriesContext(connection) as few:
        due()
    for n in range(30):
        line(laboratory(f"Laboratory {n}"), ground.parameters[0], ground.milk, ground.method)
    with CaptureQueriesContext(connection) as many:
        assert len(due()) == 32
    assert len(many) == len(few)
