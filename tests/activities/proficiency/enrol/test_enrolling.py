"""Enrolment: to the second, under the promise that was shown, and codes that tell nobody who it was before."""

import random
from datetime import datetime, timedelta

import pytest

from tests.activities.proficiency.planned import ENROL_UNTIL, draft, on_paper, planned_round
from tests.cast import AT, institution, institution_of
from zhunsheng.activities.proficiency.enrol import actions
from zhunsheng.activities.proficiency.enrol.actions import Details
from zhunsheng.activities.proficiency.enrol.models import Enrolment, Invitation
from zhunsheng.activities.proficiency.enrol.queries import codes_before, found_in_register
from zhunsheng.activities.proficiency.enrol.rules.enrolling import EnrolmentRefused, new_codes
from zhunsheng.activities.proficiency.models import Identity, Participation, Round, Scheme
from zhunsheng.activities.proficiency.plan.models import Promise
from zhunsheng.activities.proficiency.plan.queries import promise_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(coordinator: User) -> Round:
    return planned_round(institution_of(coordinator), coordinator, announced=True)


def shown(round_: Round) -> str:
    promise = promise_of(round_)
    assert promise is not None
    return promise.sha256


def enrol(round_: Round, user: User, *, at: datetime = AT, sha256: str = "") -> Enrolment:
    return actions.enrol(
        round_,
        institution_of(user),
        promise_sha256=sha256 or shown(round_),
        details=Details(contact="x"),
        actor=user,
        at=at,
    )


def test_the_last_instant_is_in_time_and_the_next_is_not(round_: Round, laboratory: User) -> None:
    enrol(round_, laboratory, at=ENROL_UNTIL)
    with pytest.raises(EnrolmentRefused, match="over"):
        enrol(round_, laboratory, at=ENROL_UNTIL + timedelta(microseconds=1))


def test_before_the_announcement_nobody_enrols(coordinator: User, laboratory: User) -> None:
    with pytest.raises(EnrolmentRefused, match="not open yet"):
        enrol(planned_round(institution_of(coordinator), coordinator), laboratory)


def test_another_promise_than_the_one_shown_is_refused(round_: Round, laboratory: User) -> None:
    with pytest.raises(EnrolmentRefused, match="changed while you read"):
        enrol(round_, laboratory, sha256="0" * 64)
    assert not Enrolment.objects.exists()
    assert enrol(round_, laboratory).promise.sha256 == shown(round_)


