"""Standards from files: what a later file adds to a state supersedes it."""

from __future__ import annotations

import pytest

from tests.foundation.imports.sent import send_and_apply, workbook_of
from zhunsheng.registry.catalogue.importing import Standards
from zhunsheng.registry.catalogue.models import StandardState

pytestmark = pytest.mark.django_db
HEAD = ["标准编号", "中文名称", "英文名称", "标准状态", "起始日期", "代替标准", "依据"]
NEW = ["GB 2-2024", "新标准", "New", "", "", "", ""]


def test_a_replacement_or_a_source_that_comes_later_supersedes_the_state() -> None:
    old = ["GB 1-2020", "旧标准", "Old", "被代替", "2025-01-01"]
    send_and_apply(Standards(), workbook_of([HEAD, [*old, "", "公告一"], NEW]))
    send_and_apply(Standards(), workbook_of([HEAD, [*old, "GB 2-2024", ""], NEW]))
    send_and_apply(Standards(), workbook_of([HEAD, [*old, "", "公告二"], NEW]))
    held = StandardState.objects.get(superseded_by=None)
    assert (held.replacement and held.replacement.number, held.source) == ("GB 2-2024", "公告二")
    assert StandardState.objects.count() == 3
    again = send_and_apply(Standards(), workbook_of([HEAD, [*old, "GB 2-2024", "公告二"], NEW]))
    assert (again.unchanged, StandardState.objects.count()) == (2, 3)
