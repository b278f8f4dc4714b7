"""Why an authorisation counts on a day: the sentences, and that they never say otherwise than the query that decides."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import AT, institution
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry.institutions.actions import merge_institutions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.authorised import authorised_on, why
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.people.rules.authorising import Days, Entered, Held, explained

FIRST = date(2026, 4, 10)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


SIGNATORY, HERE, ELSEWHERE = t("Authorised signatory", "授权签字人"), "here", "elsewhere"
HELD = Held(HERE, Days(day(0), None), SIGNATORY)
ENTERED = Entered(HERE, Days(day(0), day(5)), recorded_on=day(0), superseded_on=None)
VALID, POST, RECORDED, STANDING = range(4)


def post(first: int, last: int | None, where: str = HERE) -> Held:
    return Held(where, Days(day(first), None if last is None else day(last)), SIGNATORY)


@pytest.mark.parametrize(
    ("change", "posts", "on", "known", "missed", "said"),
    [
        ({}, [HELD], 0, 0, None, "The day lies within 2026-04-10 to 2026-04-15."),
        ({}, [HELD], 5, 5, None, "Authorised signatory, 2026-04-10 until further notice."),
        ({}, [HELD], -1, 5, {VALID, POST}, "It begins only on 2026-04-10."),
        ({}, [HELD], 6, 6, {VALID}, "It ended on 2026-04-15."),
        ({"days": Days(day(0), None)}, [HELD], 99, 99, None, "2026-04-10 until further notice."),
        ({}, [], 1, 1, {POST}, "None is registered."),
        ({}, [post(0, None, ELSEWHERE)], 1, 1, {POST}, "None is registered."),
        ({}, [post(-9, 0)], 1, 1, {POST}, "The last one ended on 2026-04-10."),
        ({}, [post(2, None)], 1, 1, {POST}, "The first one begins only on 2026-04-12."),
        ({}, [post(2, None), post(-9, 0), post(-20, -15)], 1, 1, {POST}, "one ended on 2026-04-10, the next begins on 2026-04-12."),
        ({"recorded_on": day(3)}, [HELD], 1, 2, {RECORDED}, "Recorded only on 2026-04-13, after 2026-04-12."),
        ({"recorded_on": day(3)}, [HELD], 1, 3, None, "The register has said so since 2026-04-13."),
        ({"superseded_on": day(3)}, [HELD], 1, 3, {STANDING}, "Another entry has stood in its place since 2026-04-13."),
        ({"superseded_on": day(3)}, [HELD], 1, 2, None, "only on 2026-04-13, after 2026-04-12."),
    ],
)  # fmt: skip
def test_each_condition_says_what_was_found(
    change: dict[str, Any], posts: list[Held], on: int, known: int, missed: set[int] | None, said: str
) -> None:
    values = {"where": HERE, "days": ENTERED.days, "recorded_on": ENTERED.recorded_on, "superseded_on": None, **change}
    found = explained(Entered(**values), posts, on=day(on), known_on=day(known))
    assert {n for n, one in enumerate(found.conditions) if not one.met} == (missed or set())
    assert any(said in one.said.en for one in found.conditions)
    assert found.counts == (not missed)
    names = [found.conditions[n].name for n in missed or ()]
    assert all(name.en in found.said.en and name.zh in found.said.zh for name in names)
    assert all(one.said.zh and one.said.zh != one.said.en for one in found.conditions)


@pytest.fixture
def places(db: None) -> list[Institution]:
    """One institution, an entry merged into it, and another one."""
    kept, merged, other = (institution("laboratory", name, name) for name in ("甲所", "乙所", "丙所"))
    merge_institutions(kept, merged, reason="one institution", actor=None, at=AT)
    merged.refresh_from_db()
    return [kept, merged, other]


NEAR, WHERE = st.integers(0, 5), st.integers(0, 2)
SPANS = st.tuples(NEAR, st.none() | st.integers(0, 3))
MOMENTS = st.tuples(NEAR, st.sampled_from([time.min, time(12), time.max]))
ROWS = st.tuples(WHERE, SPANS, MOMENTS, st.none() | st.integers(0, 3))
POSTS = st.tuples(WHERE, SPANS)


def days_of(span: tuple[int, int | None]) -> dict[str, date | None]:
    first, longer = span
    return {"valid_from": day(first), "valid_to": None if longer is None else day(first + longer)}


def at(moment: tuple[int, time]) -> datetime:
    return timezone.make_aware(datetime.combine(day(moment[0]), moment[1]))


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=4), st.lists(POSTS, max_size=3), NEAR)
def test_the_explanation_and_the_query_agree(
    places: list[Institution], rows: list[Any], posts: list[Any], known: int
) -> None:
    """Over entries of a merged and another institution, spans that touch, moments at both ends of a day."""
    who = Person.objects.create(name="示例人员")
    Authorisation.objects.bulk_create(
        Authorisation(
            person=who, institution=places[where], field="food", recorded_at=at(moment), **days_of(span),
            superseded_at=None if later is None else at(moment) + timedelta(days=later),
        )
        for where, span, moment, later in rows
    )  # fmt: skip
    Post.objects.bulk_create(
        Post(person=who, institution=places[where], kind="signatory", **days_of(span)) for where, span in posts
    )
    held = list(Post.objects.filter(person=who).select_related("institution"))
    entries = list(Authorisation.objects.filter(person=who).select_related("institution"))
    for on in range(8):
        days = {"on": day(on), "known_on": day(known)}
        counting = authorised_on(days["on"], known_on=days["known_on"]).filter(person=who)
        assert {one.pk for one in entries if why(one, held, **days).counts} == set(
            counting.values_list("pk", flat=True)
        )


def test_an_explanation_asks_the_database_nothing(places: list[Institution]) -> None:
    who = Person.objects.create(name="示例人员")
    held = Post.objects.create(person=who, institution=places[1], kind="signatory", valid_from=day(0))
    given = Authorisation.objects.create(
        person=who, institution=places[0], field="food", valid_from=day(0), recorded_at=at((0, time(12)))
    )
    with CaptureQueriesContext(connection) as asked:
        found = why(given, [held], on=day(1), known_on=day(1))
    assert found.counts and len(asked) == 0  # a post under the entry that was merged
