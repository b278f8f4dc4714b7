"""The pages of the registers: as many questions for 300 rows as for 3, forms that say what is wrong, a merge from end to end."""

import io
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.cast import AT, XIHU, institution, institution_of, user_with_post
from tests.faces.pages import in_chinese, queries_of, text_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.models import Certificate, Institution, Merge, NotTheSame
from zhunsheng.registry.people.models import Person, Post

pytestmark = pytest.mark.django_db
LIST, PILOT = reverse("office_institutions"), "91350100M0001TGQXM"
LONG_AGO, FAR = date(2020, 1, 1), date(2090, 1, 1)


@pytest.fixture
def office(client_of: Callable[[User | None], Client], province: User) -> Client:
    return client_of(province)


@pytest.fixture
def workspace(client_of: Callable[[User | None], Client], laboratory: User) -> Client:
    return client_of(user_with_post("technical", "technical_manager", institution_of(laboratory)))


@pytest.fixture
def many() -> Callable[[int], None]:
    """Laboratories in bulk with a certificate, an analyst and an instrument each, past the verbs, because only their number matters."""

    def make(n: int) -> None:
        have = Institution.objects.filter(name_zh__startswith="机构").count()
        made = Institution.objects.bulk_create(
            Institution(kind="laboratory", name_zh=f"机构{i:03d}", name_en=f"Institution {i:03d}", region_code=XIHU)
            for i in range(have, n)
        )
        Certificate.objects.bulk_create(
            Certificate(
                institution=one, scheme="CMA", number=f"2411{i:08d}", valid_from=LONG_AGO, valid_to=FAR, recorded_at=AT
            )
            for i, one in enumerate(made, have)
        )
        people = Person.objects.bulk_create(Person(name=f"人员{i:03d}") for i in range(have, n))
        Post.objects.bulk_create(
            Post(person=who, institution=where, kind="analyst", valid_from=LONG_AGO)
            for who, where in zip(people, made, strict=True)
        )
        Instrument.objects.bulk_create(
            Instrument(institution=one, serial=f"S{i}", serial_key=f"S{i}", name_zh="仪", name_en="I")
            for i, one in enumerate(made, have)
        )

    return make


@pytest.mark.parametrize("name", ["office_institutions", "office_people", "office_equipment"])
def test_three_and_three_hundred_rows_cost_the_same(office: Client, many: Callable[[int], None], name: str) -> None:
    many(3)
    few = queries_of(lambda: office.get(reverse(name)))
    many(300)
    assert queries_of(lambda: office.get(reverse(name))) == few


def test_the_public_list_costs_the_same_and_little(client: Client, many: Callable[[int], None]) -> None:
    many(3)
    page = reverse("public_institutions") + "?q=机构"
    few = queries_of(lambda: client.get(page))
    many(300)
    assert queries_of(lambda: client.get(page)) == few <= 5
    one = reverse("public_institution", args=[Institution.objects.get(name_zh="机构007").pk])
    assert queries_of(lambda: client.get(one)) <= 3


def test_one_persons_lists_cost_the_same(workspace: Client, laboratory: User) -> None:
    where = institution_of(laboratory)

    def fill(n: int) -> None:
        people = Person.objects.bulk_create(Person(name=f"人员{i}") for i in range(n))
        Post.objects.bulk_create(
            Post(person=one, institution=where, kind="analyst", valid_from=LONG_AGO) for one in people
        )
        have = Instrument.objects.count()
        made = Instrument.objects.bulk_create(
            Instrument(institution=where, serial=f"S{i}", serial_key=f"S{i}", name_zh="仪", name_en="I")
            for i in range(have, have + n)
        )
        Calibration.objects.bulk_create(
            Calibration(instrument=one, certificate="C", valid_from=LONG_AGO, valid_to=FAR, recorded_at=AT)
            for one in made
        )

    pages = [reverse(f"workspace_{name}") for name in ("institution", "people", "equipment")]
    fill(3)
    few = [queries_of(partial(workspace.get, page)) for page in pages]
    fill(297)
    assert [queries_of(partial(workspace.get, page)) for page in pages] == few


