"""Trap 17 of the domain: “zero problems” in all fifty items from three of ten institutions of a province."""

from collections.abc import Sequence

import pytest

from tests.activities.campaigns.selfcheck.forms import called, filled_in
from tests.cast import AT, institution
from zhunsheng.activities.campaigns.selfcheck.actions.answering import submit_selfcheck
from zhunsheng.activities.campaigns.selfcheck.models import Call, SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.rollup import by_item, by_place, recounted, without_a_problem
from zhunsheng.activities.campaigns.selfcheck.rules.answering import Given
from zhunsheng.activities.campaigns.selfcheck.states import PROBLEM
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

ZHEJIANG, JIANGSU = "330106", "320102"


def places(n: int, region_code: str) -> list[Institution]:
    return [
        institution("laboratory", f"{region_code}机构{i}", f"Laboratory {region_code} {i}", region_code=region_code)
        for i in range(n)
    ]


def submitted(call: Call, where: Sequence[Institution], *, problems: dict[str, Given], by: tuple[User, User]) -> None:
    for form in SelfCheck.objects.filter(call=call, participant__institution__in=where):
        filled_in(form, by[0], **problems)
        submit_selfcheck(form, actor=by[1], at=AT)


@pytest.mark.django_db
def test_trap_17_zero_problems_from_three_tenths_of_a_province_stand_out(authority: Institution) -> None:
    by = (User.objects.create_user(username="fills"), User.objects.create_user(username="signs"))
    here, there = places(10, ZHEJIANG), places(4, JIANGSU)
    Institution.objects.filter(pk=authority.pk).update(level="national")
    authority.refresh_from_db()
    call = called(authority, region_code="")
    submitted(call, here[:3], problems={}, by=by)
    honest = {"i23": Given(23, PROBLEM, "天平未校准")}
    submitted(call, [*here[3:], *there], problems=honest, by=by)
    found = by_place(call)
    assert found["33"].handed_in == 10 and found["33"].zero_share == pytest.approx(0.3)
    assert found["32"].zero_share == 0.0
    assert {one.participant.institution for one in without_a_problem(call, within="33")} == set(here[:3])
    assert not without_a_problem(call, within="32").exists()
    assert by_item(call, within="33")[23].problems == 7
    assert by_item(call) == recounted(call)
