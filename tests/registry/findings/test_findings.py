"""Findings settled and reopened: remembered by their facts, by whoever answers for both institutions, at a constant number of queries."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, BINJIANG, XIHU, institution, institution_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.equipment.actions import enter_instruments, mend_instrument
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.findings import actions
from zhunsheng.registry.findings.access import answered_for_by
from zhunsheng.registry.findings.models import Settlement
from zhunsheng.registry.findings.queries import Finding, double_posts, in_state, serials
from zhunsheng.registry.findings.rules import digest_of
from zhunsheng.registry.institutions.actions import merge_institutions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.rules.refusals import CannotEnter
from zhunsheng.registry.people.actions import end_post, enter_people, enter_posts
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.queries import visitor

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 15)
SINCE = date(2025, 1, 1)
Asked = Callable[[], list[Finding[Any]]]


@pytest.fixture
def here() -> Institution:
    return institution("laboratory", "示例甲所", "Example A", region_code=XIHU)


@pytest.fixture
def there() -> Institution:
    return institution("laboratory", "示例乙所", "Example B", region_code=BINJIANG)


def works_in(*places: Institution, name: str = "示例人员") -> Person:
    who = Person(name=name)
    enter_people([who], actor=None, at=AT)
    enter_posts([Post(person=who, institution=x, kind="analyst", valid_from=SINCE) for x in places], actor=None, at=AT)
    return who


def stands_in(*places: Institution, serial: str = "SN2026001") -> list[Instrument]:
    made = [Instrument(institution=one, serial=serial, name_zh="色谱仪", name_en="Chromatograph") for one in places]
    enter_instruments(made, actor=None, at=AT)
    return made


def people(on: date = DAY) -> list[Finding[Any]]:
    return list(double_posts(on, on, within=Institution.objects.all()))


def numbers() -> list[Finding[Any]]:
    return list(serials(DAY, within=Institution.objects.all()))


def decided(regulator: User, at: datetime = AT, reason: str = "借调，已核实") -> dict[str, Any]:
    return {"authority": institution_of(regulator), "reason": reason, "actor": regulator, "at": at}


def test_another_fact_is_another_digest_and_the_order_of_keys_is_none() -> None:
    assert digest_of("people", {"a": 1, "b": 2}) == digest_of("people", {"b": 2, "a": 1})
    others = {digest_of("people", {"a": 1}), digest_of("serials", {"a": 1}), digest_of("people", {"a": 2})}
    assert len(others) == 3 and all(len(one) == 64 for one in others)


@pytest.mark.parametrize("asked", [people, numbers])
def test_settled_and_reopened_each_with_who_when_and_why(
    here: Institution, there: Institution, regulator: User, asked: Asked
) -> None:
    works_in(here, there), stands_in(here, there)
    later = AT + timedelta(hours=1)
    assert actions.settle(asked(), **decided(regulator)) == 1
    (found,) = asked()
    assert (found.state, found.changed) == ("settled", False)
    assert found.settled and (found.settled.reason, found.settled.settled_by, found.settled.settled_at) == (
        "借调，已核实", regulator, AT,
    )  # fmt: skip
    assert in_state(asked(), "open") == [] and len(in_state(asked(), "settled")) == len(in_state(asked(), "")) == 1
    assert actions.reopen(asked(), **decided(regulator, later, " another look ")) == 1
    (again,) = asked()
    assert again.state == "open" and again.last and not again.changed
    assert (again.last.reopened_because, again.last.reopened_by, again.last.reopened_at) == (
        "another look", regulator, later,
    )  # fmt: skip
    actions.settle(asked(), **decided(regulator, later))
    assert asked()[0].state == "settled" and Settlement.objects.count() == 2


def test_the_same_finding_on_every_day_on_which_it_is_one(
    here: Institution, there: Institution, regulator: User
) -> None:
    works_in(here, there)
    actions.settle(people(), **decided(regulator))
    assert [one.state for day in (SINCE, DAY, date(2027, 1, 1)) for one in people(day)] == ["settled"] * 3


def ended(who: Person) -> None:
    end_post(who.posts.all()[0], date(2026, 12, 31), reason="r", actor=None, at=AT)


def renamed(who: Person) -> None:
    Person.objects.filter(pk=who.pk).update(name="更名")


def identified(who: Person) -> None:
    Person.objects.filter(pk=who.pk).update(identity_hash="c" * 64)


def other_post(who: Person) -> None:
    Post.objects.filter(person=who).update(kind="signatory")


@pytest.mark.parametrize("change", [ended, renamed, identified, other_post])
def test_a_changed_fact_of_a_person_opens_it_again(
    here: Institution, there: Institution, regulator: User, change: Callable[[Person], None]
) -> None:
    who = works_in(here, there)
    actions.settle(people(), **decided(regulator))
    change(who)
    (found,) = people()
    assert (found.state, found.changed) == ("open", True) and found.last and found.last.reason == "借调，已核实"


def test_a_changed_fact_of_an_instrument_opens_it_again(here: Institution, there: Institution, regulator: User) -> None:
    one, _ = stands_in(here, there)
    actions.settle(numbers(), **decided(regulator))
    mend_instrument(one, {"manufacturer": "示例厂"}, reason="misread", actor=None, at=AT)
    assert [(found.state, found.changed) for found in numbers()] == [("open", True)]


def test_another_institution_in_its_place_opens_it_again(
    here: Institution, there: Institution, regulator: User
) -> None:
    works_in(here, there)
    actions.settle(people(), **decided(regulator))
    merge_institutions(institution("laboratory", "示例丙所", "C"), there, reason="r", actor=None, at=AT)
    assert [found.state for found in people()] == ["open"]


def test_facts_that_come_back_are_settled_as_they_were(here: Institution, there: Institution, regulator: User) -> None:
    """Settled on other facts in between: the settlement of the first facts was never reopened."""
    who = works_in(here, there)
    actions.settle(people(), **decided(regulator))
    renamed(who)
    actions.settle(people(), **decided(regulator, AT + timedelta(hours=1), "second"))
    Person.objects.filter(pk=who.pk).update(name="示例人员")
    (found,) = people()
    assert found.settled and found.settled.reason == "借调，已核实"


def test_no_decision_without_a_reason_and_none_twice(here: Institution, there: Institution, regulator: User) -> None:
    works_in(here, there)
    for verb in (actions.settle, actions.reopen):
        with pytest.raises(CannotEnter) as refusal:
            verb(people(), **decided(regulator, reason="  "))
        assert refusal.value.field == "reason"
    with pytest.raises(CannotEnter):
        actions.reopen(people(), **decided(regulator))
    stale = people()
    actions.settle(stale, **decided(regulator))
    with pytest.raises(CannotEnter):
        actions.settle(stale, **decided(regulator))
    assert Settlement.objects.count() == 1 == Entry.objects.filter(verb="settle_findings").count()


def test_the_database_keeps_one_settlement_of_the_same_facts(
    here: Institution, there: Institution, regulator: User
) -> None:
    works_in(here, there)
    actions.settle(people(), **decided(regulator))
    row = Settlement.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    for wrong in ({"reason": ""}, {"reopened_at": AT}, {"kind": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Settlement.objects.update(**wrong)


def test_one_act_one_row_of_the_journal_without_what_not_everybody_may_read(
    here: Institution, there: Institution, regulator: User
) -> None:
    works_in(here, there, name="甲"), works_in(here, there, name="乙")
    actions.settle(people(), **decided(regulator))
    entry = Entry.objects.get(verb="settle_findings")
    assert (entry.touched, entry.reason, entry.actor) == (2, "借调，已核实", regulator)
    assert entry.subject == f"institution:{institution_of(regulator).pk}"
    assert "甲" not in bytes(entry.canonical).decode()


def test_who_answers_for_both_institutions_settles(
    here: Institution, there: Institution, regulator: User, province: User, county: User, other_province: User,
    national: User, laboratory: User,
) -> None:  # fmt: skip
    works_in(here, there), stands_in(here, there)
    found = [*people(), *numbers()]
    may = {one.username: len(answered_for_by(visitor(one, on=DAY), found)) for one in (
        regulator, province, county, other_province, national, laboratory,
    )}  # fmt: skip
    assert may == {
        "regulator": 2, "province": 2, "national": 2, "county": 0, "other_province": 0, "laboratory": 0,
    }  # fmt: skip


def test_nobody_settles_what_is_about_oneself(here: Institution, there: Institution, regulator: User) -> None:
    works_in(here, there)
    third = institution("laboratory", "示例丙所", "C")
    mine = Person.objects.get(user=regulator)
    Person.objects.filter(pk=mine.pk).update(identity_hash="d" * 64)
    again = Person(name="另写的名", identity_hash="d" * 64)
    enter_people([again], actor=None, at=AT)
    enter_posts(
        [Post(person=again, institution=x, kind="analyst", valid_from=SINCE) for x in (here, third)], actor=None, at=AT
    )
    by_name = {one.row.person.name for one in answered_for_by(visitor(regulator, on=DAY), people())}
    assert by_name == {"示例人员"}
    enter_posts([Post(person=mine, institution=there, kind="analyst", valid_from=SINCE)], actor=None, at=AT)
    assert answered_for_by(visitor(regulator, on=DAY), people()) == []


def test_the_questions_do_not_grow(here: Institution, there: Institution, regulator: User) -> None:
    def count(act: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            act()
        return len(captured)

    def more(first: int, last: int) -> list[int]:
        who = Person.objects.bulk_create(Person(name=f"人员{n}") for n in range(first, last))
        Post.objects.bulk_create(
            Post(person=one, institution=x, kind="analyst", valid_from=SINCE) for one in who for x in (here, there)
        )
        for where in (here, there):
            batch = [
                Instrument(institution=where, serial=f"SHARED-{n}", name_zh="仪", name_en="I")
                for n in range(first, last)
            ]
            enter_instruments(batch, actor=None, at=AT)
        asked = [count(people), count(numbers)]
        found, who_asks = [*people(), *numbers()], visitor(regulator, on=DAY)
        opened = in_state(found, "open")
        assert len(found) == 2 * last
        return [
            *asked, count(lambda: answered_for_by(who_asks, found)),
            count(lambda: actions.settle(opened, **decided(regulator))), count(lambda: actions.reopen(numbers(), **decided(regulator))),
            count(lambda: actions.settle(numbers(), **decided(regulator))),
        ]  # fmt: skip

    few, many = more(0, 3), more(3, 300)
    assert few[:3] == many[:3] == [3, 3, 2]
    assert max(many[3:]) < 20  # rows are written some dozens at a time
