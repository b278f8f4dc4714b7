"""When two names mean the same institution: a key that equal names share, and how alike unequal ones are; pure."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

PROVINCES = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江",
    "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆",
    "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "台湾", "香港",
    "澳门",
)  # fmt: skip
_PROVINCE = re.compile(rf"({'|'.join(PROVINCES)})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?")
_CITY = re.compile(r"([\u4e00-\u9fff]{2,6}?)(?:市(?!场)|自治州|地区|盟)")
_COMPANY = re.compile(r"(?:有限责任公司|有限公司)")
_ENGLISH_COMPANY = re.compile(r"\b(?:co(?:mpany)?\b\W*)?(?:ltd|limited)\b\W*$")
_DIGITS = re.compile(r"\d+|[一二三四五六七八九十百零〇两]+")
SMOOTH = 100
_MUNICIPALITIES = {"北京", "天津", "上海", "重庆"}


def comparison_key(name: str) -> str:
    """The name as it is compared: NFKC, lower case, without spaces, brackets and signs, one word for a limited company.

    A province before a city is left out and so is the word 市, because both are written or not: 浙江省杭州市食品检测中心,
    杭州市食品检测中心 and 杭州食品检测中心 share a key; 浙江省食品检测中心 has another.
    """
    text = unicodedata.normalize("NFKC", name).lower()
    text = _ENGLISH_COMPANY.sub("co ltd", text.strip()).replace("centre", "center")
    text = "".join(c for c in text if c.isalnum())
    return _place_key(_COMPANY.sub("有限公司", text))


def _place_key(text: str) -> str:
    province = _PROVINCE.match(text)
    rest = text[province.end() :] if province else text
    city = _CITY.match(rest)
    if city and len(rest) > city.end() + 1:
        return city[1] + rest[city.end() :]
    if province and (province[1] in _MUNICIPALITIES or len(rest) > 1):
        return province[1] + rest
    return text


def ways_to_write(name: str) -> set[str]:
    """A name with the brackets of either width and without spaces: how files write what the register writes otherwise."""
    plain = unicodedata.normalize("NFKC", name)
    wide = plain.replace("(", "\uff08").replace(")", "\uff09")
    return {name, plain, wide, *("".join(way.split()) for way in (name, plain, wide))}


def without_places(key: str, places: Sequence[str]) -> str:
    """A comparison key without the names of the places, province first, that it begins with; the key itself if nothing were left."""
    rest = key
    for place in places:
        rest = rest.removeprefix(place)
    return rest if len(rest) >= 4 else key


def numbers_in(key: str) -> tuple[str, ...]:
    """The numbers in a name: 第一 and 第二 differ in one character and are never the same institution."""
    return tuple(_DIGITS.findall(key))


def bigrams(key: str) -> Counter[str]:
    """The pairs of neighbouring characters, the ends marked."""
    framed = f"^{key}$"
    return Counter(framed[i : i + 2] for i in range(len(framed) - 1))


def rarity(keys: Iterable[str]) -> dict[str, float]:
    """1 + ln((N + 100) / (n + 100)) for each bigram that n of N keys hold: what every name holds (检测, 有限) weighs little.

    The hundreds keep a register of a few names from weighing by chance.
    """
    names = [set(bigrams(key)) for key in keys]
    held = Counter(gram for grams in names for gram in grams)
    return {gram: 1 + math.log((len(names) + SMOOTH) / (n + SMOOTH)) for gram, n in held.items()}


def vector(key: str, rarity: Mapping[str, float]) -> dict[str, float]:
    """The bigrams of a key weighted by count × rarity, scaled to length 1."""
    raw = {gram: n * rarity.get(gram, 1.0) for gram, n in bigrams(key).items()}
    length = math.sqrt(sum(w * w for w in raw.values()))
    return {gram: w / length for gram, w in raw.items()}


def alike(keys: Sequence[str], rarity: Mapping[str, float], *, least: float) -> list[tuple[str, str, float]]:
    """All pairs of different keys whose weighted bigrams have a cosine of at least `least`, without comparing every pair.

    Prefix filtering: in one order of all bigrams, rarest first, two keys that reach `least` share a bigram among the first of
    both, where "the first" end as soon as those that remain are shorter than `least` together. Exact: nothing is missed.
    """
    found: list[tuple[str, str, float]] = []
    index: dict[str, list[str]] = {}
    vectors = {key: vector(key, rarity) for key in keys}
    for key, own in sorted(vectors.items()):
        first = _first_bigrams(own, rarity, least)
        for other in sorted({other for gram in first for other in index.get(gram, ())}):
            cosine = sum(w * vectors[other].get(gram, 0.0) for gram, w in own.items())
            if cosine >= least:
                found.append((other, key, cosine))
        for gram in first:
            index.setdefault(gram, []).append(key)
    return found


def _first_bigrams(own: Mapping[str, float], rarity: Mapping[str, float], least: float) -> list[str]:
    """The rarest bigrams of a unit vector, up to where the rest is shorter than `least`."""
    left, first = 1.0, []
    for gram in sorted(own, key=lambda g: (-rarity.get(g, 1.0), g)):
        if left < least * least:
            break
        first.append(gram)
        left -= own[gram] ** 2
    return first
