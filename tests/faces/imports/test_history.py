"""What a file changed is read on the page of the thing: which file, which row, from what to what, and by whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import institution_of
from tests.faces.imports.test_import_pages import work
from tests.faces.pages import in_chinese, queries_of, text_of
from tests.foundation.imports.sent import workbook_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.imports.models import Import
from zhunsheng.registry.institutions.models import Institution

pytestmark = pytest.mark.django_db
CODE = "91330100799655058B"


def renamed(client: Client, name: str, region: str = "330106") -> None:
    content = workbook_of([["统一社会信用代码", "机构名称", "行政区划代码"], [CODE, name, region]])
    client.post(
        reverse("import_send", args=["institutions"]), {"file": SimpleUploadedFile("名单.xlsx", content), "mode": "all"}
    )
    work()
    client.post(reverse("import_apply", args=[Import.objects.latest("started_at").pk]))
    work()


def test_an_old_name_is_found_on_the_page(
    client_of: Callable[[User | None], Client], laboratory: User, province: User
) -> None:
    there = institution_of(laboratory)
    Institution.objects.filter(pk=there.pk).update(uscc=CODE)
    office = client_of(province)
    page = reverse("office_institution", args=[there.pk])
    renamed(office, "新名检测")
    said = " ".join(text_of(in_chinese(office).get(page)).split())
    assert "由文件导入" in said and "名单.xlsx，第 2 行" in said
    assert there.name_zh in said.split("变更历史")[1] and "机构名称" in said.split("变更历史")[1]
    own = " ".join(text_of(client_of(laboratory).get(reverse("workspace_institution"))).split())
    assert there.name_zh in own.split("History")[1]
    few = queries_of(lambda: office.get(page))
    for n in range(3):
        renamed(office, f"新名检测{n}")
    assert queries_of(lambda: office.get(page)) == few
