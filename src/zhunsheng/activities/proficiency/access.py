"""Who may do what with a round, and who may see it. A wrong role gets an empty set: the same as for a thing that is not there."""

from django.db.models import QuerySet

from zhunsheng.activities.proficiency.models import Identity, Round
from zhunsheng.registry.institutions.queries import family_of
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post


def rounds_coordinated_by(visitor: Visitor) -> QuerySet[Round]:
    """The rounds of the providers for which the visitor coordinates: identities, codes, everything."""
    return Round.objects.filter(provider__in=visitor.institutions(Post.COORDINATOR))


def rounds_evaluated_by(visitor: Visitor) -> QuerySet[Round]:
    """The rounds that the visitor may evaluate and look at by code: coordinators and statisticians of the provider."""
    return Round.objects.filter(provider__in=visitor.institutions(Post.COORDINATOR, Post.STATISTICIAN))


def open_rounds_seen_by(visitor: Visitor) -> QuerySet[Round]:
    """The rounds not yet released that the visitor sees: as a coordinator; whoever commissioned or took part sees released ones alone."""
    return rounds_coordinated_by(visitor).exclude(state__in=("released", "cancelled"))


def rounds_of_laboratory(visitor: Visitor) -> QuerySet[Round]:
    """Released rounds in which the visitor's laboratory took part: its own code, the others' codes only."""
    mine = family_of(visitor.laboratories)
    return Round.objects.filter(state="released", participations__identity__institution__in=mine).distinct()


def rounds_commissioned_by(visitor: Visitor) -> QuerySet[Round]:
    """Released rounds that the visitor's authority commissioned and whose participants were told so."""
    return Round.objects.filter(state="released", commissioned_by__in=visitor.institutions(Post.REGULATOR))


def identities_visible_to(visitor: Visitor, round_: Round) -> QuerySet[Identity]:
    """Names behind the codes of one round: all for its coordinator and its commissioner, its own for a laboratory."""
    everyone = Identity.objects.filter(participation__round=round_)
    if rounds_coordinated_by(visitor).filter(pk=round_.pk).exists():
        return everyone
    if rounds_commissioned_by(visitor).filter(pk=round_.pk).exists():
        return everyone
    if round_.state == "released":
        return everyone.filter(institution__in=family_of(visitor.laboratories))
    return everyone.none()
