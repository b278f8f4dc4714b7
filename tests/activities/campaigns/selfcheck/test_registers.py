"""What the registers say of an item beforehand: lived rules and results in rounds, and what of it only the laboratory is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.selfcheck.forms import called
from tests.cast import AT, institution, institution_of
from tests.registry.management.laboratories import approve, record
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.registers import Said, said_of
from zhunsheng.activities.campaigns.selfcheck.queries.shipped import shipped_items
from zhunsheng.activities.campaigns.selfcheck.queries.standing import lines_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.institutions.models import Institution

DAY = AT.date()
DECLARATION, AUDIT, TREND = 5, 28, 50


def said(where: Institution, *, on: date = DAY, private: bool = True) -> dict[int, Said]:
    return said_of([where], shipped_items(), on=on, known_on=on, private=private).get(where.pk, {})


@pytest.fixture
def approved(laboratory: User) -> Institution:
    where = institution_of(laboratory)
    approve([where], date(2024, 1, 1), date(2099, 12, 31))
    return where


def test_a_record_that_is_missing_is_a_problem_and_one_that_was_made_confirms_no_more_than_itself(
    approved: Institution,
) -> None:
    found = said(approved)
    assert found[AUDIT].answer == "problem" and "Internal audit, 2025: was due on 2025-12-31" in str(
        found[AUDIT].reasons[0]
    )
    assert found[DECLARATION].answer == "problem"
    record(approved, kind="internal_audit", period="2025", held_on=date(2025, 11, 3))
    record(approved, kind="management_review", period="2025", held_on=date(2025, 12, 3))
    record(approved, kind="self_declaration", period="2025", held_on=date(2025, 12, 3))
    found = said(approved, on=date(2026, 12, 30))
    assert (found[AUDIT].answer, found[AUDIT].reasons) == ("", []), (
        "records of complaints and samples are asked for, too"
    )
    assert len(found[AUDIT].points) == 2 and found[DECLARATION].answer == "fine"


def test_within_its_days_of_grace_only_the_laboratory_is_told(approved: Institution) -> None:
    soon = date(2026, 1, 15)
    assert said(approved, on=soon)[AUDIT].answer == "problem"
    assert AUDIT not in said(approved, on=soon, private=False)
    assert said(approved, on=soon + timedelta(days=30), private=False)[AUDIT].answer == "problem"


def test_without_an_approval_nothing_is_asked(laboratory: User) -> None:
    assert AUDIT not in said(institution_of(laboratory))


def test_a_failed_round_is_told_to_the_laboratory_alone(
    released_round: Round, laboratory: User, other_laboratory: User, authority: Institution
) -> None:
    failed, passed = institution_of(other_laboratory), institution_of(laboratory)
    on = date(2026, 11, 23)
    assert "Total mercury in Feed" in str(said(failed, on=on)[TREND].reasons[0])
    assert said(failed, on=on)[TREND].answer == "problem"
    assert (said(passed, on=on)[TREND].answer, said(passed, on=on)[TREND].reasons) == ("", [])
    assert TREND not in said(failed, on=on, private=False) and TREND not in said(passed, on=on, private=False)
    called(authority)
    form = SelfCheck.objects.get(participant__institution=failed)
    kept = lines_of(form)
    assert kept[TREND - 1].said is None, "what is frozen and shown to an authority"
    assert kept[TREND - 1].answer.answer == lines_of(form, private=True)[TREND - 1].said.answer == "problem"


def test_questions_do_not_grow_with_institutions(db: None) -> None:
    asked: list[int] = []
    for many in (3, 60):
        places = [institution("laboratory", f"室{many}-{n}", f"L{many}-{n}", region_code="330106") for n in range(many)]
        approve(places, date(2024, 1, 1), date(2099, 12, 31))
        given: dict[str, Any] = {"on": DAY, "known_on": DAY, "private": True}
        with CaptureQueriesContext(connection) as queries:
            assert len(said_of(places, shipped_items(), **given)) == many
        asked.append(len(queries))
    assert asked[0] == asked[1]
