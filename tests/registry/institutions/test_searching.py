"""What is typed finds institutions: a whole code by its index, of the entry itself or of one merged into it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT
from tests.registry.institutions.test_merging import MOVED_USCC, USCC, entry
from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.institutions.queries.searching import matching

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", [USCC, USCC.lower(), USCC[:10], USCC[:17], "华测", "HUACE"])
def test_a_code_a_part_of_it_or_of_a_name_finds(typed: str) -> None:
    kept = entry("杭州华测检测有限公司", "Huace", uscc=USCC)
    entry("别家检测中心", "Other", uscc=MOVED_USCC)
    assert list(standing().filter(matching(typed))) == [kept]


def test_the_code_of_a_merged_entry_finds_the_one_that_stands_for_it() -> None:
    kept, merged = entry("甲检测中心", uscc=USCC), entry("甲检测站", uscc=MOVED_USCC)
    actions.merge_institutions(kept, merged, actor=None, at=AT, reason="same")
    assert list(standing().filter(matching(MOVED_USCC))) == [kept]


def test_a_whole_code_is_found_without_reading_the_names() -> None:
    entry("甲检测中心", uscc=USCC)
    with CaptureQueriesContext(connection) as asked:
        assert standing().filter(matching(USCC)).exists()
    assert "LIKE" not in asked[0]["sql"].upper()
