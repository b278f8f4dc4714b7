"""The questions asked of the ledger and the registers together, each as of a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.people.models import Authorisation
from zhunsheng.registry.people.queries import signatories
from zhunsheng.registry.scopes.models import ScopeLine


@dataclass(frozen=True, slots=True)
class InstrumentOnDay:
    """An instrument with the calibration that covers the day, or the last one there was."""

    instrument: Instrument
    covering: Calibration | None
    latest: Calibration | None


@dataclass(frozen=True, slots=True)
class Capability:
    """All that is known, on a day, about whether an institution can determine a parameter in a matrix."""

    institution: Institution
    parameter: Parameter
    matrix: Matrix
    on: date
    certificates: list[Certificate]
    """those that cover the day"""
    last_certificate: Certificate | None
    scope_lines: list[ScopeLine]
    last_scope_line: ScopeLine | None
    instruments: list[InstrumentOnDay]
    signatories: list[Authorisation]
    evidence: list[Evidence]
    """current lines of evidence, newest first, that occurred by the day"""


def current(evidence: QuerySet[Evidence], *, on: date) -> QuerySet[Evidence]:
    """Lines that occurred by a day and have not been superseded by what was known by the end of that day."""
    known = evidence.filter(occurred_on__lte=on, recorded_at__date__lte=on)
    return known.exclude(superseded_by__in=Evidence.objects.filter(recorded_at__date__lte=on))


def capability(
    institution: Institution, parameter: Parameter, matrix: Matrix, *, on: date, evidence: QuerySet[Evidence]
) -> Capability:
    """Everything on one capability on a day; `evidence` is what the asker may see (`evidence.access.visible_to`)."""
    all_certificates = list(Certificate.objects.filter(institution=institution, recorded_at__date__lte=on))
    all_lines = list(
        ScopeLine.objects.filter(
            institution=institution, parameter=parameter, matrix=matrix, recorded_at__date__lte=on
        ).select_related("method").order_by("-valid_from")
    )  # fmt: skip
    lines = [line for line in all_lines if line.valid_from <= on and (line.valid_to is None or on <= line.valid_to)]
    return Capability(
        institution=institution, parameter=parameter, matrix=matrix, on=on,
        certificates=[c for c in all_certificates if c.valid_from <= on <= c.valid_to],
        last_certificate=max(all_certificates, key=lambda c: c.valid_to, default=None),
        scope_lines=lines,
        last_scope_line=all_lines[0] if all_lines else None,
        instruments=instruments_on(lines or all_lines[:1], on=on),
        signatories=signatories(institution, field=matrix.field, on=on, known_on=on),
        evidence=list(current(evidence, on=on).filter(institution=institution, parameter=parameter, matrix=matrix)),
    )  # fmt: skip


def instruments_on(lines: Iterable[ScopeLine], *, on: date) -> list[InstrumentOnDay]:
    """The instruments that the scope lines name, with their calibrations as of a day."""
    known = Calibration.objects.filter(recorded_at__date__lte=on, valid_from__lte=on).order_by("-valid_from")
    found = (
        Instrument.objects.filter(scope_lines__in=list(lines))
        .distinct()
        .prefetch_related(Prefetch("calibrations", queryset=known, to_attr="known"))
    )
    return [_on_day(one, on=on) for one in found]


def scope_on(institution: Institution, *, on: date) -> QuerySet[ScopeLine]:
    """The scope of an institution on a day."""
    return (
        ScopeLine.objects.filter(holding(on), institution=institution)
        .select_related("parameter", "matrix", "method")
        .order_by("parameter__code", "matrix__code")
    )


def scope_pairs_on(institution: Institution, *, on: date) -> QuerySet[ScopeLine, tuple[int, int]]:
    """Parameter and matrix of every capability in the scope of an institution on a day, as known on that day."""
    return (
        ScopeLine.objects.filter(holding(on), institution=institution, recorded_at__date__lte=on)
        .order_by("parameter__code", "matrix__code")
        .values_list("parameter_id", "matrix_id")
        .distinct()
    )


def capabilities(
    institution: Institution, pairs: Sequence[tuple[int, int]], *, on: date, evidence: QuerySet[Evidence]
) -> list[Capability]:
    """What `capability` says of one, of many at once: in the order of `pairs` (of `scope_pairs_on`), in a constant number
    of queries.
    """
    wanted = {"parameter__in": {p for p, _ in pairs}, "matrix__in": {m for _, m in pairs}}
    lines: dict[tuple[int, int], list[ScopeLine]] = {}
    for line in _lines_with_instruments(institution, on=on).filter(**wanted):
        lines.setdefault((line.parameter_id, line.matrix_id), []).append(line)
    shown: dict[tuple[int, int], list[Evidence]] = {}
    for one in current(evidence, on=on).filter(institution=institution, **wanted):
        shown.setdefault((one.parameter_id, one.matrix_id), []).append(one)
    certificates = list(Certificate.objects.filter(institution=institution, recorded_at__date__lte=on))
    authorised = list(
        Authorisation.objects.filter(holding(on), institution=institution, recorded_at__date__lte=on)
        .select_related("person")
        .order_by("person__name")
    )
    return [
        Capability(
            institution=institution, parameter=lines[pair][0].parameter, matrix=lines[pair][0].matrix, on=on,
            certificates=[c for c in certificates if c.valid_from <= on <= c.valid_to],
            last_certificate=max(certificates, key=lambda c: c.valid_to, default=None),
            scope_lines=lines[pair], last_scope_line=lines[pair][0], instruments=_instruments_of(lines[pair], on=on),
            signatories=[a for a in authorised if a.field == lines[pair][0].matrix.field], evidence=shown.get(pair, []),
        )
        for pair in pairs
    ]  # fmt: skip


def _lines_with_instruments(institution: Institution, *, on: date) -> QuerySet[ScopeLine]:
    known = Calibration.objects.filter(recorded_at__date__lte=on, valid_from__lte=on).order_by("-valid_from")
    calibrated = Instrument.objects.prefetch_related(Prefetch("calibrations", queryset=known, to_attr="known"))
    return (
        ScopeLine.objects.filter(holding(on), institution=institution, recorded_at__date__lte=on)
        .select_related("parameter", "matrix", "method")
        .prefetch_related(Prefetch("instruments", queryset=calibrated))
        .order_by("-valid_from")
    )


def _instruments_of(lines: Iterable[ScopeLine], *, on: date) -> list[InstrumentOnDay]:
    named = {instrument.pk: instrument for line in lines for instrument in line.instruments.all()}
    return [_on_day(instrument, on=on) for instrument in sorted(named.values(), key=lambda one: one.serial)]


def _on_day(instrument: Instrument, *, on: date) -> InstrumentOnDay:
    known: list[Calibration] = instrument.known  # type: ignore[attr-defined]
    return InstrumentOnDay(
        instrument=instrument,
        covering=next((c for c in known if on <= c.valid_to), None),
        latest=next(iter(known), None),
    )
