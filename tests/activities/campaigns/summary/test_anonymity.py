"""What a text gives away and where; and what is left of a name as its short name."""

import pytest

from zhunsheng.activities.campaigns.summary.rules.anonymity import Mark, hits, marks_of_name, sayings_of_place

PLACES = ("浙江省", "浙江", "杭州市", "杭州", "Hangzhou", "Zhejiang")


@pytest.mark.parametrize(
    ("zh", "en", "short"),
    [
        ("杭州华示检测技术有限公司", "Hangzhou Huashi Testing Technology Co., Ltd.", {"华示", "Huashi"}),
        ("杭州市食品检验所", "Hangzhou Institute for Food Inspection", set()),
    ],
)
def test_a_short_name_is_what_no_other_laboratory_bears(zh: str, en: str, short: set[str]) -> None:
    assert {one.text for one in marks_of_name(zh, en, PLACES) if one.kind == "short_name"} == short


@pytest.mark.parametrize("text", ["华 示 公司", "（华示）", "HUASHI said", "Ｈｕａｓｈｉ", "hua\nshi"])
def test_spaces_case_and_width_hide_no_name(text: str) -> None:
    assert hits(text, [Mark("short_name", "华示"), Mark("short_name", "Huashi")])


def test_a_name_inside_a_longer_latin_word_is_none() -> None:
    assert not hits("a mandate and two orders", [Mark("person", "An"), Mark("person", "date")])


def test_a_hit_is_told_by_line_and_character_with_its_words() -> None:
    found = hits("第一行\n某地华示公司的天平", [Mark("short_name", "华示")])[0]
    assert (found.line, found.column, found.found) == (2, 3, "华示")
    assert found.excerpt == "某地华示公司的天平"


def test_a_place_is_known_by_its_short_name_too() -> None:
    assert sayings_of_place("杭州市", "Hangzhou") == {"杭州市", "杭州", "Hangzhou"}
    assert sayings_of_place("郊区", "Jiao District") == {"郊区", "Jiao District", "Jiao"}
