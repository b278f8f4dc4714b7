"""The list is whole: 64 substances, each with foods and with a method or the statement that there is none."""

from collections import Counter

import pytest

from zhunsheng.registry.catalogue.rules.cas import cas_faults
from zhunsheng.registry.catalogue.rules.standard_numbers import read_standard_number
from zhunsheng.registry.substances.rules import search
from zhunsheng.registry.substances.shipped import STANDINGS, Standing, Substance, substances

LIST = substances()


def test_there_are_47_substances_and_17_phthalates() -> None:
    assert list(LIST) == list(range(1, 65))
    assert Counter(one.batches for one in LIST.values()) == {(1,): 16, (2,): 4, (3,): 7, (4, 5): 20, (6,): 17}
    assert sum("邻苯二甲酸" in one.name.zh for one in LIST.values()) == 17
    assert len({one.name.zh for one in LIST.values()}) == len({one.name.en for one in LIST.values()}) == 64


def test_every_cas_number_passes_its_check_digit() -> None:
    numbers = [number for one in LIST.values() for number in one.cas]
    assert len(numbers) == 80
    assert [number for number in numbers if cas_faults(number)] == []
    assert cas_faults("108-78-2")  # and the check can fail


@pytest.mark.parametrize("one", LIST.values(), ids=lambda one: one.name.en)
def test_every_substance_has_foods_and_a_method_or_says_that_there_is_none(one: Substance) -> None:
    assert one.foods and all(food.zh and food.en for food in one.foods)
    says_none = any(method.standing == Standing.NONE for method in one.methods)
    assert says_none is not one.has_listed_method
    for method in one.methods:
        assert method.standing in STANDINGS
        if method.standing == Standing.NONE:
            assert not method.standard and not method.title.zh and method.checked
        else:
            assert method.standard or (method.title.zh and method.title.en)


def test_how_many_have_a_method() -> None:
    assert Counter(one.has_listed_method for one in LIST.values()) == {True: 39, False: 25}
    assert Counter(m.standing for one in LIST.values() for m in one.methods) == {
        Standing.LISTED: 37, Standing.LATER: 22, Standing.NONE: 25, Standing.UNPUBLISHED: 5, Standing.NEEDED: 6,
        Standing.INDICATOR: 4, Standing.REFERENCE: 1,
    }  # fmt: skip


def test_numbers_of_standards_can_be_read() -> None:
    strange = {n for one in LIST.values() for n in one.standards if read_standard_number(n).number is None}
    assert strange == {"卫监发〔2001〕159号附件2", "农业部1077号公告-5-2008"}  # circulars, which are no standards


@pytest.mark.parametrize(
    ("number", "cas", "foods", "standards"),
    [
        (1, ("149-44-0",), ["腐竹", "粉丝", "面粉", "竹笋"], ("GB/T 21126-2007", "卫监发〔2001〕159号附件2")),
        (
            2,
            ("842-07-9", "3118-97-6", "85-86-9", "85-83-6"),
            ["辣椒粉", "含辣椒类的食品（辣椒酱、辣味调味品）"],
            ("GB/T 19681-2005",),
        ),
        (4, ("108-78-1",), ["乳及乳制品"], ("GB/T 22388-2008", "GB/T 22400-2008")),
        (13, ("1313-82-2",), ["味精"], ()),
        (
            48,
            ("117-81-7",),
            ["乳化剂类食品添加剂", "使用乳化剂的其他类食品添加剂或食品等"],
            ("GB/T 21911", "GB 5009.271-2016"),
        ),
    ],
)
def test_rows_read_against_the_list(
    number: int, cas: tuple[str, ...], foods: list[str], standards: tuple[str, ...]
) -> None:
    one = LIST[number]
    assert (one.cas, [food.zh for food in one.foods], one.standards) == (cas, foods, standards)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("三聚氰胺", {4}), ("melamine", {4}), ("108-78-1", {4}), ("吊白块", {1}), ("Rongalite", {1}), ("木耳", {34, 35}),
        ("wood ear", {34, 35}), ("味精", {13}), ("DEHP", {48}), ("no such thing", set()), ("phthalate dibutyl", {53}),
    ],
)  # fmt: skip
def test_a_substance_is_found_by_name_number_or_food(words: str, found: set[int]) -> None:
    assert {one.number for one in search(words)} == found


def test_without_words_the_whole_list_is_found() -> None:
    assert len(search("")) == 64
