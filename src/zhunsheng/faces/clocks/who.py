"""Who stands behind a post: the people that a clock calls, and the authority above a place."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.foundation.messages.actions import chunks
from zhunsheng.registry.institutions.queries import heads_of
from zhunsheng.registry.institutions.states import Level
from zhunsheng.registry.people.jurisdiction import DIGITS
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.states import Post as PostWord


@dataclass(frozen=True, slots=True)
class HoldersAt:
    """At an institution, the holders of the first of these posts that anybody with an account holds."""

    institution: UUID
    posts: tuple[PostWord, ...]


@dataclass(frozen=True, slots=True)
class AuthorityOver:
    """The regulators of the nearest authority above a place: the county's, else the prefecture's, the province's, the nation's."""

    region_code: str


def who(wanted: Collection[Hashable], *, on: date) -> Mapping[Hashable, Collection[int]]:
    """The users behind each, on a day; three questions for any number, for each 500 institutions."""
    at = [one for one in wanted if isinstance(one, HoldersAt)]
    over = [one for one in wanted if isinstance(one, AuthorityOver)]
    return {**holders(at, on=on), **regulators(over, on=on)}


def holders(wanted: Iterable[HoldersAt], *, on: date) -> dict[Hashable, Collection[int]]:
    """The users behind posts at institutions; an entry that was merged into another has that one's people too."""
    found: dict[Hashable, Collection[int]] = {}
    for some in chunks(wanted):
        heads = heads_of({one.institution for one in some})
        people = _people(heads.keys() | heads.values(), {post for one in some for post in one.posts}, on=on)
        for one in some:
            places = {one.institution, heads.get(one.institution, one.institution)}
            held = ({user for place in places for user in people[place, post]} for post in one.posts)
            found[one] = sorted(next(filter(None, held), set()))
    return found


def _people(where: Collection[UUID], posts: Collection[PostWord], *, on: date) -> Mapping[tuple[UUID, str], set[int]]:
    rows = Post.objects.filter(
        holding(on), institution__in=where, kind__in=posts, person__user__is_active=True
    ).values_list("institution_id", "kind", "person__user_id")
    people: defaultdict[tuple[UUID, str], set[int]] = defaultdict(set)
    for place, kind, user in rows:
        people[place, kind].add(user)
    return people


def regulators(wanted: Collection[AuthorityOver], *, on: date) -> dict[Hashable, Collection[int]]:
    """The users who regulate for the nearest authority that has any."""
    if not wanted:
        return {}
    rows = Post.objects.filter(
        holding(on), kind=PostWord.REGULATOR, institution__kind="authority", person__user__is_active=True
    ).values_list("institution__level", "institution__region_code", "person__user_id")
    areas: defaultdict[str, set[int]] = defaultdict(set)
    for level, code, user in rows:
        if level == Level.NATIONAL or level in DIGITS:
            areas[code[: DIGITS.get(level, 0)]].add(user)
    return {one: sorted(_nearest(areas, one.region_code)) for one in wanted}


def _nearest(areas: Mapping[str, set[int]], region_code: str) -> set[int]:
    digits = sorted({0, *DIGITS.values()}, reverse=True)
    return next((areas[code] for n in digits if (code := region_code[:n]) in areas), set())
