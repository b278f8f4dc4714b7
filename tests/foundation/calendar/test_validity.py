"""Both days count; in Python and in the database alike."""

from datetime import date, timedelta

import pytest

from tests.cast import institution
from zhunsheng.foundation.calendar.validity import Validity, holding
from zhunsheng.registry.people.models import Person, Post

FIRST, LAST = date(2026, 1, 10), date(2026, 3, 20)
DAY = timedelta(days=1)
TRUTH = [
    (FIRST - DAY, False, False),
    (FIRST, True, True),
    (FIRST + DAY, True, True),
    (LAST - DAY, True, True),
    (LAST, True, True),
    (LAST + DAY, False, True),
    (date.max, False, True),
]
"""A day, whether it is covered when there is a last day, and when there is none."""


@pytest.mark.parametrize(("day", "covered", "covered_without_end"), TRUTH)
def test_a_validity_covers_its_first_and_its_last_day(day: date, covered: bool, covered_without_end: bool) -> None:
    assert Validity(FIRST, LAST).covers(day) is covered
    assert Validity(FIRST, None).covers(day) is covered_without_end


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "covered", "covered_without_end"), TRUTH)
def test_the_database_answers_the_same(day: date, covered: bool, covered_without_end: bool) -> None:
    where = institution("laboratory", "示例实验室", "Example Laboratory")
    for name, last in (("ends", LAST), ("goes on", None)):
        person = Person.objects.create(name=name)
        Post.objects.create(person=person, institution=where, kind="analyst", valid_from=FIRST, valid_to=last)
    assert Post.objects.filter(holding(day), person__name="ends").exists() is covered
    assert Post.objects.filter(holding(day), person__name="goes on").exists() is covered_without_end
    held = Person.objects.filter(holding(day, path="posts__")).count()
    assert held == covered + covered_without_end
