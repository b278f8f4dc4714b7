"""Whether a text gives somebody away, and where; pure.

Texts are compared without case, spaces, punctuation and the width of characters, so that a name broken by a space is still found.
A short name is what is left of a name without its place and without the words that every laboratory bears. It errs on the side of
an alarm: a text that uses a name as a common word is worded anew.
"""

import csv
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from zhunsheng.foundation.bilingual import Language
from zhunsheng.registry.catalogue.fields import FIELDS

AROUND = 8
"""So many characters on each side of a hit are shown with it."""
FEWEST_LETTERS = {"person": 2, "short_name": 2, "region": 2, "name": 3, "address": 4, "uscc": 6, "certificate": 6}
"""Kind of mark → with how many characters it says something: a house number alone does not."""


@lru_cache(maxsize=2)
def common_words(lang: Language) -> tuple[str, ...]:
    """The words that every laboratory bears in its name, long ones first (`data/common_words.csv`, this project's list)."""
    package = __package__.rpartition(".")[0]
    text = (files(package) / "data" / "common_words.csv").read_text(encoding="utf-8")
    found = (row["word"] for row in csv.DictReader(text.splitlines()) if row["language"] == lang)
    return tuple(sorted(found, key=len, reverse=True))


_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something by which a reader would know who is meant."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a text gives somebody away: line and character counted from 1, with the words around."""

    kind: str
    found: str
    line: int
    column: int
    excerpt: str


def hits(text: str, marks: Iterable[Mark]) -> list[Hit]:
    """Every mark that a text contains, at its first place; in the order of the text, one a place: the longest."""
    folded, positions = _folded_with_positions(text)
    at: dict[int, tuple[int, Mark]] = {}
    for one in marks:
        sought = folded_text(one.text)
        if len(sought) < FEWEST_LETTERS[one.kind]:
            continue
        place = _place(folded, positions, text, sought)
        if place is not None and (place not in at or at[place][0] < len(sought)):
            at[place] = len(sought), one
    return [_hit(text, positions[place], positions[place + n - 1], one) for place, (n, one) in sorted(at.items())]


def _place(folded: str, positions: list[int], text: str, sought: str) -> int | None:
    """Where it begins; Latin letters and digits only as whole words, or “An” would be found in every “and”."""
    place = folded.find(sought)
    while place >= 0:
        if _is_word(folded, positions, text, place, place + len(sought)):
            return place
        place = folded.find(sought, place + 1)
    return None


def _is_word(folded: str, positions: list[int], text: str, first: int, end: int) -> bool:
    def joins(one: int, other: int) -> bool:
        beside = positions[other] - positions[one] <= 1
        return beside and _is_latin(folded[one]) and _is_latin(folded[other])

    return not (first and joins(first - 1, first)) and not (end < len(folded) and joins(end - 1, end))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def folded_text(text: str) -> str:
    """As texts are compared: full width as half width, small letters, no spaces and no punctuation."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())


def _folded_with_positions(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters where it stands in the text."""
    pairs = [(folded, i) for i, one in enumerate(text) for folded in folded_text(one)]
    return "".join(one for one, _ in pairs), [i for _, i in pairs]


def _hit(text: str, first: int, last: int, mark: Mark) -> Hit:
    line, begins = text.count("\n", 0, first) + 1, text.rfind("\n", 0, first) + 1
    ends = text.find("\n", last)
    around = text[max(begins, first - AROUND) : min(ends if ends >= 0 else len(text), last + 1 + AROUND)]
    return Hit(mark.kind, text[first : last + 1], line, first - begins + 1, around)


def marks_of_name(name_zh: str, name_en: str, places: Collection[str]) -> Iterator[Mark]:
    """The names of an institution, and its short names. `places`: the names of the regions that it lies in."""
    yield Mark("name", name_zh)
    yield Mark("name", name_en)
    common, known = _said_by_all(tuple(places))
    runs = _HAN.findall(common.sub(" ", name_zh))
    words = [one for one in _LATIN.findall(name_en) if one.lower() not in known and len(one) > 1]
    if runs:
        yield Mark("short_name", max(runs, key=len))
    if len("".join(words)) >= 4:
        yield Mark("short_name", " ".join(words))


_HAN, _LATIN = re.compile(r"[\u3400-\u9fff]{2,}"), re.compile(r"[A-Za-z]+")


@lru_cache(maxsize=5000)
def _said_by_all(places: tuple[str, ...]) -> tuple[re.Pattern[str], frozenset[str]]:
    """What says nothing in a name there: places, fields and common words; as a pattern in Chinese, as words in English."""
    fields = [one.zh for one in FIELDS.values()]
    chinese = sorted({*places, *fields, *common_words("zh")}, key=len, reverse=True)
    english = [*common_words("en"), *places, *(one.en for one in FIELDS.values())]
    pattern = re.compile(r"[（(][^)）]*[)）]|" + "|".join(map(re.escape, chinese)))
    return pattern, frozenset(word.lower() for one in english for word in _LATIN.findall(one))


def sayings_of_place(zh: str, en: str) -> set[str]:
    """How a place is named: in full, and without the word for its rank where two characters are left."""
    short = re.sub(r"(?:维吾尔|壮族|回族)?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|省|市|盟|县|区|旗)$", "", zh)
    english = re.sub(r" (?:Province|City|County|District|Prefecture|Municipality)$", "", en.split(",")[0])
    return {one for one in (zh, short if len(short) > 1 else "", en, english) if one}
