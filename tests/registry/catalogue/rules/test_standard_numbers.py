"""Numbers of standards as people type them."""

import pytest

from zhunsheng.registry.catalogue.rules.standard_numbers import normal, read_standard_number, standard_number_in


@pytest.mark.parametrize(
    ("typed", "normal_form"),
    [
        ("GB 5009.17-2021", "GB 5009.17-2021"),
        ("GB5009.17-2021", "GB 5009.17-2021"),
        ("ｇｂ／ｔ　１３０８１—２０２２", "GB/T 13081-2022"),
        ("GB / T 13081 – 2022", "GB/T 13081-2022"),
        ("\ufeffGB/T\u200b 13081\u20122022 ", "GB/T 13081-2022"),
        ("GB/Z 21274-2007", "GB/Z 21274-2007"),
        ("GBZ/T 160.1-2004", "GBZ/T 160.1-2004"),
        ("sn/t 0001-2016", "SN/T 0001-2016"),
        ("NY/T 761-2008", "NY/T 761-2008"),
        ("RB/T 214-2017", "RB/T 214-2017"),
        ("DB11/T 1234-2020", "DB11/T 1234-2020"),
        ("DB321/T 12-2020", "DB321/T 12-2020"),
        ("DB3301/T 0213-2018", "DB3301/T 0213-2018"),
        ("T/CNFIA 101-2020", "T/CNFIA 101-2020"),
        ("Q/BBAH 0001S-2020", "Q/BBAH 0001S-2020"),
        ("Q/ABC0001S-2020", "Q/ABC0001S-2020"),
        ("JJG 196-2006", "JJG 196-2006"),
        ("JJF1117－2010", "JJF 1117-2010"),
        ("ISO 13528:2022", "ISO 13528:2022"),
        ("ISO 13528-2022", "ISO 13528:2022"),
        ("ISO/IEC 17025：2017", "ISO/IEC 17025:2017"),
        ("IEC 60068-2-1:2007", "IEC 60068-2-1:2007"),
        ("bjs201703", "BJS 201703"),
        ("AOAC 2015.01", "AOAC 2015.01"),
        ("GB 2762-2022 第1号修改单", "GB 2762-2022/XG1"),
        ("GB 4706.1-2005/XG1-2014", "GB 4706.1-2005/XG1-2014"),
        ("GB/T 27025-2019/ISO/IEC 17025:2017", "GB/T 27025-2019"),
    ],
)
def test_one_number_has_one_form_however_it_is_typed(typed: str, normal_form: str) -> None:
    reading = read_standard_number(typed)
    assert (str(reading.number), reading.faults) == (normal_form, ())
    assert normal(normal_form) == normal_form  # a second reading changes nothing


@pytest.mark.parametrize(
    ("typed", "number", "said"),
    [
        ("GB 5009.17", "GB 5009.17", "has no year"),
        ("ISO 5725-2", "ISO 5725-2", "has no year"),
        ("GB/T 601-88", "GB/T 601-1988", "read as 1988"),
        ("GB/T 13081-3022", "GB/T 13081-3022", "not a year"),
        ("DB99/T 1-2020", "DB99/T 1-2020", "99 is no province"),
        ("XX/T 12-2020", "XX/T 12-2020", "XX/T is not known"),
        ("mercury", None, "not the number of a standard"),
        ("", None, "Give the number"),
        ("--", None, "not the number"),
    ],
)
def test_what_is_doubtful_is_said(typed: str, number: str | None, said: str) -> None:
    reading = read_standard_number(typed)
    assert (str(reading.number) if reading.number else None) == number
    assert [said in fault.en for fault in reading.faults] == [True]


def test_all_editions_share_a_family() -> None:
    families = {read_standard_number(n).number.family for n in ("GB 5009.17-2014", "gb5009.17—2021", "GB 5009.17")}
    assert families == {"GB 5009.17"}


@pytest.mark.parametrize(
    ("method", "standard"),
    [
        ("GB 5009.17-2021", "GB 5009.17-2021"),
        ("GB 5009.17-2021 第一篇 第一法", "GB 5009.17-2021"),
        ("GB 5009.17-2021（第二法）", "GB 5009.17-2021"),
        ("GB 5009.17-2021 Part 1", "GB 5009.17-2021"),
        ("BJS 201703", "BJS 201703"),
        ("in-house 12", ""),
    ],
)
def test_a_method_names_the_standard_on_which_it_rests(method: str, standard: str) -> None:
    assert standard_number_in(method) == standard
