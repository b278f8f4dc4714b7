"""The verbs of the draw: promised, revealed, published, drawn again; each with its row in the journal."""

import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.draw.network import (
    AT,
    BEACON,
    LATER,
    LONG_AGO,
    PROMISE,
    WITNESS_SECRET,
    give_scope,
    inspectors,
    item,
    laboratories,
    plan,
    promised_draw,
)
from tests.activities.campaigns.plan.campaigns import plan as campaign_plan
from tests.cast import institution, user_with_post
from zhunsheng.activities.campaigns.draw.access import drawn_by, draws_of, published_draws
from zhunsheng.activities.campaigns.draw.actions import (
    commit_draw,
    declare_interest,
    enter_competences,
    publish_draw,
    redraw,
    reveal_draw,
)
from zhunsheng.activities.campaigns.draw.models import (
    Competence,
    Draw,
    DrawnLaboratory,
    DrawnOfficer,
    FrozenList,
    Interest,
    Outcome,
)
from zhunsheng.activities.campaigns.draw.queries import Found, drawn_rows, listed_in, names_behind, stratum_of_each
from zhunsheng.activities.campaigns.draw.rules.drawfile import commit, reveal
from zhunsheng.activities.campaigns.draw.rules.refusals import DrawRefused
from zhunsheng.activities.campaigns.draw.rules.verification import holds, verify
from zhunsheng.activities.campaigns.plan.actions.planning import close_campaign, plan_campaign, publish_campaign
from zhunsheng.activities.campaigns.plan.models import Participant
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.signing import canonical_json
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.management.actions import enter_risk_classes
from zhunsheng.registry.people.actions import enter_posts
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.queries import visitor

REASON = t("a laboratory was missing", "名单遗漏机构")


@pytest.fixture
def network(authority: Institution) -> list[Institution]:
    """Eight laboratories of food in the prefecture, one of water, one elsewhere; five inspectors of food."""
    food, them = item("food"), laboratories(8)
    elsewhere = institution("laboratory", "外省机构", "Elsewhere", region_code="320100")
    give_scope([*them, elsewhere], food)
    give_scope(laboratories(1, prefix="Water"), item("water"))
    inspectors(authority, 5)
    return them


def revealed(draw: Draw, actor: User | None) -> Draw:
    return reveal_draw(draw, beacon=BEACON, secret=WITNESS_SECRET, actor=actor, at=LATER)


