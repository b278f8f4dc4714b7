"""Two entries that were found not to be the same: listed, and taken back by whoever may decide."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import AT, institution
from tests.faces.pages import text_of
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.actions import merge_institutions, not_the_same, search_duplicates
from zhunsheng.registry.institutions.models import Institution, NotTheSame, PossibleDuplicate

Clients = Callable[[User | None], Client]
LIST = reverse("office_duplicates_apart")


def pair(n: int = 0, *, regions: tuple[str, str] = ("330106", "330106")) -> tuple[Institution, Institution]:
    one, other = (
        institution("laboratory", f"杭州{'市' * i}甲{n}检测有限公司", f"Alpha {n} {'ab'[i]}", region_code=region)
        for i, region in enumerate(regions)
    )
    return one, other


def apart(one: Institution, other: Institution) -> NotTheSame:
    return not_the_same(one, other, reason="两家法人", actor=None, at=AT)


def test_a_decision_is_taken_back_and_the_pair_is_suspected_again(client_of: Clients, regulator: User) -> None:
    one, other = pair()
    decision, office = apart(one, other), client_of(regulator)
    assert "1 pair was decided" in text_of(office.get(reverse("office_duplicates")))
    listed, undo = office.get(LIST), reverse("office_apart_undo", args=[decision.pk])
    assert undo in listed.content.decode() and "Alpha 0 a" in text_of(listed) and "两家法人" in text_of(listed)
    compared = office.get(reverse("office_duplicate", args=[one.pk, other.pk]))
    assert "found not to be the same" in text_of(compared) and undo in compared.content.decode()
    assert office.post(undo, {"reason": ""}).status_code == 200 and NotTheSame.objects.filter(taken_back=None).exists()
    assert office.post(undo, {"reason": "看错"})["Location"] == LIST
    assert Job.objects.filter(kind="search_duplicates").count() == 1
    search_duplicates(actor=None, at=AT)
    assert PossibleDuplicate.objects.count() == 1
    assert "Nothing decided yet" in text_of(office.get(LIST)) and office.get(undo).status_code == 404
    assert office.post(undo, {"reason": "again"}).status_code == 404


def test_only_who_may_decide_sees_it_or_takes_it_back(
    client_of: Clients, national: User, province: User, other_province: User, county: User, laboratory: User
) -> None:
    decision = apart(*pair(regions=("330106", "320102")))
    address = reverse("office_apart_undo", args=[decision.pk])
    for who in (province, other_province, county, laboratory):
        client = client_of(who)
        assert client.get(address).status_code == client.post(address, {"reason": "no"}).status_code == 404, who
        assert "Alpha" not in client.get(LIST).content.decode(), who
    assert NotTheSame.objects.filter(taken_back=None).count() == 1
    assert "Alpha" in client_of(national).get(LIST).content.decode()
    assert client_of(national).post(address, {"reason": "yes"}).status_code == 302


def test_a_pair_of_which_one_was_merged_since_is_decided_no_more(client_of: Clients, regulator: User) -> None:
    one, other = pair()
    decision = apart(one, other)
    merge_institutions(institution("laboratory", "乙", "B", region_code="330106"), one, reason="r", actor=None, at=AT)
    office = client_of(regulator)
    assert "Alpha" not in text_of(office.get(LIST))
    assert office.get(reverse("office_apart_undo", args=[decision.pk])).status_code == 404


def test_decisions_are_searched_paged_and_taken_along(client_of: Clients, regulator: User) -> None:
    for n in range(30):
        apart(*pair(n))
    office = client_of(regulator)
    assert "30 pairs" in text_of(office.get(LIST)) and "26–30 of 30" in text_of(office.get(LIST, {"page": 2}))
    assert "1 pair" in text_of(office.get(LIST, {"q": "Alpha 29 a"}))
    assert "Nothing found" in text_of(office.get(LIST, {"q": "苏州"}))
    assert office.get(LIST, {"format": "csv"}).content.decode("utf-8-sig").strip().count("\n") == 30


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_list_of_any_length_asks_as_many_questions(client_of: Clients, regulator: User, lang: str) -> None:
    office = client_of(regulator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            office.get(LIST, headers={"accept-language": lang})
        return len(captured)

    for n in range(3):
        apart(*pair(n))
    asked()
    few = asked()
    for n in range(3, 25):
        apart(*pair(n))
    assert asked() == few
