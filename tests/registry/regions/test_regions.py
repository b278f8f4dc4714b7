"""Codes end, places go on: trap 12 of the domain (a region renamed after registration) and its neighbours."""

import csv
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.regions import (
    Point,
    children,
    codes_within,
    distance_km,
    living,
    name_of,
    near,
    path_of,
    place_of,
    prepare,
    provinces,
    region,
    search,
    successors_of,
)
from zhunsheng.registry.regions.queries import within
from zhunsheng.registry.regions.shipped import FILE, timelines

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("code", "on", "zh", "en"),
    [
        ("330106", TODAY, "浙江省杭州市西湖区", "Xihu District, Hangzhou, Zhejiang"),
        ("610102", TODAY, "陕西省西安市新城区", "Xincheng District, Xi'an, Shaanxi"),
        ("140105", TODAY, "山西省太原市小店区", "Xiaodian District, Taiyuan, Shanxi"),
        ("110101", TODAY, "北京市东城区", "Dongcheng District, Beijing"),
        ("429004", TODAY, "湖北省仙桃市", "Xiantao, Hubei"),
        ("441900", TODAY, "广东省东莞市", "Dongguan, Guangdong"),
        ("540102", TODAY, "西藏自治区拉萨市城关区", "Chengguan District, Lhasa, Xizang"),
        ("422800", TODAY, "湖北省恩施土家族苗族自治州", "Enshi Tujia and Miao Autonomous Prefecture, Hubei"),
        ("710000", TODAY, "台湾省", "Taiwan"),
        ("810000", TODAY, "香港特别行政区", "Hong Kong"),
        # renamed under the same code
        ("130502", date(2019, 6, 1), "河北省邢台市桥东区", "Qiaodong District, Xingtai, Hebei"),
        ("130502", TODAY, "河北省邢台市襄都区", "Xiangdu District, Xingtai, Hebei"),
        ("420600", date(2008, 1, 1), "湖北省襄樊市", "Xiangfan, Hubei"),
        ("420600", TODAY, "湖北省襄阳市", "Xiangyang, Hubei"),
        # a code that ended keeps its last name
        ("371202", TODAY, "山东省莱芜市莱城区", "Laicheng District, Laiwu, Shandong"),
        ("330185", TODAY, "浙江省杭州市临安市", "Lin'an, Hangzhou, Zhejiang"),
        # Chongqing lay in Sichuan
        ("510211", date(1990, 1, 1), "四川省重庆市江北区", "Jiangbei District, Chongqing, Sichuan"),
        # nothing is known of the code, or of the day
        ("999999", TODAY, "999999", "999999"),
        ("330106", date(1970, 1, 1), "330106", "330106"),
    ],
)
def test_a_code_is_named_as_on_the_day(code: str, on: date, zh: str, en: str) -> None:
    found = name_of(code, on)
    assert (found.zh, found.en) == (zh, en)


def test_the_day_of_the_change_is_the_first_of_the_new_name() -> None:
    assert region("371202", date(2018, 12, 25)).covers(date(2018, 12, 25))
    assert not region("371202", date(2018, 12, 26)).covers(date(2018, 12, 26))
    assert region("370116", date(2018, 12, 25)) is None
    assert region("370116", date(2018, 12, 26)).name.zh == "莱芜区"


@pytest.mark.parametrize(
    ("code", "on", "there"),
    [
        ("330106", TODAY, {"330106"}),
        ("371202", TODAY, {"370116"}),
        ("371202", date(2010, 1, 1), {"371202"}),
        ("370116", date(2010, 1, 1), {"371202"}),  # asked of a day before the code: what it was made of
        ("330185", TODAY, {"330112"}),
        ("330124", TODAY, {"330112"}),  # 临安县 → 临安市 → 临安区
        ("330104", TODAY, {"330102", "330114"}),  # divided between two
        ("510200", TODAY, {"500000"}),
        ("442100", TODAY, {"460000"}),
        ("522101", TODAY, {"520300"}),  # a city of a county's rank that became a prefecture
        ("449003", date(1987, 6, 1), {"449003"}),  # 海口 then,
        ("449003", TODAY, {"440113"}),  # 番禺 since 1992: a code that was given out twice
        ("999999", TODAY, set()),
    ],
)
def test_a_code_goes_on_in_others(code: str, on: date, there: set[str]) -> None:
    assert successors_of(code, on) == there


