"""An identity number that comes later: given once, to one entry of an institution, told to nobody else."""

from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet

from tests.cast import AT, institution
from tests.together import at_once
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.actions import merge_institutions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.rules.refusals import CannotEnter
from zhunsheng.registry.people import actions
from zhunsheng.registry.people.double_posts import in_two_institutions_on
from zhunsheng.registry.people.models import Person, Post

DAY = date(2026, 4, 15)
NUMBER, MASKED = "b" * 64, "3301**********001X"


def place(zh: str) -> Institution:
    return institution("laboratory", zh, zh)


def entered(name: str, where: Institution, *, number: str | None = None, last: date | None = None) -> Person:
    held = Post(institution=where, kind="analyst", valid_from=date(2020, 1, 1), valid_to=last)
    return actions.enter_person(Person(name=name, identity_hash=number), held, actor=None, at=AT)


def keeps(*where: Institution) -> QuerySet[Institution]:
    return Institution.objects.filter(pk__in=[one.pk for one in where])


def add(who: Person, *where: Institution) -> Person:
    return actions.add_identity(who, NUMBER, MASKED, within=keeps(*where), actor=None, at=AT)


@pytest.mark.django_db
def test_the_number_is_added_and_the_act_is_one() -> None:
    here = place("甲所")
    who = entered("张三", here)
    add(who, here)
    who.refresh_from_db()
    assert (who.identity_hash, who.identity_masked) == (NUMBER, MASKED)
    act = Entry.objects.get(verb="add_identity")
    assert act.subject == f"person:{who.pk}" and act.touched == 1


@pytest.mark.django_db
@pytest.mark.parametrize("last", [None, date(2021, 1, 1)])
@pytest.mark.parametrize("merged", [False, True])
def test_a_number_of_another_entry_of_the_institution_is_refused(last: date | None, merged: bool) -> None:
    """Of who is still there and of who has left, under the same entry of the institution or one merged into it."""
    here = place("甲所")
    twin = place("乙所") if merged else here
    other, who = entered("李四", twin, number=NUMBER, last=last), entered("张三", here)
    if merged:
        merge_institutions(here, twin, reason="one institution", actor=None, at=AT)
    with pytest.raises(actions.BelongsToAnother) as refusal:
        add(who, here)
    assert refusal.value.other == other and refusal.value.field == "identity"
    assert "李四" not in refusal.value.reason.en + refusal.value.reason.zh
    who.refresh_from_db()
    assert who.identity_hash is None and not Entry.objects.filter(verb="add_identity").exists()


@pytest.mark.django_db
def test_an_entry_of_another_institution_is_neither_asked_nor_told() -> None:
    """Trap 7: the answer is that of a number nobody knows, and the authority finds the pair."""
    here, there = place("甲所"), place("乙所")
    entered("另写的名", there, number=NUMBER)
    who = add(entered("张三", here), here)
    assert {one.one.person for one in in_two_institutions_on(DAY)} <= {who, Person.objects.get(name="另写的名")}
    assert len(in_two_institutions_on(DAY)) == 1


@pytest.mark.django_db
def test_what_the_actor_does_not_keep_is_not_asked() -> None:
    """An entry that two institutions share, as entries were shared once: only the own one answers."""
    here, there = place("甲所"), place("乙所")
    who = entered("张三", here)
    actions.enter_post(
        Post(person=who, institution=there, kind="analyst", valid_from=date(2020, 1, 1)), actor=None, at=AT
    )
    entered("李四", there, number=NUMBER)
    assert add(who, here).identity_hash == NUMBER


@pytest.mark.django_db
def test_a_number_is_given_once() -> None:
    here = place("甲所")
    who = add(entered("张三", here), here)
    with pytest.raises(CannotEnter, match="already"):
        actions.add_identity(who, "c" * 64, MASKED, within=keeps(here), actor=None, at=AT)
    who.refresh_from_db()
    assert who.identity_hash == NUMBER


@pytest.mark.django_db(transaction=True)
def test_of_two_entries_that_get_one_number_at_once_one_does() -> None:
    here = place("甲所")
    both = iter([entered("张三", here), entered("李四", here)])
    answers = at_once(2, lambda: add(next(both), here))
    assert sorted(type(one).__name__ for one in answers) == ["BelongsToAnother", "Person"], answers
    assert Person.objects.filter(identity_hash=NUMBER).count() == 1


@pytest.mark.django_db
def test_a_wrong_number_is_corrected_with_a_reason() -> None:
    here = place("甲所")
    who = entered("张三", here, number="a" * 64)
    how: dict[str, Any] = {"within": keeps(here), "actor": None, "at": AT}
    with pytest.raises(CannotEnter):
        actions.correct_identity(who, NUMBER, MASKED, reason=" ", **how)
    with pytest.raises(CannotEnter, match="already"):
        actions.correct_identity(who, "a" * 64, MASKED, reason="slip", **how)
    actions.correct_identity(who, NUMBER, MASKED, reason="slip of the hand", **how)
    who.refresh_from_db()
    assert (who.identity_hash, who.identity_masked) == (NUMBER, MASKED)
    assert Entry.objects.get(verb="correct_identity").reason == "slip of the hand"


@pytest.mark.django_db
def test_a_wrong_number_is_not_corrected_into_a_colleague_s() -> None:
    here = place("甲所")
    other, who = entered("李四", here, number=NUMBER), entered("张三", here, number="a" * 64)
    with pytest.raises(actions.BelongsToAnother) as refusal:
        actions.correct_identity(who, NUMBER, MASKED, reason="slip", within=keeps(here), actor=None, at=AT)
    assert refusal.value.other == other
