"""Entering and mending institutions, sites, contacts, certificates: refusals, what the journal keeps, what was known when."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import AT, institution, institution_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.calendar.validity import known
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.models import Certificate, Contact, Institution, Site
from zhunsheng.registry.institutions.rules.refusals import CannotEnter

pytestmark = pytest.mark.django_db
DAY = AT.date()
LATER = AT + timedelta(days=10)
PILOT = "91350100M0001TGQXM"


@pytest.fixture
def centre() -> Institution:
    return institution("laboratory", "示例检测中心", "Example Centre")


def certificate(of: Institution, **more: Any) -> Certificate:
    given = {"scheme": "CMA", "number": "231120110001", "valid_from": date(2023, 5, 1), "valid_to": date(2029, 4, 30)}
    return actions.enter_certificate(Certificate(institution=of, **{**given, **more}), actor=None, at=AT)


def last_act() -> dict[str, Any]:
    return json.loads(bytes(Entry.objects.order_by("-pk").first().canonical))


def refused(field: str = "") -> Any:
    return pytest.raises(CannotEnter, check=lambda error: error.field == field and bool(error.reason.zh))


def test_a_pilot_code_is_entered_with_its_reason_and_not_without() -> None:
    one = Institution(kind="laboratory", name_zh="厦门示例", name_en="Xiamen Example", region_code="350200", uscc=PILOT)
    with refused("uscc_reason"):
        actions.enter_institution(one, actor=None, at=AT)
    one.uscc_reason = "登记证书所载"
    actions.enter_institution(one, actor=None, at=AT)
    assert Institution.objects.get(uscc=PILOT).uscc_reason == "登记证书所载"
    assert last_act()["after"]["uscc"] == PILOT


def test_a_code_is_borne_once(centre: Institution) -> None:
    actions.mend_institution(centre, {"uscc": "91330100MA2X7K3B2M"}, reason="found", actor=None, at=AT)
    other = Institution(
        kind="laboratory", name_zh="另一", name_en="Another", region_code="330100", uscc="91330100MA2X7K3B2M"
    )
    with refused("uscc"):
        actions.enter_institution(other, actor=None, at=AT)


def test_mending_keeps_before_after_and_why(centre: Institution, regulator: User) -> None:
    actions.mend_institution(
        centre, {"name_en": "Example Center", "address": "1 Road", "region_code": centre.region_code},
        reason="typing error", actor=regulator, at=AT,
    )  # fmt: skip
    act = last_act()
    assert act["subject"] == f"institution:{centre.pk}" and act["reason"] == "typing error"
    assert act["before"] == {"name_en": "Example Centre", "address": ""}
    assert act["after"] == {"name_en": "Example Center", "address": "1 Road"}
    assert act["touched"] == 1 and act["actor"] == f"user:{regulator.pk}"


@pytest.mark.parametrize(
    ("changes", "reason", "field"), [({"address": ""}, "why", ""), ({"address": "x"}, " ", "reason")]
)
def test_nothing_changed_or_no_reason_is_refused(
    centre: Institution, changes: dict[str, str], reason: str, field: str
) -> None:
    before = Entry.objects.count()
    with refused(field):
        actions.mend_institution(centre, changes, reason=reason, actor=None, at=AT)
    assert Entry.objects.count() == before


def test_a_verb_touches_its_own_columns_only(centre: Institution) -> None:
    with pytest.raises(ValueError, match="merged_into"):
        actions.mend_institution(centre, {"merged_into": None}, reason="no", actor=None, at=AT)


def test_the_level_of_many_is_one_act(centre: Institution) -> None:
    other = institution("laboratory", "另一示例", "Another Example")
    entries = Entry.objects.count()
    assert actions.set_level([centre, other], "county", reason="list of 2026", actor=None, at=AT) == 2
    assert Entry.objects.count() == entries + 1
    assert last_act()["before"] == {str(centre.pk): "", str(other.pk): ""}
    assert set(Institution.objects.filter(pk__in=[centre.pk, other.pk]).values_list("level", flat=True)) == {"county"}


def test_a_site_keeps_its_key_and_gets_its_last_day(centre: Institution) -> None:
    site = actions.enter_site(
        Site(institution=centre, name_zh="本部", name_en="Main", region_code="330106", valid_from=DAY, recorded_at=AT),
        actor=None, at=AT,
    )  # fmt: skip
    with refused("valid_to"):
        actions.mend_site(site, {"valid_to": DAY - timedelta(days=1)}, reason="moved", actor=None, at=AT)
    ended = actions.mend_site(site, {"valid_to": DAY}, reason="moved", actor=None, at=AT)
    assert ended.pk == site.pk and Site.objects.get().valid_to == DAY
    with refused("name_zh"):
        actions.enter_site(
            Site(institution=centre, name_zh="本部", name_en="", region_code="330106", valid_from=DAY, recorded_at=AT),
            actor=None, at=AT,
        )  # fmt: skip


def test_a_contact_that_is_removed_stays_in_the_journal(centre: Institution) -> None:
    one = actions.enter_contact(Contact(institution=centre, name="示例联系人", phone="0571-1"), actor=None, at=AT)
    actions.mend_contact(one, {"phone": "0571-2"}, reason="", actor=None, at=AT)
    actions.remove_contact(Contact.objects.get(), reason="left", actor=None, at=AT)
    assert not Contact.objects.exists()
    assert last_act()["before"]["phone"] == "0571-2"


def test_a_corrected_certificate_leaves_what_was_known(centre: Institution) -> None:
    wrong = certificate(centre, number="231120110002")
    actions.correct_certificate(wrong, {"number": "231120110001"}, reason="typing error", actor=None, at=LATER)
    at_the_time = Certificate.objects.filter(known(DAY)).get()
    today = Certificate.objects.filter(known(LATER.date())).get()
    assert (at_the_time.number, today.number) == ("231120110002", "231120110001")
    assert at_the_time.pk == wrong.pk and today.recorded_at == LATER
    assert last_act()["before"] == {"number": "231120110002"}


def test_of_two_corrections_of_one_row_the_second_is_refused(centre: Institution) -> None:
    wrong = certificate(centre)
    actions.correct_certificate(wrong, {"issuer": "A"}, reason="r", actor=None, at=LATER)
    with refused():  # another row has taken its place
        actions.correct_certificate(wrong, {"issuer": "B"}, reason="r", actor=None, at=LATER)
    with refused():
        actions.correct_certificate(wrong, {"number": "231120110009"}, reason="r", actor=None, at=LATER)


def test_a_certificate_is_shortened_and_never_lengthened(centre: Institution) -> None:
    one = certificate(centre)
    with refused("valid_to"):
        actions.shorten_certificate(one, one.valid_to, reason="withdrawn", actor=None, at=LATER)
    short = actions.shorten_certificate(one, DAY, reason="withdrawn", actor=None, at=LATER)
    assert short.valid_to == DAY and Certificate.objects.filter(superseded_at=None).get() == short


def test_a_number_is_held_once(centre: Institution, laboratory: User) -> None:
    certificate(centre)
    with refused("number"):
        certificate(institution_of(laboratory))
    with refused("valid_to"):
        certificate(centre, number="x", valid_to=date(2020, 1, 1))
