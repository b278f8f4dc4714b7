"""Files of enrolments: which laboratory a row is about, what is wrong with it, what a second file changes."""

import random
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.proficiency.planned import planned_round
from tests.cast import AT, institution, institution_of
from tests.foundation.imports.sent import reasons, send, send_and_apply, sender, workbook_of
from zhunsheng.activities.proficiency.enrol import actions as enrolling
from zhunsheng.activities.proficiency.enrol.importing import Enrolments, reach_of_round
from zhunsheng.activities.proficiency.enrol.models import Acceptance, Enrolment
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.models import Plan, Promise
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports import actions
from zhunsheng.foundation.imports.models import Change, Import
from zhunsheng.foundation.imports.register import Context, Given
from zhunsheng.foundation.imports.states import Mode
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db
HEAD = ("Laboratory", "Contact", "Telephone", "E-mail")
REGISTER = Enrolments()


@pytest.fixture
def round_(coordinator: User) -> Round:
    return planned_round(institution_of(coordinator), coordinator, announced=True)


def sent(round_: Round, *rows: Sequence[str | None], mode: Mode = Mode.ALL) -> Import:
    return send(REGISTER, workbook_of([HEAD, *rows]), reach=reach_of_round(round_), mode=mode)


def in_it_goes(round_: Round, *rows: Sequence[str | None]) -> Import:
    return send_and_apply(REGISTER, workbook_of([HEAD, *rows]), reach=reach_of_round(round_))


def test_a_second_file_changes_what_it_says_and_nothing_else(round_: Round, laboratory: User) -> None:
    name = institution_of(laboratory).name_zh
    assert in_it_goes(round_, (name, "Wei", "", "wei@example.org")).new == 1
    again = in_it_goes(round_, (name, "", "0571-1", ""))
    assert (again.new, again.changed) == (0, 1)
    one = Enrolment.objects.get()
    assert (one.contact, one.phone, one.email, one.on_behalf) == ("Wei", "0571-1", "wei@example.org", True)
    assert one.accepted_by == sender() and Acceptance.objects.get().promise == one.promise
    assert Change.objects.get().subject == f"enrolment:{one.pk}"
    assert in_it_goes(round_, (name, "Wei", "0571-1", "")).unchanged == 1
    assert Entry.objects.filter(verb="import_enrolments").count() == 2


def test_every_row_that_cannot_go_in_says_why(round_: Round, laboratory: User, other_laboratory: User) -> None:
    office, lab = institution("authority", "某局", "Office"), institution_of(laboratory)
    institution("laboratory", "同名", "Same A"), institution("laboratory", "同名", "Same B")
    enrolling.withdraw(
        Enrolment.objects.get(pk=in_and_back(round_, institution_of(other_laboratory))), actor=other_laboratory, at=AT
    )
    bad = sent(
        round_, (lab.name_zh, "", "", "wei@"), (office.name_zh,), ("Nobody",), (None, "x"), ("同名",),
        (institution_of(other_laboratory).name_zh,), (lab.name_zh, "", "5710000000", ""), mode=Mode.ROWS,
    )  # fmt: skip
    said = reasons(bad)
    assert bad.state == "refused" and bad.failed == 7 and sorted(said) == [2, 3, 4, 5, 6, 7, 8]
    assert said[2] == ["D “wei@” is not an e-mail address."]
    assert said[3] == ["A is not a laboratory."]
    assert said[4] == ["A “Nobody” is not in the register."]
    assert "is empty" in said[5][0]
    assert "2 institutions bear this name" in said[6][0]
    assert "has withdrawn" in said[7][0]
    assert "has lost the zero" in " ".join(said[8])


def in_and_back(round_: Round, where: Institution) -> UUID:
    in_it_goes(round_, (where.name_zh,))
    return Enrolment.objects.get(institution=where).pk


def test_in_rows_the_good_ones_go_in_and_the_bad_ones_are_left(round_: Round, laboratory: User) -> None:
    found = sent(round_, (institution_of(laboratory).name_zh,), ("Nobody",), mode=Mode.ROWS)
    actions.begin_applying(found, REGISTER, reach=found.reach, actor=sender(), at=AT)
    actions.apply(found, REGISTER, reach=lambda: found.reach, at=AT)
    found.refresh_from_db()
    assert (found.state, found.new, found.failed) == ("done", 1, 1) and Enrolment.objects.count() == 1


def test_a_code_in_the_column_of_names_and_an_entry_merged_meanwhile(round_: Round, laboratory: User) -> None:
    head, old = institution_of(laboratory), institution("laboratory", "旧名", "Old")
    Institution.objects.filter(pk=head.pk).update(uscc="91330106MA27XWFQ1X")
    in_it_goes(round_, ("旧名", "a"))
    Institution.objects.filter(pk=old.pk).update(merged_into=head, merged_at=AT)
    assert in_it_goes(round_, ("91330106ma27xwfq1x", "b")).changed == 1
    assert Enrolment.objects.get().contact == "b"
    twice = sent(round_, ("旧名", "c"), (head.name_zh, "d"))
    assert twice.failed == 1 and "the same as row 2" in reasons(twice)[3][0]


def late(round_: Round) -> None:
    Plan.objects.filter(round=round_).update(enrol_until=datetime.min.replace(tzinfo=AT.tzinfo))


def drawn(round_: Round) -> None:
    enrolling.begin(round_, draw=random.Random(1), actor=None, at=AT)


def promised_anew(round_: Round) -> None:
    Promise.objects.create(round=round_, version=2, text_zh="新", text_en="n", sha256="e" * 64, made_at=AT)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    ("happens", "why"), [(late, "is over"), (drawn, "is over"), (promised_anew, "statement was changed")]
)
def test_what_happened_since_the_check_is_told_and_nobody_is_enrolled(
    round_: Round, laboratory: User, other_laboratory: User, mode: Mode, happens: object, why: str
) -> None:
    in_it_goes(round_, (institution_of(other_laboratory).name_zh,))
    found = sent(round_, (institution_of(laboratory).name_zh,), mode=mode)
    happens(round_)  # type: ignore[operator]
    actions.begin_applying(found, REGISTER, reach=found.reach, actor=sender(), at=AT)
    actions.apply(found, REGISTER, reach=lambda: found.reach, at=AT)
    found.refresh_from_db()
    told = found.faults if mode is Mode.ALL else reasons(found)[2]
    assert why in str(told) and Enrolment.objects.count() == 1
    assert (found.state, found.failed, found.new) == (("refused", 0, 1) if mode is Mode.ALL else ("done", 1, 0))


def test_who_coordinates_no_more_lets_no_file_in(round_: Round, laboratory: User) -> None:
    found = sent(round_, (institution_of(laboratory).name_zh,))
    actions.begin_applying(found, REGISTER, reach=found.reach, actor=sender(), at=AT)
    actions.apply(found, REGISTER, reach=dict, at=AT)
    found.refresh_from_db()
    assert found.state == "refused" and "may no longer" in found.faults[0][0] and not Enrolment.objects.exists()


def test_as_many_questions_for_3_as_for_300(round_: Round) -> None:
    counts = []
    for n in (3, 300):
        rows = [
            Given(i, {"institution": institution("laboratory", f"室{n}-{i}", f"L {n}-{i}").name_zh}) for i in range(n)
        ]
        context = Context(at=AT, on=AT.date(), reach=reach_of_round(round_))
        with CaptureQueriesContext(connection) as asked:
            found = REGISTER.check(rows, context)
        assert [len(one.operations) for one in found] == [2] * n
        counts.append(len(asked))
    assert counts[0] == counts[1]
