"""Whether a text gives somebody away, and where; pure.

Texts are compared without case, spaces, punctuation and the width of characters, so that a name broken by a space is still found.
A short name is what is left of a name without its place and without the words that every laboratory bears. It errs on the side of
an alarm: a text that uses a name as a common word is worded anew.
"""

import csv
import re
import unicodedata
from collections import Counter
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


Spared = Collection[tuple[str, str]]
"""Kind and compared text of marks that a text may bear."""


class Marks:
    """All by which a text could give somebody away, found by what stands in the text: no mark is sought by itself."""

    def __init__(self, marks: Iterable[Mark], *, shared_from: int | None = None) -> None:
        """A short name that so many (`shared_from`) bear singles nobody out."""
        self.times = Counter((one.kind, folded_text(one.text)) for one in marks)
        self._kinds: dict[str, list[str]] = {}
        for (kind, folded), n in self.times.items():
            shared = shared_from is not None and kind == "short_name" and n >= shared_from
            if len(folded) >= FEWEST_LETTERS[kind] and not shared:
                self._kinds.setdefault(folded, []).append(kind)
        self._lengths = sorted({len(one) for one in self._kinds})

    def at(self, folded: str, place: int) -> Iterator[tuple[str, str]]:
        """Kind and compared text of the marks that begin there, short ones first."""
        for n in self._lengths:
            if place + n > len(folded):
                return
            for kind in self._kinds.get(folded[place : place + n], ()):
                yield kind, folded[place : place + n]


def hits(text: str, marks: Marks, spared: Spared = ()) -> list[Hit]:
    """Every mark that a text contains but those `spared`, at its first place; in the order of the text, one a place: the longest.

    Latin letters and digits count only as whole words, or “An” would be found in every “and”.
    """
    folded, positions = _folded_with_positions(text)
    found: dict[str, int] = {}
    at: dict[int, Hit] = {}
    for place in range(len(folded)):
        for kind, sought in marks.at(folded, place):
            end = place + len(sought)
            if (
                found.get(sought, place) == place
                and (kind, sought) not in spared
                and _is_word(folded, positions, text, place, end)
            ):
                if place not in at or found.get(sought) is None:
                    at[place] = _hit(text, positions[place], positions[end - 1], kind)
                found[sought] = place
    return list(at.values())


def within_names(marks: Marks, names: Iterable[str]) -> set[tuple[str, str]]:
    """The short names that lie within these names."""
    folded = [folded_text(name) for name in names]
    return {one for name in folded for i in range(len(name)) for one in marks.at(name, i) if one[0] == "short_name"}


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


def _hit(text: str, first: int, last: int, kind: str) -> Hit:
    line, begins = text.count("\n", 0, first) + 1, text.rfind("\n", 0, first) + 1
    ends = text.find("\n", last)
    around = text[max(begins, first - AROUND) : min(ends if ends >= 0 else len(text), last + 1 + AROUND)]
    return Hit(kind, text[first : last + 1], line, first - begins + 1, around)


def marks_of_name(name_zh: str, name_en: str, places: Collection[str]) -> Iterator[Mark]:
    """The names of an institution, and its short names. `places`: the names of the regions that it lies in."""
    yield Mark("name", name_zh)
    yield Mark("name", name_en)
    here, known = _said_there(tuple(places))
    rest = name_zh
    for place in here:
        rest = rest.replace(place, " ")
    runs = _HAN.findall(_said_by_all().sub(" ", rest))
    words = [one for one in _LATIN.findall(name_en) if one.lower() not in known and len(one) > 1]
    if runs:
        yield Mark("short_name", max(runs, key=len))
    if len("".join(words)) >= 4:
        yield Mark("short_name", " ".join(words))


_HAN, _LATIN = re.compile(r"[\u3400-\u9fff]{2,}"), re.compile(r"[A-Za-z]+")


@lru_cache(maxsize=1)
def _said_by_all() -> re.Pattern[str]:
    """What says nothing in any Chinese name: what stands in brackets, fields and common words."""
    words = sorted({*(one.zh for one in FIELDS.values()), *common_words("zh")}, key=len, reverse=True)
    return re.compile(r"[（(][^)）]*[)）]|" + "|".join(map(re.escape, words)))


@lru_cache(maxsize=1)
def _known_english() -> frozenset[str]:
    return _words_of([*common_words("en"), *(one.en for one in FIELDS.values())])


@lru_cache(maxsize=5000)
def _said_there(places: tuple[str, ...]) -> tuple[list[str], frozenset[str]]:
    """What says nothing in a name there: the places, long ones first, and every such word in English."""
    return sorted(places, key=len, reverse=True), _known_english() | _words_of(places)


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for one in texts for word in _LATIN.findall(one))


def sayings_of_place(zh: str, en: str) -> set[str]:
    """How a place is named: in full, and without the word for its rank where two characters are left."""
    short = re.sub(r"(?:维吾尔|壮族|回族)?(?:特别行政区|自治区|自治州|自治县|自治旗|地区|省|市|盟|县|区|旗)$", "", zh)
    english = re.sub(r" (?:Province|City|County|District|Prefecture|Municipality)$", "", en.split(",")[0])
    return {one for one in (zh, short if len(short) > 1 else "", en, english) if one}
