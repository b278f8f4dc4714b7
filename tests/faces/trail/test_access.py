"""Who sees which acts, written by hand: an act's reason tells as much as the thing that it was done to."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from tests.cast import AT, institution, institution_of, user_with_post
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.trail.access import acts_visible_to, may_read
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.actions import record
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.queries import visitor

ON = AT.date()
Act = Callable[..., int]


@pytest.fixture
def act(db: None) -> Act:
    """`act("institution:…", by=user)`: something was done, for a reason that must not leak; its number."""

    @transaction.atomic
    def done(subject: str, *, by: User | None, verb: str = "mend_institution") -> int:
        return record(verb, actor=by, at=AT, subject=subject, reason="a secret reason").pk

    return done


def sees(user: User) -> set[int]:
    return set(acts_visible_to(visitor(user, on=ON)).filter(reason="a secret reason").values_list("pk", flat=True))


def test_acts_on_an_institution_reach_itself_and_the_authorities_in_whose_area_it_lies(
    act: Act, laboratory: User, other_laboratory: User, regulator: User, national: User, province: User, other_province: User,
    county: User, integrity_officer: User, coordinator: User, outsider: User, administrator: User, client_enterprise: User,
) -> None:  # fmt: skip
    one = {act(f"institution:{institution_of(laboratory).pk}", by=regulator)}
    for who in (laboratory, regulator, national, province, county, integrity_officer):
        assert sees(who) == one, who
    for who in (other_laboratory, other_province, coordinator, outsider, administrator, client_enterprise):
        assert sees(who) == set(), who


def test_a_laboratory_does_not_learn_what_the_authority_has_not_told_it(
    act: Act, laboratory: User, institution_admin: User, regulator: User
) -> None:
    subject = f"institution:{institution_of(laboratory).pk}"
    classified = act(subject, by=regulator, verb="classify")
    suspected = act(subject, by=regulator, verb="not_the_same")
    told = act(subject, by=regulator, verb="merge_institutions")
    own = act(subject, by=institution_admin, verb="enter_contact")
    assert sees(laboratory) == {told, own}
    assert sees(regulator) == {classified, suspected, told, own}


def test_acts_on_a_round_reach_only_the_authority_that_commissioned_it_and_only_once_it_is_released(
    act: Act, mercury_round: Round, regulator: User, national: User, province: User, laboratory: User, coordinator: User,
    integrity_officer: User,
) -> None:  # fmt: skip
    one = act(f"round:{mercury_round.pk}", by=coordinator, verb="change_round_settings")
    assert sees(regulator) == set()
    Round.objects.update(state="released")
    assert sees(regulator) == {one}
    for who in (national, province, laboratory, integrity_officer):
        assert sees(who) == set(), who


def test_an_integrity_officer_sees_what_the_own_authoritys_people_did_and_nobody_elses(
    act: Act, authority: Any, laboratory: User, regulator: User, national: User, integrity_officer: User
) -> None:
    subject = f"institution:{institution_of(laboratory).pk}"
    of_colleague = act(subject, by=regulator)
    act(subject, by=national)
    act(subject, by=None)
    assert sees(integrity_officer) == {of_colleague}


def test_a_post_elsewhere_opens_nothing_here(act: Act, laboratory: User, other_laboratory: User) -> None:
    """Whoever regulates and works in a laboratory sees, as a regulator, what regulators see, and no more of the laboratory."""
    far = institution("authority", "示例邻县局", "Example Far County", level="county", region_code="320102")
    person = Person.objects.get(user=laboratory)
    Post.objects.create(person=person, institution=far, kind="regulator", valid_from=date(2020, 1, 1))
    act(f"institution:{institution_of(other_laboratory).pk}", by=other_laboratory)
    assert sees(laboratory) == set()


@pytest.mark.parametrize(
    "subject",
    [
        "attachment:{id}",
        "tip:{id}",
        "institutions.institution",
        "evidence.evidence",
        "user:1",
        "post:0",
        "institution:",
        "",
    ],
)
def test_what_nobody_named_nobody_sees(
    act: Act, laboratory: User, regulator: User, national: User, integrity_officer: User, subject: str
) -> None:
    act(subject.format(id=institution_of(laboratory).pk), by=regulator)
    for who in (laboratory, regulator, national, integrity_officer):
        assert sees(who) == set(), who


def test_an_act_on_something_that_is_not_there_is_not_there(act: Act, regulator: User, national: User) -> None:
    act(f"institution:{uuid4()}", by=regulator)
    assert sees(regulator) == sees(national) == set()


def test_a_post_that_ended_closes_the_trail(act: Act, laboratory: User, regulator: User) -> None:
    act(f"institution:{institution_of(laboratory).pk}", by=regulator)
    Post.objects.filter(person__user__in=[laboratory, regulator]).update(valid_to=date(2026, 4, 14))
    assert sees(laboratory) == sees(regulator) == set()
    assert not may_read(visitor(regulator, on=ON)) and not may_read(visitor(laboratory, on=ON))


def test_people_and_instruments_follow_their_institution(
    act: Act, laboratory: User, other_laboratory: User, regulator: User, other_province: User
) -> None:
    person = Person.objects.get(user=laboratory)
    one = act(f"person:{person.pk}", by=regulator, verb="enter_person")
    assert sees(laboratory) == sees(regulator) == {one}
    assert sees(other_laboratory) == sees(other_province) == set()


def test_a_colleague_in_two_places_is_no_window(act: Act, laboratory: User, other_laboratory: User) -> None:
    """What somebody did for another institution is not seen by the own one because the same person did it."""
    shared = user_with_post("shared", "analyst", institution_of(laboratory))
    Post.objects.create(
        person=Person.objects.get(user=shared), institution=institution_of(other_laboratory), kind="analyst",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    act(f"institution:{institution_of(other_laboratory).pk}", by=shared, verb="enter_contact")
    assert sees(laboratory) == set()
