"""People one by one, and one person in two institutions on the same day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution
from zhunsheng.foundation.calendar.validity import known
from zhunsheng.registry.institutions.actions import merge_institutions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.rules.refusals import CannotEnter
from zhunsheng.registry.people import actions
from zhunsheng.registry.people.double_posts import in_two_institutions_on
from zhunsheng.registry.people.models import Authorisation, Person, Post, Qualification

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 15)
LATER = AT + timedelta(days=5)


@pytest.fixture
def here() -> Institution:
    return institution("laboratory", "示例甲所", "Example A")


@pytest.fixture
def there() -> Institution:
    return institution("laboratory", "示例乙所", "Example B", region_code="320100")


def person(name: str = "示例人员", **more: Any) -> Person:
    return Person.objects.create(name=name, **more)


def post(who: Person, where: Institution, first: date, last: date | None = None, kind: str = "analyst") -> Post:
    held = Post(person=who, institution=where, kind=kind, valid_from=first, valid_to=last)
    return actions.enter_post(held, actor=None, at=AT)


@pytest.mark.parametrize(
    ("here_days", "there_days", "asked", "days"),
    [
        ((date(2026, 1, 1), None), (date(2026, 4, 15), None), (DAY, DAY), (DAY, None)),
        ((date(2026, 1, 1), DAY), (DAY, date(2026, 12, 31)), (DAY, DAY), (DAY, DAY)),  # one day is enough
        ((date(2026, 1, 1), DAY - timedelta(days=1)), (DAY, None), (date(2026, 1, 1), date(2026, 12, 31)), None),
        ((date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 2, 1), None), (DAY, DAY), None),  # not on the day asked
        (
            (date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 2, 1), None), (date(2026, 2, 28), DAY),
            (date(2026, 2, 1), date(2026, 2, 28)),
        ),
        ((date(2026, 5, 1), None), (date(2026, 5, 1), None), (DAY, DAY), None),
    ],
)  # fmt: skip
def test_overlapping_days_are_found(
    here: Institution, there: Institution, here_days: Any, there_days: Any, asked: Any, days: Any
) -> None:
    who = person(identity_hash="a" * 64)
    post(who, here, *here_days), post(who, there, *there_days), post(person("另一人"), there, date(2020, 1, 1))
    found = in_two_institutions_on(*asked)
    assert [(one.first, one.last) for one in found] == ([days] if days else [])
    assert all(one.person == who and {one.one.institution, one.other.institution} == {here, there} for one in found)


def test_two_posts_in_one_institution_or_in_one_family_are_none(here: Institution, there: Institution) -> None:
    who = person()
    post(who, here, DAY), post(who, here, DAY, kind="signatory"), post(who, there, DAY)
    assert len(in_two_institutions_on(DAY)) == 2
    merge_institutions(here, there, reason="r", actor=None, at=AT)
    assert in_two_institutions_on(DAY) == []


def test_within_keeps_to_whom_it_concerns_and_shows_the_other_side(here: Institution, there: Institution) -> None:
    third = institution("laboratory", "示例丙所", "Example C")
    who = person()
    post(who, here, DAY), post(who, there, DAY)
    assert len(in_two_institutions_on(DAY, within=Institution.objects.filter(pk=here.pk))) == 1
    assert in_two_institutions_on(DAY, within=Institution.objects.filter(pk=third.pk)) == []


def test_the_questions_do_not_grow(here: Institution, there: Institution) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert in_two_institutions_on(DAY, within=Institution.objects.all())
        return len(captured)

    def hold(n: int) -> None:
        people = Person.objects.bulk_create(Person(name=f"人员{i}") for i in range(n))
        Post.objects.bulk_create(
            Post(person=one, institution=where, kind="analyst", valid_from=DAY)
            for one in people
            for where in (here, there)
        )

    hold(3)
    few = asked()
    hold(297)
    assert asked() == few == 2
    assert len(in_two_institutions_on(DAY)) == 300


def enter(name: str, where: Institution, first: date = DAY) -> Person:
    held = Post(institution=where, kind="analyst", valid_from=first)
    return actions.enter_person(Person(name=name, identity_hash="b" * 64), held, actor=None, at=AT)


def test_an_identity_number_belongs_to_one_person_of_an_institution(here: Institution) -> None:
    enter("示例人员", here)
    with pytest.raises(CannotEnter) as refusal:
        enter("同一人", here)
    assert refusal.value.field == "identity" and Person.objects.count() == 1


def test_each_institution_has_its_own_entry_and_the_pair_is_found(here: Institution, there: Institution) -> None:
    """Trap 7: the second institution is told nothing, the double post is recorded and found."""
    one, other = enter("示例人员", here), enter("另写的名", there)
    assert one != other and (one.name, other.name) == ("示例人员", "另写的名")
    (found,) = in_two_institutions_on(DAY)
    assert {found.one.person, found.other.person} == {one, other}
    for where in (here, there):
        assert len(in_two_institutions_on(DAY, within=Institution.objects.filter(pk=where.pk))) == 1


def test_who_comes_back_gets_the_entry_of_then(here: Institution, there: Institution) -> None:
    first = enter("示例人员", here, date(2020, 1, 1))
    actions.end_post(first.posts.get(), date(2021, 1, 1), reason="left", actor=None, at=AT)
    elsewhere = enter("示例人员", there, date(2021, 2, 1))
    assert enter("示例人员", here) == first != elsewhere
    assert first.posts.count() == 2 and elsewhere.posts.count() == 1


def test_an_entry_that_another_institution_uses_is_not_taken_back(here: Institution, there: Institution) -> None:
    """As entries were shared once: else a number typed here would open what was entered there."""
    shared = enter("示例人员", here, date(2020, 1, 1))
    actions.end_post(shared.posts.get(), date(2021, 1, 1), reason="left", actor=None, at=AT)
    post(shared, there, date(2021, 2, 1))
    assert enter("示例人员", here) != shared
    assert len(in_two_institutions_on(DAY)) == 1


def test_a_post_is_held_once_and_ended_once(here: Institution) -> None:
    held = post(person(), here, DAY)
    with pytest.raises(CannotEnter):
        post(held.person, here, DAY + timedelta(days=9))
    with pytest.raises(CannotEnter, match="before the first"):
        actions.end_post(held, DAY - timedelta(days=1), reason="left", actor=None, at=AT)
    actions.end_post(held, DAY + timedelta(days=8), reason="left", actor=None, at=AT)
    with pytest.raises(CannotEnter, match="already ends"):
        actions.end_post(held, DAY + timedelta(days=8), reason="left", actor=None, at=AT)
    post(held.person, here, DAY + timedelta(days=9))


def test_an_authorisation_needs_a_post_and_leaves_what_was_known(here: Institution) -> None:
    who = person()
    wanted = {"person": who, "institution": here, "field": "food", "valid_from": DAY}
    with pytest.raises(CannotEnter) as refusal:
        actions.authorise(Authorisation(**wanted), actor=None, at=AT)
    assert refusal.value.field == "valid_from"
    post(who, here, DAY, kind="signatory")
    given = actions.authorise(Authorisation(**wanted), actor=None, at=AT)
    with pytest.raises(CannotEnter):
        actions.authorise(Authorisation(**wanted), actor=None, at=AT)
    actions.end_authorisation(given, DAY + timedelta(days=3), reason="moved", actor=None, at=LATER)
    assert Authorisation.objects.filter(known(DAY)).get().valid_to is None
    assert Authorisation.objects.filter(known(LATER.date())).get().valid_to == DAY + timedelta(days=3)


def test_a_qualification_is_corrected_and_not_overwritten() -> None:
    wrong = Qualification(person=person(), kind="title", name="工程师", valid_from=date(2020, 1, 1))
    actions.enter_qualification(wrong, actor=None, at=AT)
    actions.correct_qualification(wrong, {"name": "高级工程师"}, reason="misread", actor=None, at=LATER)
    assert list(Qualification.objects.order_by("pk").values_list("name", "superseded_at")) == [
        ("工程师", LATER), ("高级工程师", None),
    ]  # fmt: skip
