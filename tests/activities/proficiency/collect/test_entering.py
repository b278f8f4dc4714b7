"""Drafts, submission, approval by a second person, and what the receipt keeps."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.proficiency.collect.collected import AFTER, BEFORE, handed_in, part, rows, running_round
from tests.activities.proficiency.planned import RESULTS_UNTIL
from tests.cast import institution_of, user_with_post
from tests.together import at_once
from zhunsheng.activities.proficiency.collect.actions.closing import reopen
from zhunsheng.activities.proficiency.collect.actions.entering import approve, give_back, save_draft, submit, withdraw
from zhunsheng.activities.proficiency.collect.models import Receipt, Submission, Value
from zhunsheng.activities.proficiency.collect.rules.given import Given, ResultsRefused, WrittenMeanwhile
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.plan.rules.planning import LatePolicy
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(coordinator: User, provider: Institution, laboratory: User) -> Round:
    return running_round(provider, coordinator, laboratories=[institution_of(laboratory), None])


@pytest.fixture
def ours(round_: Round) -> Participation:
    return part(round_, "K01")


@pytest.fixture
def second(laboratory: User) -> User:
    return user_with_post("second", "technical_manager", institution_of(laboratory))


def test_a_draft_is_kept_as_it_was_typed_and_nothing_is_lost(
    round_: Round, ours: Participation, laboratory: User
) -> None:
    hg, pb = rows(round_, " ＜0.01", "1,234", instrument="ICP-MS 7", analyst="Li", measured_on="2026-05-20")
    save_draft(ours, [hg], actor=laboratory, at=BEFORE)
    saved = save_draft(ours, [pb], actor=laboratory, at=BEFORE)
    assert [one.given for one in saved.values.all()] == [hg, pb]
    assert saved.version == 2
    assert save_draft(ours, [pb], actor=laboratory, at=BEFORE).version == 2  # nothing new was said
    assert not Entry.objects.filter(subject=f"submission:{saved.pk}").exists()


def test_only_what_is_asked_for_is_kept(round_: Round, ours: Participation, laboratory: User) -> None:
    with pytest.raises(ResultsRefused, match="does not ask"):
        save_draft(ours, [Given(987654, 1, "1")], actor=laboratory, at=BEFORE)
    assert not Value.objects.exists()


def test_the_other_one_is_told_and_nothing_is_overwritten(
    round_: Round, ours: Participation, laboratory: User, second: User
) -> None:
    hg, pb = rows(round_, "0.120", "0.300")
    save_draft(ours, [hg], actor=laboratory, at=BEFORE, was={hg.key: ""})
    theirs = [Given(hg.measurand, 1, "0.999"), pb]
    with pytest.raises(WrittenMeanwhile) as told:
        save_draft(ours, theirs, actor=second, at=BEFORE, was={hg.key: "", pb.key: ""})
    assert told.value.keys == {hg.key}
    assert list(Value.objects.values_list("result", flat=True)) == ["0.120"]
    save_draft(ours, theirs, actor=second, at=BEFORE, was={hg.key: hg.stamp, pb.key: ""})
    assert list(Value.objects.values_list("result", flat=True)) == ["0.999", "0.300"]


def test_submitted_with_a_receipt_and_approved_by_a_second_person(
    round_: Round, ours: Participation, laboratory: User, second: User
) -> None:  # fmt: skip
    given = rows(round_, "0.120", uncertainty="0.012", k="2", method="in house") + rows(
        round_, "<0.121", "", replicate=2
    )
    saved = save_draft(ours, given, actor=laboratory, at=BEFORE)
    receipt = submit(ours, version=saved.version, actor=laboratory, at=BEFORE)
    content = json.loads(bytes(receipt.content))
    assert receipt.sha256 == hashlib.sha256(bytes(receipt.content)).hexdigest()
    assert content["code"] == "K01" and content["submitted_at"] == BEFORE.isoformat() and content["late"] is False
    values = [(one["result"], one["uncertainty"], one["replicate"]) for one in content["values"]]
    assert values == [
        ("0.120", "0.012", 1),
        ("<0.121", "", 2),
    ]
    found = Submission.objects.get()
    with pytest.raises(ResultsRefused, match="second person"):
        approve(ours, version=found.version, actor=laboratory, at=BEFORE)
    with pytest.raises(WrittenMeanwhile):
        approve(ours, version=found.version - 1, actor=second, at=BEFORE)
    approve(ours, version=found.version, actor=second, at=BEFORE)
    assert Submission.objects.get().state == "approved"
    verbs = Entry.objects.filter(subject=f"submission:{found.pk}").values_list("verb", flat=True)
    assert sorted(verbs) == ["approve_results", "submit_results"]
    with pytest.raises(NotAllowedNow):
        save_draft(ours, given, actor=laboratory, at=BEFORE)


def test_given_back_with_a_reason_and_submitted_again(
    round_: Round, ours: Participation, laboratory: User, second: User
) -> None:
    handed_in(round_, "K01", ("0.120", "0.3"), by=laboratory)
    with pytest.raises(ResultsRefused, match="Say why"):
        give_back(ours, reason=" ", actor=second, at=BEFORE)
    give_back(ours, reason="Digits of lead", actor=second, at=BEFORE)
    found = Submission.objects.get()
    assert (found.state, found.returned_because, found.submitted_by) == ("draft", "Digits of lead", None)
    handed_in(round_, "K01", ("0.120", "0.300"), by=laboratory)
    assert Receipt.objects.count() == 2
    assert Submission.objects.get().returned_because == ""


def test_what_was_changed_since_is_not_submitted_unseen(round_: Round, ours: Participation, laboratory: User) -> None:
    saved = save_draft(ours, rows(round_, "0.120"), actor=laboratory, at=BEFORE)
    save_draft(ours, rows(round_, "0.130"), actor=laboratory, at=BEFORE)
    with pytest.raises(WrittenMeanwhile):
        submit(ours, version=saved.version, actor=laboratory, at=BEFORE)


@pytest.mark.parametrize(
    ("policy", "seconds", "reason", "late"),
    [
        (LatePolicy(), 0, "", False), (LatePolicy(), 1, "", None), (LatePolicy("with_reason"), 1, "", None),
        (LatePolicy("with_reason"), 1, "strike", True), (LatePolicy("until", 1), 3600, "", True),
        (LatePolicy("until", 1), 3601, "", None),
    ],
)  # fmt: skip
def test_the_server_decides_to_the_second(
    coordinator: User, provider: Institution, laboratory: User, policy: LatePolicy, seconds: int, reason: str, late: bool | None
) -> None:  # fmt: skip
    round_ = running_round(provider, coordinator, laboratories=[institution_of(laboratory)], late=policy)
    ours, at = part(round_, "K01"), RESULTS_UNTIL + timedelta(seconds=seconds)
    saved = save_draft(ours, rows(round_, "0.120"), actor=laboratory, at=at)
    if late is None:
        with pytest.raises(ResultsRefused):
            submit(ours, version=saved.version, actor=laboratory, at=at, late_reason=reason)
        assert not Receipt.objects.exists()
    else:
        submit(ours, version=saved.version, actor=laboratory, at=at, late_reason=reason)
        found = Submission.objects.get()
        assert (found.late, found.late_reason) == (late, reason)


def test_withdrawn_before_the_deadline_only(round_: Round, ours: Participation, laboratory: User, second: User) -> None:
    handed_in(round_, "K01", ("0.120", "0.300"), by=laboratory, approved_by=second)
    withdraw(ours, actor=laboratory, at=RESULTS_UNTIL)
    assert Submission.objects.get().state == "draft"
    handed_in(round_, "K01", ("0.120", "0.310"), by=laboratory)
    with pytest.raises(ResultsRefused, match="stands"):
        withdraw(ours, actor=laboratory, at=AFTER)
    assert Submission.objects.get().state == "submitted"


def test_reopened_with_a_reason_and_an_own_deadline(
    round_: Round, ours: Participation, laboratory: User, coordinator: User
) -> None:
    handed_in(round_, "K01", ("0.120", "0.300"), by=laboratory)
    for reason, until in (("", AFTER + timedelta(days=1)), ("lost post", None), ("lost post", AFTER)):
        with pytest.raises(ResultsRefused):
            reopen(ours, reason=reason, until=until, actor=coordinator, at=AFTER)
    until = AFTER + timedelta(hours=1)
    reopen(ours, reason="lost post", until=until, actor=coordinator, at=AFTER)
    found = handed_in(round_, "K01", ("0.120", "0.310"), by=laboratory, at=until)
    assert (found.state, found.late) == ("submitted", False)
    fresh = reopen(part(round_, "K02"), reason="never had a chance", until=until, actor=coordinator, at=AFTER)
    assert fresh.state == "draft"


def test_a_draft_costs_the_same_for_2_and_for_20_rows(round_: Round, ours: Participation, laboratory: User) -> None:
    counts = []
    for replicates in (range(1, 2), range(1, 11)):
        given = [one for r in replicates for one in rows(round_, f"0.{r:03d}", f"1.{r:03d}", replicate=r, method="x")]
        save_draft(ours, rows(round_, "1", "2"), actor=laboratory, at=BEFORE)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            save_draft(ours, given, actor=laboratory, at=BEFORE)
        counts.append(len(asked))
    assert counts[1] - counts[0] <= 2, counts  # the insert beside the update
    assert counts[1] <= 12, counts


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_same_row_at_once_one_wins_and_the_other_is_told(
    coordinator: User, provider: Institution, laboratory: User
) -> None:  # fmt: skip
    round_ = running_round(provider, coordinator, laboratories=[institution_of(laboratory)])
    ours, texts = part(round_, "K01"), iter(["0.111", "0.222"])

    def write() -> object:
        (mine,) = rows(round_, next(texts))
        return save_draft(ours, [mine], actor=laboratory, at=BEFORE, was={mine.key: ""})

    answers = at_once(2, write)
    assert sorted(type(one).__name__ for one in answers) == ["Submission", "WrittenMeanwhile"]
    assert Value.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_submit_at_once_one_does(coordinator: User, provider: Institution, laboratory: User) -> None:
    round_ = running_round(provider, coordinator, laboratories=[institution_of(laboratory)])
    ours = part(round_, "K01")
    saved = save_draft(ours, rows(round_, "0.120"), actor=laboratory, at=BEFORE)
    answers = at_once(2, lambda: submit(ours, version=saved.version, actor=laboratory, at=BEFORE))
    assert sorted(type(one).__name__ for one in answers) == ["NotAllowedNow", "Receipt"]
    assert Receipt.objects.count() == 1