def test_findings_cost_the_same(office: Client, many: Callable[[int], None]) -> None:
    def double(n: int) -> None:
        many(n)
        there = Institution.objects.get(name_zh="机构000")
        others = Person.objects.filter(posts__institution__name_zh__startswith="机构").exclude(posts__institution=there)
        Post.objects.bulk_create(
            Post(person=one, institution=there, kind="analyst", valid_from=LONG_AGO) for one in others
        )
        Instrument.objects.filter(institution__name_zh__startswith="机构").update(
            serial="SHARED", serial_key="SHARED", manufacturer="厂"
        )

    page = reverse("office_findings")
    asked = [partial(office.get, page, {"what": what}) for what in ("people", "serials")]
    double(3)
    few = [queries_of(look) for look in asked]
    double(40)
    assert [queries_of(look) for look in asked] == few
    assert "人员039" in text_of(office.get(page + "?page=2"))
    assert "SHARED" in text_of(office.get(page + "?what=serials&page=2")) and "SHARED" not in text_of(office.get(page))
    told = text_of(office.get(page + "?q=人员039"))
    assert "人员039" in told and "人员038" not in told and "Serial numbers 0" in told
    assert "SHARED" in text_of(office.get(page + "?what=serials&q=sha-red"))
    assert "SHARED" not in text_of(office.get(page + "?what=serials&q=nobody"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "机构00"}, 10), ({"q": "Institution 012"}, 1), ({"q": "241100000013"}, 1), ({"region": "西湖"}, 31),
        ({"region": "330106"}, 31), ({"region": "330000"}, 32), ({"region": "浦东"}, 0), ({"certificate": "valid"}, 30),
        ({"certificate": "none", "kind": "laboratory"}, 1), ({"certificate": "ended"}, 0), ({"level": "county"}, 0), ({"q": "%"}, 0),
    ],
)  # fmt: skip
def test_what_the_filters_find(
    office: Client, many: Callable[[int], None], laboratory: User, query: dict[str, str], found: int
) -> None:
    many(30)
    page = text_of(office.get(LIST, query))
    counted = {0: "Nothing matches", 1: "1 institution "}.get(found, f"{found} institutions")
    assert counted in page


@pytest.mark.parametrize(
    "query",
    [
        {"page": "x"},
        {"page": "99999999999"},
        {"sort": "pk"},
        {"kind": "x"},
        {"region": "\x00"},
        {"q": "\x00"},
        {"q": "x" * 5000},
    ],
)
def test_a_wrong_address_gives_the_nearest_page(
    office: Client, many: Callable[[int], None], query: dict[str, str]
) -> None:
    many(30)
    assert office.get(LIST, query).status_code == 200


