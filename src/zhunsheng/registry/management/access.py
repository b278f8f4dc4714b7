"""Who sees what of lived rules and risk classes.

Lived rules: the quality manager and the administrator of the own laboratory at once; a regulator the laboratories within
reach, each thing only after its days of grace (`rules.lived.opened`). Risk classes: the regulators within whose reach the
laboratory lies; whoever works for the laboratory, from the publication on (`published_at`): before it, the class is the
regulator's draft and not even its existence is told.
"""

from datetime import date, datetime

from django.db.models import QuerySet

from zhunsheng.registry.institutions.models import Institution, RiskClass
from zhunsheng.registry.institutions.queries import family_ids, standing
from zhunsheng.registry.institutions.states import Level
from zhunsheng.registry.management.queries.requirements import dues_of
from zhunsheng.registry.management.queries.risk import classes_known
from zhunsheng.registry.management.rules.lived import opened
from zhunsheng.registry.management.rules.requirements import Due
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import Post

CLASSIFIES = {Level.NATIONAL, Level.PROVINCIAL}


def keeps_system_of(visitor: Visitor) -> Institution | None:
    """The laboratory whose management system the visitor keeps: may enter records there."""
    return next(iter(visitor.institutions(Post.QUALITY_MANAGER)), None)


def sees_system_of(visitor: Visitor) -> Institution | None:
    """The laboratory of whose lived rules the visitor sees everything at once."""
    administered = [
        one for one in visitor.institutions(Post.INSTITUTION_ADMIN) if one.kind == Institution.Kind.LABORATORY
    ]
    return keeps_system_of(visitor) or next(iter(administered), None)


def supervised(visitor: Visitor) -> QuerySet[Institution]:
    """The laboratories within the visitor's reach as a regulator."""
    if not visitor.jurisdiction:
        return Institution.objects.none()
    return standing().filter(visitor.jurisdiction.q("region_code", visitor.on), kind=Institution.Kind.LABORATORY)


def dues_open_to(visitor: Visitor, year: int) -> list[Due]:
    """Of what a year asks, that which a regulator may see today: the days of grace are over."""
    return opened(dues_of(year), visitor.on) if visitor.jurisdiction else []


def may_classify(visitor: Visitor) -> bool:
    """National and provincial regulators enter and publish classes, within their reach."""
    return any(one.level in CLASSIFIES for one in visitor.institutions(Post.REGULATOR))


def risk_classes_visible_to(visitor: Visitor, institution: Institution, *, at: datetime) -> QuerySet[RiskClass]:
    """The classes of one institution that the visitor may see, as known today."""
    rows = classes_known(visitor.on).filter(institution__in=family_ids(institution)).order_by("-valid_from", "-pk")
    if visitor.jurisdiction.covers(institution.region_code, visitor.on):
        return rows
    if institution in visitor.laboratories:
        return rows.filter(published_at__lte=at)
    return RiskClass.objects.none()


def risk_class_shown_to(visitor: Visitor, institution: Institution, on: date, *, at: datetime) -> RiskClass | None:
    """The class on a day that a page about the institution may show to the visitor."""
    rows = risk_classes_visible_to(visitor, institution, at=at).filter(valid_from__lte=on)
    return next((row for row in rows if row.valid_to is None or on <= row.valid_to), None)