def test_a_draw_from_promise_to_publication(
    network: list[Institution], authority: Institution, regulator: User
) -> None:
    draw = promised_draw(authority, regulator)
    assert draw.state == "committed" and draw.frozen.promises[1] == PROMISE
    listed = listed_in(draw)
    assert {one["id"] for one in listed["laboratories"]} == {str(one.pk) for one in network}
    assert draw.secret not in json.dumps(listed)

    revealed(draw, regulator)
    assert draw.state == "revealed" and not published_draws().exists()
    assert holds(verify(bytes(draw.outcome.content)))
    rows = list(drawn_rows(draw))
    assert len(rows) == 3 and {one["laboratory"].institution for one in rows} <= set(network)
    assert all(len(set(one["numbers"])) == 2 for one in rows)
    names = names_behind(draw)
    assert {number for one in rows for number in one["numbers"]} <= names.keys()

    publish_draw(draw, actor=regulator, at=LATER)
    assert draw.state == "published" and list(published_draws()) == [draw]
    written = Entry.objects.filter(subject=f"draw:{draw.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(written) == ["commit_draw", "reveal_draw", "publish_draw"]


def test_nothing_names_an_officer_in_the_public_file(network: list[Institution], authority: Institution) -> None:
    draw = revealed(promised_draw(authority, None), None)
    said = bytes(draw.outcome.content).decode()
    assert all(name not in said for name in names_behind(draw).values())


def test_trap_20_the_same_seed_gives_the_same_list_on_another_machine(
    network: list[Institution], authority: Institution
) -> None:
    """What another machine has is the list and what was revealed; it comes to the same file, byte for byte."""
    draw = revealed(promised_draw(authority, None), None)
    listed = json.loads(bytes(draw.frozen.content))
    again = reveal(listed, commit(listed, draw.frozen.promises), [draw.secret, WITNESS_SECRET], BEACON)
    assert canonical_json(again) == bytes(draw.outcome.content)


def test_tickets_follow_from_the_class_of_the_day(network: list[Institution], authority: Institution) -> None:
    risky = RiskClass(institution=network[0], letter="D", valid_from=LONG_AGO, reason="r", source="s")
    enter_risk_classes([risky], actor=None, at=AT)
    listed = listed_in(promised_draw(authority, None, no_shows={network[1].pk: 1}))
    tickets = {one["id"]: (one["risk"], one["tickets"]) for one in listed["laboratories"]}
    assert tickets[str(network[0].pk)] == ("D", 6)
    assert tickets[str(network[1].pk)] == ("none", 4)
    assert tickets[str(network[2].pk)] == ("none", 2)


def test_trap_08_a_mentor_or_former_colleague_is_recused_without_a_word(
    network: list[Institution], authority: Institution
) -> None:
    people = list(Person.objects.filter(posts__institution=authority, posts__kind="inspector").order_by("name"))
    posts = [
        Post(person=people[0], institution=network[0], kind="mentor", valid_from=LONG_AGO),
        Post(person=people[1], institution=network[1], kind="analyst", valid_from=LONG_AGO, valid_to=AT.date()),
    ]
    enter_posts(posts, actor=None, at=AT)
    for kind in ("consultant", "interest"):
        declared = Interest(person=people[2], institution=network[2], kind=kind, valid_from=LONG_AGO)
        declare_interest(declared, actor=None, at=AT)
    over = Interest(person=people[3], institution=network[3], kind="interest", valid_from=LONG_AGO, valid_to=LONG_AGO)
    declare_interest(over, actor=None, at=AT)
    draw = promised_draw(authority, None, quotas={"food": 8})
    numbers = {name: number for number, name in names_behind(draw).items()}
    found = {(one["officer"], one["laboratory"], one["reason"]) for one in listed_in(draw)["recusals"]}
    assert found == {
        (numbers[people[0].name], str(network[0].pk), "mentor"), (numbers[people[1].name], str(network[1].pk), "origin"),
        (numbers[people[2].name], str(network[2].pk), "consultant"), (numbers[people[2].name], str(network[2].pk), "interest"),
    }  # fmt: skip
    sent = {one["laboratory"].institution: one["numbers"] for one in drawn_rows(revealed(draw, None))}
    assert numbers[people[0].name] not in sent[network[0]]
    assert numbers[people[2].name] not in sent[network[2]]


def test_exclusions_stand_in_the_list_with_their_reasons(network: list[Institution], authority: Institution) -> None:
    closed = t("closed since May", "五月起停业")
    away = inspectors_behind(authority)[0]
    draw = promised_draw(authority, None, excluded={network[0].pk: closed}, officers_excluded={away: closed})
    listed = listed_in(draw)
    assert [(one["id"], one["reason"]["zh"]) for one in listed["excluded"]] == [(str(network[0].pk), "五月起停业")]
    assert str(network[0].pk) not in {one["id"] for one in listed["laboratories"]}
    assert len(listed["officers"]) == 4 and len(listed["excluded_officers"]) == 1


def inspectors_behind(authority: Institution) -> list[Any]:
    return list(Post.objects.filter(institution=authority, kind="inspector").values_list("person", flat=True))


def test_a_laboratory_of_several_fields_stands_where_the_fewest_stand(
    network: list[Institution], authority: Institution
) -> None:
    give_scope(network[:6], item("feed"))  # two of food alone, six of both
    give_fields(authority, "feed")
    listed = listed_in(promised_draw(authority, None, quotas={"food": 2, "feed": 2}))
    strata = {one["id"]: one["stratum"] for one in listed["laboratories"]}
    assert {strata[str(one.pk)] for one in network[6:]} == {"food"}
    assert sorted(strata.values()) == ["feed"] * 4 + ["food"] * 4


def test_no_field_is_left_without_candidates_where_everybody_works_in_several() -> None:
    fields = [frozenset(pair) for pair in (("a", "b"), ("b", "c"), ("a", "c"))]
    found = [Found(Institution(id=UUID(int=i)), fields[i % 3], "none") for i in range(300)]
    assert Counter(stratum_of_each(found, ["a", "b", "c"]).values()) == {"a": 100, "b": 100, "c": 100}
    few = [Found(Institution(id=UUID(int=i)), frozenset({"a", "rare"} if i < 3 else {"a"}), "none") for i in range(99)]
    assert Counter(stratum_of_each(few, ["a", "rare"]).values()) == {"rare": 3, "a": 96}


def give_fields(authority: Institution, field: str) -> None:
    rows = [Competence(person_id=one, field=field, valid_from=LONG_AGO) for one in inspectors_behind(authority)]
    enter_competences(rows, actor=None, at=AT)


def test_drawn_again_only_with_a_reason_and_only_once(
    network: list[Institution], authority: Institution, regulator: User
) -> None:
    draw = revealed(promised_draw(authority, regulator), regulator)
    with pytest.raises(DrawRefused, match="reason"):
        redraw(draw, plan=plan(), reason=Text(en="because", zh=" "), actor=regulator, at=AT)
    again = redraw(draw, plan=plan(), reason=REASON, actor=regulator, at=AT, chance=random.Random(2))
    assert draw.state == "redrawn" and again.replaces == draw
    assert list(published_draws()) == [draw]  # an outcome that was disliked is not put away
    assert listed_in(again)["draw"]["replaces"] == {"id": str(draw.pk), "reason": {"en": REASON.en, "zh": REASON.zh}}
    assert Entry.objects.get(verb="redraw").reason == REASON.both()
    assert holds(verify(bytes(draw.outcome.content)))  # what was drawn before stays where it was
    with pytest.raises(NotAllowedNow):
        redraw(draw, plan=plan(), reason=REASON, actor=regulator, at=AT)
    assert Draw.objects.count() == 2


def test_each_verb_is_done_once_and_in_its_time(network: list[Institution], authority: Institution) -> None:
    with pytest.raises(DrawRefused, match="after today"):
        promised_draw(authority, None, beacon_on=AT.date())
    draw = promised_draw(authority, None)
    with pytest.raises(NotAllowedNow):
        publish_draw(draw, actor=None, at=LATER)
    with pytest.raises(DrawRefused, match="not known before"):
        reveal_draw(draw, beacon=BEACON, secret=WITNESS_SECRET, actor=None, at=LATER - timedelta(days=2))
    with pytest.raises(DrawRefused, match="party 2"):
        reveal_draw(draw, beacon=BEACON, secret="ab" * 32, actor=None, at=LATER)
    revealed(draw, None)
    with pytest.raises(NotAllowedNow):
        revealed(draw, None)
    assert Outcome.objects.count() == 1


def test_a_refused_draw_leaves_nothing(network: list[Institution], authority: Institution) -> None:
    before = Entry.objects.count()
    with pytest.raises(DrawRefused, match="8 candidates for a quota of 9"):
        promised_draw(authority, None, quotas={"food": 9})
    with pytest.raises(DrawRefused, match="both languages"):
        promised_draw(authority, None, title=t("Food", ""))
    with pytest.raises(DrawRefused, match="quota"):
        promised_draw(authority, None, quotas={})
    assert not Draw.objects.exists() and not FrozenList.objects.exists() and Entry.objects.count() == before


def test_nothing_that_was_drawn_can_be_edited(network: list[Institution], authority: Institution) -> None:
    revealed(promised_draw(authority, None), None)
    for table in (FrozenList, Outcome, DrawnLaboratory, DrawnOfficer):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        DrawnLaboratory.objects.update(position=99)


def test_who_draws_and_who_looks_on(
    network: list[Institution],
    authority: Institution,
    regulator: User,
    integrity_officer: User,
    province: User,
    county: User,
) -> None:
    draw = promised_draw(authority, regulator)

    def of(user: User) -> Any:
        return visitor(user, on=AT.date())

    assert draw in drawn_by(of(regulator)) and draw in draws_of(of(integrity_officer))
    assert not drawn_by(of(integrity_officer)).exists()
    assert not draws_of(of(province)).exists() and not drawn_by(of(county)).exists()
    assert not draws_of(of(user_with_post("drawnofficer", "inspector", authority))).exists()


@pytest.mark.parametrize("verb", ["commit", "reveal"])
def test_the_number_of_queries_does_not_grow(authority: Institution, verb: str) -> None:
    food = item("food")
    give_scope(laboratories(4), food)
    inspectors(authority, 6)
    few = queries_of(authority, verb, 2)
    give_scope(laboratories(200, prefix="More"), food)
    assert queries_of(authority, verb, 6) == few


def queries_of(authority: Institution, verb: str, quota: int) -> int:
    def promise() -> Draw:
        return commit_draw(authority=authority, plan=plan(quotas={"food": quota}), actor=None, at=AT)

    if verb == "commit":
        return counted(promise)
    draw = promise()
    return counted(lambda: revealed(draw, None))


def counted(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


def test_of_a_campaign_only_those_who_take_part_are_drawn(network: list[Institution], authority: Institution) -> None:
    campaign = plan_campaign(authority=authority, plan=campaign_plan(), actor=None, at=AT)
    with pytest.raises(DrawRefused, match="not published"):
        promised_draw(authority, None, campaign=campaign)
    publish_campaign(campaign, actor=None, at=AT)
    campaign.refresh_from_db()
    part = network[:5]
    Participant.objects.bulk_create(
        Participant(campaign=campaign, institution=one, region_code=one.region_code) for one in part
    )
    made = promised_draw(authority, None, campaign=campaign)
    assert {one["id"] for one in listed_in(made)["laboratories"]} == {str(one.pk) for one in part}
    assert str(campaign.pk).encode() in bytes(Entry.objects.get(subject=f"draw:{made.pk}").canonical)
    close_campaign(campaign, actor=None, at=AT)
    again = redraw(made, plan=plan(), reason=REASON, actor=None, at=AT)
    assert again.campaign == campaign
    assert {one["id"] for one in listed_in(again)["laboratories"]} == {str(one.pk) for one in part}
    alone = promised_draw(authority, None)
    assert len(listed_in(alone)["laboratories"]) > len(part)
