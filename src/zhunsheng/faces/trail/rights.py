"""Acts on posts, invitations, tokens, returns, imports and self-checks: for whoever answers for the institution, not for who did them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from zhunsheng.activities.campaigns.selfcheck.access import filled_in_by, seen_by_authority
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.faces.trail.subjects import keys, subjects
from zhunsheng.foundation.accounts.models import ApiToken, User
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.foundation.imports.models import Import
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.states import Level
from zhunsheng.registry.people.jurisdiction import jurisdiction_of
from zhunsheng.registry.people.models import Invitation, Post
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post as PostWord
from zhunsheng.registry.stocktaking.models import Return

OVERSEES = (PostWord.REGULATOR, PostWord.INTEGRITY_OFFICER)
ON_ACCOUNTS = ("revoke_api_tokens",)
"""Acts under a user that are acts on rights; what else is done under a user is that user's own affair."""
DECLARED = ("submit_selfcheck", "return_selfcheck")
"""Acts on a self-check of which an authority learns: what is a draft is no business of its."""
DOWNWARDS = (Level.NATIONAL, Level.PROVINCIAL, Level.PREFECTURE, Level.COUNTY)


def on_rights(visitor: Visitor) -> Q:
    """The acts on the rights and the returns and files of the institutions that the visitor answers for, whoever did them."""
    if not visitor.holds(*OVERSEES, PostWord.INSTITUTION_ADMIN):
        return Q(pk__in=())
    institutions = answered_for(visitor)
    users = _users_of(institutions, visitor.on)
    return (
        Q(subject__in=subjects("post", Post.objects.filter(institution__in=institutions)))
        | Q(subject__in=subjects("invitation", Invitation.objects.filter(institution__in=institutions)))
        | Q(subject__in=subjects("return", _returns(institutions, visitor)))
        | Q(subject__in=subjects("token", ApiToken.objects.filter(user__in=users)))
        | Q(subject__in=subjects("user", User.objects.filter(pk__in=users)), verb__in=ON_ACCOUNTS)
        | Q(subject__in=subjects("import", _imports_about(institutions)))
    )


def on_selfchecks(visitor: Visitor) -> Q:
    """All acts on the self-checks that the visitor answers for; as an authority, that one was submitted or given back, and why."""
    found = Q(subject__in=subjects("selfcheck", filled_in_by(visitor)))
    if visitor.authority:
        found |= Q(verb__in=DECLARED, subject__in=subjects("selfcheck", seen_by_authority(visitor)))
    if campaigns_of := visitor.institutions(PostWord.INTEGRITY_OFFICER):
        own = SelfCheck.objects.filter(call__campaign__authority__in=campaigns_of)
        found |= Q(verb__in=DECLARED, subject__in=subjects("selfcheck", own))
    return found


def answered_for(visitor: Visitor) -> QuerySet[Institution]:
    """Those that the visitor administers, the own authorities, and what lies in the area of these, with the entries merged into them."""
    own = {one.merged_into_id or one.pk for one in visitor.institutions(*OVERSEES, PostWord.INSTITUTION_ADMIN)}
    found = Q(pk__in=own) | Q(merged_into__in=own)
    for area in _areas(visitor):
        found |= area
    return Institution.objects.filter(found).order_by()


def _areas(visitor: Visitor) -> Iterator[Q]:
    """What each authority reaches. The offices of authorities above it, or beside it, stand in its area and are not under it."""
    for one in visitor.institutions(*OVERSEES):
        area = jurisdiction_of([one], visitor.on).q("region_code", visitor.on)
        beside = [
            level for level in DOWNWARDS if level == one.level or one.level in DOWNWARDS[DOWNWARDS.index(level) :]
        ]
        yield area & ~Q(kind=Institution.Kind.AUTHORITY, level__in=beside)


def _returns(institutions: QuerySet[Institution], visitor: Visitor) -> QuerySet[Return]:
    """Those of these institutions, and those that the own authorities asked for."""
    asked_by = visitor.institutions(*OVERSEES)
    return Return.objects.filter(Q(institution__in=institutions) | Q(stocktaking__authority__in=asked_by))


def _users_of(institutions: QuerySet[Institution], on: date) -> QuerySet[Any, Any]:
    """The accounts of whoever holds a post there on the day."""
    held = Post.objects.filter(holding(on), institution__in=institutions, person__user__isnull=False)
    return held.order_by().values("person__user")


def _imports_about(institutions: QuerySet[Institution]) -> QuerySet[Import]:
    """Files about one of these laboratories; and those about an area whose sender regulated for one of these authorities."""
    sent_for = Post.objects.filter(
        held_when(OuterRef("started_at__date")), institution__in=institutions, kind=PostWord.REGULATOR,
        person__user=OuterRef("started_by"),
    )  # fmt: skip
    about = Import.objects.annotate(laboratory=KeyTextTransform("institution", "reach"))
    return about.filter(Q(laboratory__in=keys(institutions)) | (Q(Exists(sent_for)) & ~Q(reach__has_key="institution")))


def held_when(day: OuterRef) -> Q:
    """Posts that were held on a day of another table."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
