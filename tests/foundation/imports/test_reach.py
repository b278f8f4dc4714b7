"""Whoever may no longer write about what a file was checked for does not apply it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import AT
from tests.foundation.imports.sent import send, sender, workbook_of
from zhunsheng.foundation.imports import actions
from zhunsheng.foundation.imports.models import StagedRow
from zhunsheng.foundation.imports.rules.reach import OutOfReach, reaches
from zhunsheng.registry.institutions.importing import Institutions
from zhunsheng.registry.institutions.models import Institution

HERE = {"areas": ["3301"]}
FILE = [["机构名称", "行政区划代码"], ["许可机构", "330106"]]


@pytest.mark.parametrize(
    ("now", "then", "held"),
    [
        ({"national": True}, {"areas": ["33"]}, True),
        ({"national": True}, {"institution": "a"}, True),
        ({"areas": ["33"]}, {"areas": ["3301", "330106"]}, True),
        ({"areas": ["3301"]}, {"areas": ["33"]}, False),
        ({"areas": ["46"]}, {"areas": ["33"]}, False),
        ({"areas": ["33"]}, {"areas": ["33", "46"]}, False),
        ({"areas": ["33"]}, {"national": True}, False),
        ({"areas": ["33"]}, {"areas": ["33"], "keeper": True}, False),
        ({"areas": ["33"], "keeper": True}, {"areas": ["33"]}, True),
        ({"institution": "a"}, {"institution": "a"}, True),
        ({"institution": "b"}, {"institution": "a"}, False),
        ({}, {"institution": "a"}, False),
        ({}, {"areas": ["33"]}, False),
        ({"national": True}, {"national": True, "keeper": True}, False),
    ],
)
def test_what_reaches_what(now: dict[str, Any], then: dict[str, Any], held: bool) -> None:
    assert reaches(now, then) is held


@pytest.mark.django_db
def test_a_reach_lost_before_the_decision_is_refused_and_the_file_waits() -> None:
    imported = send(Institutions(), workbook_of(FILE), reach=HERE)
    with pytest.raises(OutOfReach):
        actions.begin_applying(imported, Institutions(), reach={"areas": ["46"]}, actor=sender(), at=AT)
    imported.refresh_from_db()
    assert imported.state == "checked" and imported.draft is not None


@pytest.mark.django_db
def test_a_reach_lost_before_the_work_is_refused_and_nothing_goes_in() -> None:
    imported = send(Institutions(), workbook_of(FILE), reach=HERE)
    actions.begin_applying(imported, Institutions(), reach=HERE, actor=sender(), at=AT)
    actions.apply(imported, Institutions(), reach=dict, at=AT)
    imported.refresh_from_db()
    assert imported.state == "refused" and "no longer write" in imported.faults[0][0]
    assert not Institution.objects.exists() and not StagedRow.objects.exists()
