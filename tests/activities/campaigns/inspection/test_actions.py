"""The verbs of a visit: what each needs, writes and refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.inspection.visits import (
    PHOTO,
    TODAY,
    authority_here,
    begun,
    decided,
    found,
    key,
    laboratory_here,
    look,
    officers,
    proof,
    ready_to_decide,
    recorded,
    sent,
    signed,
)
from tests.cast import AT, user_with_post
from zhunsheng.activities.campaigns.draw.actions import declare_interest
from zhunsheng.activities.campaigns.draw.models import Interest
from zhunsheng.activities.campaigns.inspection import actions
from zhunsheng.activities.campaigns.inspection.documents import record_document, task_letter
from zhunsheng.activities.campaigns.inspection.models import (
    Declaration,
    Disposition,
    Exhibit,
    Finding,
    Inspection,
    Look,
    Officer,
)
from zhunsheng.activities.campaigns.inspection.queries import deciders, earlier_of, last_looks, team_of
from zhunsheng.activities.campaigns.inspection.rules.packages import Package
from zhunsheng.activities.campaigns.inspection.rules.refusals import InspectionRefused
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.models import Person

pytestmark = pytest.mark.django_db
PACKAGE = Package((look(),), (found(),))


@pytest.fixture
def authority(db: None) -> Institution:
    return authority_here()


@pytest.fixture
def where(db: None) -> Institution:
    return laboratory_here()


@pytest.fixture
def team(authority: Institution) -> list[Person]:
    return officers(authority, 3)


@pytest.fixture
def visit(authority: Institution, where: Institution, team: list[Person]) -> Inspection:
    return begun(sent(authority, where, team[:2]), team[:2])


@pytest.fixture
def decider(authority: Institution) -> User:
    return user_with_post("decider", "regulator", authority)


def mentor(person: Person, where: Institution) -> None:
    declare_interest(
        Interest(person=person, institution=where, kind="mentor", valid_from=date(2026, 1, 1)), actor=None, at=AT
    )


def written() -> tuple[int, ...]:
    return tuple(one.objects.count() for one in (Entry, Finding, Look, Exhibit, Officer, Declaration, Disposition))


def test_task_letters_have_running_numbers_and_one_journal_row(authority: Institution, team: list[Person]) -> None:
    tasks = [actions.Task(laboratory_here(n), team[:2]) for n in range(1, 4)]
    made = actions.plan_inspections(tasks, authority=authority, on=TODAY, until=TODAY, actor=None, at=AT)
    assert [one.number for one in made] == ["2026-00001", "2026-00002", "2026-00003"]
    assert Entry.objects.filter(verb="plan_inspections").count() == 1


def test_task_letters_take_the_same_questions_for_three_and_for_thirty(
    authority: Institution, team: list[Person]
) -> None:
    asked = []
    for n in (3, 30):
        tasks = [actions.Task(laboratory_here(n * 100 + i), team[:2]) for i in range(n)]
        with CaptureQueriesContext(connection) as counted:
            actions.plan_inspections(tasks, authority=authority, on=TODAY, until=TODAY, actor=None, at=AT)
        asked.append(len(counted))
    assert asked[0] == asked[1]


def test_trap_08_a_mentor_is_not_sent(authority: Institution, where: Institution, team: list[Person]) -> None:
    mentor(team[1], where)
    before = written()
    with pytest.raises(InspectionRefused, match="mentors"):
        sent(authority, where, team[:2])
    assert written() == before


def test_who_is_no_inspector_of_the_authority_is_not_sent(
    authority: Institution, where: Institution, team: list[Person]
) -> None:
    stranger = user_with_post("stranger", "analyst", laboratory_here(9)).person
    with pytest.raises(InspectionRefused, match="no inspector"):
        sent(authority, where, [team[0], stranger])


def test_who_became_a_mentor_meanwhile_is_stopped_on_the_day_and_replaced(
    authority: Institution, where: Institution, team: list[Person]
) -> None:
    inspection = sent(authority, where, team[:2])
    mentor(team[1], where)
    with pytest.raises(InspectionRefused, match="mentors"):
        actions.declare_recusal(inspection, officer=team[1], free=True, detail="", actor=None, at=AT)
    said = actions.declare_recusal(inspection, officer=team[1], free=False, detail="帮扶该机构", actor=None, at=AT)
    assert said.state == "sent"
    actions.replace_officer(inspection, officer=team[1], by=team[2], reason="回避", actor=None, at=AT)
    assert team_of(inspection) == [team[0], team[2]]
    assert begun(inspection, [team[0], team[2]]).state == "open"


def test_a_visit_begins_when_all_officers_answered_on_the_day(
    authority: Institution, where: Institution, team: list[Person]
) -> None:
    inspection = sent(authority, where, team[:2])
    assert begun(inspection, team[:1]).state == "sent"
    later = AT + timedelta(days=1)
    assert begun(inspection, team[1:2], at=later).state == "sent", "the answer of yesterday does not count"
    assert begun(inspection, team[:1], at=later).state == "open"
    with pytest.raises(InspectionRefused, match="not for today"):
        begun(sent(authority, laboratory_here(2), team[:2]), team[:1], at=AT + timedelta(days=9))


def test_the_same_package_twice_changes_nothing(visit: Inspection, team: list[Person]) -> None:
    first = actions.sync(visit, PACKAGE, officer=team[0], actor=team[0].user, at=AT)
    actions.keep_exhibit(visit, proof(), PHOTO, officer=team[0], actor=team[0].user, at=AT)
    before = written()
    again = actions.sync(visit, PACKAGE, officer=team[0], actor=team[0].user, at=AT)
    photo = actions.keep_exhibit(visit, proof(), PHOTO, officer=team[0], actor=team[0].user, at=AT)
    assert (len(first.kept), again.kept, len(again.known), photo.known) == (2, [], 2, [str(proof().id)])
    assert written() == before


def test_a_key_with_other_words_is_a_conflict_that_shows_ours(visit: Inspection, team: list[Person]) -> None:
    actions.sync(visit, PACKAGE, officer=team[0], actor=None, at=AT)
    before = written()
    other = Package((), (found(facts="另一种说法"),))
    taken = actions.sync(visit, other, officer=team[1], actor=None, at=AT)
    assert taken.conflicts == {str(key("f1")): found().said()}
    assert written() == before
    changed = proof(content=b"other bytes")
    actions.keep_exhibit(visit, proof(), PHOTO, officer=team[0], actor=None, at=AT)
    assert list(actions.keep_exhibit(visit, changed, b"other bytes", officer=team[0], actor=None, at=AT).conflicts)


def test_a_key_of_another_visit_tells_nothing_of_it(
    authority: Institution, visit: Inspection, team: list[Person]
) -> None:
    actions.sync(visit, PACKAGE, officer=team[0], actor=None, at=AT)
    other = begun(sent(authority, laboratory_here(2), team[:2]), team[:2])
    taken = actions.sync(other, PACKAGE, officer=team[0], actor=None, at=AT)
    assert taken.conflicts == {str(key("f1")): None, str(key("l1")): None}


def test_two_officers_who_differ_stand_beside_each_other(visit: Inspection, team: list[Person]) -> None:
    for n, outcome in enumerate(("finding", "in_order")):
        one = Package((look(f"l{n}", outcome=outcome), look(f"old{n}", outcome="not_seen", at=AT - timedelta(1))), ())
        actions.sync(visit, one, officer=team[n], actor=None, at=AT)
    assert [one.outcome for one in last_looks(visit)["F07"]] == ["finding", "in_order"]


def test_trap_01_a_finding_names_the_pack_of_the_day_of_the_act(visit: Inspection, team: list[Person]) -> None:
    days = (date(2025, 4, 30), date(2025, 5, 1))
    both = Package((), tuple(found(f"act{day}", code="F06", act_on=day) for day in days))
    actions.sync(visit, both, officer=team[0], actor=None, at=AT)
    before, after = Finding.objects.order_by("act_on")
    assert (before.fine_cap_cny, after.fine_cap_cny) == (30_000, 50_000)
    assert "SAMR-39@2021" in before.pack and "SAMR-39@2025" in after.pack
    assert before.pack_sha256 != after.pack_sha256


def test_a_photograph_is_kept_with_its_hash_and_other_bytes_are_not(visit: Inspection, team: list[Person]) -> None:
    with pytest.raises(InspectionRefused, match="not arrived"):
        actions.keep_exhibit(visit, proof(), PHOTO, officer=team[0], actor=None, at=AT)
    actions.sync(visit, PACKAGE, officer=team[0], actor=None, at=AT)
    with pytest.raises(InspectionRefused, match="SHA-256"):
        actions.keep_exhibit(visit, proof(), b"retouched", officer=team[0], actor=None, at=AT)
    actions.keep_exhibit(visit, proof(), PHOTO, officer=team[0], actor=None, at=AT)
    kept = Exhibit.objects.get()
    assert (kept.sha256, bytes(kept.attachment.content)) == (proof().sha256, PHOTO)


def test_a_nonconformity_without_evidence_is_not_closed(visit: Inspection, team: list[Person]) -> None:
    actions.sync(visit, PACKAGE, officer=team[0], actor=None, at=AT)
    with pytest.raises(InspectionRefused, match="F07"):
        actions.close_record(visit, actor=None, at=AT)
    actions.withdraw_finding(Finding.objects.get(), reason="证书已补交", actor=None, at=AT)
    assert actions.close_record(visit, actor=None, at=AT).sha256
    assert visit.state == "signing"


def test_after_closing_nothing_is_added_and_what_came_late_is_told(visit: Inspection, team: list[Person]) -> None:
    recorded(visit, team[0])
    actions.close_record(visit, actor=None, at=AT)
    before = written()
    taken = actions.sync(visit, Package((), (found("late"), found())), officer=team[0], actor=None, at=AT)
    assert (taken.late, taken.known) == ([str(key("late"))], [str(key("f1"))])
    with pytest.raises(NotAllowedNow):
        actions.record_finding(visit, found("late"), officer=team[0], actor=None, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.withdraw_finding(Finding.objects.get(), reason="晚了", actor=None, at=AT)
    assert written() == before


def test_a_suspicion_is_taken_up_once(visit: Inspection, team: list[Person]) -> None:
    made = actions.record_finding(visit, found(), officer=team[0], actor=None, at=AT, suspicion=key("suspicion"))
    assert actions.record_finding(visit, found(), officer=team[0], actor=None, at=AT) == made
    with pytest.raises(InspectionRefused):
        actions.record_finding(visit, found(facts="别的"), officer=team[0], actor=None, at=AT)
    assert Finding.objects.get().suspicion == key("suspicion")


def test_a_record_is_signed_by_both_officers_and_the_institution_or_its_refusal(
    visit: Inspection, team: list[Person]
) -> None:
    recorded(visit, team[0])
    sha256 = actions.close_record(visit, actor=None, at=AT).sha256
    with pytest.raises(InspectionRefused, match="another one"):
        actions.sign_as_officer(visit, officer=team[0], sha256="0" * 64, actor=None, at=AT)
    with pytest.raises(InspectionRefused, match="Only officers"):
        actions.sign_as_officer(visit, officer=team[2], sha256=sha256, actor=None, at=AT)
    for one in team[:2]:
        actions.sign_as_officer(visit, officer=one, sha256=sha256, actor=None, at=AT)
    with pytest.raises(InspectionRefused, match="already"):
        actions.sign_as_officer(visit, officer=team[0], sha256=sha256, actor=None, at=AT)
    assert visit.state == "signing"
    given: dict[str, Any] = {"manner": "refused", "name": "", "sha256": sha256, "actor": None, "at": AT}
    with pytest.raises(InspectionRefused, match="refused"):
        actions.sign_for_institution(visit, statement=" ", **given)
    actions.sign_for_institution(visit, statement="负责人看过后离开", **given)
    assert visit.state == "signed"


def test_a_decision_is_made_by_who_was_not_on_the_visit(
    authority: Institution, where: Institution, team: list[Person], decider: User
) -> None:
    inspection = ready_to_decide(authority, where, team[:2])
    assert team[0].user
    with pytest.raises(InspectionRefused, match="officer on the visit"):
        decided(inspection, team[0].user)
    made = decided(inspection, decider)
    assert (made.number, made.state, made.appeal_until) == ("2026-00001-1", "issued", date(2026, 5, 9)), (
        "a make-up Saturday"
    )
    with pytest.raises(InspectionRefused):  # nothing left to decide about
        decided(inspection, decider)


def test_a_finding_is_decided_once_and_only_in_a_signed_record(
    visit: Inspection, team: list[Person], decider: User
) -> None:
    recorded(visit, team[0])
    with pytest.raises(NotAllowedNow):
        decided(visit, decider)
    signed(visit, team[:2])
    findings = list(Finding.objects.all())
    decided(visit, decider)
    decision = actions.Decision("order", "再次", TODAY + timedelta(days=9))
    with pytest.raises(NotAllowedNow):
        actions.dispose(visit, findings, decision, actor=decider, at=AT, deliver=lambda made: None)


def test_a_letter_that_cannot_be_delivered_is_no_decision(
    authority: Institution, where: Institution, team: list[Person], decider: User
) -> None:
    inspection = ready_to_decide(authority, where, team[:2])
    decision = actions.Decision("order", "理由", TODAY + timedelta(days=9))

    def fail(made: Disposition) -> None:
        raise OSError

    with pytest.raises(OSError):
        actions.dispose(inspection, list(Finding.objects.all()), decision, actor=decider, at=AT, deliver=fail)
    assert not Disposition.objects.exists() and Finding.objects.get().state == "recorded"


def test_an_appeal_in_time_is_answered_by_another_person(
    authority: Institution, where: Institution, team: list[Person], decider: User
) -> None:
    other = user_with_post("other_decider", "regulator", authority)
    made = decided(ready_to_decide(authority, where, team[:2]), decider)
    with pytest.raises(InspectionRefused, match="last day"):
        actions.appeal(made, grounds="不服", actor=decider, at=AT + timedelta(days=60))
    actions.appeal(made, grounds="证书当日已续", actor=decider, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.appeal(made, grounds="再次", actor=decider, at=AT)
    with pytest.raises(InspectionRefused, match="Another person"):
        actions.answer_appeal(made, uphold=True, answer="维持", actor=decider, at=AT)
    actions.answer_appeal(made, uphold=False, answer="证据不足", actor=other, at=AT)
    assert (made.state, Finding.objects.get().state) == ("revoked", "recorded")
    assert decided(made.inspection, other).number == "2026-00001-2"


def test_who_decided_what_can_be_compared(
    authority: Institution, where: Institution, team: list[Person], decider: User
) -> None:
    decided(ready_to_decide(authority, where, team[:2]), decider, kind="self_correct")
    one = deciders(Disposition.objects.all())[0]
    assert (one.name, one.findings, one.kinds["self_correct"], one.fineable, one.lenient, one.share) == (
        "Decider", 1, 1, 1, 1, 1.0
    )  # fmt: skip


def test_the_same_class_again_within_two_years_is_counted(visit: Inspection, team: list[Person]) -> None:
    days = {"now": TODAY, "recent": date(2024, 4, 15), "old": date(2024, 4, 14)}
    acts = tuple(found(name, act_on=day) for name, day in days.items())
    other = found("other", code="F08", act_on=date(2026, 1, 1))
    actions.sync(visit, Package((), (*acts, other)), officer=team[0], actor=None, at=AT)
    counted = earlier_of(list(Finding.objects.select_related("inspection")), years=2)
    assert counted == {key("now"): 1, key("recent"): 1, key("old"): 0, key("other"): 0}
    actions.withdraw_finding(Finding.objects.get(pk=key("recent")), reason="误记", actor=None, at=AT)
    assert earlier_of([Finding.objects.select_related("inspection").get(pk=key("now"))], years=2) == {key("now"): 0}


def test_a_task_is_extended_with_a_reason_while_its_officers_may_go(
    authority: Institution, where: Institution, team: list[Person]
) -> None:
    one = sent(authority, where, team[:2])
    before, last, why = written(), one.until, t("no power on the day", "当日停电")
    for until, reason in ((last, why), (last + timedelta(days=9), t("", ""))):
        with pytest.raises(InspectionRefused):
            actions.extend_inspection(one, until=until, reason=reason, actor=None, at=AT)
    late = AT + timedelta(days=30)
    with pytest.raises(InspectionRefused, match="not past"):
        actions.extend_inspection(one, until=last + timedelta(days=1), reason=why, actor=None, at=late)
    assert written() == before
    stale = Inspection.objects.get(pk=one.pk)
    made = actions.extend_inspection(one, until=late.date(), reason=why, actor=None, at=late)
    assert (made.until_before, one.until, Entry.objects.filter(verb="extend_inspection").count()) == (
        last,
        late.date(),
        1,
    )
    facts = task_letter(one)["facts"]
    assert [f"至 {late.date()}：当日停电" in value["zh"] for _, value in facts].count(True) == 1
    with pytest.raises(NotAllowedNow):
        actions.extend_inspection(stale, until=late.date(), reason=why, actor=None, at=late)
    mentor(team[0], where)
    with pytest.raises(InspectionRefused, match="mentors"):
        actions.extend_inspection(one, until=late.date() + timedelta(days=1), reason=why, actor=None, at=late)


def test_a_task_that_ended_is_not_extended(visit: Inspection, team: list[Person]) -> None:
    actions.cancel_inspection(visit, reason=t("closed", "停业"), actor=None, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.extend_inspection(visit, until=TODAY + timedelta(days=30), reason=t("more", "补充"), actor=None, at=AT)


def test_the_position_of_a_phone_is_kept_as_it_said_and_is_part_of_the_digest(
    visit: Inspection, team: list[Person]
) -> None:
    actions.sync(visit, Package((), (found(),)), officer=team[0], actor=None, at=AT)
    here = proof(position="geo:30.274150,120.155070;u=12.5")
    assert actions.keep_exhibit(visit, here, PHOTO, officer=team[0], actor=None, at=AT).kept == [str(here.id)]
    assert actions.keep_exhibit(visit, here, PHOTO, officer=team[0], actor=None, at=AT).known == [str(here.id)]
    elsewhere = actions.keep_exhibit(visit, proof(position="geo:1,2"), PHOTO, officer=team[0], actor=None, at=AT)
    told = elsewhere.conflicts[str(here.id)]
    assert told is not None and told["position"] == "geo:30.274150,120.155070;u=12.5"
    evidence = record_document(visit, AT)["sections"][1]["rows"][0][2]
    assert (
        "30.274150, 120.155070 (± 12.5 m)" in evidence["en"] and "30.274150，120.155070（± 12.5 m）" in evidence["zh"]
    )


def test_a_task_is_cancelled_with_a_reason(authority: Institution, where: Institution, team: list[Person]) -> None:
    inspection = sent(authority, where, team[:2])
    with pytest.raises(InspectionRefused):
        actions.cancel_inspection(inspection, reason=t("", "停业"), actor=None, at=AT)
    actions.cancel_inspection(inspection, reason=t("closed down", "停业"), actor=None, at=AT)
    assert inspection.state == "cancelled"
    with pytest.raises(NotAllowedNow):
        begun(inspection, team[:1])
