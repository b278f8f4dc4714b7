"""What the registers give reason to look at: gaps on the map, standards that change, people and instruments in two institutions."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from zhunsheng.capability.profile.coverage import Coverage, counted, coverage, untested
from zhunsheng.faces.api import shapes as s
from zhunsheng.faces.api.asking import day_of, insider, regulator
from zhunsheng.faces.api.paging import instant, page_after, slice_after
from zhunsheng.faces.api.problems import Misunderstood
from zhunsheng.faces.api.registers import REFUSALS, named
from zhunsheng.faces.api.tokens import Bearer
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.queries import SharedSerial
from zhunsheng.registry.findings import queries as findings
from zhunsheng.registry.findings.queries import Finding, in_state
from zhunsheng.registry.institutions.access import overseen_by, registered
from zhunsheng.registry.institutions.models import Institution, PossibleDuplicate
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.double_posts import DoublePost
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.scopes.access import lines_of, lines_supervised_by
from zhunsheng.registry.scopes.queries.watch import LOOK_AHEAD, LOOK_BACK, Touched, watched

router = Router(auth=Bearer("read:supervision"), tags=["supervision"])
Kilometres = Annotated[int, Field(ge=1, le=2000)]


class GapShape(Schema):
    """A place without a capable laboratory within the distance; `km` to the nearest is empty where there is none at all."""

    region_code: str
    name: s.Names
    km: float | None


class CoverageShape(Schema):
    """An item with its capable laboratories; without a matrix the parameter is tested nowhere."""

    parameter: s.NamedShape
    matrix: s.NamedShape | None
    laboratories: int
    most_within: int
    gaps: list[GapShape]


class CoveragePage(s.Page):
    on: date
    known_on: date
    items: list[CoverageShape]


@router.get("/coverage", response={200: CoveragePage, **REFUSALS}, url_name="api_coverage")
def gaps(
    request: HttpRequest, field: s.Slug, region: s.Code | Literal[""] = "", km: Kilometres = 200, on: s.Day | None = None,
    known_on: s.Day | None = None, cursor: s.Cursor = "", limit: s.Limit = 25,
) -> CoveragePage:  # fmt: skip
    """For regulators: each item of a field with how many laboratories can test it and which places of a province none is near."""
    regulator(request)
    day, by = day_of(on), day_of(known_on)
    counts = counted(day, by, matrix__field=field)
    nobody = untested(field, counts, known_on=by)
    found = coverage(counts, on=day, km=km, within=province(region, day), nobody=nobody)
    parameters = Parameter.objects.in_bulk({one.parameter_id for one in found})
    matrices = Matrix.objects.in_bulk({one.matrix_id for one in found if one.matrix_id})

    def place(one: Coverage) -> tuple[str, str]:
        return parameters[one.parameter_id].code, matrices[one.matrix_id].code if one.matrix_id else ""

    some, following = slice_after(found, place, cursor, limit)
    items = [covered(one, parameters[one.parameter_id], matrices.get(one.matrix_id or 0)) for one in some]
    return CoveragePage(on=day, known_on=by, items=items, next=following)


def province(code: str, day: date) -> tuple[str, ...]:
    """The beginning of the codes of a province; none for the whole country. Raises Misunderstood for what is no province of the day."""
    if not code:
        return ()
    found = regions.region(code, day)
    if found is None or found.level != "province":
        raise Misunderstood("query.region", t("Give the code of a province.", "请提供省级行政区划代码。"))
    return (code[:2],)


def covered(one: Coverage, parameter: Parameter, matrix: Matrix | None) -> CoverageShape:
    return CoverageShape(
        parameter=named(parameter), matrix=named(matrix) if matrix else None, laboratories=one.laboratories,
        most_within=one.most_within,
        gaps=[
            GapShape(region_code=where.code, name=s.Names.of(where.name), km=None if far is None else round(far, 1))
            for where, far in one.gaps
        ],
    )  # fmt: skip


class ChangeShape(Schema):
    """A standard enters a state on a day: what that touches among the lines that the asker looks after."""

    standard: str
    title: s.Names
    day: date
    before: str | None
    state: str
    replaced_by: str | None
    methods: list[str]
    lines: int
    institutions: int


class WatchPage(s.Page):
    first: date
    last: date
    known_on: date
    items: list[ChangeShape]


@router.get("/standards-watch", response={200: WatchPage, **REFUSALS}, url_name="api_watch")
def standards_watch(
    request: HttpRequest, first: s.Day | None = None, last: s.Day | None = None, known_on: s.Day | None = None,
    cursor: s.Cursor = "", limit: s.Limit = 25,
) -> WatchPage:  # fmt: skip
    """Changes of standards' states between two days, and how many scope lines they touch: within reach, or of one's own."""
    visitor = insider(request)
    lines = lines_supervised_by(visitor) if visitor.authority else lines_of(visitor)
    begin, end, by = first or visitor.on - LOOK_BACK, last or visitor.on + LOOK_AHEAD, day_of(known_on)
    found = watched(lines, after=begin - timedelta(days=1), until=end, on=visitor.on, known_on=by)
    some, following = slice_after(found, when, cursor, limit)
    return WatchPage(first=begin, last=end, known_on=by, items=[change(one) for one in some], next=following)


def when(one: Touched) -> tuple[str, str]:
    return one.change.day.isoformat(), f"{one.change.after.standard.number} {one.change.after.pk:012}"


def change(one: Touched) -> ChangeShape:
    before, after = one.change.before, one.change.after
    return ChangeShape(
        standard=after.standard.number, title=s.Names.of(after.standard.name), day=one.change.day,
        before=before.state if before else None, state=after.state,
        replaced_by=after.replacement.number if after.replacement else None,
        methods=[method.number for method in one.methods], lines=one.lines, institutions=one.institutions,
    )  # fmt: skip


class DuplicateShape(Schema):
    """Two entries that may be one institution, and why: the software suspects, a person decides."""

    id: int
    first: UUID
    first_name: s.Names
    second: UUID
    second_name: s.Names
    weight: float
    reasons: list[list[str]]


class DuplicatePage(s.Page):
    items: list[DuplicateShape]


@router.get("/findings/duplicates", response={200: DuplicatePage, **REFUSALS}, url_name="api_duplicates")
def duplicates(request: HttpRequest, cursor: s.Cursor = "", limit: s.Limit = 25) -> DuplicatePage:
    """For regulators: the pairs that the last search found, of which the asker may change one entry at least; the earliest first."""
    visitor = regulator(request)
    reached = registered(visitor, "first__") | registered(visitor, "second__")
    found = PossibleDuplicate.objects.filter(reached).select_related("first", "second")
    rows, following = page_after(found, {"found_at": instant, "id": int}, cursor, limit)
    items = [
        DuplicateShape(
            id=one.pk, first=one.first_id, first_name=s.Names.of(one.first.name), second=one.second_id,
            second_name=s.Names.of(one.second.name), weight=one.weight, reasons=one.reasons,
        )
        for one in rows
    ]  # fmt: skip
    return DuplicatePage(items=items, next=following)


FindingState = Literal["", "open", "settled"]


class SettledShape(Schema):
    """That somebody settled a finding; it is open again when one of its facts changes."""

    authority: s.Names
    on: date
    reason: str


def settled(one: Finding[Any]) -> SettledShape | None:
    done = one.settled
    if done is None:
        return None
    return SettledShape(
        authority=s.Names.of(done.settled_for.name), on=timezone.localdate(done.settled_at), reason=done.reason
    )


class HeldShape(Schema):
    """Where somebody works or something stands; of an institution out of reach only the name is told."""

    institution_name: s.Names
    institution: UUID | None
    kind: str | None
    valid_from: date | None
    valid_to: date | None


class DoubleShape(Schema):
    person: UUID
    name: str
    one: HeldShape
    other: HeldShape
    first: date
    last: date | None
    state: Literal["open", "settled"]
    settled: SettledShape | None


class DoublePage(s.Page):
    items: list[DoubleShape]


@router.get("/findings/people", response={200: DoublePage, **REFUSALS}, url_name="api_double_posts")
def double_posts(
    request: HttpRequest,
    first: s.Day | None = None,
    last: s.Day | None = None,
    state: FindingState = "",
    cursor: s.Cursor = "",
    limit: s.Limit = 25,
) -> DoublePage:
    """For regulators: people who held posts in two institutions on the same day of a period; a reason to ask, nothing more."""
    visitor = regulator(request)
    begin = day_of(first)
    end = last or max(begin, visitor.on)
    if end < begin:
        raise Misunderstood("query.last", t("The last day is before the first.", "截止日期早于起始日期。"))
    found = in_state(findings.double_posts(begin, end, within=overseen_by(visitor)), state)
    some, following = slice_after(found, lambda one: (one.row.person.name, keys_of(one.row)), cursor, limit)
    near = within_reach(visitor, [head for one in some for head in one.heads])
    return DoublePage(items=[double(row, near) for row in some], next=following)


def within_reach(visitor: Visitor, heads: Collection[UUID]) -> set[UUID]:
    return set(overseen_by(visitor).filter(pk__in=heads).values_list("pk", flat=True))


def keys_of(row: DoublePost | SharedSerial) -> str:
    return f"{row.one.pk} {row.other.pk}"


def double(found: Finding[DoublePost], near: set[UUID]) -> DoubleShape:
    row = found.row
    return DoubleShape(
        person=row.person.pk, name=row.person.name, one=post(row.one, near), other=post(row.other, near), first=row.first,
        last=row.last, state=found.state.value, settled=settled(found),
    )  # fmt: skip


def post(one: Post, near: set[UUID]) -> HeldShape:
    head = head_of(one.institution)
    if head.pk not in near:
        return out_of_reach(head)
    return HeldShape(
        institution_name=s.Names.of(head.name), institution=head.pk, kind=one.kind, valid_from=one.valid_from,
        valid_to=one.valid_to,
    )  # fmt: skip


def out_of_reach(head: Institution) -> HeldShape:
    return HeldShape(
        institution_name=s.Names.of(head.name), institution=None, kind=None, valid_from=None, valid_to=None
    )


class SharedSide(Schema):
    """One of two instruments; of an institution out of reach only the name is told."""

    institution_name: s.Names
    institution: UUID | None
    instrument: UUID | None
    serial: str | None
    name: s.Names | None


class SharedShape(Schema):
    serial_key: str
    one: SharedSide
    other: SharedSide
    state: Literal["open", "settled"]
    settled: SettledShape | None


class SharedPage(s.Page):
    on: date
    items: list[SharedShape]


@router.get("/findings/serials", response={200: SharedPage, **REFUSALS}, url_name="api_shared_serials")
def serials(
    request: HttpRequest, on: s.Day | None = None, state: FindingState = "", cursor: s.Cursor = "", limit: s.Limit = 25
) -> SharedPage:
    """For regulators: instruments in use on a day whose serial number two institutions have; a reason to ask, nothing more."""
    visitor, day = regulator(request), day_of(on)
    found = in_state(findings.serials(day, within=overseen_by(visitor)), state)
    some, following = slice_after(found, lambda one: (one.row.serial_key, keys_of(one.row)), cursor, limit)
    near = within_reach(visitor, [head for one in some for head in one.heads])
    return SharedPage(on=day, items=[shared(row, near) for row in some], next=following)


def shared(found: Finding[SharedSerial], near: set[UUID]) -> SharedShape:
    row = found.row
    return SharedShape(
        serial_key=row.serial_key, one=side(row.one, near), other=side(row.other, near), state=found.state.value,
        settled=settled(found),
    )  # fmt: skip


def side(one: Instrument, near: set[UUID]) -> SharedSide:
    head = head_of(one.institution)
    if head.pk not in near:
        return SharedSide(
            institution_name=s.Names.of(head.name), institution=None, instrument=None, serial=None, name=None
        )
    return SharedSide(
        institution_name=s.Names.of(head.name), institution=head.pk, instrument=one.pk, serial=one.serial,
        name=s.Names.of(one.name),
    )  # fmt: skip
