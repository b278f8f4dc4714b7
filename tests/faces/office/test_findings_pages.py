"""Findings in the registers on their page: settled with a reason, said who and when and why, reopened, open again when a fact changes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import AT, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.equipment.actions import enter_instruments
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.findings.models import Settlement
from zhunsheng.registry.findings.queries import double_posts, serials
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.actions import enter_people, enter_posts
from zhunsheng.registry.people.models import Person, Post

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]
PAGE = "/office/institutions/findings/"
SINCE = date(2025, 1, 1)


@pytest.fixture
def found(laboratory: User, other_laboratory: User) -> dict[str, str]:
    """One person and one serial number in both laboratories: what ticking each of them sends."""
    both = [institution_of(user) for user in (laboratory, other_laboratory)]
    who = Person(name="两处任职")
    enter_people([who], actor=None, at=AT)
    enter_posts([Post(person=who, institution=x, kind="analyst", valid_from=SINCE) for x in both], actor=None, at=AT)
    made = [Instrument(institution=x, serial="SN2026001", name_zh="天平", name_en="Balance") for x in both]
    enter_instruments(made, actor=None, at=AT)
    return {"people": ticked("people"), "serials": ticked("serials")}


def ticked(what: str) -> str:
    everywhere, day = Institution.objects.all(), AT.date()
    rows: list[Any] = [
        *(double_posts(day, day, within=everywhere) if what == "people" else serials(day, within=everywhere))
    ]
    (one,) = rows
    return f"{one.pair}:{one.digest}"


def send(
    client: Client,
    what: str,
    finding: str | list[str],
    decision: str = "settle",
    reason: str = "借调",
    state: str = "open",
) -> Any:
    sent = {"decision": decision, "finding": finding, "reason": reason}
    return client.post(f"{PAGE}?what={what}&state={state}", sent, follow=True)


@pytest.mark.parametrize(("what", "name"), [("people", "两处任职"), ("serials", "SN2026001")])
def test_settled_and_reopened(client_of: Clients, regulator: User, found: dict[str, str], what: str, name: str) -> None:
    office = client_of(regulator)
    assert name in text_of(office.get(PAGE, {"what": what}))
    told = text_of(send(office, what, found[what]))
    assert "Settled: they are open again when a fact changes." in told and "Nothing is open on these days." in told
    settled = text_of(office.get(PAGE, {"what": what, "state": "settled"}))
    (row,) = Settlement.objects.all()
    assert f"Settled on {timezone.localdate()} " in settled
    assert name in settled and "by Regulator, Example Authority: 借调" in settled and row.settled_by == regulator
    assert "Regulator于" not in settled and "于" in text_of(
        in_chinese(office).get(PAGE, {"what": what, "state": "settled"})
    )
    office.cookies.clear()
    office = client_of(regulator)
    told = text_of(send(office, what, found[what], "reopen", "一方未办手续", state="settled"))
    assert "Reopened." in told and "Nothing is settled on these days." in told
    again = text_of(office.get(PAGE, {"what": what}))
    assert name in again and "by Regulator, Example Authority: 一方未办手续" in again


def test_without_a_reason_or_a_tick_nothing_is_settled(
    client_of: Clients, regulator: User, found: dict[str, str]
) -> None:
    office = client_of(regulator)
    page = send(office, "people", found["people"], reason=" ")
    assert "Nothing was done" in text_of(page) and f'value="{found["people"]}" checked' in page.content.decode()
    assert "Tick the findings" in text_of(send(office, "people", []))
    assert not Settlement.objects.exists() and not Entry.objects.filter(verb="settle_findings").exists()


def test_facts_that_changed_since_they_were_read_are_not_settled(
    client_of: Clients, regulator: User, found: dict[str, str]
) -> None:
    office = client_of(regulator)
    Person.objects.filter(name="两处任职").update(name="更名")
    assert "Facts have changed meanwhile" in text_of(send(office, "people", found["people"]))
    send(office, "people", ticked("people"))
    assert "Somebody else decided meanwhile" in text_of(send(office, "people", ticked("people"), state="all"))
    Person.objects.filter(name="更名").update(name="又更名")
    assert "A fact has changed since it was settled." in text_of(office.get(PAGE))
    assert Settlement.objects.count() == 1


@pytest.mark.parametrize("what", ["people", "serials"])
def test_who_does_not_answer_for_both_finds_nothing_to_settle(
    client_of: Clients,
    regulator: User,
    county: User,
    other_province: User,
    laboratory: User,
    found: dict[str, str],
    what: str,
) -> None:
    """The district of one laboratory sees the finding and what was decided, without the name of another authority's person."""
    for user in (county, other_province, laboratory):
        assert send(client_of(user), what, found[what]).status_code == 404
    assert not Settlement.objects.exists()
    page = client_of(county).get(PAGE, {"what": what})
    assert 'name="finding"' not in page.content.decode() and "in whose area both institutions lie" in text_of(page)
    send(client_of(regulator), what, found[what])
    assert send(client_of(county), what, found[what], "reopen", state="all").status_code == 404
    seen = text_of(client_of(county).get(PAGE, {"what": what, "state": "settled"}))
    assert "by Example Authority: 借调" in seen and "Regulator, " not in seen
    colleague = user_with_post("colleague", "regulator", institution_of(regulator))
    assert "by Regulator, Example Authority" in text_of(client_of(colleague).get(PAGE, {"what": what, "state": "all"}))


def test_what_is_no_decision_is_not_there(client_of: Clients, regulator: User, found: dict[str, str]) -> None:
    office = client_of(regulator)
    assert send(office, "people", found["people"], "forget").status_code == 404
    assert (
        send(office, "people", "1 2:x").status_code == 404
        and send(office, "serials", found["people"]).status_code == 404
    )
    assert "1" in text_of(office.get(PAGE, {"state": "nonsense"}))


def test_the_state_is_counted_and_costs_the_same(client_of: Clients, regulator: User, found: dict[str, str]) -> None:
    office, address = client_of(regulator), reverse("office_findings")
    both = [Institution.objects.get(pk=pk) for pk in Instrument.objects.values_list("institution", flat=True)]

    def look() -> Any:
        return office.get(address, {"state": "all"})

    def more(first: int, last: int) -> None:
        who = Person.objects.bulk_create(Person(name=f"人员{n:03}") for n in range(first, last))
        Post.objects.bulk_create(
            Post(person=one, institution=x, kind="analyst", valid_from=SINCE) for one in who for x in both
        )

    def settle_page() -> None:
        day = AT.date()
        rows = double_posts(day, day, within=Institution.objects.all())
        send(office, "people", [f"{one.pair}:{one.digest}" for one in rows if not one.settled])

    more(0, 2)
    settle_page()
    few = queries_of(look)
    more(2, 299)
    settle_page()
    assert queries_of(look) == few and Settlement.objects.count() == 300
    assert "People 300" in text_of(look()) and "People 0" in text_of(office.get(address))
