"""The clock of certificates: apply for renewal three months before the end, and have the new one by the end."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.urls import reverse

from zhunsheng.faces.clocks.who import AuthorityOver, HoldersAt
from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.calendar.rules import WorkingCalendar
from zhunsheng.foundation.calendar.validity import known
from zhunsheng.foundation.messages.rules import Clock, Due
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.queries import head_of, heads_of
from zhunsheng.registry.people.states import Post

MONTHS_BEFORE = 3
LONGEST = timedelta(days=110)
"""Three months and any row of days off."""
NAMED = 3
"""Certificates that a message names."""


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def apply_by(valid_to: date, calendar: WorkingCalendar) -> date:
    """The last working day on which renewal can be applied for in time: three months before the end (Order 163, art. 13)."""
    return calendar.on_or_before(months_before(valid_to, MONTHS_BEFORE))


def due_day(valid_to: date, on: date, calendar: WorkingCalendar) -> date:
    """What the clock runs to on a day: the application while it can be made in time, then the end itself."""
    applying = apply_by(valid_to, calendar)
    return applying if on <= applying else valid_to


def find(
    *, on: date, since: date, until: date, calendar: WorkingCalendar, where: Collection[UUID] | None
) -> Iterator[Due]:
    """Certificates without a successor whose application or whose end is due in the period."""
    ending = Certificate.objects.filter(known(on), valid_to__gte=since, valid_to__lte=until + LONGEST)
    if where is not None:
        ending = ending.filter(institution__in=where)
    last = last_days(since, on=on, where=where)
    together: defaultdict[tuple[UUID, date, bool], list[Certificate]] = defaultdict(list)
    for one in ending.select_related("institution__merged_into").order_by("valid_to", "scheme", "number", "pk"):
        day = due_day(one.valid_to, on, calendar)
        head = one.institution.merged_into_id or one.institution_id
        if since <= day <= until and last[head, one.scheme] <= one.valid_to:
            together[head, day, day < one.valid_to].append(one)
    for (_, day, _), rows in together.items():
        yield _due(rows, day)


def last_days(since: date, *, on: date, where: Collection[UUID] | None) -> dict[tuple[UUID, str], date]:
    """To which day the certificates of each scheme go, under whichever entry of an institution they stand.

    Not a question for each that ends whether another follows it: nearly no entry is merged, and a database that counts the
    values of `merged_into` then reads the whole table each time.
    """
    rows = Certificate.objects.filter(known(on), valid_to__gte=since)
    if where is not None:
        heads = set(heads_of(where).values())
        family = [*heads, *Institution.objects.filter(merged_into__in=heads).order_by().values_list("pk", flat=True)]
        rows = rows.filter(institution__in=family)
    head = Coalesce("institution__merged_into", "institution")
    found = rows.order_by().values_list(head, "scheme").annotate(last=Max("valid_to"))
    return {(place, scheme): last for place, scheme, last in found}


def _due(rows: Sequence[Certificate], day: date) -> Due:
    """What an institution has to renew by a day, all its certificates of that day in one; the link shows every one of them."""
    last, place = rows[0].valid_to, head_of(rows[0].institution)
    numbers, applying = named(rows), day < last
    return Due(
        about=f"{'application' if applying else 'certificates'}:{place.pk}",
        due_on=day,
        what=t("Apply for renewal of {c}", "申请办理 {c} 延续", c=numbers)
        if applying
        else t("Renew {c}", "办理 {c} 延续", c=numbers),
        why=t(
            "Valid to {d}; renewal is applied for at least three months before.",
            "有效期至 {d}，应在届满 3 个月前提出延续申请。",
            d=last.isoformat(),
        )
        if applying
        else t("Valid to {d}.", "有效期至 {d}。", d=last.isoformat()),
        address=f"{reverse('workspace_institution')}#certificates",
        verb=t("See the certificates", "查看证书"),
        whose=place.name,
        holder=HoldersAt(place.pk, (Post.QUALITY_MANAGER, Post.INSTITUTION_ADMIN)),
        superior=None if applying else AuthorityOver(place.region_code),
        superior_address=f"{reverse('office_institution', args=[place.pk])}#certificates",
    )


def named(rows: Sequence[Certificate]) -> Text:
    """The certificates by their numbers; of many the first and how many there are in all."""
    first = join((t("{s} {n}", "{s} {n}", s=one.scheme, n=one.number) for one in rows[:NAMED]), en=", ", zh="、")
    return first if len(rows) <= NAMED else t("{c} … ({n} in all)", "{c} 等 {n} 份证书", c=first, n=len(rows))


CERTIFICATE = Clock(
    kind="certificate",
    name=t("Renewal of a certificate", "资质证书延续"),
    basis=t(
        "Order 163, art. 13: apply at least three months before the end; the same is asked for an accreditation.",
        "《检验检测机构资质认定管理办法》（第 163 号令）第十三条：有效期届满 3 个月前提出申请；认可证书按同一时限提醒。",
    ),
    offsets=(40, 20, 10, 5, 1, 0, -1),
    escalate_after=1,
    find=find,
)
