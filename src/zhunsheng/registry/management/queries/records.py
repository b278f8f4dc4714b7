"""Which records were made, and the state of everything due, for one institution or for a page of them."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhunsheng.foundation.calendar.validity import end_of, known
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.queries import family_ids, heads_of
from zhunsheng.registry.management.models import ManagementRecord
from zhunsheng.registry.management.queries.requirements import dues_of
from zhunsheng.registry.management.rules.lived import Line, lived
from zhunsheng.registry.management.rules.requirements import Due


def records_known(as_of: date) -> QuerySet[ManagementRecord]:
    """Records that stood when a day ended: known by then, and by then neither superseded nor withdrawn."""
    later = ManagementRecord.objects.filter(supersedes=OuterRef("pk"), recorded_at__lt=end_of(as_of))
    return ManagementRecord.objects.filter(~Exists(later), recorded_at__lt=end_of(as_of), withdrawn=False)


def asked_on(due: Due, as_of: date) -> date:
    """On which day an approval must hold for the requirement to apply: the end of the period, or today while it runs."""
    return min(due.period.last, as_of)


def approvals(as_of: date) -> QuerySet[Certificate]:
    """Mandatory approvals (CMA) as known on a day: who holds one answers for a management system."""
    return Certificate.objects.filter(known(as_of), scheme=Certificate.Scheme.CMA)


def lived_by(institution: Institution, year: int, as_of: date) -> list[Line]:
    """The state of everything that a year asks of one institution; a constant number of queries."""
    head = institution.merged_into_id or institution.pk
    return lived_by_each(dict.fromkeys(family_ids(institution), head), dues_of(year), as_of)[head]


def lived_by_page(institutions: Collection[Institution], dues: Collection[Due], as_of: date) -> dict[UUID, list[Line]]:
    """The same for a page of institutions, by key: three queries whatever their number."""
    keys = [one.pk for one in institutions]
    family = (
        Institution.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).order_by().values_list("pk", flat=True)
    )
    return lived_by_each(heads_of(family), dues, as_of)


def lived_by_each(heads: dict[UUID, UUID], dues: Collection[Due], as_of: date) -> dict[UUID, list[Line]]:
    """The lines of each head, from the certificates and records of its whole family."""
    held: dict[UUID, list[tuple[date, date]]] = {}
    for key, first, last in (
        approvals(as_of).filter(institution__in=heads).values_list("institution", "valid_from", "valid_to")
    ):
        held.setdefault(heads[key], []).append((first, last))
    made: dict[UUID, list[ManagementRecord]] = {}
    wanted = records_known(as_of).filter(institution__in=heads, period__in={due.period.key for due in dues})
    for record in wanted.select_related("document").defer("document__content"):
        made.setdefault(heads[record.institution_id], []).append(record)
    return {
        head: lived(applying(dues, held.get(head, ()), as_of), made.get(head, ()), as_of)
        for head in set(heads.values())
    }


def applying(dues: Iterable[Due], held: Iterable[tuple[date, date]], as_of: date) -> list[Due]:
    """What is asked of an institution that held approvals from these days to those."""
    held = list(held)
    return [due for due in dues if any(first <= asked_on(due, as_of) <= last for first, last in held)]


def history(institution: Institution, year: int) -> QuerySet[ManagementRecord]:
    """Every record ever entered for a year's periods, corrected and withdrawn ones too, newest first."""
    mine = ManagementRecord.objects.filter(institution__in=family_ids(institution), period__startswith=str(year))
    return (
        mine.select_related("document", "entered_by", "superseded_by")
        .defer("document__content")
        .order_by("-recorded_at", "pk")
    )
