"""Who runs a campaign, who leads it in a region, who sees which plan, and who signs for an institution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhunsheng.activities.campaigns.plan.models import Campaign, Participant
from zhunsheng.registry.institutions.access import own_heads
from zhunsheng.registry.people.jurisdiction import lies_within
from zhunsheng.registry.people.states import Post

if TYPE_CHECKING:
    from zhunsheng.registry.institutions.models import Institution
    from zhunsheng.registry.people.queries import Visitor

SIGNS = (Post.INSTITUTION_ADMIN, Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER)
"""The posts that answer for a laboratory; analysts and samplers do not."""
SHOWN = ("published", "closed")


def may_plan(visitor: Visitor, region_code: str) -> bool:
    """An authority plans for its own area, only a national one for the whole country."""
    if visitor.authority is None:
        return False
    return visitor.jurisdiction.national if not region_code else visitor.jurisdiction.covers(region_code, visitor.on)


def run_by(visitor: Visitor) -> QuerySet[Campaign]:
    """The campaigns of the visitor's own authority: it writes the plan."""
    return Campaign.objects.filter(authority=visitor.authority) if visitor.authority else Campaign.objects.none()


def seen_by_authority(visitor: Visitor) -> QuerySet[Campaign]:
    """The authority's own, and those of others, once published, in which institutions of its area take part."""
    if visitor.authority is None:
        return Campaign.objects.none()
    here = Participant.objects.filter(visitor.jurisdiction.q("region_code", visitor.on), campaign=OuterRef("pk"))
    return Campaign.objects.filter(Q(authority=visitor.authority) | Q(Exists(here), state__in=SHOWN))


def may_lead(visitor: Visitor, campaign: Campaign, region_code: str) -> bool:
    """Whether the visitor sets days and opens gates there: whoever runs the campaign; in its own area every authority it reaches."""
    if visitor.authority is None:
        return False
    if campaign.authority_id == visitor.authority.pk:
        return not region_code or _inside(campaign, visitor, region_code)
    return (
        bool(region_code)
        and _inside(campaign, visitor, region_code)
        and visitor.jurisdiction.covers(region_code, visitor.on)
    )


def may_look_at(visitor: Visitor, campaign: Campaign, region_code: str) -> bool:
    """Whether the visitor sees how a region of a campaign stands (none: all of it): of the own campaign all, of others the own area."""
    if visitor.authority is None or (region_code and not _inside(campaign, visitor, region_code)):
        return False
    if campaign.authority_id == visitor.authority.pk or visitor.jurisdiction.national:
        return True
    code = region_code or campaign.region_code
    return bool(code) and visitor.jurisdiction.covers(code, visitor.on)


def _inside(campaign: Campaign, visitor: Visitor, region_code: str) -> bool:
    return not campaign.region_code or lies_within(region_code, campaign.region_code, visitor.on)


def participants_seen_by(visitor: Visitor) -> QuerySet[Participant]:
    """As an authority: all participants of the own campaigns, of others those of the own area."""
    if visitor.authority is None:
        return Participant.objects.none()
    return Participant.objects.filter(
        Q(campaign__authority=visitor.authority) | visitor.jurisdiction.q("region_code", visitor.on)
    )


def own_participations(visitor: Visitor) -> QuerySet[Participant]:
    """The campaigns in which the laboratories that the visitor works for take part."""
    heads = list(own_heads(visitor))
    mine = Q(institution__in=heads) | Q(institution__merged_into__in=heads)
    return Participant.objects.filter(mine, campaign__state__in=SHOWN)


def may_sign(visitor: Visitor, institution: Institution) -> bool:
    """Someone who answers for the laboratory: its administrator, quality manager or technical manager."""
    held = {post.institution.merged_into_id or post.institution_id for post in visitor.posts if post.kind in SIGNS}
    return (institution.merged_into_id or institution.pk) in held


def public_campaigns() -> QuerySet[Campaign]:
    """Plans that anyone may read."""
    return Campaign.objects.filter(state__in=SHOWN)
