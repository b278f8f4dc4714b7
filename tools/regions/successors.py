"""Where codes that vanished from one list to the next went on: by name where the lists tell, by hand where they do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from english import without_peoples

List = dict[str, str]
Found = tuple[list[str], str]
LAST_PART = re.compile(r"(自治县|自治旗|自治州|地区|林区|特区|矿区|新区|县|市|区|旗|盟)$")


def stem(name: str) -> str:
    """The name without the part that says what it is, nor peoples, unless one character would be left: 郊区 stays 郊区."""
    short = without_peoples(LAST_PART.sub("", name))[0]
    return short if len(short) > 1 else name


def alike(old: str, new: str) -> bool:
    """Of one stem; or 通县 and 通州区, as counties of one character are called when they become cities or districts."""
    return stem(old) == stem(new) or (len(old) == 2 and old[1] == "县" and LAST_PART.sub("", new) == old[0] + "州")


def successors(before: List, after: List, by_hand: dict[str, list[str]]) -> dict[str, Found]:
    """Vanished code → the codes of the next list in which it goes on, and the basis."""
    gone = [code for code in before if code not in after]
    found = {code: (by_hand[code], "by hand") for code in gone if code in by_hand}
    for basis, find in (("same name", same_name), ("same stem", same_stem), ("absorbed", absorbed)):
        named = {codes[0] for codes, how in found.values() if how == "same name"}
        for code in gone:
            if code not in found and (one := find(code, before, after)) and not (basis == "same stem" and one in named):
                found[code] = ([one], basis)
    found |= dict(only_newcomers([c for c in gone if c not in found], before, after, found))
    found |= dict(by_counties([c for c in gone if c not in found and level(c) == "prefecture"], before, after, found))
    return {code: found.get(code, ([], "unknown")) for code in gone}


def same_name(code: str, before: List, after: List) -> str | None:
    """In the province, or in one that is new with the same list, as Hainan and Chongqing once were."""
    candidates = [c for c in new_ones(code, before, after) if c[:2] == code[:2] or c[:2] + "0000" not in before]
    return alone(code, candidates, lambda c: after[c] == before[code])


def same_stem(code: str, before: List, after: List) -> str | None:
    return alone(code, new_ones(code, before, after), lambda c: alike(before[code], after[c]), shared=2)


def absorbed(code: str, before: List, after: List) -> str | None:
    """A neighbour or the prefecture of that stem, which was there before or is there since."""
    if level(code) != "county":
        return None
    near = [c for c in after if c != code and (level(c) == "prefecture" or c[:4] == code[:4])]
    return alone(code, near, lambda c: stem(after[c]) == stem(before[code]) and len(stem(after[c])) > 1, shared=2)


def new_ones(code: str, before: List, after: List) -> list[str]:
    return [c for c in after if c not in before and level(c) == level(code)]


def alone(code: str, candidates: Iterable[str], same: Callable[[str], bool], shared: int = 0) -> str | None:
    """The one candidate of the prefecture, else of the province, else of the country; None where there are several."""
    matching = [c for c in candidates if same(c)]
    for digits in (4, 2, 0):
        near = [c for c in matching if c[:digits] == code[:digits]]
        if near and digits >= shared:
            return near[0] if len(near) == 1 else None
    return None


def only_newcomers(
    gone: list[str], before: List, after: List, claimed: dict[str, Found]
) -> Iterator[tuple[str, Found]]:
    """The one new code of the same parent that no other vanished code claims by its name."""
    taken = {c for codes, _ in claimed.values() for c in codes}
    for code in gone:
        siblings = [c for c in new_ones(code, before, after) if c[:4] == code[:4] and c not in taken]
        if level(code) == "county" and len(siblings) == 1:
            yield code, (siblings, "only newcomer")


def by_counties(gone: list[str], before: List, after: List, found: dict[str, Found]) -> Iterator[tuple[str, Found]]:
    """A prefecture goes on where its counties do."""
    for code in gone:
        counties = [c for c in before if c[:4] == code[:4] and c != code]
        there = {new for c in counties for new in (found[c][0] if c in found else [c] if c in after else [])}
        parents = {parent(c, after) if level(c) == "county" else c for c in there}
        parents -= {code[:2] + "0000"} if len(parents) > 1 else set()  # a few counties under the province itself
        if parents:
            yield code, (sorted(parents), "by its counties")


def parent(code: str, there: List) -> str:
    """The prefecture if the list has it, else the province; nothing above a province."""
    if level(code) == "province":
        return ""
    prefecture = code[:4] + "00"
    return prefecture if level(code) == "county" and prefecture in there else code[:2] + "0000"


def level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"
