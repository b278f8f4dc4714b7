"""Whoever writes a scope is told to use names of the catalogue: everybody finds them, nobody enters one here."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT
from tests.registry.scopes import ground
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.actions import enter_standards
from zhunsheng.registry.catalogue.models import Method, Standard

pytestmark = pytest.mark.django_db
KINDS = ("parameters", "matrices", "methods", "standards")


@pytest.fixture
def catalogue(db: None) -> None:
    ground.parameters("melamine", "lead")
    ground.matrix("rawmilk")
    method = ground.method("GB/T 22388-2008")
    made = Standard(number="GB 5009.17-2021", name_zh="食品中总汞的测定", name_en="Determination of mercury in foods")
    enter_standards([made], actor=None, at=AT)
    Method.objects.filter(pk=method.pk).update(standard=made)


def test_everybody_finds_what_the_catalogue_holds(
    catalogue: None, client: Client, client_of: Any, laboratory: User
) -> None:
    held = dict(zip(KINDS, ("Melamine", "Rawmilk", "GB/T 22388-2008", "GB 5009.17-2021"), strict=True))
    for asker in (client, client_of(laboratory)):
        for kind, name in held.items():
            assert name in asker.get(reverse(f"public_{kind}")).content.decode(), kind
    found = client.get(reverse("public_parameters"), {"q": "melamine"}).content.decode()
    assert "Melamine" in found and "Lead" not in found


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_entered_here_and_no_door_of_the_office_is_shown(catalogue: None, client: Client, kind: str) -> None:
    page = client.get(reverse(f"public_{kind}")).content.decode()
    assert "/office/" not in page and '<form method="post"' not in page.split("<main")[1]
    assert client.post(reverse(f"public_{kind}"), {"code": "x"}).status_code == 405