@pytest.mark.parametrize(
    ("asked", "on", "code", "inside"),
    [
        ("330100", TODAY, "330106", True),
        ("330000", TODAY, "330106", True),
        ("330200", TODAY, "330106", False),
        ("330100", TODAY, "330100", True),
        ("330106", TODAY, "330100", False),  # the whole does not lie in its part
        ("370100", TODAY, "371202", True),  # a merged region: registered in 莱芜, sought in 济南
        ("370100", TODAY, "371200", True),
        ("371200", TODAY, "370116", True),  # sought under the code that ended
        ("370100", date(2015, 1, 1), "371202", False),  # not yet merged
        ("330112", TODAY, "330185", True),  # the code of a county that vanished
        ("500000", TODAY, "510211", True),
        ("510000", TODAY, "510211", False),  # Chongqing left Sichuan
        ("510000", date(1990, 1, 1), "510211", True),
        ("510000", date(1990, 1, 1), "500103", True),  # and a code of later times asked of a day before
        ("510000", TODAY, "510104", True),
        ("460000", TODAY, "442101", True),  # 海口 when Hainan was of Guangdong
        ("440000", TODAY, "442101", False),
        ("220100", TODAY, "220381", True),  # 公主岭 moved from 四平
        ("220300", TODAY, "220381", False),
        ("130100", TODAY, "130171", True),  # a development zone: in no list, but nothing else begins so
        ("429004", TODAY, "429005", False),
        ("429004", TODAY, "429004", True),
    ],
)
def test_what_lies_within_a_region(asked: str, on: date, code: str, inside: bool) -> None:
    beginnings, codes = codes_within(asked, on)
    assert (code in codes or code.startswith(beginnings or "?")) is inside


@pytest.mark.django_db
def test_a_laboratory_is_found_by_the_code_it_was_registered_under() -> None:
    """Trap 12: registered in 莱芜 (merged into 济南) and in 桥东区 (renamed); a code in no list stays findable as itself."""
    for code in ("371202", "130502", "330185", "ZZ0000"):
        Institution.objects.create(kind="laboratory", name_zh=code, name_en=code, region_code=code)

    def found(code: str, on: date = TODAY) -> list[str]:
        return sorted(Institution.objects.filter(within(code, on)).values_list("region_code", flat=True))

    assert found("370100") == ["371202"]
    assert found("371200") == ["371202"]
    assert found("370000") == ["371202"]
    assert found("130502") == found("130500") == ["130502"]
    assert found("330112") == ["330185"]
    assert found("370100", date(2015, 1, 1)) == []
    assert found("ZZ0000") == ["ZZ0000"]
    assert found("110000") == []


def test_every_code_in_force_lies_in_exactly_one_province() -> None:
    within = {one.code: codes_within(one.code, TODAY) for one in provinces(TODAY)}
    for one in living(TODAY):
        found = [p for p, (starts, codes) in within.items() if one.code in codes or one.code.startswith(starts or "?")]
        assert found == [one.code[:2] + "0000"]


def test_the_children_of_a_region_are_those_of_the_day() -> None:
    assert [one.code for one in children("330100", TODAY)][-4:] == ["330114", "330122", "330127", "330182"]
    assert "330103" in {one.code for one in children("330100", date(2019, 1, 1))}
    assert "330103" not in {one.code for one in children("330100", TODAY)}
    assert [one.code for one in path_of("330106", TODAY)] == ["330000", "330100", "330106"]
    assert len(provinces(TODAY)) == 34
    assert (
        len(provinces(date(1985, 1, 1))) == 29
    )  # without Hainan, Chongqing, and what the lists of that time leave out


# The data


def test_the_file_is_sound() -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(regions) for regions in timelines().values())
    in_force = Counter(r["level"] for r in rows if not r["valid_to"])
    assert in_force == {"province": 34, "prefecture": 333, "county": 2845}
    for code, regions in timelines().items():
        assert len(code) == 6 and code.isdigit()
        for earlier, later in pairwise(regions):
            assert earlier.valid_to is not None and earlier.valid_to < later.valid_from, code
        for one in regions:
            assert one.valid_to is None or one.valid_from <= one.valid_to
            assert not one.parent or region(one.parent, one.valid_from), code
            assert all(new in timelines() and new != code for new in one.successors), code
            assert 3 <= one.latitude <= 54 and 73 <= one.longitude <= 136, code
            assert one.name.en.isprintable() and not any("\u4e00" <= c <= "\u9fff" for c in one.name.en)


