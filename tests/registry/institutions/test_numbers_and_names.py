"""What the number of a certificate says, and when two names are one: truth tables."""

from itertools import combinations

import pytest

from zhunsheng.registry.institutions.rules import organisation_code, uscc_parts
from zhunsheng.registry.institutions.rules.certificates import (
    AUTHORITIES,
    FIELDS,
    cma_number,
    cnas_number,
    number_in_words,
    number_notes,
)
from zhunsheng.registry.institutions.rules.names import (
    alike,
    comparison_key,
    numbers_in,
    rarity,
    vector,
    without_places,
)
from zhunsheng.registry.institutions.rules.refusals import CannotEnter, check_uscc


def test_authority_11_is_zhejiang_and_not_beijing() -> None:
    """The numbers have codes of authorities of their own: 11 is Beijing in GB/T 2260 and Zhejiang here."""
    parts = cma_number("231120110001")
    assert parts is not None
    assert (parts.year, parts.authority, parts.field, parts.industry, parts.serial) == (2023, "11", "20", "11", "0001")
    assert parts.authority_name.zh == "浙江" and parts.province == "33"
    assert parts.field_name.zh == "综合" and parts.industry_name.zh == "技术监督"
    assert AUTHORITIES["01"][1].zh == "北京" and AUTHORITIES["01"][0] == "11"


def test_there_are_32_authorities_and_22_fields() -> None:
    assert sorted(AUTHORITIES) == [f"{n:02d}" for n in range(32)]
    assert sorted(FIELDS) == [f"{n:02d}" for n in range(22)]
    assert len({region for region, _ in AUTHORITIES.values()}) == 32


@pytest.mark.parametrize(
    ("number", "province", "year", "said"),
    [
        ("231120110001", "33", 2023, []),
        ("231120110001", "11", 2023, ["The number names Zhejiang, the institution lies in another province."]),
        ("230020110001", "11", 2023, []),  # the national authority approves anywhere
        ("231120110001", "", None, []),
        ("239920110001", "33", None, ["No authority has the code 99."]),
        ("231199110001", "33", None, ["No field has the code 99."]),
        ("231120110001", "33", 2022, ["The number is of 2023, the certificate begins in 2022."]),
        ("231120110001", "33", 2029, []),  # renewed under its number
        ("2012110001Z", "33", 2012, ["An older or free number: it is kept as it is."]),
        ("（2014）量认（浙）字（Z0001）号", "33", 2014, ["An older or free number: it is kept as it is."]),
    ],
)
def test_what_to_look_at_in_a_cma_number(number: str, province: str, year: int | None, said: list[str]) -> None:
    assert [note.en for note in number_notes("CMA", number, province=province, valid_from_year=year)] == said


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("CNAS L1234", ("L", "1234")), ("cnas l0001", ("L", "0001")), ("L12345", ("L", "12345")), ("CNAS IB0012", ("IB", "0012")),
        ("CNAS PT0003", ("PT", "0003")), ("CNAS-RM0007", ("RM", "0007")), ("MT0456", ("MT", "0456")), ("CNAS X1234", None),
        ("1234", None), ("", None),
    ],
)  # fmt: skip
def test_the_forms_of_a_cnas_number(number: str, parts: tuple[str, str] | None) -> None:
    assert cnas_number(number) == parts
    assert bool(number_notes("CNAS", number)) is (parts is None)


def test_a_number_is_told_in_both_languages() -> None:
    assert number_in_words("CMA", "231100070001").zh == "2023 年，浙江，食品，行业主管部门代码 07"
    assert number_in_words("CNAS", "CNAS PT0003").en == "Proficiency testing provider"
    assert number_in_words("CMA", "free") is None


def test_the_parts_of_a_code() -> None:
    parts = uscc_parts("91350100M0001TGQXM")
    assert parts is not None
    assert (parts.department.zh, parts.kind, parts.region, parts.organisation) == (
        "市场监管",
        "91",
        "350100",
        "M0001TGQX",
    )
    assert organisation_code("1144030000712345XF") == "00712345X"
    assert organisation_code("") == organisation_code(None) == organisation_code("123") == ""


