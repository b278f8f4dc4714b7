"""Which entries of the register may be one institution.

Method: entries of one kind that share a key (the comparison key of the name, the organisation code, a certificate number, the
address together with a telephone or a legal representative) are paired; within a prefecture also names that are one when shortened
(`rules.abbreviations`) and names whose bigrams, weighted by rarity, have a cosine of `NEAR` or more. Old and new region codes are
one region (`successors_of`). Limits: names alike in different prefectures, other abbreviations and names in one language only are
not found; a key that more than `MOST_A_KEY` entries share says nothing and is left out.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, reduce
from itertools import combinations
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from zhunsheng.registry import regions
from zhunsheng.registry.institutions.models import Certificate, Contact, Institution, NotTheSame
from zhunsheng.registry.institutions.rules import organisation_code
from zhunsheng.registry.institutions.rules.abbreviations import abbreviated, simplified
from zhunsheng.registry.institutions.rules.names import alike, comparison_key, numbers_in, rarity, without_places
from zhunsheng.registry.institutions.states import WEIGHTS, Likeness
from zhunsheng.registry.regions.shipped import timelines

NEAR = 0.78
MOST_A_KEY = 20
IMPLIED_BY = {
    Likeness.SAME_BUT_PLACE: {Likeness.SAME_NAME},
    Likeness.FORMER_NAME: {Likeness.SAME_NAME},
    Likeness.ABBREVIATED: {Likeness.SAME_NAME, Likeness.SAME_BUT_PLACE},
    Likeness.NEAR_NAME: {Likeness.SAME_BUT_PLACE, Likeness.ABBREVIATED},
}
_PLACE = re.compile(r"(.+?)(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|自治州|地区|盟|市|区|县|旗)")


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that two entries have in common, and what it is."""

    code: Likeness
    what: str


@dataclass(slots=True)
class Pair:
    """Two entries, the smaller key first, with what they share, the weightiest first."""

    first: UUID
    second: UUID
    reasons: list[Shared] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return sum(WEIGHTS[code] for code in {one.code for one in self.reasons})


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as it is compared; what was merged counts under the entry that stands for it."""

    head: UUID
    kind: str
    key: str
    key_en: str
    former: tuple[str, ...]
    organisation: str
    region: str
    address: str
    person: str


Keyed = tuple[tuple[str, ...], UUID, str]
"""What is shared (the kind of institution first), by which entry, and the words for it."""


def possible_duplicates() -> list[Pair]:
    """All pairs of standing entries that share something, the weightiest first; four queries, whatever the size of the register."""
    entries = [_known(*row) for row in Institution.objects.values_list(*_COLUMNS)]
    kind = {one.head: one.kind for one in entries}
    pairs: dict[tuple[UUID, UUID], Pair] = {}
    for code, keyed in _all_keys(entries, kind):
        for one, other, what in _sharing(keyed):
            _note(pairs, one, other, Shared(code, what))
    for one, other, what in _near_names(entries):
        _note(pairs, one, other, Shared(Likeness.NEAR_NAME, what))
    for apart in standing_apart().order_by().values_list("first", "second"):
        pairs.pop(apart, None)
    for pair in pairs.values():
        pair.reasons.sort(key=lambda r: (-WEIGHTS[r.code], r.code, r.what))
    return sorted(pairs.values(), key=lambda p: (-p.weight, p.first, p.second))


def standing_apart() -> QuerySet[NotTheSame]:
    """What people decided and did not take back: these pairs are two institutions each."""
    return NotTheSame.objects.filter(taken_back=None)


def apart_speaking_of(words: str) -> Q:
    """Decisions in whose entries or reason the words stand."""
    columns = ("first__name_zh", "first__name_en", "second__name_zh", "second__name_en", "reason")
    return reduce(or_, (Q(**{f"{column}__icontains": words}) for column in columns))


_COLUMNS = (
    "pk", "merged_into", "kind", "name_zh", "name_en", "former_names", "uscc", "region_code", "address", "legal_representative",
)  # fmt: skip


def _known(
    pk: UUID,
    head: UUID | None,
    kind: str,
    zh: str,
    en: str,
    former: str,
    uscc: str | None,
    region: str,
    address: str,
    person: str,
) -> Known:
    key = comparison_key(simplified(zh))
    key_en = comparison_key(en)
    return Known(
        head=head or pk, kind=kind, key=key, key_en=key_en if key_en != key else "",
        former=tuple(comparison_key(simplified(name)) for name in former.splitlines() if name.strip()),
        organisation=organisation_code(uscc), region=region, address=letters(address), person=letters(person),
    )  # fmt: skip


def letters(text: str) -> str:
    """Text as it is compared: NFKC, lower case, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _all_keys(entries: list[Known], kind: Mapping[UUID, str]) -> Iterator[tuple[Likeness, Iterable[Keyed]]]:
    yield Likeness.SAME_NAME, _keyed(entries, lambda e: (e.key,))
    yield Likeness.SAME_NAME_EN, _keyed(entries, lambda e: (e.key_en,))
    yield Likeness.SAME_BUT_PLACE, _in_each_prefecture(entries, lambda e: without_places(e.key, places_of(e.region)))
    yield Likeness.ABBREVIATED, _in_each_prefecture(entries, lambda e: abbreviated(e.key, *names_ever(e.region)))
    yield Likeness.SAME_ORGANISATION, _keyed(entries, lambda e: (e.organisation,))
    yield Likeness.SAME_ADDRESS_PERSON, _keyed(entries, lambda e: (e.address, e.person))
    yield Likeness.SAME_CERTIFICATE, _certificates(kind)
    yield Likeness.SAME_ADDRESS_PHONE, _telephones(entries)
    yield Likeness.FORMER_NAME, _former(entries)


