"""What a file gives no power to do: the pages refuse it to the same people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import institution, institution_of, user_with_post
from tests.faces.imports.test_import_pages import work
from tests.faces.pages import text_of
from tests.foundation.imports.sent import workbook_of
from zhunsheng.faces.imports.registers import REGISTERS
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.models import Import
from zhunsheng.registry.institutions.models import Contact, Institution
from zhunsheng.registry.people.models import Post

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | None], Client]

KEEPERS = ("institution_admin", "technical_manager")
OTHERS = ("quality_manager", "signatory", "sampler", "analyst", "participant_contact")
OWN = {"sites", "contacts", "people", "equipment"}
"""The registers in which a laboratory keeps its own entries on its pages."""


def sends(client: Client, register: str) -> int:
    file = SimpleUploadedFile("f.xlsx", workbook_of([["机构名称"], ["甲"]]))
    return client.post(reverse("import_send", args=[register]), {"file": file, "mode": "all"}).status_code


@pytest.mark.parametrize("post", OTHERS)
def test_whoever_keeps_nothing_on_the_pages_sends_no_file(post: str, client_of: ClientOf, laboratory: User) -> None:
    client = client_of(user_with_post("someone", post, institution_of(laboratory)))
    assert {sends(client, register.key) for register in REGISTERS} == {404}
    assert client.get(reverse("imports")).status_code == 404 and not Import.objects.exists()


@pytest.mark.parametrize("post", KEEPERS)
def test_the_keepers_of_a_laboratory_send_what_they_keep_and_no_scope(
    post: str, client_of: ClientOf, laboratory: User
) -> None:
    client = client_of(user_with_post("someone", post, institution_of(laboratory)))
    assert {register.key for register in REGISTERS if sends(client, register.key) == 302} == OWN
    assert {one.reach["institution"] for one in Import.objects.all()} == {str(institution_of(laboratory).pk)}
    said = text_of(client.get(reverse("imports")))
    assert "Equipment" in said and "Scope lines" not in said


def test_who_lost_the_office_applies_no_file_of_it(client_of: ClientOf, province: User) -> None:
    """Neither by the button nor by a job that was waiting; the file of an office is not taken to another one."""
    client = client_of(province)
    waiting, queued = (sent_by(client, name) for name in ("甲机构", "乙机构"))
    client.post(reverse("import_apply", args=[queued.pk]))
    today = timezone.localdate()
    Post.objects.filter(person=province.person).update(valid_to=today - timedelta(days=1))
    elsewhere = institution("authority", "海南局", "Hainan", level="county", region_code="460105")
    Post.objects.create(person=province.person, institution=elsewhere, kind="regulator", valid_from=today)
    said = text_of(client.post(reverse("import_apply", args=[waiting.pk]), follow=True))
    assert "You may no longer write about what this file was checked for" in said
    work()
    waiting.refresh_from_db()
    queued.refresh_from_db()
    assert (waiting.state, queued.state) == ("checked", "refused")
    assert not Institution.objects.filter(name_zh__in=["甲机构", "乙机构"]).exists()


def test_who_holds_the_office_still_applies_it(client_of: ClientOf, province: User) -> None:
    client = client_of(province)
    imported = sent_by(client, "甲机构")
    client.post(reverse("import_apply", args=[imported.pk]))
    work()
    assert Institution.objects.filter(name_zh="甲机构").count() == 1


def test_a_keeper_of_two_laboratories_applies_the_file_of_either(client_of: ClientOf, laboratory: User) -> None:
    first = institution_of(laboratory)
    user = user_with_post("someone", "institution_admin", first)
    second = institution("laboratory", "第二实验室", "Second")
    Post.objects.create(person=user.person, institution=second, kind="institution_admin", valid_from="2024-01-01")
    client = client_of(user)
    client.post(reverse("act_for"), {"institution": str(second.pk)})
    file = SimpleUploadedFile("f.xlsx", workbook_of([["姓名"], ["联系人甲"]]))
    client.post(reverse("import_send", args=["contacts"]), {"file": file, "mode": "all"})
    client.post(reverse("act_for"), {"institution": str(first.pk)})
    imported = Import.objects.get()
    work()
    client.post(reverse("import_apply", args=[imported.pk]))
    work()
    assert Contact.objects.get().institution == second


def sent_by(client: Client, name: str) -> Import:
    file = SimpleUploadedFile("f.xlsx", workbook_of([["机构名称", "行政区划代码"], [name, "330106"]]))
    client.post(reverse("import_send", args=["institutions"]), {"file": file, "mode": "all"})
    work()
    return Import.objects.latest("started_at")
