"""What a file gives no power to do: the pages refuse it to the same people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import institution_of, user_with_post
from tests.faces.pages import text_of
from tests.foundation.imports.sent import workbook_of
from zhunsheng.faces.imports.registers import REGISTERS
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.models import Import

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