def test_a_successor_is_in_force_when_its_predecessor_ends() -> None:
    late = []
    for code, regions in timelines().items():
        last = regions[-1]
        for new in last.successors:
            follows = region(new, last.valid_to + timedelta(days=1))
            if follows is None or not follows.covers(last.valid_to + timedelta(days=1)):
                late.append(code)
    assert late == []


def test_a_basis_is_told_wherever_a_code_ended_and_only_there() -> None:
    told = {"same name", "same stem", "absorbed", "only newcomer", "by its counties", "by hand", "unknown"}
    for regions in timelines().values():
        for one in regions[:-1]:
            gap = regions[regions.index(one) + 1].valid_from - one.valid_to
            assert one.basis in told if gap.days > 1 else one.basis == ""
        assert (regions[-1].basis in told) is (regions[-1].valid_to is not None)
        assert bool(regions[-1].successors) is (regions[-1].basis not in ("", "unknown"))


# Places


def test_the_distance_is_that_of_the_great_circle() -> None:
    assert distance_km(Point(0, 0), Point(0, 90)) == pytest.approx(6371.0088 * 3.141592653589793 / 2)
    assert distance_km(Point(36.12, -86.67), Point(33.94, -118.40)) == pytest.approx(2886.45, abs=0.01)
    assert distance_km(Point(10, 20), Point(10, 20)) == 0
    assert distance_km(Point(0, 0), Point(0, 180)) == pytest.approx(6371.0088 * 3.141592653589793)


@pytest.mark.parametrize(
    ("a", "b", "km"), [("110000", "310000", 1067), ("330100", "320100", 237), ("440100", "440300", 104)]
)
def test_places_are_where_they_are(a: str, b: str, km: float) -> None:
    here, there = place_of(a, TODAY), place_of(b, TODAY)
    assert here and there
    assert distance_km(here, there) == pytest.approx(km, rel=0.04)


def test_a_place_of_a_code_that_is_not_listed_is_that_of_what_it_begins_with() -> None:
    assert place_of("330171", TODAY) == place_of("330100", TODAY)
    assert place_of("999999", TODAY) is None


def test_near_gives_counties_by_distance() -> None:
    found = near("330100", 60, TODAY)
    assert [far for _, far in found] == sorted(far for _, far in found)
    assert {"西湖区", "余杭区", "德清县", "海宁市"} <= {one.name.zh for one, _ in found}
    assert all(far <= 60 and one.level == "county" for one, far in found)
    assert "东莞市" in {one.name.zh for one, _ in near("440100", 80, TODAY)}  # a prefecture without counties
    assert near("999999", 60, TODAY) == []
    assert near(Point(-40, 0), 60, TODAY) == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("杭州", "330100"), ("hangzhou", "330100"), ("Hang Zhou", "330100"), ("杭州 西湖", "330106"),
        ("xihu hangzhou", "330106"), ("330106", "330106"), ("xi'an", "610100"), ("lüliang", "141100"),
        ("luliang", "141100"), ("莱芜市", "370100"), ("371202", "370116"), ("临安市", "330112"), ("陕西", "610000"),
    ],
)  # fmt: skip
def test_a_region_is_found_by_what_is_typed(typed: str, first: str) -> None:
    assert search(typed, TODAY)[0].code == first


def test_nothing_is_found_by_nothing() -> None:
    assert search("", TODAY) == search("  ", TODAY) == search("no such place", TODAY) == []
    assert len(search("县", TODAY, limit=7)) == 7


def test_the_file_is_read_once_for_all_names() -> None:
    name_of("330106", TODAY), codes_within("330100", TODAY)
    before = timelines.cache_info().misses
    assert all(name_of(code, TODAY) for code in timelines())
    assert timelines.cache_info().misses == before


@pytest.mark.parametrize("on", [date(1996, 1, 1), date(2026, 11, 23)])
@pytest.mark.parametrize("code", ["510000", "330100", "330106", "469000", "999999"])
def test_what_lies_in_a_region_is_found_by_walking_up_from_each_code(code: str, on: date) -> None:
    roots = successors_of(code, on) or {code}
    beginnings, codes = codes_within(code, on)
    for one in timelines():
        up = {above.code for there in successors_of(one, on) for above in path_of(there, on)}
        if one in roots or up & roots:
            assert one in codes or one.startswith(beginnings), one
        elif up:
            assert one not in codes and not one.startswith(beginnings), one


def test_once_prepared_a_day_asks_nothing_of_the_list_again() -> None:
    on = date(2026, 11, 23)
    prepare(on)
    before = living.cache_info().misses
    codes_within("330000", on)
    near("330100", 50, on)
    assert living.cache_info().misses == before
