"""A former employer keeps its own record of its own time, and nobody's entry."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.cast import AT, institution, institution_of, user_with_post
from tests.foundation.imports.sent import reasons, send, workbook_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.models import Import
from zhunsheng.foundation.imports.register import Context
from zhunsheng.registry.people import actions
from zhunsheng.registry.people.access import people_kept_by, people_seen_by
from zhunsheng.registry.people.importing import People
from zhunsheng.registry.people.models import Person, Post, Qualification
from zhunsheng.registry.people.queries import Visitor, visitor
from zhunsheng.registry.people.rules import identity_check_character, identity_hash, masked

pytestmark = pytest.mark.django_db
DAY = AT.date()


@pytest.fixture
def manager(laboratory: User) -> User:
    return user_with_post("technical", "technical_manager", institution_of(laboratory))


@pytest.fixture
def former(laboratory: User, other_laboratory: User) -> Person:
    """Left the laboratory in 2021 for the other one, and became a doctor there."""
    gone = Person.objects.create(name="在册人员")
    held = [(laboratory, date(2020, 1, 1), date(2021, 1, 1)), (other_laboratory, date(2021, 2, 1), None)]
    for user, first, last in held:
        where = institution_of(user)
        Post.objects.create(person=gone, institution=where, kind="analyst", valid_from=first, valid_to=last)
    Qualification.objects.create(
        person=gone, kind="degree", name="Doctor of Toxicology", valid_from=date(2025, 1, 1), recorded_at=AT
    )
    return gone


def seen(user: User, on: date = DAY) -> Visitor:
    return visitor(user, on=on)


def test_a_former_employer_neither_reads_on_nor_rewrites(
    client_of: Callable[[User | None], Client], manager: User, former: Person
) -> None:
    desk, degree = client_of(manager), former.qualifications.get()
    page = desk.get(reverse("workspace_person", args=[former.pk])).content.decode()
    assert "2020-01-01" in page and "2021-02-01" not in page  # the history of its time
    assert "Toxicology" not in page and "Mend the name" not in page
    for name, args in (
        ("workspace_person_mend", [former.pk]),
        ("workspace_person_enter", [former.pk, "posts"]),
        ("workspace_person_change", [former.pk, "qualifications", degree.pk]),
    ):
        sent = {"name": "None", "kind": "degree", "valid_from": "2025-01-01", "reason": "r"}
        assert desk.post(reverse(name, args=args), sent).status_code == 404, name
    former.refresh_from_db()
    assert former.name == "在册人员" and former.qualifications.get().name == "Doctor of Toxicology"


def test_the_employer_of_today_reads_and_keeps(
    client_of: Callable[[User | None], Client], other_laboratory: User, former: Person
) -> None:
    desk = client_of(user_with_post("keeper", "technical_manager", institution_of(other_laboratory)))
    assert "Toxicology" in desk.get(reverse("workspace_person", args=[former.pk])).content.decode()
    mended = desk.post(reverse("workspace_person_mend", args=[former.pk]), {"name": "新名", "reason": "r"})
    former.refresh_from_db()
    assert mended.status_code == 302 and former.name == "新名"


def test_the_last_day_still_counts_and_the_next_does_not(manager: User, former: Person) -> None:
    assert former in people_kept_by(seen(manager, date(2021, 1, 1)))
    assert former not in people_kept_by(seen(manager, date(2021, 1, 2)))
    former.posts.filter(valid_to=None).delete()
    assert former in people_seen_by(seen(manager)) and former not in people_kept_by(seen(manager))


def test_a_login_with_posts_elsewhere_is_renamed_by_nobody_here(manager: User, province: User) -> None:
    """A regulator who worked here, and one who still holds a post here beside the office."""
    here, officer = institution_of(manager), province.person
    once = Post.objects.create(
        person=officer, institution=here, kind="analyst", valid_from=date(2010, 1, 1), valid_to=date(2011, 1, 1)
    )
    assert officer not in people_kept_by(seen(manager)) and officer not in people_seen_by(seen(manager))
    once.valid_to = None
    once.save()
    assert officer not in people_kept_by(seen(manager))
    assert manager.person in people_kept_by(seen(manager))


def test_an_authority_keeps_the_people_of_its_area_as_long_as_they_work_there(county: User, former: Person) -> None:
    assert former not in people_kept_by(seen(county))  # the other laboratory lies in another district
    Post.objects.filter(person=former, valid_to=None).update(valid_to=DAY - timedelta(days=1))
    assert former in people_seen_by(seen(county)) and former not in people_kept_by(seen(county))
    back = institution("laboratory", "示例丙所", "Example C", region_code="330106")
    Post.objects.create(person=former, institution=back, kind="analyst", valid_from=DAY)
    assert former in people_kept_by(seen(county))


def number() -> str:
    first = "33010619800101001"
    return first + identity_check_character(first)


def test_a_known_number_is_answered_like_an_unknown_one(
    client_of: Callable[[User | None], Client], manager: User, other_laboratory: User, province: User
) -> None:
    """Trap 7: no answer tells that there is such a person elsewhere, and the authority sees the double post."""
    there = institution_of(other_laboratory)
    known = Person(
        name="在册人员", identity_hash=identity_hash(number(), settings.IDENTITY_KEY), identity_masked=masked(number())
    )
    actions.enter_person(known, Post(institution=there, kind="analyst", valid_from=date(2024, 1, 1)), actor=None, at=AT)
    desk, address = client_of(manager), reverse("workspace_institution_enter", args=["people"])
    sent = {"name": "另写的名", "identity": number(), "kind": "analyst", "valid_from": "2024-01-01"}
    answer = desk.post(address, sent)
    mine = Person.objects.get(name="另写的名")
    assert (answer.status_code, desk.get(reverse("workspace_person", args=[mine.pk])).status_code) == (302, 200)
    assert desk.get(reverse("workspace_person", args=[known.pk])).status_code == 404
    page = desk.get(reverse("workspace_person", args=[mine.pk])).content.decode()
    assert "在册人员" not in page and there.name_en not in page
    found = client_of(province).get(reverse("office_findings")).content.decode()
    assert there.name_en in found and institution_of(manager).name_en in found


HEAD = ["姓名", "身份证号", "岗位", "任职起始日期", "资格名称", "资格取得日期"]


def test_a_file_tells_no_more_than_the_page(manager: User, former: Person) -> None:
    Person.objects.filter(pk=former.pk).update(identity_hash=identity_hash(number(), settings.IDENTITY_KEY))
    Post.objects.filter(person=former, valid_to__isnull=False).delete()  # the number is known elsewhere alone
    imported = sent_by(manager, ["另写的名", number(), "检测人员", "2024-01-01", "", ""])
    assert (imported.state, imported.failed) == ("checked", 0)


def test_a_file_changes_nobody_who_went_elsewhere(manager: User, former: Person) -> None:
    """The same by a file as on the pages: the former employer enters no qualification."""
    for title, day in (("Doctor of Toxicology", "2025-01-01"), ("高级工程师", "2024-01-01")):
        imported = sent_by(manager, ["在册人员", "", "", "", title, day])
        assert imported.failed == 1 and "works elsewhere now" in str(reasons(imported))
    again = sent_by(manager, ["在册人员", "", "检测人员", "2020-01-01", "", ""])
    assert (again.failed, again.unchanged) == (0, 1)


def test_what_comes_out_of_the_register_ends_with_the_post(
    manager: User, other_laboratory: User, former: Person
) -> None:
    def exported(user: User) -> str:
        reach = {"institution": str(institution_of(user).pk), "keeper": True}
        return str(list(People().export(Context(at=AT, on=DAY, reach=reach))))

    assert "在册人员" in exported(manager) and "Toxicology" not in exported(manager)
    assert "Toxicology" in exported(other_laboratory)


def sent_by(manager: User, row: list[str]) -> Import:
    reach = {"institution": str(institution_of(manager).pk), "keeper": True}
    return send(People(), workbook_of([HEAD, row]), reach=reach)