def test_enrolling_twice_is_one_enrolment_and_withdrawing_can_be_taken_back(round_: Round, laboratory: User) -> None:
    made = enrol(round_, laboratory)
    enrol(round_, laboratory)
    assert Enrolment.objects.count() == 1
    actions.withdraw(made, actor=laboratory, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.withdraw(made, actor=laboratory, at=AT)
    assert made.state == "withdrawn" and enrol(round_, laboratory).state == "enrolled"


def test_codes_are_drawn_once_for_those_enrolled(
    round_: Round, laboratory: User, other_laboratory: User, coordinator: User
) -> None:
    with pytest.raises(EnrolmentRefused, match="no codes to draw"):
        actions.begin(round_, draw=random.Random(1), actor=coordinator, at=AT)
    enrol(round_, laboratory)
    actions.withdraw(enrol(round_, other_laboratory), actor=other_laboratory, at=AT)
    assert actions.begin(round_, draw=random.Random(1), actor=coordinator, at=AT) == 1
    assert round_.state == "running" and Identity.objects.get().institution == institution_of(laboratory)
    assert Entry.objects.get(verb="begin_round").touched == 2  # the code, and who is behind it
    with pytest.raises(NotAllowedNow):
        actions.begin(round_, draw=random.Random(1), actor=coordinator, at=AT)
    assert Participation.objects.count() == 1


def test_one_is_taken_in_late_with_a_reason_and_a_code_of_its_own(
    round_: Round, laboratory: User, other_laboratory: User, coordinator: User
) -> None:
    enrol(round_, laboratory)
    given = {"details": Details(), "draw": random.Random(2), "actor": coordinator, "at": AT}
    with pytest.raises(EnrolmentRefused, match="only while results come in"):
        actions.take_in_late(round_, institution_of(other_laboratory), reason="post", **given)  # type: ignore[arg-type]
    actions.begin(round_, draw=random.Random(1), actor=coordinator, at=AT)
    with pytest.raises(EnrolmentRefused, match="Say why"):
        actions.take_in_late(round_, institution_of(other_laboratory), reason=" ", **given)  # type: ignore[arg-type]
    actions.take_in_late(round_, institution_of(other_laboratory), reason="post", **given)  # type: ignore[arg-type]
    with pytest.raises(EnrolmentRefused, match="already"):
        actions.take_in_late(round_, institution_of(laboratory), reason="post", **given)  # type: ignore[arg-type]
    assert len(set(Participation.objects.values_list("code", flat=True))) == 2


def test_inviting_twice_invites_once(round_: Round, laboratory: User, coordinator: User) -> None:
    where = [institution_of(laboratory)] * 2
    assert actions.invite(round_, where, actor=coordinator, at=AT) == 1
    assert actions.invite(round_, where, actor=coordinator, at=AT) == 0 and Invitation.objects.count() == 1


def test_nobody_gets_a_code_of_an_earlier_round(coordinator: User, laboratory: User, other_laboratory: User) -> None:
    provider = institution_of(coordinator)
    scheme = Scheme.objects.create(provider=provider, code="S", title_zh="计划", title_en="Scheme", created_at=AT)
    for n in range(3):
        made = planned_round(provider, coordinator, number=str(n), announced=True)
        Round.objects.filter(pk=made.pk).update(scheme=scheme)
        for user in (laboratory, other_laboratory):
            enrol(made, user)
        before = codes_before(Round.objects.get(pk=made.pk))
        assert all(len(codes) == n for codes in before.values()), "of every round before, not of the last alone"
        actions.begin(made, draw=random.Random(7), actor=coordinator, at=AT)  # the same chance in both rounds
        after = dict(
            Identity.objects.filter(participation__round=made).values_list("institution_id", "participation__code")
        )
        assert not any(code in before.get(key, ()) for key, code in after.items())
    assert len(before) == 2 and draft().number


def test_codes_that_are_taken_or_were_held_are_not_drawn() -> None:
    source = random.Random(3)
    first = new_codes(range(50), {}, source=source)
    again = new_codes(range(50), {n: {code} for n, code in enumerate(first)}, source=random.Random(3))
    assert len(set(first)) == 50 and all(a != b for a, b in zip(first, again, strict=True))
    assert not set(new_codes(range(30), {}, source=source, taken=first)) & set(first)


def test_after_many_rounds_codes_are_still_new() -> None:
    """1 000 laboratories of which each had a code in each of ten rounds: no draw of 2 400 codes avoids them all, so others are drawn."""
    source = random.Random(5)
    before: dict[int, set[str]] = {n: set() for n in range(1000)}
    for _ in range(10):
        codes = new_codes(range(1000), before, source=source)
        assert len(set(codes)) == 1000
        for n, code in enumerate(codes):
            assert code not in before[n]
            before[n].add(code)


def merge(old: Institution, head: Institution) -> None:
    Institution.objects.filter(pk=old.pk).update(merged_into=head, merged_at=AT)


def test_entries_merged_since_they_enrolled_get_one_code(
    round_: Round, laboratory: User, other_laboratory: User, coordinator: User
) -> None:
    head, old = institution_of(laboratory), institution_of(other_laboratory)
    on_paper(round_, (old, "old", ""), (head, "new", ""))
    merge(old, head)
    assert actions.begin(round_, draw=random.Random(1), actor=coordinator, at=AT) == 1
    assert Identity.objects.get().institution == head
    with pytest.raises(EnrolmentRefused, match="already"):
        actions.take_in_late(
            round_, old, details=Details(), reason="x", draw=random.Random(1), actor=coordinator, at=AT
        )


def test_an_entry_merged_since_it_enrolled_takes_part_as_the_one_that_stands_for_it(
    round_: Round, laboratory: User, other_laboratory: User, coordinator: User
) -> None:
    head, old = institution_of(laboratory), institution_of(other_laboratory)
    on_paper(round_, (old, "", ""))
    merge(old, head)
    actions.begin(round_, draw=random.Random(1), actor=coordinator, at=AT)
    assert Identity.objects.get().institution == head


def test_a_file_names_the_entry_that_stands_for_a_laboratory(db: None) -> None:
    head, old = institution("laboratory", "新名", "New"), institution("laboratory", "旧名", "Old")
    Institution.objects.filter(pk=old.pk).update(merged_into=head, merged_at=AT)
    institution("authority", "某局", "Office")
    found = found_in_register(["旧名", "New", "某局", "nobody"])
    assert found == {"旧名": head, "New": head}


def test_what_was_accepted_stays_whatever_is_accepted_later(round_: Round, laboratory: User, coordinator: User) -> None:
    made = enrol(round_, laboratory)
    actions.withdraw(made, actor=laboratory, at=AT)
    Round.objects.filter(pk=round_.pk).update(state="running")
    newer = Promise.objects.create(round=round_, version=2, text_zh="新", text_en="n", sha256="e" * 64, made_at=AT)
    given = {"details": Details(), "draw": random.Random(2), "actor": coordinator, "at": AT + timedelta(days=1)}
    actions.take_in_late(round_, institution_of(laboratory), reason="post", **given)  # type: ignore[arg-type]
    one = Enrolment.objects.get()
    assert (one.state, one.promise, one.on_behalf) == ("enrolled", newer, True)
    accepted = [
        (kept.promise.version, kept.by, kept.on_behalf) for kept in one.acceptances.select_related("promise", "by")
    ]
    assert accepted == [(1, laboratory, False), (2, coordinator, True)]
    assert (
        Entry.objects.filter(verb="take_in_late", touched=3).count() == 1
    )  # the acceptance, the code, who is behind it
