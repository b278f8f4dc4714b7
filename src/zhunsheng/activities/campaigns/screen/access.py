"""Who screens logs, who sees a suspicion, and what of it the laboratory sees.

An authority sees what concerns the laboratories in its area, and settles what it screened itself. A laboratory sees what was put
to it, and nothing before that: a question nobody has looked at is no question yet.
"""

from django.db.models import Q, QuerySet

from zhunsheng.activities.campaigns.screen.models import Screen, Suspicion
from zhunsheng.registry.institutions.access import own_heads
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post


def may_screen(visitor: Visitor) -> bool:
    """A regulator of an authority that reaches anywhere."""
    return visitor.authority is not None and bool(visitor.jurisdiction)


def screens_of(visitor: Visitor) -> QuerySet[Screen]:
    """The screens of the authorities for which the visitor regulates."""
    return Screen.objects.filter(authority__in=visitor.institutions(Post.REGULATOR))


def suspicions_seen_by(visitor: Visitor) -> QuerySet[Suspicion]:
    """Suspicions about laboratories in the area of the visitor's authorities, of their own screens."""
    area = visitor.jurisdiction.q("institution__region_code", visitor.on)
    return Suspicion.objects.filter(area, screen__authority__in=visitor.institutions(Post.REGULATOR))


def put_to(visitor: Visitor) -> QuerySet[Suspicion]:
    """Suspicions that were put to the laboratories that the visitor works for or administers."""
    heads = own_heads(visitor)
    mine = Q(institution__in=heads) | Q(institution__merged_into__in=heads)
    return Suspicion.objects.filter(mine, asked_at__isnull=False)
