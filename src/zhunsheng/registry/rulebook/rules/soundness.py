"""What a rulebook must be to be asked: no overlap, no silent hole, every reference leads somewhere, both languages everywhere."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from zhunsheng.registry.rulebook.rules.book import Rulebook
from zhunsheng.registry.rulebook.rules.parts import Version
from zhunsheng.registry.rulebook.rules.references import WHOLE, base_of, citation

HALF_WIDTH = re.compile(r"[一-鿿][,;:?!()]|[,;:?!()][一-鿿]")


def faults(book: Rulebook) -> list[str]:
    """Every fault, in words for whoever mends the data; none when the rulebook is sound."""
    found = [fault for version in book.editions.values() for fault in faults_of(version)]
    return [*found, *faults_of_time(book), *faults_of_classes(book)]


def faults_of(version: Version) -> Iterator[str]:
    """References inside one file, and its languages."""
    numbers, topics = ([getattr(a, name) for a in version.articles] for name in ("no", "topic"))
    for twice in [*duplicates(numbers), *duplicates(topics)]:
        yield f"{version.key}: {twice} stands twice"
    if (version.coverage == "title") != (not version.articles):
        yield f"{version.key}: coverage {version.coverage} with {len(version.articles)} articles"
    for where, no in cited(version):
        citation(no)  # raises for what is no number
        if no != WHOLE and version.article(no) is None:
            yield f"{version.key}: {where} cites article {base_of(no)}, which is not there"
    yield from (f"{version.key}: {fault}" for fault in faults_of_language(version.raw))


def duplicates(values: list[str]) -> list[str]:
    return [value for value, n in Counter(values).items() if n > 1]


def cited(version: Version) -> Iterator[tuple[str, str]]:
    """Every number that something in the file points to."""
    for code, basis in version.findings.items():
        yield from ((code, no) for no in basis.articles)
        if basis.consequence and basis.consequence.article:
            yield code, basis.consequence.article
    yield from ((key, one.article) for key, one in version.measures.items())


def faults_of_language(data: Any, path: str = "") -> Iterator[str]:
    """Every pair has both languages, and Chinese has its own punctuation."""
    if isinstance(data, Mapping):
        if data.keys() & {"en", "zh"} and not (str(data.get("en", "")).strip() and str(data.get("zh", "")).strip()):
            yield f"{path}: a language is missing"
        if HALF_WIDTH.search(str(data.get("zh", ""))):
            yield f"{path}: half-width punctuation in Chinese"
        for key, value in data.items():
            yield from faults_of_language(value, f"{path}/{key}")
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from faults_of_language(value, f"{path}/{i}")


def faults_of_time(book: Rulebook) -> Iterator[str]:
    """One version of a regulation at a time, and each handing over to the next without a day between."""
    ids = {one.id for one in book.versions}
    for version in book.versions:
        yield from (f"{version.key} replaces {old}, which is not there" for old in version.replaces if old not in ids)
    for regulation in book.regulations:
        held = book.versions_of(regulation.id)
        if not held:
            yield f"{regulation.id} has no version"
        for earlier, later in pairwise(held):
            if earlier.id not in later.replaces:
                yield f"{later.id} follows {earlier.id} without replacing it: an overlap, or a hole"


def faults_of_classes(book: Rulebook) -> Iterator[str]:
    """From the version on with which its basis is known, a class rests on something on every day; before, on nothing."""
    versions = {one.id: one for one in book.versions}
    named = {code for one in book.versions for code in one.findings}
    yield from (f"{code} is no class" for code in named - book.classes.keys())
    for code, one in book.classes.items():
        if one.since not in versions:
            yield f"{code} is known since {one.since}, which is not there"
            continue
        for day in book.change_days():
            rests = any(code in version.findings for version in book.on(day).versions)
            if rests != (day >= versions[one.since].valid_from):
                yield f"{code} on {day}: {'rests on something too early' if rests else 'rests on nothing'}"
