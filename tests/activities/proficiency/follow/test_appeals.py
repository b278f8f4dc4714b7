"""An appeal: in time, once, decided by somebody else; upheld, it leads to a corrigendum that everybody can trace to it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.activities.proficiency.follow.cases import (
    FILES,
    LATER,
    case_of,
    corrected,
    participation_of,
    second_coordinator,
)
from tests.cast import AT, user_with_post
from zhunsheng.activities.proficiency import actions
from zhunsheng.activities.proficiency.follow.access import (
    appeals_coordinated_by,
    appeals_evaluated_by,
    appeals_of_laboratory,
    cases_commissioned_by,
    cases_coordinated_by,
    cases_of_laboratory,
    participations_appealing,
)
from zhunsheng.activities.proficiency.follow.actions.appealing import appeal, decide_appeal, withdraw_appeal
from zhunsheng.activities.proficiency.follow.actions.opening import open_cases
from zhunsheng.activities.proficiency.follow.models import Appeal
from zhunsheng.activities.proficiency.follow.queries import corrigendum_after, open_appeals, who_acted, window_of
from zhunsheng.activities.proficiency.follow.rules.refusals import FollowRefused
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.people.queries import visitor

LAST = datetime(2026, 5, 9, 15, 59, 59, tzinfo=UTC)
"""15 working days after 15 April 2026: off from 1 to 5 May; the fifteenth is Saturday 9 May, which is worked instead."""


def filed(round_: Round, by: User, *, at: datetime = AT, grounds: str = "指定值有误") -> Appeal:
    return appeal(participation_of(round_, by), None, grounds=grounds, files=FILES, actor=by, at=at)


def test_an_appeal_is_taken_to_the_last_second_and_no_longer(released_round: Round, other_laboratory: User) -> None:
    held = window_of(participation_of(released_round, other_laboratory), on=AT.date())
    assert held is not None and held.until.astimezone(UTC).replace(microsecond=0) == LAST
    with pytest.raises(FollowRefused, match="2026-05-09"):
        filed(released_round, other_laboratory, at=LAST + timedelta(seconds=1))
    assert filed(released_round, other_laboratory, at=LAST).number == 1


def test_an_appeal_needs_a_release_and_grounds_and_is_open_once(
    evaluated_round: Round, coordinator: User, other_laboratory: User, signing_key: SigningKey
) -> None:
    with pytest.raises(FollowRefused, match="not released"):
        filed(evaluated_round, other_laboratory)
    actions.release(
        evaluated_round.pk,
        evaluation_id=evaluated_round.evaluations.get().pk,
        actor=coordinator,
        at=AT,
        key=signing_key,
    )
    with pytest.raises(FollowRefused, match="grounds"):
        filed(evaluated_round, other_laboratory, grounds=" ")
    first = filed(evaluated_round, other_laboratory)
    with pytest.raises(FollowRefused, match="already"):
        filed(evaluated_round, other_laboratory)
    part, only = participation_of(evaluated_round, other_laboratory), evaluated_round.measurands.get()
    assert appeal(part, only, grounds="x", files={}, actor=other_laboratory, at=AT).number == 2
    withdraw_appeal(first, actor=other_laboratory, at=AT)
    assert first.state == "withdrawn" and open_appeals(evaluated_round) == 1
    with pytest.raises(NotAllowedNow):
        withdraw_appeal(first, actor=other_laboratory, at=AT)
    assert filed(evaluated_round, other_laboratory).number == 3


def test_somebody_else_decides_and_says_why(
    released_round: Round, coordinator: User, provider: object, other_laboratory: User
) -> None:
    made = filed(released_round, other_laboratory)
    assert who_acted(released_round) == {coordinator.pk}
    with pytest.raises(FollowRefused, match="another coordinator"):
        decide_appeal(made, upheld=True, reason="x", actor=coordinator, at=AT)
    with pytest.raises(FollowRefused):
        decide_appeal(made, upheld=False, reason="x", actor=other_laboratory, at=AT)
    other = second_coordinator(released_round)
    with pytest.raises(FollowRefused, match="Say why"):
        decide_appeal(made, upheld=False, reason="", actor=other, at=AT)
    decide_appeal(made, upheld=False, reason="指定值由参考方法给出", actor=other, at=AT)
    released_round.refresh_from_db()
    assert made.state == "rejected" and not released_round.correcting and corrigendum_after(made) is None
    with pytest.raises(NotAllowedNow):
        decide_appeal(made, upheld=True, reason="x", actor=other, at=AT)
    assert Entry.objects.filter(verb="decide_appeal").count() == 1


def test_an_appeal_that_is_upheld_leads_to_the_corrigendum_and_the_item_is_free_again(
    released_round: Round, coordinator: User, other_laboratory: User, signing_key: SigningKey
) -> None:
    case = case_of(released_round, other_laboratory)
    made = filed(released_round, other_laboratory, grounds="Example Laboratory L04 对 σ 有异议")
    decide_appeal(made, upheld=True, reason="σ 录入错误", actor=second_coordinator(released_round), at=LATER)
    released_round.refresh_from_db()
    assert "Appeal 1 was upheld" in released_round.correcting and "L04" not in released_round.correcting
    assert corrigendum_after(made) is None
    corrected(released_round, sigma="0.02", by=coordinator, key=signing_key, at=LATER + timedelta(days=1))
    linked = corrigendum_after(made)
    assert linked is not None and "第 1 号申诉成立" in linked.reason
    open_cases(released_round, actor=coordinator, at=LATER + timedelta(days=1))
    case.refresh_from_db()
    assert case.state == "resolved"
    standing = Evidence.objects.filter(superseded_by=None, kind="proficiency_result")
    assert not standing.filter(payload__signal="action").exists()
    held = window_of(made.participation, on=LATER.date())
    assert held is not None and held.begun == LATER + timedelta(
        days=1
    )  # the corrected score may be appealed against in turn


def test_a_second_appeal_upheld_while_a_correction_is_under_way_begins_no_other(
    released_round: Round, laboratory: User, other_laboratory: User
) -> None:
    first, second = filed(released_round, other_laboratory), filed(released_round, laboratory)
    other = second_coordinator(released_round)
    for one in (first, second):
        decide_appeal(one, upheld=True, reason="x", actor=other, at=AT)
    released_round.refresh_from_db()
    assert "第 1 号" in released_round.correcting and Entry.objects.filter(verb="begin_correction").count() == 1
    assert {first.state, second.state} == {"upheld"}


def test_who_sees_what(
    released_round: Round, coordinator: User, provider: object, laboratory: User, other_laboratory: User, regulator: User,
    national: User, administrator: User,
) -> None:  # fmt: skip
    case = case_of(released_round, other_laboratory)
    made = filed(released_round, other_laboratory)
    statistician = user_with_post("statistician", "statistician", released_round.provider)
    analyst = user_with_post("analyst", "analyst", case.participation.identity.institution)
    for user, sees_case, sees_grounds, own in (
        (coordinator, True, True, False), (statistician, False, False, False), (regulator, False, False, False),
        (national, False, False, False), (administrator, False, False, False), (laboratory, False, False, False),
        (other_laboratory, False, False, True), (analyst, False, False, True),
    ):  # fmt: skip
        who = visitor(user, on=AT.date())
        assert cases_coordinated_by(who).filter(pk=case.pk).exists() is sees_case, user
        assert appeals_coordinated_by(who).filter(pk=made.pk).exists() is sees_grounds, user
        assert cases_of_laboratory(who).filter(pk=case.pk).exists() is own, user
        assert appeals_of_laboratory(who).filter(pk=made.pk).exists() is own, user
        assert cases_commissioned_by(who).filter(pk=case.pk).exists() is (user == regulator), user
        may = participations_appealing(who).filter(pk=made.participation_id).exists()
        assert may is (user == other_laboratory), user
    blind = appeals_evaluated_by(visitor(statistician, on=AT.date())).get(pk=made.pk)
    assert "grounds" in blind.get_deferred_fields()
