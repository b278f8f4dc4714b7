"""The registers within an authority's area, fetched once for a screen, as known on a day; a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import polars as pl
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from zhunsheng.activities.campaigns.screen.queries.frames import frame_of, key
from zhunsheng.activities.campaigns.screen.rules.registers import FOREVER, SHAPES, Registers
from zhunsheng.foundation.calendar.validity import end_of, known
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, ParameterName
from zhunsheng.registry.catalogue.queries import rows_of
from zhunsheng.registry.catalogue.rules.standard_numbers import normal_method
from zhunsheng.registry.catalogue.rules.standard_states import timeline
from zhunsheng.registry.catalogue.rules.writing import same
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.queries import shared_serials
from zhunsheng.registry.institutions.access import of_heads
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.people.double_posts import in_two_institutions_on
from zhunsheng.registry.people.jurisdiction import Jurisdiction
from zhunsheng.registry.people.models import Authorisation, Post
from zhunsheng.registry.scopes.models import ScopeLine

FEW = 500
"""Up to so many institutions the registers are asked by their keys, beyond that by the authority's whole area."""
Suspended = Sequence[tuple[UUID, int, int, date, date | None, str]]
"""Handed over by the face: institution, parameter, matrix, first and last day of a suspension, the round that was failed."""


@dataclass(frozen=True, slots=True)
class Places:
    """The laboratories of an area: each head's number, by key; of every entry merged into one, too; and all their codes."""

    numbers: Mapping[str, int]
    members: Mapping[str, int]
    institutions: pl.DataFrame
    heads: QuerySet[Institution]
    names: Mapping[int, str]
    everywhere: bool
    """all laboratories of the country: then the registers need not be asked for some of them"""

    def rows(self) -> Q:
        """The rows of a register that belong to these laboratories; whatever else comes along has no number."""
        return Q() if self.everywhere else of_heads(self.heads)


def places_within(reach: Jurisdiction, *, on: date, codes: Collection[str] | None = None) -> Places:
    """The standing laboratories of an area, and those merged into them, whose codes stand for them; of many codes, all."""
    laboratories = Institution.objects.filter(
        reach.q("region_code", on), kind=Institution.Kind.LABORATORY, merged_into=None
    )
    few = codes is not None and len(codes) <= FEW
    if few:
        meant = Institution.objects.filter(uscc__in=codes or ()).annotate(head=Coalesce("merged_into", "pk"))
        laboratories = laboratories.filter(pk__in=list(meant.values_list("head", flat=True)))
    rows = list(laboratories.order_by("pk").values_list("pk", "uscc", "name_zh", "name_en"))
    numbers = {row[0].hex: number for number, row in enumerate(rows)}
    entries = Institution.objects.filter(merged_into__in=laboratories.order_by().values("pk"))
    merged = [
        (pk.hex, numbers[into.hex], code) for pk, into, code in entries.values_list("pk", "merged_into", "uscc") if into
    ]
    members = {**numbers, **{pk: number for pk, number, _ in merged}}
    coded = [(code, numbers[pk.hex]) for pk, code, *_ in rows] + [(code, number) for _, number, code in merged]
    frame = pl.DataFrame([one for one in coded if one[0]], schema=dict(SHAPES["institutions"]), orient="row")
    names = {numbers[pk.hex]: f"{zh} / {en}" for pk, _, zh, en in rows}
    return Places(numbers, members, frame, laboratories, names, reach.national and not few)


