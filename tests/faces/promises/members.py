"""Users, posts and invitations: an institution's administrator keeps those of the own institution, nobody else any."""

from tests.cast import AT, institution_of, user_with_post
from tests.faces.promises import EVERYONE, Promises, Verbs, only
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.posts.actions import invite
from zhunsheng.registry.people.queries import visitor
from zhunsheng.registry.people.states import Post as PostWord

ADMIN = "institution_admin"

GET: Promises = {
    "join": [(("secret",), EVERYONE)],
    "workspace_members": [((), only(ADMIN))],
    "workspace_member_invite": [((), only(ADMIN))],
    "workspace_member_start": [((), only())],
    "workspace_member_give": [(("person",), only(ADMIN)), (("person elsewhere",), only())],
    "workspace_member_end": [(("post",), only(ADMIN)), (("post elsewhere",), only())],
}
SHOWS_REGISTER = {"join"}
POST_ONLY = {"act_for", "workspace_member_withdraw"}

VERBS: Verbs = [
    (
        "workspace_member_invite",
        (),
        {"name": "New", "kind": "analyst", "valid_from": "2026-04-15"},
        (ADMIN,),
    ),
    ("workspace_member_start", (), {"uscc": "X", "name": "New"}, ()),
    ("workspace_member_give", ("person",), {"kind": "analyst", "valid_from": "2026-04-15"}, (ADMIN,)),
    ("workspace_member_give", ("person elsewhere",), {"kind": "analyst", "valid_from": "2026-04-15"}, ()),
    ("workspace_member_end", ("post",), {"last_day": "2026-04-14", "reason": "left"}, (ADMIN,)),
    ("workspace_member_end", ("post elsewhere",), {"last_day": "2026-04-14", "reason": "left"}, ()),
    ("workspace_member_withdraw", ("invitation",), {}, (ADMIN,)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    admin, other = people[ADMIN], people["other_laboratory"]
    signatory = user_with_post("signatory", "signatory", institution_of(people["laboratory"]))
    made, secret = invite(
        institution=institution_of(admin), kind=PostWord.SAMPLER, name="Sampler", email="", mailed=False,
        valid_from=AT.date(), valid_to=None, visitor=visitor(admin, on=AT.date()), at=soon(),
    )  # fmt: skip
    return {
        "secret": secret, "invitation": str(made.pk),
        "person": str(signatory.person.pk), "post": str(Post.objects.get(person__user=signatory).pk),
        "person elsewhere": str(other.person.pk), "post elsewhere": str(Post.objects.get(person__user=other).pk),
    }  # fmt: skip


def soon():
    """Invitations expire by the clock, and pages read the real one."""
    from django.utils import timezone

    return timezone.now()
