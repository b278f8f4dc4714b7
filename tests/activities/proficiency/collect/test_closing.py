"""The collection closed: what laboratories reported becomes the results of the round, unchanged."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.activities.proficiency.collect.collected import AFTER, BEFORE, handed_in, part, rows, running_round
from tests.cast import institution_of, user_with_post
from tests.together import at_once
from zhunsheng.activities.proficiency.collect.actions import closing
from zhunsheng.activities.proficiency.collect.actions.closing import close, reopen
from zhunsheng.activities.proficiency.collect.actions.entering import save_draft
from zhunsheng.activities.proficiency.collect.models import Submission, Value
from zhunsheng.activities.proficiency.collect.queries.watching import counts_of
from zhunsheng.activities.proficiency.collect.rules.given import Given, ResultsRefused
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.queries import coded_results
from zhunsheng.activities.proficiency.rules.results_file import read_results
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.statechart import NotAllowedNow
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(laboratory: User) -> User:
    return user_with_post("second", "technical_manager", institution_of(laboratory))


@pytest.fixture
def round_(coordinator: User, provider: Institution, laboratory: User) -> Round:
    return running_round(provider, coordinator, laboratories=[institution_of(laboratory), None, None, None])


def test_what_was_reported_is_read_back_unchanged(
    round_: Round, laboratory: User, second: User, coordinator: User
) -> None:
    handed_in(round_, "K01", ("0.120", "<0.010"), by=laboratory, approved_by=second)
    hg, pb = round_.measurands.order_by("position")
    more = [
        Given(hg.pk, 1, "0.1210", "0.010", "2", 'GB 5009.17, "2"'), Given(hg.pk, 2, "1.20E-1", "0.010", "2"),
        Given(pb.pk, 1, could_not="instrument broken"),
    ]  # fmt: skip
    save_draft(part(round_, "K02"), more, actor=laboratory, at=BEFORE)
    handed_in(round_, "K02", (), by=laboratory, approved_by=second)
    handed_in(round_, "K03", ("未检出", "-0.30"), by=laboratory)
    save_draft(part(round_, "K04"), rows(round_, "9.999"), actor=laboratory, at=BEFORE)
    close(round_, with_submitted=True, actor=coordinator, at=AFTER)
    round_.refresh_from_db()
    assert round_.state == "collected" and round_.plan.closed_at == AFTER and round_.coded
    found = read_results(bytes(round_.attachment.content), round_.attachment.name)
    assert [(one.measurand, one.item, one.unit) for one in found.measurands] == [
        (m.name, "A", "mg/kg") for m in (hg, pb)
    ]
    by_code = coded_results(round_)
    read = {r.laboratory: r for r in by_code.measurands[0].results}
    assert read["K01"].result == "0.120"
    assert (
        read["K02"].replicates == ("0.1210", "1.20E-1") and read["K02"].uncertainty == "0.010" and read["K02"].k == "2"
    )
    assert [(r.laboratory, r.result, r.code) for r in by_code.measurands[0].left_out] == [
        ("K03", "未检出", "not_detected")
    ]
    assert [r.result for r in by_code.measurands[1].results] == ["-0.30"]
    assert {(r.laboratory, r.result) for r in by_code.measurands[1].left_out} == {("K01", "<0.010"), ("K02", "")}
    entry = Entry.objects.get(verb="close_collection")
    assert b'"taken":3' in bytes(entry.canonical) and b'"not_approved":1' in bytes(entry.canonical)


def test_only_what_was_approved_unless_the_coordinator_chooses(
    round_: Round, laboratory: User, second: User, coordinator: User
) -> None:
    for code in ("K01", "K02"):
        handed_in(round_, code, ("0.120", "0.300"), by=laboratory, approved_by=second)
    handed_in(round_, "K03", ("0.130", "0.300"), by=laboratory)
    close(round_, with_submitted=False, actor=coordinator, at=AFTER)
    assert [r.laboratory for r in coded_results(round_).measurands[0].results] == ["K01", "K02"]


def test_one_decimal_comma_does_not_make_the_numbers_of_others_ambiguous(
    round_: Round, laboratory: User, second: User, coordinator: User
) -> None:  # fmt: skip
    handed_in(round_, "K01", ("0,120", "12,5"), by=laboratory, approved_by=second)
    handed_in(round_, "K02", ("1.234", "０.300"), by=laboratory, approved_by=second)
    close(round_, with_submitted=False, actor=coordinator, at=AFTER)
    assert [r.value for r in coded_results(round_).measurands[0].results] == [0.12, 1.234]
    assert set(Value.objects.values_list("result", flat=True)) == {"0,120", "12,5", "1.234", "０.300"}


def test_an_uncertainty_of_zero_does_not_spoil_the_file(
    round_: Round, laboratory: User, second: User, coordinator: User
) -> None:
    save_draft(part(round_, "K01"), rows(round_, "0.120", uncertainty="0", k="2"), actor=laboratory, at=BEFORE)
    handed_in(round_, "K01", (), by=laboratory, approved_by=second)
    handed_in(round_, "K02", ("0.121", "0.300"), by=laboratory, approved_by=second)
    close(round_, with_submitted=False, actor=coordinator, at=AFTER)
    assert [r.U for r in coded_results(round_).measurands[0].results] == [None, None]


def test_not_before_the_deadline_unless_all_are_approved(
    coordinator: User, provider: Institution, laboratory: User, second: User
) -> None:  # fmt: skip
    round_ = running_round(provider, coordinator, laboratories=[institution_of(laboratory), None])
    handed_in(round_, "K01", ("0.120", "0.300"), by=laboratory, approved_by=second)
    with pytest.raises(ResultsRefused, match="may still be submitted"):
        close(round_, with_submitted=True, actor=coordinator, at=BEFORE)
    handed_in(round_, "K02", ("0.121", "0.300"), by=laboratory, approved_by=second)
    assert counts_of(round_).all_approved
    close(round_, with_submitted=False, actor=coordinator, at=BEFORE)
    with pytest.raises(NotAllowedNow):
        close(round_, with_submitted=False, actor=coordinator, at=AFTER)
    assert Attachment.objects.count() == 1


def test_not_while_a_participant_has_more_time_nor_of_one_laboratory(
    round_: Round, laboratory: User, second: User, coordinator: User
) -> None:
    handed_in(round_, "K01", ("0.120", "0.300"), by=laboratory, approved_by=second)
    with pytest.raises(ResultsRefused, match="fewer than two"):
        close(round_, with_submitted=True, actor=coordinator, at=AFTER)
    handed_in(round_, "K02", ("0.120", "0.300"), by=laboratory, approved_by=second)
    reopen(part(round_, "K03"), reason="post", until=AFTER + timedelta(days=1), actor=coordinator, at=AFTER)
    with pytest.raises(ResultsRefused, match="more time"):
        close(round_, with_submitted=True, actor=coordinator, at=AFTER)
    assert not Attachment.objects.exists()


def made_in_bulk(round_: Round, laboratories: int) -> None:
    """Approved submissions written straight into the tables: the verb that is measured is the one that closes."""
    parts = Participation.objects.bulk_create(
        [Participation(round=round_, code=f"L{n:05d}") for n in range(laboratories)], batch_size=300
    )
    held = Submission.objects.bulk_create(
        [Submission(participation=one, state="approved", submitted_at=BEFORE) for one in parts], batch_size=100
    )
    measurands = list(round_.measurands.order_by("position"))
    Value.objects.bulk_create(
        [Value(submission=one, measurand=m, result=f"0.{n % 900 + 100}", uncertainty="0.012", k="2", at=BEFORE)
         for n, one in enumerate(held) for m in measurands], batch_size=60,
    )  # fmt: skip


def test_closing_asks_as_many_questions_for_3_laboratories_as_for_300(coordinator: User, provider: Institution) -> None:
    counts = []
    for n in (3, 300):
        round_ = running_round(provider, coordinator, laboratories=[], number=f"N-{n}")
        made_in_bulk(round_, n)
        with CaptureQueriesContext(connection) as asked:
            close(round_, with_submitted=False, actor=coordinator, at=AFTER)
        counts.append(len(asked))
        assert len(coded_results(round_).measurands[1].results) == n
    assert counts[0] == counts[1], counts


def test_what_changes_while_the_file_is_made_is_in_it(
    round_: Round, laboratory: User, second: User, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is made outside the transaction: a result approved meanwhile is not left out."""
    for code in ("K01", "K02"):
        handed_in(round_, code, ("0.120", "0.300"), by=laboratory, approved_by=second)
    made: list[int] = []

    def results_file(asked: Any, given: Any) -> bytes:
        made.append(len(given))
        if len(made) == 1:
            handed_in(round_, "K03", ("0.121", "0.301"), by=laboratory, approved_by=second)
        return as_it_is(asked, given)

    as_it_is = closing.results_file
    monkeypatch.setattr(closing, "results_file", results_file)
    close(round_, with_submitted=False, actor=coordinator, at=AFTER)
    assert made == [2, 3] and len(coded_results(round_).measurands[0].results) == 3


