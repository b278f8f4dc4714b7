"""Two people at one entry where no row is mended in place: ends, numbers, states, lines of a scope, records of lived rules."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import AT, institution_of, user_with_post
from tests.faces.pages import in_chinese, text_of
from tests.faces.registers.test_meanwhile import (  # noqa: F401 -- the fixtures
    CHANGED,
    LONG_AGO,
    managers,
    mine,
    officers,
    opened,
    sent_by,
)
from tests.registry.management.laboratories import approve
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard, StandardState
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.management.models import ManagementRecord
from zhunsheng.registry.people.models import Authorisation, Person, Post
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.changing import series_for
from zhunsheng.registry.stocktaking.models import QuarterReports, Return, StockTaking

pytestmark = pytest.mark.django_db
Pair = tuple[Client, Client]
TODAY = timezone.localdate()
SOONER, LATER = TODAY + timedelta(days=10), TODAY + timedelta(days=20)


def second_is_told(pair: Pair, where: str, ours: dict[str, str], theirs: dict[str, str]) -> dict[str, str]:
    """The first saves; the second reads the sentence and finds all that was typed; what the second's form sends as it stands."""
    first, second = pair
    one, two = opened(first, where), opened(second, where)
    saved = first.post(where, one | ours)
    assert saved.status_code == 302, text_of(saved)
    told = second.post(where, two | theirs)
    assert told.status_code == 200 and CHANGED in text_of(told), text_of(told)
    kept = sent_by(told)
    assert {name: kept[name] for name in theirs if name in kept} == {k: v for k, v in theirs.items() if k in kept}
    assert set(theirs) - {"form"} <= set(kept)
    return kept


def person_here(mine: Institution) -> Person:  # noqa: F811
    person = Person.objects.create(name="在册人员")
    Post.objects.create(person=person, institution=mine, kind="analyst", valid_from=LONG_AGO)
    return person


@pytest.mark.parametrize("what", ["posts", "authorisations"])
def test_the_end_of_a_post_or_an_authorisation(what: str, managers: Pair, mine: Institution) -> None:  # noqa: F811
    person = person_here(mine)
    row: Any = Post.objects.get(person=person)
    if what == "authorisations":
        row = Authorisation.objects.create(
            person=person, institution=mine, field="food", valid_from=LONG_AGO, recorded_at=AT
        )
    where = reverse("workspace_person_change", args=[person.pk, what, row.pk])
    kept = second_is_told(
        managers, where, {"last_day": LATER.isoformat()}, {"last_day": SOONER.isoformat(), "reason": "mine"}
    )
    assert managers[1].post(where, kept).status_code == 302
    ends = row.__class__.objects.filter(person=person).values_list("valid_to", flat=True)
    assert SOONER in ends


def test_the_end_of_a_users_post(
    client_of: Callable[[User | None], Client], institution_admin: User, laboratory: User
) -> None:
    other = user_with_post("second_admin", "institution_admin", institution_of(laboratory))
    post = Post.objects.get(person__user=laboratory)
    where = reverse("workspace_member_end", args=[post.pk])
    pair = client_of(institution_admin), client_of(other)
    kept = second_is_told(
        pair, where, {"last_day": LATER.isoformat()}, {"last_day": SOONER.isoformat(), "reason": "mine"}
    )
    assert pair[1].post(where, kept).status_code == 302
    post.refresh_from_db()
    assert post.valid_to == SOONER


def test_a_certificate_that_is_ended_early(officers: Pair, mine: Institution) -> None:  # noqa: F811
    row = Certificate.objects.create(
        institution=mine, scheme="CMA", number="170000123456", valid_from=LONG_AGO, valid_to=TODAY + timedelta(days=900),
        recorded_at=AT,
    )  # fmt: skip
    where = reverse("office_institution_shorten", args=[mine.pk, row.pk])
    kept = second_is_told(
        officers, where, {"last_day": LATER.isoformat()}, {"last_day": SOONER.isoformat(), "reason": "mine"}
    )
    assert officers[1].post(where, kept).status_code == 302
    assert Certificate.objects.get(superseded_at=None).valid_to == SOONER


