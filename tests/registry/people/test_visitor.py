"""What someone may do follows from the posts held on the day, and from nothing else."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from tests.cast import institution, institution_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.people.models import Post as PostRow
from zhunsheng.registry.people.queries import visitor
from zhunsheng.registry.people.states import DECIDES_ABOUT_OTHERS, LABORATORY_POSTS, NAMES, ROLES, Post

TODAY = date(2026, 4, 15)


def test_every_post_has_its_words_and_no_laboratorys_post_decides_about_others() -> None:
    assert set(NAMES) == set(Post)
    assert not DECIDES_ABOUT_OTHERS & LABORATORY_POSTS
    assert all(words.en and words.zh for role in ROLES.values() for words in (role.name, role.may, role.never))
    assert all(ROLES[post].held_in == {"laboratory"} for post in LABORATORY_POSTS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "stands_for", "decides"),
    [
        ("coordinator", "provider", True),
        ("regulator", "authority", True),
        ("laboratory", "laboratory", False),
        ("outsider", None, False),
        ("administrator", None, False),
        ("institution_admin", "laboratory", True),
        ("integrity_officer", None, True),
        ("client_enterprise", None, False),
    ],
)
def test_each_of_the_cast_stands_where_its_post_is(
    who: str, stands_for: str | None, decides: bool, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    seen = visitor(user, on=TODAY)
    for side in ("provider", "authority", "laboratory"):
        assert getattr(seen, side) == (institution_of(user) if side == stands_for else None)
    assert seen.decides_about_others is decides


@pytest.mark.django_db
@pytest.mark.parametrize("post", Post)
def test_each_post_gives_what_it_gives(post: Post, outsider: User) -> None:
    where = hold(outsider, post, since=date(2026, 1, 1))
    seen = visitor(outsider, on=TODAY)
    assert seen.holds(post) and seen.institutions(post) == [where]
    assert not seen.holds(*(set(Post) - {post}))
    assert bool(seen.laboratory) is (post in LABORATORY_POSTS or post == Post.INSTITUTION_ADMIN)
    assert seen.decides_about_others is (post in DECIDES_ABOUT_OTHERS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "held"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False)],
)
def test_a_post_counts_from_its_first_day_to_its_last(on: date, held: bool, outsider: User) -> None:
    hold(outsider, Post.REGULATOR, since=date(2026, 1, 1), until=date(2026, 3, 31))
    assert visitor(outsider, on=on).holds(Post.REGULATOR) is held


@pytest.mark.django_db
def test_anyone_and_an_account_that_was_closed_hold_nothing(coordinator: User) -> None:
    assert visitor(AnonymousUser(), on=TODAY).posts == []
    coordinator.is_active = False
    assert visitor(coordinator, on=TODAY).posts == []


def test_the_posts_are_asked_for_once_and_only_at_need(
    coordinator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        seen = visitor(coordinator, on=TODAY)
    with django_assert_num_queries(1):
        assert seen.provider and not seen.laboratory and seen.decides_about_others


def hold(user: User, post: Post, *, since: date, until: date | None = None) -> Institution:
    where = institution("laboratory", "示例单位", "Example Unit")
    person = Person.objects.create(name="example", user=user)
    PostRow.objects.create(person=person, institution=where, kind=post, valid_from=since, valid_to=until)
    return where