def test_the_workbook_holds_what_is_shown(office: Client, many: Callable[[int], None]) -> None:
    many(30)
    answer = in_chinese(office).get(LIST, {"q": "机构01", "format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "中文名称" and [row[0] for row in rows[1:]] == [f"机构{i:03d}" for i in range(10, 20)]
    assert rows[1][9:] == ["CMA 241100000010", "有效"]


def fields(**more: str) -> dict[str, str]:
    return {
        "kind": "laboratory", "name_zh": "新录入检测所", "name_en": "New", "region_code": XIHU, "legal_kind": "", "level": "", **more,
    }  # fmt: skip


def test_a_pilot_code_is_warned_of_and_kept_with_a_reason(office: Client) -> None:
    page = reverse("office_institution_new")
    refused = office.post(page, fields(uscc=PILOT))
    assert refused.status_code == 200 and "keep the code and say why" in text_of(refused)
    assert office.post(page, fields(uscc=PILOT, uscc_reason="登记证书所载")).status_code == 302
    made = Institution.objects.get(uscc=PILOT)
    assert "It is kept because: 登记证书所载" in text_of(office.get(reverse("office_institution", args=[made.pk])))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"region_code": "999999"}, "No region bears this code."), ({"region_code": "320100"}, "outside your area"),
        ({"latitude": "30"}, "Give both or neither."), ({"kind": "authority"}, "Select a valid choice"), ({"name_zh": ""}, "required"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field(office: Client, more: dict[str, str], said: str) -> None:
    page = office.post(reverse("office_institution_new"), fields(**more))
    assert said in text_of(page) and not Institution.objects.filter(name_zh="新录入检测所").exists()


def test_nobody_moves_an_institution_out_of_the_area(office: Client, laboratory: User) -> None:
    where = institution_of(laboratory)
    moved = fields(name_zh=where.name_zh, name_en=where.name_en, region_code="440300", reason="moved")
    assert "outside your area" in text_of(office.post(reverse("office_institution_mend", args=[where.pk]), moved))
    where.refresh_from_db()
    assert where.region_code != "440300"


def test_a_county_cannot_widen_its_own_reach(
    client_of: Callable[[User | None], Client], county: User, national: User
) -> None:
    own = institution_of(county)
    page = reverse("office_institution_mend", args=[own.pk])
    asked = fields(kind="authority", level="national", name_zh=own.name_zh, reason="more")
    assert client_of(county).post(page, asked).status_code == 404
    ticked = {"institution": str(own.pk), "level": "national", "confirmed": "1", "reason": "more"}
    client_of(county).post(reverse("office_institution_levels"), ticked)
    own.refresh_from_db()
    assert own.level == "county"
    assert client_of(national).post(page, asked).status_code == 302


def test_mending_shows_before_and_after_in_the_history(office: Client, laboratory: User) -> None:
    where = institution_of(laboratory)
    given = fields(name_zh=where.name_zh, name_en=where.name_en, address="文三路 1 号")
    page = reverse("office_institution_mend", args=[where.pk])
    assert "required" in text_of(office.post(page, given))
    assert office.post(page, {**given, "reason": "搬迁"}).status_code == 302
    shown = text_of(in_chinese(office).get(reverse("office_institution", args=[where.pk])))
    assert "更正机构信息" in shown and "文三路 1 号" in shown and "搬迁" in shown


def test_a_laboratory_keeps_its_own_but_not_its_name_or_certificates(workspace: Client, laboratory: User) -> None:
    where = institution_of(laboratory)
    sent = {"name_en": where.name_en, "name_zh": "别名", "level": "national", "address": "文二路", "reason": "搬迁"}
    assert workspace.post(reverse("workspace_institution_mend"), sent).status_code == 302
    where.refresh_from_db()
    assert (where.address, where.level) == ("文二路", "") and where.name_zh != "别名"
    person = {"name": "在册人员", "identity": "", "kind": "signatory", "valid_from": "2024-01-01"}
    assert workspace.post(reverse("workspace_institution_enter", args=["people"]), person).status_code == 302
    one = Person.objects.get(name="在册人员")
    ended = {"last_day": "2026-04-15", "reason": "离职"}
    assert (
        workspace.post(
            reverse("workspace_person_change", args=[one.pk, "posts", one.posts.get().pk]), ended
        ).status_code
        == 302
    )
    assert one.posts.get().valid_to == date(2026, 4, 15)


def test_the_identity_number_is_never_kept_or_shown(workspace: Client, settings: Any) -> None:
    settings.IDENTITY_KEY = "a key of the tests"
    number = "11010519491231002X"
    sent = {"name": "在册人员", "identity": number, "kind": "analyst", "valid_from": "2024-01-01"}
    assert workspace.post(reverse("workspace_institution_enter", args=["people"]), sent).status_code == 302
    one = Person.objects.get(name="在册人员")
    shown = workspace.get(reverse("workspace_person", args=[one.pk])).content.decode()
    assert "1101**********002X" in shown and number not in shown
    assert not any(number in bytes(act.canonical).decode() for act in Entry.objects.all())
    again = workspace.post(reverse("workspace_institution_enter", args=["people"]), {**sent, "name": "同一人"})
    assert "works here already" in text_of(again)


@pytest.fixture
def twins() -> tuple[Institution, Institution]:
    return (
        institution("laboratory", "杭州华测检测有限公司", "HC", region_code=XIHU),
        institution("laboratory", "杭州市华测检测有限责任公司", "HC Testing", region_code=XIHU),
    )


def test_a_merge_from_the_worklist_to_its_undoing(
    office: Client, twins: tuple[Institution, Institution], client: Client
) -> None:
    kept, merged = twins
    Certificate.objects.create(
        institution=merged, scheme="CMA", number="241100110001", valid_from=LONG_AGO, valid_to=FAR, recorded_at=AT
    )
    actions.search_duplicates(actor=None, at=AT)
    assert "The same name, written differently" in text_of(office.get(reverse("office_duplicates")))
    page = reverse("office_duplicate", args=[merged.pk, kept.pk])
    sent = {"decision": "merge", "keep": str(kept.pk), "value-name_en": str(merged.pk), "reason": "同一法人"}
    assert (
        "Type the name" in text_of(office.post(page, {**sent, "confirmation": "杭州"})) and not Merge.objects.exists()
    )
    assert office.post(page, {**sent, "confirmation": merged.name_zh}).status_code == 302
    kept.refresh_from_db()
    shown = text_of(office.get(reverse("office_institution", args=[kept.pk])))
    assert kept.name_en == "HC Testing" and "241100110001" in shown and "Merged into this entry" in shown
    assert "241100110001" in text_of(client.get(reverse("public_institution", args=[kept.pk])))
    moved = client.get(reverse("public_institution", args=[merged.pk]))
    assert moved.status_code == 302 and moved["Location"] == reverse("public_institution", args=[kept.pk])
    assert office.get(page).status_code == 404
    assert "1 institution " in text_of(client.get(reverse("public_institutions"), {"q": "杭州市华测"}))
    undo = reverse("office_merge_undo", args=[Merge.objects.get().pk])
    assert office.post(undo, {"reason": "误判"}).status_code == 302
    assert office.get(reverse("office_institution", args=[merged.pk])).status_code == 200


def test_told_apart_on_the_page(office: Client, twins: tuple[Institution, Institution]) -> None:
    page = reverse("office_duplicate", args=[twins[0].pk, twins[1].pk])
    assert office.post(page, {"decision": "apart", "reason": ""}).status_code == 200 and not NotTheSame.objects.exists()
    assert (
        office.post(page, {"decision": "apart", "reason": "两家法人"}).status_code == 302
        and NotTheSame.objects.exists()
    )


def test_the_other_side_outside_the_area_is_a_name_only(
    office: Client, client_of: Callable[[User | None], Client], other_province: User, laboratory: User
) -> None:
    here, there = institution_of(laboratory), institution("laboratory", "邻省检测所", "Neighbour", region_code="320106")
    who = Person.objects.create(name="在册人员")
    Post.objects.create(person=who, institution=here, kind="analyst", valid_from=LONG_AGO)
    Post.objects.create(person=who, institution=there, kind="quality_manager", valid_from=LONG_AGO)
    page = office.get(reverse("office_findings"))
    assert "Neighbour" in text_of(page) and "Analyst" in text_of(page) and "Quality manager" not in text_of(page)
    assert str(there.pk) not in page.content.decode()
    assert "Quality manager" not in text_of(office.get(reverse("office_person", args=[who.pk])))
    assert "在册人员" in text_of(client_of(other_province).get(reverse("office_findings")))


def test_levels_are_previewed_before_they_change(office: Client, laboratory: User) -> None:
    where = institution_of(laboratory)
    ticked = {"institution": str(where.pk), "level": "county"}
    preview = office.post(reverse("office_institution_levels"), ticked)
    where.refresh_from_db()
    assert "Nothing is changed yet" in text_of(preview) and where.level == ""
    office.post(reverse("office_institution_levels"), {**ticked, "confirmed": "1", "reason": "名单"})
    where.refresh_from_db()
    assert where.level == "county"


def test_the_public_sees_no_contact_person_or_serial_number(client: Client, many: Callable[[int], None]) -> None:
    many(1)
    one = Institution.objects.get(name_zh="机构000")
    one.contacts.create(name="联系人某", phone="0571-12345678")
    page = client.get(reverse("public_institution", args=[one.pk])).content.decode()
    assert "241100000000" in page
    assert not [secret for secret in ("联系人某", "0571-12345678", "人员000", "S0<") if secret in page]


@pytest.mark.parametrize("key", ["gggggggg-gggg-gggg-gggg-gggggggggggg", "-" * 36, "x"])
def test_a_level_for_what_is_no_key_changes_nothing(office: Client, key: str) -> None:
    said = office.post(reverse("office_institution_levels"), {"level": "county", "institution": key}, follow=True)
    assert said.status_code == 200 and "Nothing to change" in text_of(said)
