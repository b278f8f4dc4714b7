"""What other rooms hand to officers: the self-check, final before they see it, and suspicions that were taken up."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.activities.campaigns.inspection.visits import authority_here, begun, laboratory_here, officers, sent
from tests.activities.campaigns.selfcheck.forms import called, filled_in
from tests.cast import AT, user_with_post
from zhunsheng.activities.campaigns.inspection.models import Finding, Inspection
from zhunsheng.activities.campaigns.screen.models import Screen, Suspicion
from zhunsheng.activities.campaigns.screen.rules.catalogue import BY_KEY
from zhunsheng.activities.campaigns.selfcheck.actions.answering import submit_selfcheck
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.activities.campaigns.selfcheck.rules.answering import Given
from zhunsheng.activities.campaigns.selfcheck.states import PROBLEM
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person
from zhunsheng.registry.rulebook.queries import rules_on

pytestmark = pytest.mark.django_db
Clients = Callable[[User | None], Client]
TOLD = "两台天平校准过期"


@pytest.fixture
def authority(db: None) -> Institution:
    return authority_here()


@pytest.fixture
def where(db: None) -> Institution:
    return laboratory_here()


@pytest.fixture
def team(authority: Institution) -> list[Person]:
    return officers(authority)


def submitted(where: Institution) -> SelfCheck:
    form = SelfCheck.objects.get(participant__institution=where)
    filler, signer = (user_with_post(name, "quality_manager", where) for name in ("filler", "signer"))
    problem = Given(22, PROBLEM, TOLD, "已送检")
    submit_selfcheck(filled_in(form, filler, i22=problem), actor=signer, at=AT)
    return form


def test_the_self_check_is_final_before_an_officer_sees_it(
    authority: Institution, where: Institution, team: list[Person], client_of: Clients
) -> None:
    call = called(authority)
    form = submitted(where)
    visit = sent(authority, where, team, at=timezone.now())
    Inspection.objects.filter(pk=visit.pk).update(campaign=call.campaign)
    phones = [client_of(one.user) for one in team]
    task = reverse("inspector_task", args=[visit.pk])
    for phone in phones:
        form.refresh_from_db()
        assert form.state == "submitted" and TOLD not in phone.get(task).content.decode()
        phone.post(reverse("inspector_declare", args=[visit.pk]), {"free": "yes"})
    form.refresh_from_db()
    assert form.state == "frozen"
    assert TOLD in phones[0].get(task).content.decode()


def suspicion(authority: Institution, where: Institution, *, state: str = "taken_up") -> Suspicion:
    """A row as a screen leaves it; screens have tests of their own."""
    rule = next(one for one in BY_KEY.values() if one.code == "F07")
    day, screen = (
        AT.date(),
        Screen.objects.create(authority=authority, title_zh="筛查", title_en="Screen", opened_at=AT),
    )
    parts = ["part"] * 5
    return Suspicion.objects.create(
        screen=screen, number=1, institution=where, rule=rule.key, code=rule.code, about=parts, state=state, first=0, rows=1,
        opened_on=day, ended_on=day, pack=rules_on(day).id, pack_sha256=rules_on(day).sha256,
    )  # fmt: skip


def test_a_suspicion_that_was_taken_up_becomes_a_finding_once(
    authority: Institution, where: Institution, team: list[Person], client_of: Clients
) -> None:
    now = timezone.now()
    visit = begun(sent(authority, where, team, at=now), team, at=now)
    taken, explained = suspicion(authority, where), suspicion(authority, where, state="explained")
    elsewhere = suspicion(authority_here(), where)
    phone = client_of(team[0].user)
    page = phone.get(reverse("inspector_task", args=[visit.pk])).content.decode()
    shown = [str(one.pk) in page for one in (taken, explained, elsewhere)]
    assert shown == [True, False, False]
    given = {"grade": "minor", "facts": "现场核实属实"}
    for one, status in ((taken, 302), (taken, 404), (explained, 404), (elsewhere, 404)):
        answer = phone.post(reverse("inspector_take_up", args=[visit.pk, one.pk]), given)
        assert answer.status_code == status
    found = Finding.objects.get()
    assert (found.suspicion, found.code, found.act_on, found.facts) == (taken.pk, "F07", AT.date(), "现场核实属实")