def registers_of(places: Places, *, first: date, last: date, known_on: date, suspended: Suspended = ()) -> Registers:
    """What the registers say of these laboratories about the days from the first to the last, as known on a day."""
    belongs = places.rows()
    period = Q(valid_from__lte=last)
    scope = ScopeLine.objects.filter(belongs, known(known_on), period, status="active")
    people, authorisations = signing(belongs, places, first, last, known_on)
    instruments = Instrument.objects.filter(belongs).exclude(serial_key="")
    calibrations = Calibration.objects.filter(
        known(known_on), period, instrument__in=instruments.order_by().values("pk")
    )
    parameters, matrices, methods = catalogue()
    return Registers(
        institutions=places.institutions,
        scope=held(scope, places, "scope", "parameter_id", "matrix_id", "method_id", "valid_from", "valid_to"),
        instruments=held(instruments, places, "instruments", "serial_key").unique(),
        calibrations=held(
            calibrations,
            places,
            "calibrations",
            "instrument__serial_key",
            "valid_from",
            "valid_to",
            of="instrument__institution",
        ),
        people=people,
        authorisations=authorisations,
        certificates=held(
            Certificate.objects.filter(belongs, known(known_on), scheme="CMA"),
            places,
            "certificates",
            "valid_from",
            "valid_to",
        ),
        standards=standards(known_on),
        suspended=suspensions(suspended, places),
        **matrix_frames(),
        double_posts=double_posts(places, first, last),
        shared_serials=serials(places, last),
        parameters=parameters,
        matrices=matrices,
        methods=methods,
        names=places.names,
    )


def held(rows: QuerySet[Any, Any], places: Places, shape: str, *columns: str, of: str = "institution") -> pl.DataFrame:
    """Rows of a register with the number of the laboratory first, in the shape of that frame."""
    names = [name for name in SHAPES[shape] if name != "inst"]
    schema = {"inst_key": pl.String, **{name: SHAPES[shape][name] for name in names}}
    asked = rows.annotate(inst_key=key(of)).order_by().values_list("inst_key", *columns)
    return numbered(frame_of(asked, schema), places).select(*SHAPES[shape])


def numbered(frame: pl.DataFrame, places: Places) -> pl.DataFrame:
    """The institution's number instead of its key; no last day becomes FOREVER."""
    pairs = {"inst_key": list(places.members), "inst": list(places.members.values())}
    found = frame.join(
        pl.DataFrame(pairs, schema={"inst_key": pl.String, "inst": pl.Int32}), on="inst_key", how="inner"
    )
    return found.with_columns(pl.col("last").fill_null(FOREVER)) if "last" in found.columns else found


