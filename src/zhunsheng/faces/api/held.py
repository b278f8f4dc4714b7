"""What institutions hold: instruments with their calibrations, people with their posts and authorisations. Never an identity number."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from zhunsheng.faces.api import shapes as s
from zhunsheng.faces.api.asking import StateOfDates, day_of, insider
from zhunsheng.faces.api.paging import page_after
from zhunsheng.faces.api.registers import REFUSALS
from zhunsheng.faces.api.tokens import Bearer
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.equipment.access import instruments_seen_by
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.queries import OnDay, in_date, standing_so
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.institutions.access import of_heads, seen_in_full_by
from zhunsheng.registry.institutions.queries import family_ids, head_of
from zhunsheng.registry.people.authorised import authorised_on
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.queries import Visitor

router = Router(auth=Bearer("read:registers"), tags=["equipment and people"])


class CalibrationShape(Schema):
    kind: str
    certificate: str
    performed_by: str
    uncertainty: str
    valid_from: date
    valid_to: date
    holds: bool


class EquipmentShape(Schema):
    """An instrument and how it stands on a day: in_date, due_soon, out_of_date, never (calibrated) or retired."""

    id: UUID
    institution: UUID
    institution_name: s.Names
    serial: str
    name: s.Names
    manufacturer: str
    model: str
    retired_on: date | None
    state: str
    valid_to: date | None


class EquipmentDetail(EquipmentShape):
    on: date
    known_on: date
    calibrations: list[CalibrationShape]


class EquipmentPage(s.Page):
    on: date
    known_on: date
    items: list[EquipmentShape]


@router.get("/equipment", response={200: EquipmentPage, **REFUSALS}, url_name="api_equipment")
def equipment(
    request: HttpRequest, q: s.Words = "", institution: UUID | None = None, state: StateOfDates = "",
    on: s.Day | None = None, known_on: s.Day | None = None, cursor: s.Cursor = "", limit: s.Limit = 25,
) -> EquipmentPage:  # fmt: skip
    """Instruments by serial number, name or maker, with the state of their calibration on a day, as known on a day."""
    visitor, day, by = insider(request), day_of(on), day_of(known_on)
    found = instruments_seen_by(visitor).filter(at(visitor, institution))
    if words := q.strip():
        named = Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(manufacturer__icontains=words)
        plate = Q(serial__icontains=words) | Q(model__icontains=words) | Q(serial_key=serial_key(words) or "-")
        found = found.filter(named | plate)
    if state:
        found = standing_so(found, state, day, known_on=by)
    rows, following = page_after(
        found.select_related("institution__merged_into"), {"serial": str, "id": UUID}, cursor, limit
    )
    stands = in_date(rows, day, known_on=by)
    items = [EquipmentShape(**instrument(one, stands[one.pk])) for one in rows]
    return EquipmentPage(on=day, known_on=by, items=items, next=following)


def at(visitor: Visitor, institution: UUID | None) -> Q:
    """Rows of one institution and of those merged into it; of any where none is asked for. Raises Http404 for one not seen in full."""
    if institution is None:
        return Q()
    return Q(institution__in=family_ids(get_object_or_404(seen_in_full_by(visitor), pk=institution)))


def instrument(one: Instrument, stands: OnDay) -> dict[str, Any]:
    head = head_of(one.institution)
    return {
        "id": one.pk, "institution": head.pk, "institution_name": s.Names.of(head.name), "serial": one.serial,
        "name": s.Names.of(one.name), "manufacturer": one.manufacturer, "model": one.model, "retired_on": one.retired_on,
        "state": stands.state, "valid_to": stands.latest.valid_to if stands.latest else None,
    }  # fmt: skip


@router.get("/equipment/{uuid:pk}", response={200: EquipmentDetail, **REFUSALS}, url_name="api_instrument")
def one_instrument(
    request: HttpRequest, pk: UUID, on: s.Day | None = None, known_on: s.Day | None = None
) -> EquipmentDetail:
    """One instrument with every calibration that was known on a day, the newest first."""
    visitor, day, by = insider(request), day_of(on), day_of(known_on)
    one = get_object_or_404(instruments_seen_by(visitor).select_related("institution__merged_into"), pk=pk)
    rows = Calibration.objects.filter(known(by), instrument=one).order_by("-valid_from", "pk")
    shown = [
        CalibrationShape(
            kind=row.kind, certificate=row.certificate, performed_by=row.performed_by, uncertainty=row.uncertainty,
            valid_from=row.valid_from, valid_to=row.valid_to, holds=row.valid_from <= day <= row.valid_to,
        )
        for row in rows
    ]  # fmt: skip
    stands = in_date([one], day, known_on=by)[one.pk]
    return EquipmentDetail(**instrument(one, stands), on=day, known_on=by, calibrations=shown)


class PostShape(Schema):
    institution: UUID
    institution_name: s.Names
    kind: str
    valid_from: date
    valid_to: date | None


class AuthorisationShape(Schema):
    """May sign reports of a field, on the day asked about."""

    institution: UUID
    field: str
    valid_from: date
    valid_to: date | None


class PersonShape(Schema):
    """A person with the posts and authorisations of the day in institutions that the asker sees in full."""

    id: UUID
    name: str
    posts: list[PostShape]
    authorisations: list[AuthorisationShape]


class PersonDetail(PersonShape):
    on: date
    known_on: date


class PeoplePage(s.Page):
    on: date
    known_on: date
    items: list[PersonShape]


@router.get("/people", response={200: PeoplePage, **REFUSALS}, url_name="api_people")
def people(
    request: HttpRequest, q: s.Words = "", institution: UUID | None = None, on: s.Day | None = None,
    known_on: s.Day | None = None, cursor: s.Cursor = "", limit: s.Limit = 25,
) -> PeoplePage:  # fmt: skip
    """Who holds a post on a day, with what each may sign on it; posts as the register has them now, authorisations as known on a day."""
    visitor, day, by = insider(request), day_of(on), day_of(known_on)
    found = working(visitor, day, institution)
    if words := q.strip():
        found = found.filter(name__icontains=words)
    rows, following = page_after(with_what_is_seen(found, visitor, day, by), {"name": str, "id": UUID}, cursor, limit)
    return PeoplePage(on=day, known_on=by, items=[PersonShape(**person(one)) for one in rows], next=following)


def working(visitor: Visitor, day: date, institution: UUID | None) -> QuerySet[Person]:
    """People with a post on a day where the visitor sees in full."""
    held = Post.objects.filter(holding(day), of_heads(seen_in_full_by(visitor)), at(visitor, institution))
    return Person.objects.filter(Exists(held.filter(person=OuterRef("pk"))))


def with_what_is_seen(people: QuerySet[Person], visitor: Visitor, day: date, by: date) -> QuerySet[Person]:
    here = of_heads(seen_in_full_by(visitor))
    posts = Post.objects.filter(holding(day), here).select_related("institution__merged_into")
    signs = authorised_on(day, known_on=by).filter(here).select_related("institution")
    return people.prefetch_related(
        Prefetch("posts", posts.order_by("valid_from", "pk"), to_attr="seen_posts"),
        Prefetch("authorisations", signs.order_by("field", "pk"), to_attr="seen_authorisations"),
    )


def person(one: Person) -> dict[str, Any]:
    """What is told of a person; both lists were fetched by `with_what_is_seen`."""
    return {
        "id": one.pk, "name": one.name,
        "posts": [
            PostShape(
                institution=head_of(post.institution).pk, institution_name=s.Names.of(head_of(post.institution).name),
                kind=post.kind, valid_from=post.valid_from, valid_to=post.valid_to,
            )
            for post in one.seen_posts  # type: ignore[attr-defined]
        ],
        "authorisations": [
            AuthorisationShape(
                institution=row.institution.merged_into_id or row.institution_id, field=row.field,
                valid_from=row.valid_from, valid_to=row.valid_to,
            )
            for row in one.seen_authorisations  # type: ignore[attr-defined]
        ],
    }  # fmt: skip


@router.get("/people/{uuid:pk}", response={200: PersonDetail, **REFUSALS}, url_name="api_person")
def one_person(request: HttpRequest, pk: UUID, on: s.Day | None = None, known_on: s.Day | None = None) -> PersonDetail:
    """One person on a day."""
    visitor, day, by = insider(request), day_of(on), day_of(known_on)
    found = with_what_is_seen(working(visitor, day, None).filter(pk=pk), visitor, day, by).first()
    if found is None:
        raise Http404
    return PersonDetail(**person(found), on=day, known_on=by)
