"""Evidence is written inside the transaction of the act it proves, vouched for by that act's journal row, and only corrected."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from tests.capability.evidence.test_kinds import GOOD
from tests.cast import AT, institution_of
from zhunsheng.capability.evidence.actions import BadSupersession, Shown, lines, record
from zhunsheng.capability.evidence.kinds import BadPayload
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.journal.models import Entry, Manifest
from zhunsheng.registry.catalogue.models import Matrix, Parameter


@pytest.fixture
def shown(laboratory: User, mercury: Parameter, feed: Matrix) -> Shown:
    return Shown(
        institution_id=institution_of(laboratory).pk, parameter_id=mercury.pk, matrix_id=feed.pk, kind="proficiency_result",
        version=1, payload=GOOD, occurred_on=date(2026, 3, 2), source="round:1:0",
    )  # fmt: skip


def made(*shown: Shown) -> list[Evidence]:
    return lines(shown, at=AT, source_sha256="0" * 64)


def act(covers: list[Evidence]) -> Entry:
    return journal.record("release_round", actor=None, at=AT, subject="round:1", covers=covers)


@transaction.atomic
def write(*shown: Shown) -> Evidence:
    covered = made(*shown)
    record(covered, entry=act(covered))
    return covered[0]


@pytest.mark.django_db
def test_a_line_knows_its_act_its_source_and_both_times(shown: Shown) -> None:
    line = write(shown)
    line.refresh_from_db()
    assert (line.entry.verb, line.source, line.source_sha256) == ("release_round", "round:1:0", "0" * 64)
    assert (line.occurred_on, line.recorded_at) == (date(2026, 3, 2), AT)


@pytest.mark.django_db(transaction=True)
def test_an_act_of_another_transaction_proves_nothing(shown: Shown) -> None:
    covered = made(shown)
    with transaction.atomic():
        entry = act(covered)
    with pytest.raises(TransactionManagementError, match="inside the transaction"), transaction.atomic():
        record(covered, entry=entry)
    with pytest.raises(TransactionManagementError, match="inside the transaction"):
        record(covered, entry=entry)
    assert Evidence.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_act_that_was_taken_back_proves_nothing(shown: Shown) -> None:
    covered = made(shown)
    taken_back: list[Entry] = []
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            act_and_fail(covered, taken_back)
        with pytest.raises(TransactionManagementError, match="inside the transaction"):
            record(covered, entry=taken_back[0])


@transaction.atomic
def act_and_fail(covered: list[Evidence], acted: list[Entry]) -> None:
    acted.append(act(covered))
    raise ZeroDivisionError


@pytest.mark.django_db
def test_an_act_that_was_read_back_proves_nothing(shown: Shown) -> None:
    covered = made(shown)
    read = Entry.objects.get(pk=act(covered).pk)
    with pytest.raises(TransactionManagementError, match="inside the transaction"):
        record(covered, entry=read)


@pytest.mark.django_db
def test_an_act_whose_row_does_not_list_the_line_proves_nothing(shown: Shown) -> None:
    one, other = made(shown, replace(shown, source="round:2:0"))
    with pytest.raises(TransactionManagementError, match="1 lines of evidence are not in"):
        record([one, other], entry=act([one]))
    assert Evidence.objects.count() == 0


@pytest.mark.django_db
def test_the_acts_row_lists_each_line_with_a_digest(shown: Shown) -> None:
    line = write(shown)
    manifest = Manifest.objects.get(entry__verb="release_round")
    assert (manifest.entry_id, manifest.table) == (line.entry_id, "evidence_evidence")
    assert bytes(manifest.content).decode().split(" ")[0] == str(line.pk)
    assert set(manifest.columns.split()) == {f.attname for f in Evidence._meta.concrete_fields} - {"id"}


@pytest.mark.django_db
def test_a_payload_without_the_shape_of_its_kind_is_not_made(shown: Shown) -> None:
    with pytest.raises(BadPayload):
        made(replace(shown, payload={}))


@pytest.mark.django_db
def test_a_source_speaks_once_and_may_then_correct_itself(shown: Shown) -> None:
    first = write(shown)
    with pytest.raises(IntegrityError):
        write(shown)
    second = write(replace(shown, supersedes_id=first.pk))
    third = write(replace(shown, supersedes_id=second.pk))
    assert Evidence.objects.get(superseded_by=None) == third
    with pytest.raises(IntegrityError):
        write(replace(shown, supersedes_id=first.pk))


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"kind": "retest_confirmed"}, {"matrix": True}, {"nothing": True}])
def test_a_correction_of_something_else_is_refused(shown: Shown, change: dict[str, Any]) -> None:
    first = write(shown)
    correction = replace(shown, supersedes_id=first.pk)
    if "kind" in change:
        correction = replace(
            correction, kind="retest_confirmed", payload={"failed": "", "passed": "", "round": "", "reason": ""}
        )
    elif "matrix" in change:
        other = Matrix.objects.create(code="milk", name_zh="牛奶", name_en="Milk", field="food")
        correction = replace(correction, matrix_id=other.pk)
    else:
        correction = replace(correction, supersedes_id=shown.institution_id)
    with pytest.raises(BadSupersession):
        made(correction)


@pytest.mark.django_db
def test_three_and_three_hundred_lines_cost_the_same(shown: Shown) -> None:
    def cost(n: int, name: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            write(*(replace(shown, source=f"{name}:{i}") for i in range(n)))
        return len([q for q in asked if "SAVEPOINT" not in q["sql"]])

    assert cost(3, "few") == 3 == cost(70, "more")  # the act, its list, the lines
    assert cost(300, "many") <= 3 + 300 * 14 // 999 + 1  # SQLite takes 999 values a statement