def _keyed(entries: Iterable[Known], of: Callable[[Known], tuple[str, ...]]) -> Iterator[Keyed]:
    for one in entries:
        shared = of(one)
        if all(shared):
            yield (one.kind, *shared), one.head, " ".join(shared)


def _in_each_prefecture(entries: Iterable[Known], of: Callable[[Known], str]) -> Iterator[Keyed]:
    """A key in the prefecture of today; in each of them where a region was parted."""
    for one in entries:
        if what := of(one):
            for prefecture in prefectures_of(one.region):
                yield (one.kind, prefecture, what), one.head, what


def _certificates(kind: Mapping[UUID, str]) -> Iterator[Keyed]:
    """Numbers of certificates that stand, however they are written: the register refuses only the very same characters."""
    rows = Certificate.objects.filter(superseded_at=None).values_list(
        "institution", "institution__merged_into", "scheme", "number"
    )
    for institution, merged_into, scheme, number in rows:
        head = merged_into or institution
        yield (kind[head], scheme, letters(number).removeprefix("cnas")), head, f"{scheme} {number}"


def _telephones(entries: Iterable[Known]) -> Iterator[Keyed]:
    address = {one.head: (one.kind, one.address) for one in entries if one.address}
    for institution, merged_into, phone in Contact.objects.exclude(phone="").values_list(
        "institution", "institution__merged_into", "phone"
    ):
        head = merged_into or institution
        if head in address and (digits := letters(phone)):
            yield (*address[head], digits), head, phone


def _former(entries: list[Known]) -> Iterator[Keyed]:
    """Names of today beside former names; entries that share a name of today as well are paired by that already."""
    formerly = {(one.kind, name) for one in entries for name in one.former}
    for one in entries:
        for name in {*one.former, one.key}:
            if (one.kind, name) in formerly:
                yield (one.kind, name), one.head, name


def _sharing(keyed: Iterable[Keyed]) -> Iterator[tuple[UUID, UUID, str]]:
    """Pairs of different entries under one key."""
    holders: dict[tuple[str, ...], dict[UUID, str]] = defaultdict(dict)
    for key, holder, what in keyed:
        holders[key].setdefault(holder, what)
    for held in holders.values():
        if 1 < len(held) <= MOST_A_KEY:
            for one, other in combinations(sorted(held), 2):
                yield one, other, held[one]


def _near_names(entries: list[Known]) -> Iterator[tuple[UUID, UUID, str]]:
    """Different names in one prefecture that are nearly alike and hold the same numbers."""
    weights = rarity({one.key for one in entries})
    blocks: dict[tuple[object, ...], dict[str, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for one in entries:
        for prefecture in prefectures_of(one.region):
            blocks[one.kind, prefecture, numbers_in(one.key)][one.key].append(one.head)
    for block in blocks.values():
        for key, other, _ in alike(list(block), weights, least=NEAR):
            for pair in ((a, b) for a in block[key] for b in block[other] if a != b):
                yield *sorted(pair), f"{key} / {other}"  # type: ignore[misc]


def _note(pairs: dict[tuple[UUID, UUID], Pair], one: UUID, other: UUID, shared: Shared) -> None:
    """Keep a reason once, and none that follows from one that is there."""
    pair = pairs.setdefault((one, other), Pair(one, other))
    if not {known.code for known in pair.reasons} & {shared.code, *IMPLIED_BY.get(shared.code, ())}:
        pair.reasons.append(shared)


@lru_cache(maxsize=8192)
def places_of(region_code: str) -> tuple[str, ...]:
    """The short names of the province, prefecture and county of a code: 浙江, 杭州, 西湖."""
    return tuple(_PLACE.findall(regions.name_of(region_code, date.max).zh))


@lru_cache(maxsize=8192)
def living_codes(region_code: str) -> tuple[str, ...]:
    """The codes of today for the place of a code, old or new; the code itself where the data do not tell."""
    return tuple(sorted(regions.successors_of(region_code, date.max))) or (region_code,)


@lru_cache(maxsize=8192)
def prefectures_of(region_code: str) -> tuple[str, ...]:
    """The first four digits of these codes, each once."""
    return tuple(sorted({code[:4] for code in living_codes(region_code)}))


@lru_cache(maxsize=8192)
def names_ever(region_code: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Short names that province and prefecture of a code ever bore, those of its county, and the county's name of today."""
    codes = sorted({region_code, *living_codes(region_code)})
    above = {name for code in codes for upper in (code[:2] + "0000", code[:4] + "00") for name in _short_names(upper)}
    counties = [code for code in codes if not code.endswith("00")]
    county = sorted({name for code in counties for name in _short_names(code)})
    now = _short_names(living_codes(region_code)[0]) if counties else []
    return tuple(sorted(above)), tuple(county), now[-1] if now else ""


def _short_names(code: str) -> list[str]:
    """What a code was called, first to last, without the word for its kind."""
    return [short for row in timelines().get(code, ()) for short in _PLACE.findall(row.name.zh)[:1] if len(short) > 1]
