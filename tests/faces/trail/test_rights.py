"""Who sees the acts on posts, invitations, tokens, returns and files, written by hand, in two provinces."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution, institution_of, user_with_post
from zhunsheng.faces.api.tokens import make_token, revoke_tokens_of
from zhunsheng.faces.trail.access import acts_visible_to, may_read
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.models import Import
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.posts.actions import end_post, give_post, invite
from zhunsheng.registry.people.queries import visitor
from zhunsheng.registry.people.states import Post as PostWord
from zhunsheng.registry.stocktaking.models import Return, StockTaking

ON = AT.date()
NANJING = "320102"
Clients = Callable[[User | None], Client]


def record(verb: str, **said: Any) -> Entry:
    with transaction.atomic():
        return journal.record(verb, **said)


def sees(user: User, entry: Entry) -> bool:
    return acts_visible_to(visitor(user, on=ON)).filter(pk=entry.pk).exists()


@pytest.fixture
def colleague(laboratory: User) -> User:
    return user_with_post("colleague", "analyst", institution_of(laboratory))


@pytest.fixture
def everybody(
    laboratory: User, colleague: User, other_laboratory: User, institution_admin: User, regulator: User, integrity_officer: User,
    county: User, province: User, national: User, other_province: User, coordinator: User, client_enterprise: User, outsider: User,
    administrator: User,
) -> dict[str, User]:  # fmt: skip
    far = Institution.objects.get(posts__person__user=other_province)
    user_with_post("far_officer", "integrity_officer", far)
    elsewhere = institution("laboratory", "示例邻省实验室", "Example Far Laboratory", region_code=NANJING)
    user_with_post("far_admin", "institution_admin", elsewhere)
    user_with_post("other_admin", "institution_admin", institution_of(other_laboratory))
    return {one.username: one for one in User.objects.all()}


ANSWER_FOR_THE_LABORATORY = {
    "institution_admin", "regulator", "integrity_officer", "county", "province", "national",
}  # fmt: skip


def readers(everybody: dict[str, User], entry: Entry) -> set[str]:
    return {name for name, user in everybody.items() if sees(user, entry)}


def the(verb: str) -> Entry:
    return Entry.objects.get(verb=verb)


def test_a_post_given_and_ended_reaches_whoever_answers_for_the_institution(everybody: dict[str, User]) -> None:
    admin = visitor(everybody["institution_admin"], on=ON)
    person, where = Person.objects.get(user=everybody["colleague"]), institution_of(everybody["laboratory"])
    post = give_post(
        person=person, institution=where, kind=PostWord.SIGNATORY, valid_from=ON, valid_to=None, visitor=admin, at=AT
    )
    assert the("give_post").subject == f"post:{post.pk}"
    assert readers(everybody, the("give_post")) == ANSWER_FOR_THE_LABORATORY
    end_post(post, last_day=ON, reason="moved to another bench", visitor=admin, at=AT)
    assert readers(everybody, the("end_post")) == ANSWER_FOR_THE_LABORATORY


def test_an_invitation_reaches_the_same(everybody: dict[str, User]) -> None:
    admin, where = visitor(everybody["institution_admin"], on=ON), institution_of(everybody["laboratory"])
    invite(
        institution=where, kind=PostWord.ANALYST, name="New", email="", mailed=False, valid_from=ON, valid_to=None,
        visitor=admin, at=AT,
    )  # fmt: skip
    assert readers(everybody, the("invite")) == ANSWER_FOR_THE_LABORATORY


def test_a_token_reaches_those_who_answer_for_where_its_owner_works_now(everybody: dict[str, User]) -> None:
    owner = everybody["colleague"]
    make_token(name="x", scopes=["read:registers"], lifetime=timedelta(days=30), actor=owner, at=AT)
    revoke_tokens_of(owner, at=AT)
    for verb in ("make_api_token", "revoke_api_tokens"):
        assert readers(everybody, the(verb)) == ANSWER_FOR_THE_LABORATORY
    Post.objects.filter(person__user=owner).update(valid_to=ON - timedelta(days=1))
    assert readers(everybody, the("make_api_token")) == set()


def test_what_else_a_user_did_to_the_own_account_stays_with_the_user(everybody: dict[str, User]) -> None:
    entry = record("prefer_mail", actor=None, at=AT, subject=f"user:{everybody['colleague'].pk}")
    assert readers(everybody, entry) == set()


def test_a_return_reaches_the_same(everybody: dict[str, User]) -> None:
    taking = StockTaking.objects.create(
        authority=institution_of(everybody["other_province"]), title_zh="摸底", title_en="Stock", region_code="", as_of=ON, opened_at=AT,
        due_on=ON, state="open",
    )  # fmt: skip
    one = Return.objects.create(stocktaking=taking, institution=institution_of(everybody["laboratory"]))
    entry = record("confirm_return", actor=everybody["laboratory"], at=AT, subject=f"return:{one.pk}")
    assert readers(everybody, entry) == ANSWER_FOR_THE_LABORATORY | {"other_province", "far_officer"}


def imported(sender: User, reach: dict[str, object]) -> Entry:
    one = Import.objects.create(
        register="sites", reach=reach, filename="x.csv", sha256="0" * 64, started_by=sender, started_at=AT
    )
    return record("import_sites", actor=sender, at=AT, subject=f"import:{one.pk}")


def test_a_file_of_a_laboratory_reaches_those_who_answer_for_the_laboratory_that_it_is_about(
    everybody: dict[str, User],
) -> None:
    colleague = everybody["colleague"]
    entry = imported(colleague, {"institution": str(institution_of(colleague).pk)})
    assert readers(everybody, entry) == ANSWER_FOR_THE_LABORATORY
    Post.objects.create(
        person=Person.objects.get(user=colleague), institution=institution_of(everybody["other_laboratory"]), kind="analyst",
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    assert readers(everybody, entry) == ANSWER_FOR_THE_LABORATORY, "another employer is told nothing of it"


def test_a_file_of_an_authority_reaches_its_own_people_and_those_above(everybody: dict[str, User]) -> None:
    assert readers(everybody, imported(everybody["regulator"], {"areas": ["3301"]})) == {
        "regulator", "integrity_officer", "province", "national",
    }  # fmt: skip
    assert readers(everybody, imported(everybody["province"], {"areas": ["33"]})) == {"province", "national"}
    assert readers(everybody, imported(everybody["other_province"], {"areas": ["32"]})) == {
        "other_province", "far_officer", "national",
    }  # fmt: skip


def test_posts_in_an_authority_above_are_not_those_of_the_area_where_its_office_stands(
    everybody: dict[str, User],
) -> None:
    above = institution("authority", "示例总局", "Example Head Office", level="national", region_code="330106")
    post = Post.objects.create(
        person=Person.objects.create(name="x"), institution=above, kind="regulator", valid_from=ON
    )
    entry = record("give_post", actor=None, at=AT, subject=f"post:{post.pk}")
    assert readers(everybody, entry) == set()
    below = institution("authority", "示例县局", "Example County Office", level="county", region_code="330106")
    Post.objects.filter(pk=post.pk).update(institution=below)
    assert readers(everybody, entry) == {"regulator", "integrity_officer", "province", "national"}


def test_an_administrator_of_a_provider_reads_the_trail_of_its_posts(
    everybody: dict[str, User], provider: Institution
) -> None:
    keeper = user_with_post("provider_admin", "institution_admin", provider)
    post = Post.objects.get(institution=provider, kind="coordinator")
    entry = record("give_post", actor=None, at=AT, subject=f"post:{post.pk}")
    assert may_read(visitor(keeper, on=ON)) and sees(keeper, entry)
    assert not sees(everybody["coordinator"], entry) and not sees(everybody["institution_admin"], entry)


def test_a_post_of_before_opens_nothing_of_the_person_who_went_elsewhere(everybody: dict[str, User]) -> None:
    """Nor does it make an act of before the post one of a colleague."""
    person = Person.objects.get(user=everybody["colleague"])
    entry = record("mend_person", actor=everybody["other_laboratory"], at=AT, subject=f"person:{person.pk}")
    assert sees(everybody["laboratory"], entry)
    Post.objects.filter(person=person).update(valid_to=ON - timedelta(days=1))
    assert sees(everybody["laboratory"], entry), "whoever went nowhere else"
    Post.objects.create(
        person=person, institution=institution_of(everybody["other_laboratory"]), kind="analyst", valid_from=ON
    )
    assert not sees(everybody["laboratory"], entry) and sees(everybody["other_laboratory"], entry)


def test_what_a_regulator_did_before_becoming_a_colleague_stays_closed(everybody: dict[str, User]) -> None:
    where = institution_of(everybody["laboratory"])
    entry = record(
        "classify", actor=everybody["regulator"], at=AT, subject=f"institution:{where.pk}", reason="suspicion"
    )
    Post.objects.create(
        person=Person.objects.get(user=everybody["regulator"]), institution=where, kind="analyst",
        valid_from=ON + timedelta(days=1),
    )  # fmt: skip
    later = visitor(everybody["laboratory"], on=ON + timedelta(days=2))
    assert not acts_visible_to(later).filter(pk=entry.pk).exists()


def test_the_page_of_an_act_on_a_post_is_there_for_them_and_for_nobody_else(
    everybody: dict[str, User], client_of: Clients
) -> None:
    post = Post.objects.get(person__user=everybody["colleague"])
    entry = record("give_post", actor=everybody["institution_admin"], at=AT, subject=f"post:{post.pk}")
    address = reverse("journal_act", args=[entry.pk])
    for name, user in everybody.items():
        there = client_of(user).get(address).status_code == 200
        assert there == (name in ANSWER_FOR_THE_LABORATORY), name