@pytest.mark.parametrize(
    ("code", "because", "kept"),
    [
        ("91330100MA2X7K3B2M", "", True),
        ("91350100M0001TGQXM", "", False),
        ("91350100M0001TGQXM", "  ", False),
        ("91350100M0001TGQXM", "issued in the pilot", True),
        (None, "", True),
        ("12", "the certificate says so", True),
    ],
)
def test_a_code_that_breaks_the_rule_is_kept_with_a_reason(code: str | None, because: str, kept: bool) -> None:
    if kept:
        check_uscc(code, because)
    else:
        with pytest.raises(CannotEnter) as refused:
            check_uscc(code, because)
        assert refused.value.field == "uscc_reason" and "。" in refused.value.reason.zh


@pytest.mark.parametrize(
    "same",
    [
        ["浙江省杭州市食品检测中心", "杭州市食品检测中心", "杭州食品检测中心", "杭州市 食品检测中心"],
        ["杭州华测检测有限公司", "杭州华测检测有限责任公司", "杭州华测检测（有限公司）", "杭州市华测检测有限公司"],
        ["厦门检测（福建）有限公司", "厦门检测(福建)有限公司", "厦门检测［福建］有限公司"],
        ["北京市海淀区疾病预防控制中心", "北京海淀区疾病预防控制中心"],
        ["Hangzhou Testing Co., Ltd.", "HANGZHOU TESTING CO LTD", "Hangzhou Testing Company Limited"],
        ["Food Testing Centre", "Food Testing Center"],
    ],
)
def test_names_written_differently_share_a_key(same: list[str]) -> None:
    assert len({comparison_key(name) for name in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("浙江省食品检测中心", "江苏省食品检测中心"),
        ("浙江省食品检测中心", "浙江省杭州市食品检测中心"),
        ("杭州华测检测有限公司", "杭州华信检测有限公司"),
        ("第一检测中心", "第二检测中心"),
        ("西湖市场监督管理局", "西湖场监督管理局"),
    ],
)
def test_other_names_do_not(one: str, other: str) -> None:
    assert comparison_key(one) != comparison_key(other)


def test_places_are_left_out_where_something_remains() -> None:
    assert without_places("杭州华测检测有限公司", ("浙江", "杭州", "西湖")) == "华测检测有限公司"
    assert without_places("华测检测有限公司", ("浙江", "杭州", "西湖")) == "华测检测有限公司"
    assert without_places("杭州检测", ("浙江", "杭州", "西湖")) == "杭州检测"


def test_numbers_in_names() -> None:
    assert numbers_in("杭州第一检测中心2部") == ("一", "2") and numbers_in("食品检测中心") == ()


NAMES = [
    "福建产品质量检验研究院", "福建产品质量监督检验研究院", "杭州华测检测技术有限公司", "杭州华信检测技术有限公司", "厦门华检检测有限公司",
    "厦门华检检验检测有限公司", "疾病预防控制中心", "西湖疾病预防控制中心", "建筑材料检测站", "建筑材料质量检测站", "abc", "abd",
]  # fmt: skip


@pytest.mark.parametrize("least", [0.3, 0.5, 0.78, 0.95])
def test_no_near_pair_is_missed(least: float) -> None:
    """Against the comparison of every pair."""
    weights = rarity(NAMES)
    vectors = {name: vector(name, weights) for name in NAMES}
    every = {
        tuple(sorted((a, b)))
        for a, b in combinations(NAMES, 2)
        if sum(w * vectors[b].get(gram, 0.0) for gram, w in vectors[a].items()) >= least
    }
    assert {(a, b) for a, b, _ in alike(NAMES, weights, least=least)} == every


def test_what_every_name_holds_weighs_little() -> None:
    weights = rarity(NAMES)
    assert weights["检测"] < weights["华测"] and weights["^福"] > weights["限公"]
