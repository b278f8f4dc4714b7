"""Bulk acts on scope lines: seen before they are done, done by whom they are for, from the day they may begin."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.faces.pages import queries_of, text_of
from tests.faces.scopes.conftest import Ground
from tests.registry.scopes.ground import laboratory, line, rows_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.scopes.models import ScopeLine

TODAY = timezone.localdate()
OWN, CHANGE = reverse("workspace_scope"), reverse("workspace_scope_change")


def posted(ground: Ground, verb: str = "self_suspend", **also: object) -> dict[str, object]:
    return {
        "series": [str(one.series) for one in ground.lines[:2]], "verb": verb, "from_day": TODAY.isoformat(),
        "reason": "the chromatograph is out of order", **also,
    }  # fmt: skip


@pytest.fixture
def own(client_of: Callable[[User | None], Client], technical_manager: User) -> Client:
    return client_of(technical_manager)


@pytest.fixture
def office(client_of: Callable[[User | None], Client], county: User) -> Client:
    return client_of(county)


def test_first_a_preview_then_the_act(own: Client, ground: Ground) -> None:
    seen = own.post(CHANGE, posted(ground))
    assert "2 lines would change" in text_of(seen)
    assert not ScopeLine.objects.filter(status="self_suspended").exists()
    assert own.post(CHANGE, posted(ground, confirmed="1")).headers["Location"] == OWN
    assert rows_of(ground.lines[0].series)[-1] == (TODAY.isoformat(), None, "self_suspended")
    assert "2 lines suspended from" in text_of(own.get(OWN))
    history = text_of(own.get(reverse("workspace_scope_line", args=[ground.lines[0].series])))
    assert "the chromatograph is out of order" in history
    entry = Entry.objects.get(verb="self_suspend_scope_lines")
    assert entry.actor.username == "technical" and entry.reason == "the chromatograph is out of order"


def test_all_lines_of_the_list_are_those_that_the_filter_shows(own: Client, ground: Ground) -> None:
    ground.more(40)
    seen = own.post(CHANGE + "?what=lead", posted(ground, series=[], all="1"))
    assert "1 line is chosen" in text_of(seen)
    assert "43 lines are chosen" in text_of(own.post(CHANGE, posted(ground, all="1")))


def test_lines_that_cannot_be_changed_stay_and_say_why(own: Client, ground: Ground) -> None:
    own.post(CHANGE, posted(ground, series=[str(ground.lines[0].series)], confirmed="1"))
    seen = own.post(CHANGE, posted(ground))
    assert "1 line would change" in text_of(seen) and "1 line stays as it is" in text_of(seen)
    own.post(CHANGE, posted(ground, confirmed="1"))
    assert [rows_of(one.series)[-1][2] for one in ground.lines] == ["self_suspended", "self_suspended", "active"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"from_day": (TODAY - timedelta(days=1)).isoformat()}, "today or a later day"),
        ({"from_day": "soon"}, "Enter a valid date"),
        ({"reason": ""}, "This field is required"),
        ({"verb": "cancel"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(own: Client, ground: Ground, given: dict, said: str) -> None:
    assert said in text_of(own.post(CHANGE, posted(ground, confirmed="1", **given)))
    assert set(ScopeLine.objects.values_list("status", flat=True)) == {"active"}


def test_nobody_changes_the_lines_of_others(own: Client, ground: Ground) -> None:
    foreign = line(laboratory("Elsewhere"), ground.parameters[0], ground.milk, ground.method)
    answer = own.post(CHANGE, posted(ground, series=[str(foreign.series), "nonsense"], confirmed="1"))
    assert answer.status_code == 302 and rows_of(foreign.series)[-1][2] == "active"


def test_the_quality_manager_looks_but_does_not_change(
    client_of: Callable[[User | None], Client], laboratory: User, ground: Ground
) -> None:
    client = client_of(laboratory)
    assert "The technical manager and the institution" in text_of(client.get(OWN))
    assert client.post(CHANGE, posted(ground, confirmed="1")).status_code == 404


def test_the_authority_cancels_even_backwards(office: Client, ground: Ground) -> None:
    where = reverse("office_scope_change", args=[ground.laboratory.pk])
    past = (TODAY - timedelta(days=30)).isoformat()
    answer = office.post(where, posted(ground, "cancel", from_day=past, confirmed="1"))
    assert answer.headers["Location"] == reverse("office_scope", args=[ground.laboratory.pk])
    assert rows_of(ground.lines[0].series)[-1] == (past, None, "cancelled")


def test_the_authority_mends_a_line_and_sees_what_was_known(office: Client, ground: Ground) -> None:
    where = reverse("office_scope_line", args=[ground.lines[0].series])
    wrong = {"low": "5", "high": "2", "unit": "mg/kg", "from_day": TODAY.isoformat(), "reason": "typing error"}
    assert "The lower end 5 is above" in text_of(office.post(where, wrong))
    assert office.post(where, {**wrong, "low": "0.5"}).status_code == 302
    page = text_of(office.get(where))
    assert (
        "0.5 – 2 mg/kg" in page and "until" in page and page.count("typing error") == 2
    )  # on both rows that it entered


def test_thirty_and_three_hundred_lines_cost_the_same(own: Client, office: Client, ground: Ground) -> None:
    pages = [
        lambda: own.get(OWN),
        lambda: office.get(reverse("office_scope", args=[ground.laboratory.pk])),
        lambda: own.get(reverse("workspace_watch")),
        lambda: own.post(CHANGE, posted(ground, all="1")),
    ]
    ground.more(30)  # so that there is a second page, and what is beyond it is counted
    few = [queries_of(page) for page in pages]
    ground.more(300)
    many = [queries_of(page) for page in pages]
    assert few == many


def test_what_the_authority_suspended_the_laboratory_does_not_resume(
    own: Client, office: Client, ground: Ground
) -> None:
    line = ground.lines[0]
    owner = line.institution.merged_into_id or line.institution_id
    address = reverse("office_scope_change", args=[owner])
    how = {"series": [str(line.series)], "confirmed": "1"}
    assert office.post(address, posted(ground, "suspend", **how)).status_code == 302
    assert rows_of(line.series)[-1][2] == "suspended"
    assert "stays as it is" in text_of(own.post(CHANGE, posted(ground, "resume", **how)))
    for verb in ("reinstate", "suspend", "cancel"):
        assert "Select a valid choice" in text_of(own.post(CHANGE, posted(ground, verb, **how)))
    assert rows_of(line.series)[-1][2] == "suspended"
    public = text_of(own.get(reverse("public_scope", args=[owner]), {"status": "suspended"}))
    assert "Suspended by the authority" in public
    assert office.post(address, posted(ground, "reinstate", **how)).status_code == 302
    assert rows_of(line.series)[-1][2] == "active"
