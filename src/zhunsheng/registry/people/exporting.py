"""People as rows of their own template: posts, authorisations and qualifications beside each other, as many rows as the longest needs.

An authorisation stands no higher than the last post, because a file is read from the top and who holds no post is not authorised.
Identity numbers are not kept and cannot come out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from django.db.models import Exists, Min, OuterRef, Prefetch, Q, QuerySet

from zhunsheng.registry.catalogue.fields import FIELDS
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.access import not_ended
from zhunsheng.registry.people.models import Authorisation, Person, Post, Qualification
from zhunsheng.registry.people.states import NAMES, QUALIFICATION_KINDS
from zhunsheng.registry.people.states import Post as PostWord

Cells = Mapping[str, str | None]
CHUNK = 1000


def people_rows(mine: QuerySet[Institution], kinds: Collection[str], *, on: date) -> Iterator[Cells]:
    """The cells by column of everybody with a post of these kinds in `mine`; five questions a chunk of people.

    Of who works elsewhere now only the posts and authorisations of `mine`, as on the pages.
    """
    posts = Post.objects.filter(institution__in=mine, kind__in=kinds)
    allowed = Authorisation.objects.filter(institution__in=mine, superseded_at=None)
    people = Person.objects.filter(pk__in=posts.values("person")).prefetch_related(
        Prefetch("posts", posts.select_related("institution__merged_into").order_by("valid_from", "pk"), to_attr="held"),
        Prefetch("authorisations", allowed.select_related("institution").order_by("valid_from", "pk"), to_attr="authorised"),
        Prefetch(
            "qualifications", Qualification.objects.filter(_still_ours(mine, on), superseded_at=None).order_by("valid_from", "pk"),
            to_attr="qualified",
        ),
    )  # fmt: skip
    where = Min("posts__institution__name_zh", filter=Q(posts__institution__in=mine))
    for person in people.annotate(where=where).order_by("where", "name", "pk").iterator(chunk_size=CHUNK):
        yield from rows_of(person)


def _still_ours(mine: QuerySet[Institution], on: date) -> Q:
    """Qualifications of who still holds a post in `mine`, or none anywhere."""
    now = Post.objects.filter(not_ended(on), person=OuterRef("person"))
    return Q(Exists(now.filter(institution__in=mine))) | ~Q(Exists(now.exclude(institution__in=mine)))


def rows_of(person: Any) -> Iterator[Cells]:
    """One person's rows: institution by institution, what was shown outside any of them beside the first."""
    by_head: dict[Institution, list[Post]] = defaultdict(list)
    for post in person.held:
        by_head[post.institution.merged_into or post.institution].append(post)
    qualified: list[Qualification] = person.qualified
    for head, posts in by_head.items():
        authorised = [a for a in person.authorised if head.pk in (a.institution_id, a.institution.merged_into_id)]
        first = {"institution_code": head.uscc, "institution": head.name_zh, "name": person.name}
        for cells in beside([*map(post_cells, posts)], [*map(field_cells, authorised)], [*map(shown_cells, qualified)]):
            yield {**first, **cells}
        qualified = []


def beside(posts: Sequence[Cells], authorised: Sequence[Cells], qualified: Sequence[Cells]) -> Iterator[Cells]:
    """Rows with one of each, the first authorisation beside the last post."""
    nothing: Cells = {}
    lowered = [nothing] * (len(posts) - 1) + [*authorised]
    for some in zip_longest(posts, lowered, qualified, fillvalue=nothing):
        yield {key: value for cells in some for key, value in cells.items()}


def post_cells(post: Post) -> Cells:
    return {"post": NAMES[PostWord(post.kind)].zh, "post_from": str(post.valid_from), "post_to": day(post.valid_to)}


def field_cells(one: Authorisation) -> Cells:
    field = FIELDS[one.field].zh if one.field in FIELDS else one.field
    return {"field": field, "authorised_from": str(one.valid_from), "authorised_to": day(one.valid_to)}


def shown_cells(one: Qualification) -> Cells:
    return {
        "qualification_kind": QUALIFICATION_KINDS[one.kind].zh, "qualification": one.name, "qualification_number": one.number or None,
        "qualified_from": str(one.valid_from), "qualified_to": day(one.valid_to),
    }  # fmt: skip


def day(last: object | None) -> str | None:
    return str(last) if last else None
