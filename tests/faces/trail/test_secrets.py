"""What an act tells must not come out on another page, or by another number, than the thing itself."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.activities.proficiency.test_retests import confirm, passes_later
from tests.cast import AT, institution, institution_of, user_with_post
from tests.faces.pages import text_of
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.faces.jobs.sequencer import sequence_what_waits
from zhunsheng.faces.trail.access import acts_visible_to
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue.models import Parameter
from zhunsheng.registry.institutions.actions import mend_institution, not_the_same
from zhunsheng.registry.management.actions import enter_record
from zhunsheng.registry.people.queries import visitor

Clients = Callable[[User | None], Client]


@pytest.fixture
def retest(released_round: Round, regulator: User, other_laboratory: User, mercury: Parameter) -> Entry:
    """The authority that commissioned the round gives a failed item back."""
    passes_later(other_laboratory, regulator)
    confirm(visitor(regulator, on=AT.date()), institution_of(other_laboratory), mercury)
    sequence_what_waits(threading.Event())
    return Entry.objects.get(verb="confirm_retest")


def told(client: Client, entry: Entry, institution_page: str) -> dict[str, bool]:
    """On which surfaces a reader learns of the retest."""
    pages = {"trail": reverse("journal"), "institution": institution_page}
    found = {name: "raw data seen" in text_of(client.get(address)) for name, address in pages.items()}
    workbook = client.get(reverse("journal"), {"verb": "confirm_retest", "format": "xlsx"})
    return {
        **found,
        "verb": "confirm_retest" in client.get(reverse("journal")).content.decode(),
        "act": client.get(reverse("journal_act", args=[entry.pk])).status_code == 200,
        "proof": client.get(reverse("journal_proof", args=[entry.pk])).status_code == 200,
        "workbook": workbook.status_code == 200 and acts_in(workbook.content) > 0,
    }


def acts_in(workbook: bytes) -> int:
    import io

    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()) - 1


def test_a_retest_is_told_to_the_laboratory_and_the_commissioning_authority_and_on_no_page_to_another(
    client_of: Clients, retest: Entry, regulator: User, other_laboratory: User, national: User, province: User
) -> None:
    office = reverse("office_institution", args=[institution_of(other_laboratory).pk])
    for who in (national, province):
        assert not any(told(client_of(who), retest, office).values()), who
    seen = told(client_of(regulator), retest, office)
    assert seen == {**dict.fromkeys(seen, True), "institution": False}
    seen = told(client_of(other_laboratory), retest, reverse("workspace_institution"))
    assert seen == {**dict.fromkeys(seen, True), "institution": False}


def test_nothing_of_proficiency_testing_stands_under_an_institution(retest: Entry) -> None:
    """A subject that more people see than the thing itself would tell them of it."""
    told_of_rounds = ("create_round", "change_round_settings", "evaluate_round", "release_round", "confirm_retest")
    kinds = {one.subject.partition(":")[0] for one in Entry.objects.filter(verb__in=told_of_rounds)}
    assert kinds == {"round", "evidence"}


def test_an_older_retest_that_names_the_institution_is_no_more_open(
    retest: Entry, other_laboratory: User, national: User, integrity_officer: User, regulator: User
) -> None:
    """Rows of the journal are never changed, so those from before keep their subject."""
    older = Entry.objects.filter(pk=retest.pk)
    subject = f"institution:{institution_of(other_laboratory).pk}"
    entry = Entry(
        verb="confirm_retest", actor=regulator, at=AT, subject=subject, touched=1, set_digest="", canonical=b"{}",
        leaf_hash="0" * 64,
    )  # fmt: skip
    entry.save(force_insert=True)
    for who in (national, integrity_officer, other_laboratory, regulator):  # no evidence says that it may be told
        assert entry not in acts_visible_to(visitor(who, on=AT.date())), who
    assert older.exists()


def test_the_page_of_an_institution_shows_no_more_than_the_trail_and_names_no_officer(
    client_of: Clients, laboratory: User, regulator: User
) -> None:
    where = institution_of(laboratory)
    mend_institution(where, {"address": "1 New Road"}, reason="moved", actor=regulator, at=AT)
    not_the_same(
        where, institution("laboratory", "示例乙", "B"), reason="suspected shell company", actor=regulator, at=AT
    )
    analyst = client_of(user_with_post("analyst", "analyst", where))
    page = text_of(analyst.get(reverse("workspace_institution")))
    assert "moved" in page and "Example Authority" in page
    assert "shell company" not in page and "Regulator" not in page
    office = text_of(client_of(regulator).get(reverse("office_institution", args=[where.pk])))
    assert "shell company" in office and "Regulator" in office


DUE = {"kind": "internal_audit", "period": "2026"}


def test_a_record_of_lived_rules_is_seen_by_whoever_keeps_the_system_at_once_and_by_an_authority_after_its_days_of_grace(
    client_of: Clients, laboratory: User, institution_admin: User, other_laboratory: User, county: User, integrity_officer: User
) -> None:  # fmt: skip
    where = institution_of(laboratory)
    enter_record(
        institution=where, **DUE, held_on=date(2026, 3, 1), title="Audit", made_by="QM", document=None, actor=laboratory, at=AT
    )  # fmt: skip
    analyst = user_with_post("analyst", "analyst", where)
    seen = {
        who.username: acts_visible_to(visitor(who, on=AT.date())).filter(verb="enter_management_record").exists()
        for who in (laboratory, institution_admin, other_laboratory, county, integrity_officer, analyst)
    }
    assert [name for name, sees in seen.items() if sees] == ["laboratory", "institution_admin"]
    later = acts_visible_to(visitor(county, on=AT.date() + timedelta(days=500)))
    assert later.filter(verb="enter_management_record").exists()
    words = "Record"
    page = text_of(client_of(county).get(reverse("office_institution", args=[where.pk])))
    assert "management_record" not in page and words not in page.split("History")[-1]
