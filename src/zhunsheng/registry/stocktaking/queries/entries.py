"""What the registers hold of some institutions on a day, in a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.models import Standard
from zhunsheng.registry.catalogue.queries import states_of
from zhunsheng.registry.catalogue.states import StandardState
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.queries import in_date, shared_serials
from zhunsheng.registry.institutions.models import Certificate, Contact, Institution
from zhunsheng.registry.institutions.rules import uscc_faults
from zhunsheng.registry.institutions.rules.certificates import cma_number, number_notes
from zhunsheng.registry.people.authorised import authorised_on
from zhunsheng.registry.people.double_posts import in_two_institutions_on
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.stocktaking.models import QuarterReports
from zhunsheng.registry.stocktaking.queries.once import each_once
from zhunsheng.registry.stocktaking.rules import Facts

ENDED = frozenset({StandardState.SUPERSEDED, StandardState.WITHDRAWN})


def facts_of(
    heads: Sequence[Institution], *, on: date, quarters: Sequence[str], known_on: date | None = None
) -> dict[UUID, Facts]:
    """What stood on a day of each of these standing institutions, entries merged into one taken together.

    As known on that day, or on a later one: who mends an entry afterwards sees it mended.
    """
    return _Gathering(heads, on, known_on or on, quarters).facts()


def reports_of(heads: Iterable[Institution], quarters: Sequence[str]) -> dict[UUID, dict[str, int]]:
    """Numbers of reports of these standing institutions by quarter, as known now.

    Entries that are one institution give one number, never the sum: the standing entry's, else the newest of those merged into it.
    """
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    keys = [one.pk for one in heads]
    family = Institution.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys)).order_by().values("pk")
    rows = QuarterReports.objects.filter(superseded_at=None, institution__in=family, quarter__in=quarters)
    head = Coalesce("institution__merged_into", "institution")
    ranked = rows.annotate(head=head).order_by(F("institution__merged_into").desc(nulls_last=True), "recorded_at", "pk")
    for one, quarter, n in ranked.values_list("head", "quarter", "reports"):
        found[one][quarter] = n  # the standing entry comes last
    return dict(found)


def totals_of(facts: Facts) -> dict[str, Any]:
    """What is counted of one institution."""
    return {
        "people": facts.people, "instruments": facts.instruments, "lines": facts.lines, "certificates": facts.certificates,
        "reports": dict(facts.quarters),
    }  # fmt: skip


class _Gathering:
    """Asks each register once for all institutions, and puts the answers under the entry that stands for each."""

    def __init__(self, heads: Sequence[Institution], on: date, known_on: date, quarters: Sequence[str]) -> None:
        self.heads, self.on, self.known_on, self.quarters = heads, on, known_on, quarters
        self.head = {one.pk: one.pk for one in heads}
        merged = Institution.objects.filter(merged_into__in=[one.pk for one in heads]).order_by()
        self.head |= {one.pk: one.merged_into_id or one.pk for one in merged.only("pk", "merged_into")}
        self.ours = {"institution__in": list(self.head)}

    def facts(self) -> dict[UUID, Facts]:
        certificates, contacts = self.certificates(), self.count(Contact.objects.filter(**self.ours))
        posts, people = self.posts()
        elsewhere, serials = self.people_elsewhere(), self.serials_elsewhere()
        instruments, late = self.instruments()
        lines, bare, fields = self.lines()
        ended, signed = self.ended_standards(), self.signed_fields()
        reports = reports_of(self.heads, self.quarters)
        return {
            one.pk: Facts(
                **self.own(one), contacts=contacts[one.pk], certificates=len(certificates.get(one.pk, ())),
                certificate_notes=tuple(self.notes(one, certificates.get(one.pk, ()))), posts=posts.get(one.pk, {}),
                people=people[one.pk], people_elsewhere=tuple(sorted(elsewhere.get(one.pk, ()))),
                instruments=instruments[one.pk], instruments_out_of_date=late[one.pk],
                serials_elsewhere=tuple(sorted(serials.get(one.pk, ()))), lines=lines[one.pk],
                lines_without_instrument=bare[one.pk], lines_by_ended_standards=tuple(sorted(ended.get(one.pk, ()))),
                fields=tuple(sorted(fields.get(one.pk, ()))),
                fields_without_signatory=tuple(sorted(fields.get(one.pk, set()) - signed.get(one.pk, set()))),
                quarters=reports.get(one.pk, {}),
            )
            for one in self.heads
        }  # fmt: skip

    def own(self, one: Institution) -> dict[str, Any]:
        """What stands in the entry itself."""
        there = regions.region(one.region_code, self.on)
        return {
            "uscc": one.uscc or "", "uscc_faults": tuple(uscc_faults(one.uscc)) if one.uscc else (),
            "uscc_reason": one.uscc_reason, "address": one.address, "legal_representative": one.legal_representative,
            "region_known": there is not None,
            "region_ended": there.name if there is not None and not there.covers(self.on) else None,
        }  # fmt: skip

    def count(self, rows: QuerySet[Any]) -> Counter[UUID]:
        found: Counter[UUID] = Counter()
        for institution, n in rows.order_by().values_list("institution").annotate(n=Count("pk")):
            found[self.head[institution]] += n
        return found

    def certificates(self) -> Mapping[UUID, list[Certificate]]:
        found: dict[UUID, list[Certificate]] = defaultdict(list)
        for one in Certificate.objects.filter(holding(self.on), known(self.known_on), **self.ours):
            found[self.head[one.institution_id]].append(one)
        return found

    def notes(self, one: Institution, certificates: Iterable[Certificate]) -> list[Text]:
        """What does not fit together; an older or free number is kept as it is and no fault."""
        return [
            note
            for row in certificates
            if row.scheme == "CNAS" or cma_number(row.number)
            for note in number_notes(
                row.scheme, row.number, province=one.region_code[:2], valid_from_year=row.valid_from.year
            )
        ]

    def posts(self) -> tuple[Mapping[UUID, Counter[str]], Counter[UUID]]:
        """Posts by kind, and people, each once."""
        kinds: dict[UUID, Counter[str]] = defaultdict(Counter)
        people: set[tuple[UUID, UUID]] = set()
        held = Post.objects.filter(holding(self.on), **self.ours)
        for institution, kind, person in held.values_list("institution", "kind", "person"):
            kinds[self.head[institution]][kind] += 1
            people.add((self.head[institution], person))
        return kinds, Counter(head for head, _ in people)

    def people_elsewhere(self) -> Mapping[UUID, set[str]]:
        found: dict[UUID, set[str]] = defaultdict(set)
        for double in in_two_institutions_on(self.on, within=self._queryset()):
            for post in (double.one, double.other):
                if post.institution_id in self.head:
                    found[self.head[post.institution_id]].add(post.person.name)
        return found

    def serials_elsewhere(self) -> Mapping[UUID, set[str]]:
        found: dict[UUID, set[str]] = defaultdict(set)
        for shared in shared_serials(self.on, within=self._queryset()):
            for one in (shared.one, shared.other):
                if one.institution_id in self.head:
                    found[self.head[one.institution_id]].add(one.serial)
        return found

    def _queryset(self) -> QuerySet[Institution]:
        return Institution.objects.filter(pk__in=[one.pk for one in self.heads])

    def instruments(self) -> tuple[Counter[UUID], Counter[UUID]]:
        """Instruments in use, one that two merged entries name once, and those of them out of date or never calibrated."""
        in_use = list(Instrument.objects.filter(**self.ours).exclude(retired_on__lt=self.on))
        standing = in_date(in_use, self.on, known_on=self.known_on)
        by_head: dict[UUID, list[Instrument]] = defaultdict(list)
        for one in in_use:
            by_head[self.head[one.institution_id]].append(one)
        different = {key: each_once(rows) for key, rows in by_head.items()}
        late = {
            key: sum(all(standing[one.pk].covering is None for one in copies) for copies in found)
            for key, found in different.items()
        }
        return Counter({key: len(found) for key, found in different.items()}), Counter(late)

    def active(self) -> QuerySet[ScopeLine]:
        return ScopeLine.objects.filter(holding(self.on), known(self.known_on), status="active", **self.ours).order_by()

    def lines(self) -> tuple[Counter[UUID], Counter[UUID], Mapping[UUID, set[str]]]:
        """Active lines, those that name no instrument, and the fields of all."""
        through = ScopeLine.instruments.through.objects.filter(scopeline=OuterRef("pk"))
        fields: dict[UUID, set[str]] = defaultdict(set)
        for institution, code in self.active().values_list("institution", "matrix__field").distinct():
            fields[self.head[institution]].add(code)
        return self.count(self.active()), self.count(self.active().filter(~Exists(through))), fields

    def ended_standards(self) -> Mapping[UUID, set[str]]:
        named = set(
            self.active().exclude(method__standard=None).values_list("institution", "method__standard").distinct()
        )
        states = states_of({standard for _, standard in named}, on=self.on, known_on=self.known_on)
        ended = {key for key, one in states.items() if one.row is not None and one.row.state in ENDED}
        numbers = dict(Standard.objects.filter(pk__in=ended).values_list("pk", "number"))
        found: dict[UUID, set[str]] = defaultdict(set)
        for institution, standard in named:
            if standard in ended:
                found[self.head[institution]].add(numbers[standard])
        return found

    def signed_fields(self) -> Mapping[UUID, set[str]]:
        found: dict[UUID, set[str]] = defaultdict(set)
        held = authorised_on(self.on, known_on=self.known_on).filter(**self.ours)
        for institution, code in held.values_list("institution", "field"):
            found[self.head[institution]].add(code)
        return found
