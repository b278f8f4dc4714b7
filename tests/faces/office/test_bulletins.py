"""A bulletin on pages: begun, written, agreed to, read as everybody will, released, corrected; and what nobody else sees."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.activities.campaigns.summary.bulletins import told_of
from tests.activities.campaigns.summary.summed import Run, visited
from tests.cast import user_with_post
from zhunsheng.activities.campaigns.summary.models import Bulletin, Passage
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.spreadsheets import read_table
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
CASE = {
    "title_zh": "天平超期", "title_en": "A balance out of date", "text_zh": "某机构天平超期。", "text_en": "A balance was out of date.",
    "code": "F07", "field": "",
}  # fmt: skip


@pytest.fixture
def here() -> Run:
    return told_of()


@pytest.fixture
def head(here: Run) -> User:
    return user_with_post("head", "regulator", here.authority)


def begun(client: Client, here: Run, **reason: str) -> Bulletin:
    client.post("/office/bulletins/new/", {"campaign": str(here.campaign.pk), **reason})
    return Bulletin.objects.get(state="draft")


def read_and_release(client: Client, bulletin: Bulletin) -> str:
    page = client.get(f"/office/bulletins/{bulletin.pk}/release/").content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen
    found = client.post(f"/office/bulletins/{bulletin.pk}/release/", {"seen": seen[1], "sure": "on"}, follow=True)
    return found.content.decode()


def test_from_the_first_figures_to_the_corrigendum(client_of: SignIn, here: Run, head: User, client: Client) -> None:
    office = client_of(head)
    assert "No bulletin yet" in office.get("/office/bulletins/").content.decode()
    bulletin = begun(office, here)
    office.post(f"/office/bulletins/{bulletin.pk}/write/case/", CASE)
    page = office.get(f"/office/bulletins/{bulletin.pk}/").content.decode()
    assert "A balance out of date" in page and "Only your authority sees these" in page
    assert "No bulletin here" in client.get("/bulletins/").content.decode()
    assert client.get(f"/bulletins/{bulletin.pk}/").status_code == 404
    assert "The bulletin is released." in read_and_release(office, bulletin)
    told = client.get(f"/bulletins/{bulletin.pk}/").content.decode()
    assert "A balance was out of date." in told and "&lt;5" in told
    assert begun(office, here, reason_zh="重复计数", reason_en="Counted twice").corrects_id == bulletin.pk
    second = Bulletin.objects.get(state="draft")
    read_and_release(office, second)
    assert "Read No. 2" in client.get(f"/bulletins/{bulletin.pk}/").content.decode()
    assert "Counted twice" in client.get(f"/bulletins/{second.pk}/").content.decode()
    assert "2 bulletins" in client.get("/bulletins/").content.decode()


def test_a_name_in_a_case_is_shown_with_its_place_and_not_kept(client_of: SignIn, here: Run, head: User) -> None:
    office = client_of(head)
    bulletin = begun(office, here)
    given = {**CASE, "text_zh": f"第一行\n{here.places[0].name_zh}的天平超期"}
    page = office.post(f"/office/bulletins/{bulletin.pk}/write/case/", given).content.decode()
    assert "Text in Chinese, line 2, character 1" in page and "the name of an institution" in page
    assert not Passage.objects.exists()


def test_who_is_named_agrees_first(client_of: SignIn, here: Run, head: User) -> None:
    office, place = client_of(head), here.places[0]
    Institution.objects.filter(pk=place.pk).update(uscc="91330100MA27XXXX1Y")
    bulletin = begun(office, here)
    given = {name: CASE[name] for name in ("title_zh", "title_en", "text_zh", "text_en")}
    wrong = office.post(
        f"/office/bulletins/{bulletin.pk}/write/practice/", {**given, "institution": "nobody"}
    ).content.decode()
    assert "No institution of this code takes part." in wrong
    office.post(f"/office/bulletins/{bulletin.pk}/write/practice/", {**given, "institution": "91330100MA27XXXX1Y"})
    text = Passage.objects.get()
    assert "has not agreed" in office.get(f"/office/bulletins/{bulletin.pk}/").content.decode()
    assert "has not agreed to this text" in read_and_release(office, bulletin)
    said = {"given": "yes", "by_whom": "某某", "position": "质量负责人", "document": "函 1", "on": "2026-04-01"}
    office.post(f"/office/bulletins/{bulletin.pk}/texts/{text.key}/consent/", said)
    assert "The bulletin is released." in read_and_release(office, bulletin)


def test_the_release_wants_a_person_who_read_what_stands_there(client_of: SignIn, here: Run, head: User) -> None:
    office = client_of(head)
    bulletin = begun(office, here)
    office.post(f"/office/bulletins/{bulletin.pk}/release/", {"seen": "0" * 64})
    page = office.post(f"/office/bulletins/{bulletin.pk}/release/", {"seen": "0" * 64, "sure": "on"}).content.decode()
    assert "changed since you read it" in page
    bulletin.refresh_from_db()
    assert bulletin.state == "draft"


def test_the_files(client_of: SignIn, here: Run, head: User, client: Client) -> None:
    """In full for the authority; in public without the counts that single somebody out, on paper as well."""
    office = client_of(head)
    bulletin = begun(office, here)
    whole = office.get(f"/office/bulletins/{bulletin.pk}/bulletin.xlsx").content
    read_and_release(office, bulletin)
    shown = client.get(f"/bulletins/{bulletin.pk}/bulletin.xlsx").content
    tables = [read_table(one, filename="bulletin.xlsx") for one in (whole, shown)]
    assert [one.rows[-1].texts[3] for one in tables] == ["2", "<5"]
    pdf = client.get(f"/bulletins/{bulletin.pk}/bulletin.pdf")
    assert pdf.content.startswith(b"%PDF") and b"bulletin.json" in pdf.content


def test_the_list_is_downloaded_as_it_is_shown(client_of: SignIn, here: Run, head: User) -> None:
    client = client_of(head)
    begun(client, here)
    for form in ("xlsx", "csv"):
        file = client.get(f"/office/bulletins/?format={form}&state=draft")
        (row,) = read_table(file.content, filename=f"b.{form}").rows
        assert row.texts[0] == here.campaign.title.en and row.texts[4] == "no"
    empty = client.get("/office/bulletins/?format=csv&state=released").content
    assert read_table(empty, filename="b.csv").rows in ([], ())


def test_the_page_asks_no_more_of_the_database_for_more_laboratories(client_of: SignIn, here: Run, head: User) -> None:
    office = client_of(head)
    bulletin = begun(office, here)
    asked = []
    for _ in range(2):
        office.get(f"/office/bulletins/{bulletin.pk}/")
        with CaptureQueriesContext(connection) as caught:
            office.get(f"/office/bulletins/{bulletin.pk}/")
        asked.append(len(caught))
        for place in here.places:
            visited(here, place, "F10", after=30)
        office.post(f"/office/bulletins/{bulletin.pk}/compute/")
        office.post(f"/office/bulletins/{bulletin.pk}/write/case/", CASE)
    assert asked[0] == asked[1]


def test_another_authority_finds_nothing(client_of: SignIn, here: Run, head: User, other_province: User) -> None:
    bulletin = begun(client_of(head), here)
    other = client_of(other_province)
    assert other.get(f"/office/bulletins/{bulletin.pk}/").status_code == 404
    assert other.post(f"/office/bulletins/{bulletin.pk}/withdraw/").status_code == 404
    assert str(bulletin.pk) not in other.get("/office/bulletins/").content.decode()