def test_the_numbers_of_a_stock_taking(managers: Pair, mine: Institution, province: User) -> None:  # noqa: F811
    taking = StockTaking.objects.create(
        authority=institution_of(province), title_zh="摸底", title_en="Stock", as_of=TODAY, due_on=TODAY + timedelta(days=30),
        state="open", opened_at=timezone.now(),
    )  # fmt: skip
    one = Return.objects.create(stocktaking=taking, institution=mine)
    where = reverse("workspace_return", args=[one.pk])
    quarters = [name for name in opened(managers[0], where) if name.startswith("20")]
    assert len(quarters) > 1
    kept = second_is_told(managers, where, {quarters[0]: "100"}, {quarters[0]: "200", quarters[1]: "300"})
    assert managers[1].post(where, kept).status_code == 302
    standing = QuarterReports.objects.filter(superseded_at=None)
    assert dict(standing.values_list("quarter", "reports")) == {quarters[0]: 200, quarters[1]: 300}


def test_the_state_of_a_standard(officers: Pair) -> None:  # noqa: F811
    standard = Standard.objects.create(number="GB 1-2020", name_zh="标准", name_en="Standard")
    where = reverse("office_standard", args=[standard.pk])
    said = {"form": "state", "state": "current", "valid_from": TODAY.isoformat(), "source": "one"}
    kept = second_is_told(officers, where, said, {**said, "state": "withdrawn", "source": "two"})
    assert set(StandardState.objects.values_list("source", flat=True)) == {"one"}
    assert officers[1].post(where, kept).status_code == 302
    assert set(StandardState.objects.values_list("source", flat=True)) == {"one", "two"}


def test_a_line_of_a_scope(officers: Pair, mine: Institution, mercury: Parameter, feed: Matrix) -> None:  # noqa: F811
    method = Method.objects.create(number="M-1", name_zh="方法", name_en="Method")
    line = ScopeLine(
        institution=mine, parameter=mercury, matrix=feed, method=method, valid_from=LONG_AGO, status="active", recorded_at=AT,
        unit="mg/kg",
    )  # fmt: skip
    line.series = series_for(line)
    line.save()
    where = reverse("office_scope_line", args=[line.series])
    kept = second_is_told(officers, where, {"low": "1", "high": "9"}, {"uncertainty": "5 %", "reason": "mine"})
    assert kept["low"] == "1", "what was not typed shows what stands now"
    assert officers[1].post(where, kept).status_code == 302
    last = ScopeLine.objects.filter(series=line.series, superseded_at=None).latest("valid_from")
    assert (last.low, last.high, last.uncertainty) == ("1", "9", "5 %")


def test_a_record_of_lived_rules(client_of: Callable[[User | None], Client], laboratory: User) -> None:
    here = institution_of(laboratory)
    approve([here], date(2024, 1, 1), date(2099, 12, 31))
    pair = client_of(laboratory), client_of(user_with_post("second_quality", "quality_manager", here))
    sent = {"what": "internal_audit:2025", "held_on": "2025-11-03", "title": "内审", "made_by": "张某"}
    assert pair[0].post(reverse("workspace_lived_new") + "?year=2025", sent).status_code == 302
    where = reverse("workspace_lived_change", args=[ManagementRecord.objects.get().pk])
    kept = second_is_told(pair, where, {"title": "one"}, {"made_by": "two", "reason": "mine"})
    assert kept["title"] == "one"
    assert pair[1].post(where, kept).status_code == 302
    last = ManagementRecord.objects.get(superseded_by=None)
    assert (last.title, last.made_by) == ("one", "two")


def test_the_sentence_is_chinese_for_who_reads_chinese(managers: Pair, mine: Institution) -> None:  # noqa: F811
    person = person_here(mine)
    where = reverse("workspace_person_change", args=[person.pk, "posts", Post.objects.get(person=person).pk])
    one, two = opened(managers[0], where), opened(in_chinese(managers[1]), where)
    managers[0].post(where, one | {"last_day": LATER.isoformat()})
    said = text_of(managers[1].post(where, two | {"last_day": SOONER.isoformat()}))
    assert "您打开本页后，该条目已被他人更改，未作保存。" in said and LATER.isoformat() in said
