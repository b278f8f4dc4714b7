"""Who draws, who sees a draw before it is published, and what of it anyone may see."""

from django.db.models import QuerySet

from zhunsheng.activities.campaigns.draw.models import Draw
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post


def may_draw(visitor: Visitor) -> bool:
    """A regulator of a national, provincial or prefectural authority that reaches anywhere.

    A county's officers are sent; they do not set the parameters of a draw (they could draw themselves).
    """
    return visitor.authority is not None and visitor.authority.level in {"national", "provincial", "prefecture"}


def draws_of(visitor: Visitor) -> QuerySet[Draw]:
    """The draws of the authorities for which the visitor regulates or watches over integrity."""
    return Draw.objects.filter(authority__in=visitor.institutions(Post.REGULATOR, Post.INTEGRITY_OFFICER))


def drawn_by(visitor: Visitor) -> QuerySet[Draw]:
    """The draws that the visitor carries out."""
    return Draw.objects.filter(authority=visitor.authority) if may_draw(visitor) else Draw.objects.none()


def promised_draws() -> QuerySet[Draw]:
    """All draws: their promise is public from the first moment, what was drawn only where `published_at` is set."""
    return Draw.objects.all()


def published_draws() -> QuerySet[Draw]:
    """Draws whose list, result and file anyone may see; also those that were drawn again afterwards."""
    return Draw.objects.filter(published_at__isnull=False)