def test_results_that_never_rest_are_not_closed(
    round_: Round, laboratory: User, second: User, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("K01", "K02"):
        handed_in(round_, code, ("0.120", "0.300"), by=laboratory, approved_by=second)
    as_it_is = closing.results_file

    def results_file(asked: Any, given: Any) -> bytes:
        Submission.objects.filter(participation__code="K01").update(version=F("version") + 1)
        return as_it_is(asked, given)

    monkeypatch.setattr(closing, "results_file", results_file)
    with pytest.raises(ResultsRefused, match="keep changing"):
        close(round_, with_submitted=False, actor=coordinator, at=AFTER)
    assert Round.objects.get(pk=round_.pk).state == "running" and not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_does(coordinator: User, provider: Institution) -> None:
    round_ = running_round(provider, coordinator, laboratories=[])
    made_in_bulk(round_, 3)
    answers = at_once(
        2, lambda: close(Round.objects.get(pk=round_.pk), with_submitted=False, actor=coordinator, at=AFTER)
    )
    assert sorted(type(one).__name__ for one in answers) == ["NoneType", "NotAllowedNow"]
    assert Attachment.objects.count() == 1


def test_closed_before_the_deadline_the_results_are_of_that_day(
    coordinator: User, provider: Institution, laboratory: User, second: User
) -> None:
    round_ = running_round(provider, coordinator, laboratories=[institution_of(laboratory), None])
    for code in ("K01", "K02"):
        handed_in(round_, code, ("0.120", "0.300"), by=laboratory, approved_by=second)
    assert round_.performed_on > BEFORE.date()
    close(round_, with_submitted=False, actor=coordinator, at=BEFORE)
    round_.refresh_from_db()
    assert round_.performed_on == timezone.localdate(BEFORE)