def signing(belongs: Q, places: Places, first: date, last: date, known_on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who worked there in the period, by name; and authorisations as far as a post was held with them.

    A name that two people of one institution bear stands for nobody in the first and for both in the second.
    """
    posts = Post.objects.filter(belongs, valid_from__lte=last)
    shape = {
        "inst_key": pl.String,
        "person_key": pl.String,
        "name": pl.String,
        "identity": pl.String,
        "first": pl.Date,
        "last": pl.Date,
    }
    asked = posts.annotate(inst_key=key("institution"), person_key=key("person")).order_by()
    held_posts = numbered(
        frame_of(
            asked.values_list(
                "inst_key", "person_key", "person__name", "person__identity_hash", "valid_from", "valid_to"
            ),
            shape,
        ),
        places,
    )
    there = held_posts.filter(pl.col("last") >= first).with_columns(person=pl.coalesce("identity", "person_key"))
    people = there.group_by("inst", "name").agg(pl.col("person").unique()).filter(pl.col("person").list.len() == 1)
    given = Authorisation.objects.filter(belongs, known(known_on), valid_from__lte=last)
    asked_too = given.annotate(inst_key=key("institution"), person_key=key("person")).order_by()
    mine = numbered(
        frame_of(
            asked_too.values_list("inst_key", "person_key", "field", "valid_from", "valid_to"),
            {"inst_key": pl.String, "person_key": pl.String, "field": pl.String, "first": pl.Date, "last": pl.Date},
        ),
        places,
    )
    both = mine.join(
        held_posts.select("inst", "person_key", "name", pl.col("first").alias("f"), pl.col("last").alias("t")),
        on=["inst", "person_key"],
    )
    cut = both.with_columns(first=pl.max_horizontal("first", "f"), last=pl.min_horizontal("last", "t"))
    return (
        people.with_columns(pl.col("person").list.first()).select(*SHAPES["people"]),
        cut.filter(pl.col("first") <= pl.col("last")).select(*SHAPES["authorisations"]),
    )


def catalogue() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """What names of parameters, matrices and methods mean, by their normal forms; names that mean two things mean nothing."""
    parameters = [*named(Parameter), *ParameterName.objects.values_list("name", "parameter_id")]
    methods = Method.objects.values_list("number", "pk")
    return (
        meanings((same(name), pk) for name, pk in parameters),
        meanings((same(name), pk) for name, pk in named(Matrix)),
        meanings((normal_method(number), pk) for number, pk in methods),
    )


def named(model: type[Parameter] | type[Matrix]) -> Iterable[tuple[str, int]]:
    for pk, *names in model._default_manager.order_by().values_list("pk", "code", "name_zh", "name_en"):
        yield from ((name, pk) for name in names)


def meanings(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, set[int]] = defaultdict(set)
    for name, pk in pairs:
        found[name].add(pk)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}


def matrix_frames() -> dict[str, pl.DataFrame]:
    """Each matrix with its field, and with itself and all that it lies within."""
    rows = list(Matrix.objects.order_by().values_list("pk", "field", "within"))
    whole = {pk: above for pk, _, above in rows}
    pairs = [(pk, above) for pk in whole for above in _chain(pk, whole)]
    return {
        "fields": pl.DataFrame([row[:2] for row in rows], schema=dict(SHAPES["fields"]), orient="row"),
        "above": pl.DataFrame(pairs, schema=dict(SHAPES["above"]), orient="row"),
    }


def _chain(pk: int | None, whole: Mapping[int, int | None]) -> Iterable[int]:
    while pk is not None:
        yield pk
        pk = whole.get(pk)


def standards(known_on: date) -> pl.DataFrame:
    """From when to when the standard behind a method was superseded or withdrawn, with what replaces it."""
    methods = list(Method.objects.filter(standard__isnull=False).values_list("pk", "standard"))
    states = rows_of({standard for _, standard in methods if standard}, known_on=known_on)
    rows = []
    for method, standard in methods:
        steps = timeline(states.get(standard or 0, []), end_of(known_on))
        for step, following in zip(steps, [*steps[1:], None], strict=False):
            if step.state in {"superseded", "withdrawn"}:
                last = following.valid_from - timedelta(days=1) if following else FOREVER
                rows.append(
                    (
                        method,
                        step.standard.number,
                        step.valid_from,
                        last,
                        step.replacement.number if step.replacement else "",
                    )
                )
    return pl.DataFrame(rows, schema=dict(SHAPES["standards"]), orient="row")


def suspensions(given: Suspended, places: Places) -> pl.DataFrame:
    rows = [
        (places.numbers[pk.hex], parameter, matrix, first, last or FOREVER, failed)
        for pk, parameter, matrix, first, last, failed in given
        if pk.hex in places.numbers
    ]
    return pl.DataFrame(rows, schema=dict(SHAPES["suspended"]), orient="row")


def double_posts(places: Places, first: date, last: date) -> pl.DataFrame:
    """Posts in two institutions at once, a row for each laboratory that is within the area."""
    rows = []
    for one in in_two_institutions_on(first, last, within=places.heads):
        for mine, other in ((one.one, one.other), (one.other, one.one)):
            number = places.numbers.get((mine.institution.merged_into_id or mine.institution_id).hex)
            if number is not None:
                rows.append(
                    (
                        number,
                        mine.person.name,
                        other.institution.name.both(),
                        max(one.first, first),
                        one.last or FOREVER,
                    )
                )
    return pl.DataFrame(rows, schema=dict(SHAPES["double_posts"]), orient="row")


def serials(places: Places, last: date) -> pl.DataFrame:
    """Serial numbers that another institution has in use, too, a row for each laboratory that is within the area."""
    rows = []
    for one in shared_serials(last, within=places.heads):
        for mine, other in ((one.one, one.other), (one.other, one.one)):
            number = places.numbers.get((mine.institution.merged_into_id or mine.institution_id).hex)
            if number is not None:
                rows.append((number, mine.serial, other.institution.name.both(), last))
    return pl.DataFrame(rows, schema=dict(SHAPES["shared_serials"]), orient="row")
