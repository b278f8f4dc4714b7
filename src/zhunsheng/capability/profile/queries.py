"""The questions asked of the ledger and the registers together, each as of a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.rules import Result, Suspension, Trend, suspension, trends
from zhunsheng.foundation.calendar.validity import Validity, end_of, holding, known
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.queries import family_ids
from zhunsheng.registry.people.authorised import authorised_on
from zhunsheng.registry.people.models import Authorisation
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.states import Status


@dataclass(frozen=True, slots=True)
class InstrumentOnDay:
    """An instrument with the calibration that covers the day, or the last one there was; one that was retired by then has none."""

    instrument: Instrument
    covering: Calibration | None
    latest: Calibration | None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class LineOnDay:
    """A scope line, whether it covers the day, and its instruments on that day."""

    line: ScopeLine
    covers: bool
    instruments: list[InstrumentOnDay]


Row = TypeVar("Row", ScopeLine, Evidence)


@dataclass(frozen=True, slots=True)
class Capability:
    """All that is known, on a day, about whether an institution can determine a parameter in a matrix."""

    institution: Institution
    parameter: Parameter
    matrix: Matrix
    on: date
    """the day of which it is asked"""
    known_on: date
    """the day by whose end it was known"""
    certificates: list[Certificate]
    """those that cover the day"""
    last_certificate: Certificate | None
    lines: list[LineOnDay]
    """every scope line known, newest first"""
    signatories: list[Authorisation]
    evidence: list[Evidence]
    """current lines of evidence, newest first, that occurred by the day"""
    trend: Trend
    """what the results seen by the asker say of the next round"""

    @property
    def scope_lines(self) -> list[ScopeLine]:
        """Those that cover the day."""
        return [one.line for one in self.lines if one.covers]

    @property
    def suspended(self) -> Suspension | None:
        """Derived, never stored: failed in a round and not given back yet, as far as the asker may see."""
        return suspended_by(self.evidence)

    @property
    def instruments(self) -> list[InstrumentOnDay]:
        """Those that the lines covering the day name, each once."""
        named = {i.instrument.pk: i for one in self.lines if one.covers for i in one.instruments}
        return sorted(named.values(), key=lambda i: i.instrument.serial)


def results_of(lines: Iterable[Evidence]) -> list[Result]:
    """The results in rounds among lines of evidence."""
    return [
        Result(str(one.pk), one.payload["round"], one.occurred_on, one.payload["score"], one.payload["signal"])
        for one in lines
        if one.kind == "proficiency_result"
    ]


def retests_of(lines: Iterable[Evidence]) -> list[Result]:
    """The retests among lines of evidence: one that was not passed as a whole passes for none of its items."""
    return [
        Result(
            str(one.pk), one.payload["round"], one.occurred_on, one.payload["score"],
            one.payload["signal"] if one.payload["verdict"] == "passed" else "action", retest=True,
        )
        for one in lines
        if one.kind == "retest_result"
    ]  # fmt: skip


def confirmations_of(lines: Iterable[Evidence]) -> dict[str, date]:
    """For each failed result whose mending an authority has confirmed: when. It holds for what corrects that result, too."""
    known = list(lines)
    found = {one.payload["failed"]: one.occurred_on for one in known if one.kind == "retest_confirmed"}
    corrected = {str(one.pk): str(one.supersedes_id) for one in known if one.supersedes_id}
    return found | {new: found[old] for new, old in corrected.items() if old in found}


def suspended_by(lines: Iterable[Evidence]) -> Suspension | None:
    """Whether an item is suspended by these current lines, which are all about it."""
    known = list(lines)
    return suspension(results_of(known), confirmations_of(known), retests_of(known))


SUSPENDING = ("proficiency_result", "retest_result", "retest_confirmed")
"""The kinds of evidence from which a suspension is derived."""


def current(evidence: QuerySet[Evidence], *, on: date, known_on: date) -> QuerySet[Evidence]:
    """Lines that occurred by a day, were known by the end of another and had not been superseded by then."""
    by_then = {"recorded_at__lt": end_of(known_on)}
    corrected = Evidence.objects.filter(supersedes=OuterRef("pk"), **by_then)
    return evidence.filter(~Exists(corrected), occurred_on__lte=on, **by_then)


def capability(
    institution: Institution, parameter: Parameter, matrix: Matrix, *, on: date, known_on: date,
    evidence: QuerySet[Evidence],
) -> Capability:  # fmt: skip
    """Everything on one capability on a day, as known on a day; `evidence` is what the asker may see (`evidence.access.visible_to`)."""
    return capabilities(institution, [(parameter.pk, matrix.pk)], on=on, known_on=known_on, evidence=evidence)[0]


def scope_pairs_on(institution: Institution, *, on: date, known_on: date) -> QuerySet[ScopeLine, tuple[int, int]]:
    """Parameter and matrix of every capability in the scope of an institution on a day, as known on a day."""
    return (
        ScopeLine.objects.filter(holding(on), known(known_on), institution__in=family_ids(institution), status="active")
        .order_by("parameter__code", "matrix__code")
        .values_list("parameter_id", "matrix_id")
        .distinct()
    )


def capabilities(
    institution: Institution,
    pairs: Sequence[tuple[int, int]],
    *,
    on: date,
    known_on: date,
    evidence: QuerySet[Evidence],
) -> list[Capability]:
    """Everything on many capabilities (parameter and matrix by their keys) on a day, as known on a day.

    A constant number of queries.
    """
    wanted = {"parameter__in": {p for p, _ in pairs}, "matrix__in": {m for _, m in pairs}}
    parameters, matrices = (
        Parameter.objects.in_bulk(wanted["parameter__in"]),
        Matrix.objects.in_bulk(wanted["matrix__in"]),
    )
    family = family_ids(institution)
    lines = by_pair(_lines_with_instruments(family, on=on, known_on=known_on).filter(**wanted))
    shown = by_pair(current(evidence, on=on, known_on=known_on).filter(institution__in=family, **wanted))
    certificates = list(Certificate.objects.filter(known(known_on), institution__in=family))
    authorised = list(
        authorised_on(on, known_on=known_on)
        .filter(institution__in=family)
        .select_related("person")
        .order_by("person__name")
    )
    drawn = trends([results_of(shown.get(pair, [])) for pair in pairs])
    return [
        Capability(
            institution=institution, parameter=parameters[pair[0]], matrix=matrices[pair[1]], on=on,
            known_on=known_on,
            certificates=[c for c in certificates if Validity(c.valid_from, c.valid_to).covers(on)],
            last_certificate=max((c for c in certificates if c.valid_from <= on), key=lambda c: c.valid_to, default=None),
            lines=[_line_on_day(line, on=on) for line in lines.get(pair, [])],
            signatories=[a for a in authorised if a.field == matrices[pair[1]].field], evidence=shown.get(pair, []),
            trend=trend,
        )
        for pair, trend in zip(pairs, drawn, strict=True)
    ]  # fmt: skip


def by_pair(rows: Iterable[Row]) -> dict[tuple[int, int], list[Row]]:
    """Rows grouped by their parameter and matrix, the order kept."""
    groups: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.parameter_id, row.matrix_id), []).append(row)
    return groups


def _lines_with_instruments(family: list[UUID], *, on: date, known_on: date) -> QuerySet[ScopeLine]:
    """Every scope line that had begun by a day, newest first, with its instruments and their calibrations up to that day."""
    by_then = Calibration.objects.filter(known(known_on), valid_from__lte=on).order_by("-valid_from")
    calibrated = Instrument.objects.prefetch_related(Prefetch("calibrations", queryset=by_then, to_attr="known"))
    return (
        ScopeLine.objects.filter(known(known_on), institution__in=family, valid_from__lte=on)
        .select_related("method")
        .prefetch_related(Prefetch("instruments", queryset=calibrated.order_by("serial")))
        .order_by("-valid_from")
    )


def _line_on_day(line: ScopeLine, *, on: date) -> LineOnDay:
    covers = line.status == Status.ACTIVE and Validity(line.valid_from, line.valid_to).covers(on)
    return LineOnDay(line, covers, [_on_day(instrument, on=on) for instrument in line.instruments.all()])


def _on_day(instrument: Instrument, *, on: date) -> InstrumentOnDay:
    known: list[Calibration] = instrument.known  # type: ignore[attr-defined]
    retired = instrument.retired_on is not None and instrument.retired_on < on
    return InstrumentOnDay(
        instrument=instrument,
        covering=None if retired else next((c for c in known if on <= c.valid_to), None),
        latest=next(iter(known), None),
        retired=retired,
    )
