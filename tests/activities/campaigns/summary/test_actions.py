"""Bulletins: figures that are frozen, texts that give nobody away, names by consent, a release by a person, a corrigendum."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.summary.bulletins import (
    CASE,
    FOREWORD,
    LATER,
    YES,
    drafted,
    passage_of,
    practice,
    released,
    reworded,
    seen,
    told_of,
)
from tests.activities.campaigns.summary.summed import Run, run, visited
from tests.cast import user_with_post
from zhunsheng.activities.campaigns.plan.models import Campaign
from zhunsheng.activities.campaigns.summary import actions
from zhunsheng.activities.campaigns.summary.actions import (
    draft_bulletin,
    keep_passage,
    record_consent,
    release_bulletin,
)
from zhunsheng.activities.campaigns.summary.models import Bulletin, Consent, Figures, Passage, Release
from zhunsheng.activities.campaigns.summary.queries.bulletins import content_of, last_figures, standing_passages
from zhunsheng.activities.campaigns.summary.rules.bulletins import BulletinRefused
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.models import Certificate

WHY = t("A visit had been counted twice.", "有一次检查被重复计数。")


@pytest.fixture
def here(db: None) -> Run:
    return told_of()


@pytest.fixture
def head(here: Run) -> User:
    return user_with_post("head", "regulator", here.authority)


def test_figures_are_frozen_with_method_version_and_n(here: Run) -> None:
    bulletin = drafted(here.campaign, ())
    kept = last_figures(bulletin)
    assert kept is not None
    assert (kept.version, kept.method, kept.n, kept.inspected) == (1, "summary-1", 7, 7)
    before = bytes(kept.content)
    visited(here, here.places[6], "F10", after=30)
    again = actions.compute_figures(bulletin, actor=None, at=LATER)
    assert again.version == 2 and content_of(again)["total"]["with_problem"] == 7
    assert bytes(Figures.objects.get(version=1).content) == before
    with pytest.raises(DatabaseError), transaction.atomic():
        Figures.objects.filter(pk=kept.pk).update(n=9)


def test_a_person_releases_what_was_read_and_nothing_else(here: Run, head: User) -> None:
    bulletin = drafted(here.campaign)
    read = seen(bulletin)
    keep_passage(bulletin, practice(), actor=None, at=LATER)
    with pytest.raises(BulletinRefused, match="changed since"):
        release_bulletin(bulletin, seen=read, actor=head, at=LATER)
    made = released(bulletin, head)
    assert (bulletin.state, bulletin.number, made.released_by) == ("released", 1, head)
    assert Entry.objects.filter(verb="release_bulletin").count() == 1
    with pytest.raises(NotAllowedNow):
        released(bulletin, head)
    with pytest.raises(NotAllowedNow):
        keep_passage(bulletin, CASE, actor=None, at=LATER)


def test_what_is_released_holds_no_count_that_singles_somebody_out(here: Run, head: User) -> None:
    """Six of seven had a problem: the one without would be known, and so would the two who handed in."""
    figures = content_of(released(drafted(here.campaign), head))["figures"]
    assert figures["total"]["handed_in"] == "<5"
    assert "withheld" in (figures["total"]["with_problem"], figures["total"]["inspected"])
    shares = next(one for one in figures["effects"] if one["key"] == "nonconforming")
    assert not shares["told"] and shares["after"]["interval"] is None and "fall" not in shares


def test_a_corrigendum_has_the_next_number_and_a_reason_and_the_old_one_says_so(here: Run, head: User) -> None:
    first = drafted(here.campaign)
    released(first, head)
    with pytest.raises(BulletinRefused, match="why"):
        draft_bulletin(here.campaign, actor=None, at=LATER)
    second = draft_bulletin(here.campaign, actor=None, at=LATER, reason=WHY)
    assert [one.text for one in standing_passages(second)] == [FOREWORD.text, CASE.text]
    with pytest.raises(BulletinRefused, match="draft already"):
        draft_bulletin(here.campaign, actor=None, at=LATER, reason=WHY)
    made = released(second, head, LATER + timedelta(days=1))
    first.refresh_from_db()
    assert (first.state, first.number, second.number) == ("replaced", 1, 2)
    assert content_of(made)["corrects"] == {"number": 1, "reason": {"en": WHY.en, "zh": WHY.zh}}
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.all().delete()


def test_a_draft_put_away_leaves_room_for_another(here: Run) -> None:
    bulletin = drafted(here.campaign)
    actions.withdraw_bulletin(bulletin, actor=None, at=LATER)
    assert drafted(here.campaign).state == "draft"
    with pytest.raises(NotAllowedNow):
        actions.withdraw_bulletin(bulletin, actor=None, at=LATER)


def test_nobody_to_tell_of_is_nothing_to_tell(here: Run) -> None:
    Campaign.objects.filter(pk=here.campaign.pk).update(enrolled_at=None)
    with pytest.raises(BulletinRefused, match="enrolled"):
        draft_bulletin(here.campaign, actor=None, at=LATER)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (replace(CASE, text=t("", "只有中文")), "Chinese and in English"),
        (replace(CASE, title=t("", "")), "title"),
        (replace(CASE, code="F99"), "which class"),
        (replace(CASE, field="alchemy"), "field"),
        (replace(CASE, kind="gossip"), "no such part"),
    ],
)
def test_a_text_that_is_not_whole_is_refused(here: Run, written: actions.Written, words: str) -> None:
    with pytest.raises(BulletinRefused, match=words):
        keep_passage(drafted(here.campaign, ()), written, actor=None, at=LATER)


def test_a_case_that_gives_somebody_away_is_refused_with_the_place(here: Run) -> None:
    """By name, code, certificate, address, a person; a name broken by a space is the same name."""
    place = here.places[0]
    type(place).objects.filter(pk=place.pk).update(
        address="示例路 18 号", uscc="91330100MA27XXXX1Y", legal_representative="示例人甲"
    )
    Certificate.objects.create(
        institution=place, scheme="CMA", number="211100340999", valid_from=LATER.date(), valid_to=LATER.date(), recorded_at=LATER
    )  # fmt: skip
    bulletin = drafted(here.campaign, ())
    for text, kind, line, column in (
        ("某机构\n即受检 机构1存在问题", "name", 2, 2),
        ("代码 91330100ma27xxxx1y 的机构", "uscc", 1, 4),
        ("证书２１１１００３４０９９９已过期", "certificate", 1, 3),
        ("位于示例路18号的机构", "address", 1, 3),
        ("示例人甲签发报告", "person", 1, 1),
    ):
        with pytest.raises(BulletinRefused) as refused:
            keep_passage(bulletin, reworded(CASE, text), actor=None, at=LATER)
        hit = refused.value.hits[0]
        assert (hit.kind, hit.line, hit.column) == (kind, line, column)
        assert f"line {line}, character {column}" in refused.value.reason.en
        assert f"第 {line} 行第 {column} 字" in refused.value.reason.zh
    assert not Passage.objects.exists()


def test_an_officer_and_a_signatory_are_not_named_either(here: Run) -> None:
    officer = here.team[0].name
    for name in (officer, "质量负责人"):
        with pytest.raises(BulletinRefused):
            keep_passage(drafted_once(here), reworded(CASE, f"由{name}签字"), actor=None, at=LATER)


def drafted_once(here: Run) -> Bulletin:
    return Bulletin.objects.filter(state="draft").first() or drafted(here.campaign, ())


def test_a_region_with_fewer_than_five_of_the_kind_names_the_laboratory(db: None) -> None:
    here = told_of(4, 1)
    bulletin = drafted(here.campaign, ())
    with pytest.raises(BulletinRefused) as refused:
        keep_passage(bulletin, reworded(CASE, "杭州某机构天平超期"), actor=None, at=LATER)
    assert {hit.kind for hit in refused.value.hits} == {"region"}
    with pytest.raises(BulletinRefused):
        keep_passage(bulletin, reworded(CASE, "某机构天平超期", "A laboratory in Hangzhou."), actor=None, at=LATER)
    keep_passage(bulletin, reworded(CASE, "贵阳某机构天平超期"), actor=None, at=LATER)


def test_a_region_with_enough_may_be_named_but_not_one_kind_that_is_rare_there(here: Run) -> None:
    bulletin = drafted(here.campaign, ())
    keep_passage(bulletin, reworded(CASE, "杭州某机构天平超期"), actor=None, at=LATER)
    with pytest.raises(BulletinRefused):
        keep_passage(bulletin, replace(reworded(CASE, "杭州某机构天平超期"), field="forensics"), actor=None, at=LATER)


def test_good_practice_is_named_only_with_the_consent_to_this_text(here: Run, head: User) -> None:
    bulletin, place = drafted(here.campaign, ()), here.places[0]
    with pytest.raises(BulletinRefused, match="Only good practice"):
        keep_passage(bulletin, replace(CASE, institution=place), actor=None, at=LATER)
    with_name = practice(place)
    kept = keep_passage(bulletin, reworded(with_name, f"{place.name_zh}每月核查"), actor=None, at=LATER)
    with pytest.raises(BulletinRefused, match="not agreed"):
        released(bulletin, head)
    record_consent(kept, YES, actor=head, at=LATER)
    changed = keep_passage(bulletin, with_name, actor=None, at=LATER, key=kept.key)
    with pytest.raises(BulletinRefused, match="not agreed"):
        released(bulletin, head)
    with pytest.raises(BulletinRefused, match="changed meanwhile"):
        record_consent(kept, YES, actor=head, at=LATER)
    record_consent(changed, YES, actor=head, at=LATER)
    record_consent(changed, replace(YES, given=False), actor=head, at=LATER + timedelta(minutes=1))
    with pytest.raises(BulletinRefused, match="not agreed"):
        released(bulletin, head)
    record_consent(changed, YES, actor=head, at=LATER + timedelta(minutes=2))
    said = content_of(released(bulletin, head))["passages"][0]
    assert said["institution"]["zh"] == place.name_zh
    assert Consent.objects.count() == 4


def test_another_institution_is_not_named_beside_the_one_that_agreed(here: Run) -> None:
    one, other = here.places[:2]
    with pytest.raises(BulletinRefused):
        keep_passage(drafted(here.campaign, ()), reworded(practice(one), f"比{other.name_zh}好"), actor=None, at=LATER)


@pytest.mark.parametrize(
    ("said", "words"),
    [(replace(YES, by_whom=" "), "who consented"), (replace(YES, on=LATER.date() + timedelta(days=2)), "not come yet")],
)
def test_a_consent_says_who_and_when(here: Run, said: actions.Said, words: str) -> None:
    bulletin = drafted(here.campaign, (practice(here.places[0]),))
    with pytest.raises(BulletinRefused, match=words):
        record_consent(passage_of(bulletin, "practice"), said, actor=None, at=LATER)


def test_names_learnt_after_writing_are_found_at_the_release(here: Run, head: User) -> None:
    bulletin = drafted(here.campaign, (reworded(CASE, "示例新名检测的天平超期"),))
    type(here.places[0]).objects.filter(pk=here.places[0].pk).update(name_zh="示例新名检测")
    with pytest.raises(BulletinRefused, match="gives somebody away"):
        released(bulletin, head)


def test_a_text_is_changed_and_taken_out_in_versions(here: Run) -> None:
    bulletin = drafted(here.campaign)
    case = passage_of(bulletin, "case")
    keep_passage(bulletin, reworded(CASE, "换一种说法"), actor=None, at=LATER, key=case.key)
    assert passage_of(bulletin, "case").text_zh == "换一种说法"
    actions.take_out(bulletin, case.key, actor=None, at=LATER)
    assert [one.kind for one in standing_passages(bulletin)] == ["foreword"]
    assert Passage.objects.filter(key=case.key).count() == 3
    with pytest.raises(BulletinRefused):
        actions.take_out(bulletin, case.key, actor=None, at=LATER)
    with pytest.raises(BulletinRefused, match="foreword already"):
        keep_passage(bulletin, FOREWORD, actor=None, at=LATER)


def test_more_laboratories_ask_no_more_of_the_database(db: None) -> None:
    here = run(3)
    for place in here.places:
        visited(here, place, "F07")
    bulletin = drafted(here.campaign, ())
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            actions.compute_figures(bulletin, actor=None, at=LATER)
            keep_passage(bulletin, reworded(CASE, "某机构"), actor=None, at=LATER)
        asked.append(len(caught))
        for place in here.places:
            visited(here, place, "F10", after=5)
    assert asked[0] == asked[1]
