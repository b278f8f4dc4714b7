"""Who stands behind a post: the people that a clock calls, and the authority above a place."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.foundation.messages.actions import chunks
from zhunsheng.registry import regions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import heads_of
from zhunsheng.registry.institutions.states import Level
from zhunsheng.registry.people.jurisdiction import AREAS, area_of
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.states import Post as PostWord

NATION = "000000"


@dataclass(frozen=True, slots=True)
class HoldersAt:
    """At an institution, the holders of the first of these posts that anybody with an account holds."""

    institution: UUID
    posts: tuple[PostWord, ...]


@dataclass(frozen=True, slots=True)
class AuthorityOver:
    """The regulators of the nearest authority above a place: the county's, else the prefecture's, the province's, the nation's."""

    region_code: str


def who(wanted: Collection[Hashable], *, on: date) -> Mapping[Hashable, Mapping[int, UUID]]:
    """The users behind each, on a day, with the institution of the post; three questions for any number, for each 500 institutions."""
    at = [one for one in wanted if isinstance(one, HoldersAt)]
    over = [one for one in wanted if isinstance(one, AuthorityOver)]
    return {**holders(at, on=on), **regulators(over, on=on)}


def holders(wanted: Iterable[HoldersAt], *, on: date) -> dict[Hashable, Mapping[int, UUID]]:
    """The users behind posts at institutions; an entry that was merged into another has that one's people too."""
    found: dict[Hashable, Mapping[int, UUID]] = {}
    at: defaultdict[UUID, list[HoldersAt]] = defaultdict(list)
    for one in wanted:
        at[one.institution].append(one)
    for some in chunks(at):
        heads = heads_of(some)
        posts = {post for place in some for one in at[place] for post in one.posts}
        people = _people(heads.keys() | heads.values(), posts, on=on)
        for one in (one for place in some for one in at[place]):
            places = {one.institution, heads.get(one.institution, one.institution)}
            held = ({user: place for place in places for user in people[place, post]} for post in one.posts)
            found[one] = next(filter(None, held), {})
    return found


def _people(where: Collection[UUID], posts: Collection[PostWord], *, on: date) -> Mapping[tuple[UUID, str], set[int]]:
    rows = Post.objects.filter(
        holding(on), institution__in=where, kind__in=posts, person__user__is_active=True
    ).values_list("institution_id", "kind", "person__user_id")
    people: defaultdict[tuple[UUID, str], set[int]] = defaultdict(set)
    for place, kind, user in rows:
        people[place, kind].add(user)
    return people


def regulators(wanted: Collection[AuthorityOver], *, on: date) -> dict[Hashable, Mapping[int, UUID]]:
    """The users who regulate for the nearest authority that has any."""
    if not wanted:
        return {}
    posts = Post.objects.filter(
        holding(on), kind=PostWord.REGULATOR, institution__kind="authority", person__user__is_active=True
    ).select_related("institution", "person")
    areas: defaultdict[str, dict[int, UUID]] = defaultdict(dict)
    for post in posts:
        if post.person.user_id and (area := _area(post.institution, on)) is not None:
            areas[area][post.person.user_id] = post.institution_id
    return {one: _nearest(areas, one.region_code, on) for one in wanted}


def _area(authority: Institution, on: date) -> str | None:
    """The code of what an authority reaches; none for one without a level."""
    if authority.level == Level.NATIONAL:
        return NATION
    return area_of(authority, on) if authority.level in AREAS else None


def _nearest(areas: Mapping[str, Mapping[int, UUID]], region_code: str, on: date) -> Mapping[int, UUID]:
    """The people of the smallest area that holds a place; a code that ended counts as that into which it went on."""
    code = min(regions.successors_of(region_code, on), default=region_code)
    known: dict[str, str] = {one.level: one.code for one in regions.path_of(code, on)}
    above = [known.get(level, code[:digits].ljust(6, "0")) for level, digits in AREAS.values()]
    return next((areas[area] for area in (*reversed(above), NATION) if area in areas), {})
