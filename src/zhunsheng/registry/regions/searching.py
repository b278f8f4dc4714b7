"""Finding a region by what somebody types; pure."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from zhunsheng.registry.regions.rules import living, name_of, successors_of
from zhunsheng.registry.regions.shipped import Level, Region, timelines

LEVELS: tuple[Level, ...] = ("province", "prefecture", "county")


def search(words: str, on: date, limit: int = 20) -> list[Region]:
    """Regions in force on a day for what was typed: 西湖, xihu, hang zhou, 杭州 西湖, Xihu Hangzhou, 3301, 莱芜市.

    Every word must occur in the Chinese full name, begin a word of the English one, or begin the code. Former names and codes
    count too. Those whose own name begins with the first word stand first, larger before smaller.
    """
    wanted = plain(words).split()
    joined = "".join(wanted)
    if not wanted:
        return []
    texts = _texts(on)
    found = [one for one in living(on) if _matches(texts[one.code], wanted) or f" {joined}" in texts[one.code]]
    ranked = sorted(found, key=lambda one: (_rank(one, joined, wanted[0]), LEVELS.index(one.level), one.code))
    return ranked[:limit]


def _matches(text: str, wanted: list[str]) -> bool:
    return all(word in text if not word.isascii() else f" {word}" in text for word in wanted)


def _rank(one: Region, joined: str, first: str) -> int:
    own = f"{one.code} {one.name.zh} {plain(one.name.en)}"
    said = {one.name.zh, plain(one.name.en), plain(one.name.en).removesuffix(" district").removesuffix(" county")}
    if joined in said:
        return 0
    return 1 if any(part.startswith((joined, first)) for part in own.split()) else 2


@lru_cache(maxsize=8)
def _texts(on: date) -> Mapping[str, str]:
    """Code in force → everything by which it is sought: its full name, and the names and codes that lead to it."""
    found = {one.code: [_sayings(one.code, name_of(one.code, on).zh, name_of(one.code, on).en)] for one in living(on)}
    for code, regions in timelines().items():
        for goal in successors_of(code, on):
            found[goal] += [
                _sayings(code, one.name.zh, one.name.en) for one in regions if one.name.zh not in found[goal][0]
            ]
    return {code: " ".join(("", *texts)) for code, texts in found.items()}


def _sayings(code: str, zh: str, en: str) -> str:
    return f"{code} {zh} {plain(en)}"


def plain(name: str) -> str:
    """As it is typed: small letters, no apostrophe or comma, no dots on the u."""
    return name.lower().replace("'", "").replace("\u2019", "").replace("ü", "u").replace(",", " ")
