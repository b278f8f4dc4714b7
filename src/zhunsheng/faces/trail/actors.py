"""Who acted, as a reader may know it: one's own colleagues by name, others by their institution."""

from collections.abc import Iterable

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.queries import Visitor

NOBODY = t("somebody without a post", "无岗位人员")


def actors_of(entries: Iterable[Entry], visitor: Visitor) -> dict[int | None, Text]:
    """Who acted, for this reader: one's own colleagues by name, others by their institution. One question at most."""
    return names_of((entry.actor_id for entry in entries), visitor)


def names_of(keys: Iterable[int | None], visitor: Visitor) -> dict[int | None, Text]:
    """The users of these keys, for this reader; one question."""
    users = set(keys) - {None}
    own = {post.institution_id for post in visitor.posts}
    named: dict[int | None, Text] = {None: t("the system", "系统")}
    if not users:
        return named
    posts = Post.objects.filter(person__user__in=users).select_related("institution", "person").order_by("valid_from")
    for post in posts:
        known = named.get(post.person.user_id)
        if post.institution_id in own:
            named[post.person.user_id] = Text(en=post.person.name, zh=post.person.name)
        elif known is None:
            named[post.person.user_id] = post.institution.name
    return named
