"""One sentence, two languages."""

import pytest

from zhunsheng.foundation.bilingual import Text, join, language, t, using

ROW = t("Row {n} is not a number", "第 {n} 行不是数字", n=3)


def test_placeholders_are_filled_in_both_languages() -> None:
    assert Text(en="Row 3 is not a number", zh="第 3 行不是数字") == ROW


def test_a_text_inside_a_text_goes_in_in_its_own_language() -> None:
    inside = t("{what} is missing", "缺少{what}", what=t("The unit", "单位"))
    assert (inside.en, inside.zh) == ("The unit is missing", "缺少单位")


def test_a_text_without_values_keeps_its_braces() -> None:
    assert t("{n} rows", "{n} 行").with_(n=2).zh == "2 行"


def test_a_forgotten_placeholder_is_an_error_at_once() -> None:
    with pytest.raises(KeyError, match="row"):
        t("Row {row}, column {column}", "第 {row} 行 {column} 列", column="B")


def test_str_speaks_the_language_of_the_moment_and_returns_to_the_one_before() -> None:
    with using("zh"):
        assert str(ROW) == "第 3 行不是数字"
        with using("en"):
            assert str(ROW) == "Row 3 is not a number"
        assert language() == "zh"
    assert language() == "en"


def test_the_language_returns_also_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), using("zh"):
        raise ZeroDivisionError
    assert language() == "en"


def test_both_says_a_thing_once_where_the_languages_agree() -> None:
    assert ROW.both() == "第 3 行不是数字 / Row 3 is not a number"
    assert Text(en="L08", zh="L08").both() == "L08"


def test_join_uses_each_languages_own_separator() -> None:
    assert join([t("a", "甲"), t("b", "乙")]) == Text(en="a; b", zh="甲；乙")
    assert join([]) == Text(en="", zh="")


def test_a_text_on_a_page_is_data_never_markup() -> None:
    assert t("<b>&", "<i>").__html__() == "&lt;b&gt;&amp;"
