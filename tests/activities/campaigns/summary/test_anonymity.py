"""What a text gives away and where; and what is left of a name as its short name."""

import pytest

from zhunsheng.activities.campaigns.summary.rules.anonymity import (
    Mark,
    Marks,
    hits,
    marks_of_name,
    sayings_of_place,
    within_names,
)

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
    assert hits(text, Marks([Mark("short_name", "华示"), Mark("short_name", "Huashi")]))


def test_a_name_inside_a_longer_latin_word_is_none() -> None:
    assert not hits("a mandate and two orders", Marks([Mark("person", "An"), Mark("person", "date")]))


def test_a_hit_is_told_by_line_and_character_with_its_words() -> None:
    found = hits("第一行\n某地华示公司的天平", Marks([Mark("short_name", "华示")]))[0]
    assert (found.line, found.column, found.found) == (2, 3, "华示")
    assert found.excerpt == "某地华示公司的天平"


def test_a_place_is_known_by_its_short_name_too() -> None:
    assert sayings_of_place("杭州市", "Hangzhou") == {"杭州市", "杭州", "Hangzhou"}
    assert sayings_of_place("郊区", "Jiao District") == {"郊区", "Jiao District", "Jiao"}


def test_of_two_marks_at_a_place_the_longer_is_told_and_each_is_told_once() -> None:
    marks = Marks([Mark("short_name", "华示"), Mark("name", "华示检测"), Mark("person", "王伟")])
    found = hits("王伟到华示检测，华示的王伟", marks)
    assert [(one.kind, one.found) for one in found] == [("person", "王伟"), ("name", "华示检测")]


def test_a_short_name_that_many_share_singles_nobody_out_a_person_of_that_name_is_told() -> None:
    shared = [Mark("short_name", "宏达")] * 3
    assert hits("宏达公司", Marks(shared, shared_from=4)) and not hits("宏达公司", Marks(shared, shared_from=3))
    assert [one.kind for one in hits("宏达", Marks([*shared, Mark("person", "宏达")], shared_from=3))] == ["person"]


def test_what_is_spared_hides_no_other_mark_of_the_same_words() -> None:
    marks = Marks([Mark("short_name", "王伟"), Mark("person", "王伟")])
    spared = within_names(marks, ["王伟检测有限公司"])
    assert spared == {("short_name", "王伟")}
    assert [one.kind for one in hits("王伟说", marks, spared)] == ["person"]
