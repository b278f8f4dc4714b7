"""The credit-risk class: dated, known since, corrected by new rows, and seen by the laboratory from its publication on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, institution_of, user_with_post
from tests.registry.management.laboratories import laboratories
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.management import access
from zhunsheng.registry.management.actions import Entered, Refused, enter_risk_classes, publish_risk_classes
from zhunsheng.registry.management.queries.risk import history, risk_class_on, with_letter
from zhunsheng.registry.people.queries import visitor

pytestmark = pytest.mark.django_db
TODAY = AT.date()
LATER = AT + timedelta(days=1)


def risk(
    where: Institution, letter: str = "B", since: date = date(2026, 1, 1), until: date | None = None, **more: Any
) -> RiskClass:
    return RiskClass(
        institution=where,
        letter=letter,
        valid_from=since,
        valid_to=until,
        **({"reason": "一般", "source": "2026 年分类通报"} | more),
    )


def entered(*classes: RiskClass, at: datetime = AT) -> Entered:
    return enter_risk_classes(classes, actor=None, at=at)


def letter(where: Institution, on: date = TODAY, known_on: date = TODAY) -> str:
    found = risk_class_on([where], on, known_on=known_on).get(where.pk)
    return found.letter if found else ""


def test_the_class_of_a_day() -> None:
    (where,) = laboratories(1)
    entered(
        risk(where, "B", date(2025, 1, 1)),
        risk(where, "D", date(2026, 1, 1)),
        risk(where, "A", date(2026, 3, 1), date(2026, 3, 31)),
    )
    days = [date(2024, 12, 31), date(2025, 6, 1), date(2026, 2, 1), date(2026, 3, 15), date(2026, 4, 1)]
    assert [letter(where, on) for on in days] == ["", "B", "D", "A", "D"], "of several the one that began last"


def test_a_correction_is_a_new_row_and_the_day_before_still_knew_the_old_one() -> None:
    (where,) = laboratories(1)
    entered(risk(where, "B"))
    assert entered(risk(where, "C", reason="改正"), at=LATER) == Entered(new=0, corrected=1, unchanged=0)
    tomorrow = LATER.date()
    assert (letter(where, TODAY, TODAY), letter(where, TODAY, tomorrow)) == ("B", "C")
    assert [row.letter for row in history(where)] == ["C", "B"]


def test_the_same_file_twice_changes_nothing() -> None:
    places = laboratories(3)
    assert entered(*(risk(one) for one in places)) == Entered(new=3, corrected=0, unchanged=0)
    before = Entry.objects.count()
    assert entered(*(risk(one) for one in places), at=LATER) == Entered(new=0, corrected=0, unchanged=3)
    assert (RiskClass.objects.count(), Entry.objects.count()) == (3, before)


def test_all_or_none_and_one_journal_row() -> None:
    one, other = laboratories(2)
    before = Entry.objects.count()
    for bad in ([risk(one), risk(other, "E")], [risk(one), risk(one, "C")], [risk(one), risk(other, reason="")]):
        with pytest.raises(Refused):
            entered(*bad)
    assert not RiskClass.objects.exists() and Entry.objects.count() == before
    entered(risk(one), risk(other))
    assert Entry.objects.get(verb="enter_risk_classes").touched == 2


def test_a_merged_entry_brings_its_class() -> None:
    kept, merged = laboratories(2)
    entered(risk(merged, "D"))
    Institution.objects.filter(pk=merged.pk).update(merged_into=kept, merged_at=AT)
    assert letter(kept) == "D"
    assert with_letter(standing(), TODAY, known_on=TODAY).get(pk=kept.pk).risk_letter == "D"
    assert publish_risk_classes([kept], published_at=LATER, actor=None, at=LATER) == 1


def test_letters_of_three_and_three_hundred_laboratories_cost_the_same() -> None:
    def look() -> int:
        with CaptureQueriesContext(connection) as asked:
            risk_class_on(list(standing()), TODAY, known_on=TODAY)
            list(with_letter(standing(), TODAY, known_on=TODAY).filter(risk_letter="B"))
        return len(asked)

    entered(*(risk(one) for one in laboratories(3)))
    few = look()
    entered(*(risk(one) for one in laboratories(297, region_code="330108")))
    assert look() == few
    assert with_letter(standing(), TODAY, known_on=TODAY).filter(risk_letter="B").count() == 300


def test_publishing_leaves_what_was_said_and_happens_once() -> None:
    places = laboratories(3)
    entered(*(risk(one) for one in places))
    assert publish_risk_classes(places, published_at=LATER, actor=None, at=AT) == 3
    assert publish_risk_classes(places, published_at=LATER, actor=None, at=AT) == 0
    found = risk_class_on(places, TODAY, known_on=TODAY)
    assert {(row.letter, row.reason, row.published_at) for row in found.values()} == {("B", "一般", LATER)}
    assert entered(risk(places[0], "A", reason="复核"), at=LATER).corrected == 1
    assert risk_class_on(places, TODAY, known_on=LATER.date())[places[0].pk].published_at == LATER, (
        "a correction stays published"
    )


REGULATORS = {"regulator": True, "county": True, "province": True, "national": True, "other_province": False}
NOBODY = ["coordinator", "outsider", "administrator", "integrity_officer", "client_enterprise", "other_laboratory"]


@pytest.fixture
def classified(laboratory: User) -> Institution:
    where = institution_of(laboratory)
    entered(risk(where, "C"))
    return where


def sees(user: User, where: Institution, at: datetime = AT) -> str:
    found = access.risk_class_shown_to(visitor(user, on=at.date()), where, at.date(), at=at)
    return found.letter if found else ""


@pytest.mark.parametrize(("who", "within_reach"), REGULATORS.items())
def test_a_regulator_sees_the_draft_within_reach(
    request: pytest.FixtureRequest, classified: Institution, who: str, within_reach: bool
) -> None:
    assert sees(request.getfixturevalue(who), classified) == ("C" if within_reach else "")


@pytest.mark.parametrize("who", NOBODY)
def test_others_never_see_it(request: pytest.FixtureRequest, classified: Institution, who: str) -> None:
    publish_risk_classes([classified], published_at=AT, actor=None, at=AT)
    assert sees(request.getfixturevalue(who), classified) == ""


@pytest.mark.parametrize("post", ["technical_manager", "quality_manager", "signatory", "analyst", "institution_admin"])
def test_whoever_works_there_sees_it_from_the_publication_on_and_nothing_before(
    classified: Institution, post: str
) -> None:
    """Not the letter, not the reason, not that there is one."""
    user = user_with_post(f"someone_{post}", post, classified)
    assert sees(user, classified) == ""
    publish_risk_classes([classified], published_at=LATER, actor=None, at=AT)
    assert (sees(user, classified), sees(user, classified, LATER)) == ("", "C")
    entered(risk(classified, "D", date(2026, 4, 16)), at=LATER)
    assert sees(user, classified, LATER) == "C", "the next one is a draft again"


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("national", True),
        ("province", True),
        ("other_province", True),
        ("regulator", False),
        ("county", False),
        ("laboratory", False),
        ("administrator", False),
    ],
)
def test_national_and_provincial_regulators_classify(request: pytest.FixtureRequest, who: str, may: bool) -> None:
    assert access.may_classify(visitor(request.getfixturevalue(who), on=TODAY)) is may


@pytest.mark.parametrize(
    ("who", "places"),
    [
        ("national", {"330106", "330108", "320500"}),
        ("province", {"330106", "330108"}),
        ("other_province", {"320500"}),
        ("regulator", {"330106", "330108"}),
        ("county", {"330106"}),
        ("laboratory", set()),
        ("coordinator", set()),
        ("administrator", set()),
        ("integrity_officer", set()),
    ],
)
def test_a_regulator_supervises_within_reach(request: pytest.FixtureRequest, who: str, places: set[str]) -> None:
    user = request.getfixturevalue(who)
    keys = {one.pk for code in ("330106", "330108", "320500") for one in laboratories(1, region_code=code)}
    seen = access.supervised(visitor(user, on=TODAY)).filter(pk__in=keys)
    assert {one.region_code for one in seen} == places


@pytest.mark.parametrize(
    ("who", "sees_", "keeps"),
    [
        ("laboratory", True, True),
        ("institution_admin", True, False),
        ("regulator", False, False),
        ("coordinator", False, False),
        ("administrator", False, False),
        ("integrity_officer", False, False),
        ("client_enterprise", False, False),
    ],
)
def test_the_quality_manager_keeps_the_system_and_the_administrator_may_look(
    request: pytest.FixtureRequest, who: str, sees_: bool, keeps: bool
) -> None:
    seen = visitor(request.getfixturevalue(who), on=TODAY)
    assert (access.sees_system_of(seen) is not None, access.keeps_system_of(seen) is not None) == (sees_, keeps)


@pytest.mark.parametrize("post", ["technical_manager", "signatory", "analyst", "sampler"])
def test_others_of_the_laboratory_do_not_see_its_lived_rules(classified: Institution, post: str) -> None:
    assert access.sees_system_of(visitor(user_with_post(f"someone_{post}", post, classified), on=TODAY)) is None


def test_what_is_due_is_open_to_a_regulator_after_its_grace_and_to_nobody_else(
    regulator: User, laboratory: User
) -> None:
    on = datetime(2026, 4, 30, tzinfo=UTC).date()
    assert ("annual_report", "2025") not in {due.key for due in access.dues_open_to(visitor(regulator, on=on), 2025)}
    assert ("annual_report", "2025") in {
        due.key for due in access.dues_open_to(visitor(regulator, on=on + timedelta(days=1)), 2025)
    }
    assert access.dues_open_to(visitor(laboratory, on=date(2027, 1, 1)), 2025) == []
