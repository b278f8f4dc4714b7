"""The page of one institution and the forms that change what stands on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.registers import forms
from zhunsheng.faces.registers.desk import Desk, at_desk, institution_at, kept, scope_address
from zhunsheng.faces.registers.filling import fill_in, given, standing_row
from zhunsheng.faces.registers.histories import acts_on
from zhunsheng.faces.registers.identities import kept_of
from zhunsheng.faces.visits import actor_of
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import holding
from zhunsheng.registry.equipment.actions import enter_instrument
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.queries import standing_so
from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.access import kept_by, registered_by
from zhunsheng.registry.institutions.models import Certificate, Contact, Institution, Merge, Site
from zhunsheng.registry.institutions.queries import family
from zhunsheng.registry.institutions.queries.searching import certificate_state, certificates_under
from zhunsheng.registry.institutions.rules import uscc_faults, uscc_parts
from zhunsheng.registry.institutions.rules.certificates import number_in_words, number_notes
from zhunsheng.registry.institutions.rules.refusals import CannotEnter
from zhunsheng.registry.institutions.states import CERTIFICATE_STATES, KINDS, LEGAL_KINDS, LEVELS
from zhunsheng.registry.people.actions import enter_person
from zhunsheng.registry.people.models import Person, Post
from zhunsheng.registry.people.queries import Visitor


@at_desk
@require_GET
def one(request: VisitedRequest, *, desk: Desk, pk: UUID | None = None) -> HttpResponse:
    """Everything that the register says of an institution, with the entries merged into it, and its history."""
    institution = institution_at(desk, request, pk)
    entries = list(family(institution))
    mine = [entry.pk for entry in entries]
    certificates = list(certificates_under(mine, known_on=request.today))
    instruments = Instrument.objects.filter(institution__in=mine)
    owned = instruments.count()
    registrar = kept(registered_by(request.visitor), institution)
    return render(
        request,
        "registers/institution.html",
        {
            "desk": desk, "institution": institution, "today": request.today,
            "merged": [entry for entry in entries if entry.pk != institution.pk],
            "merges": Merge.objects.filter(kept=institution, undone_at=None).select_related("merged"),
            "faults": uscc_faults(institution.uscc) if institution.uscc else [], "code": uscc_parts(institution.uscc or ""),
            "certificates": [(row, number_in_words(row.scheme, row.number), _notes(row, institution)) for row in certificates],
            "state": certificate_state(certificates, request.today),
            "sites": Site.objects.filter(institution__in=mine).order_by("valid_to", "name_zh"),
            "contacts": Contact.objects.filter(institution__in=mine).order_by("name"),
            "people": Post.objects.filter(holding(request.today), institution__in=mine).values("person").distinct().count(),
            "instruments": owned,
            "overdue": owned and standing_so(instruments, "out_of_date", request.today, known_on=request.today).count(),
            "acts": acts_on((f"institution:{key}" for key in mine), visitor=request.visitor),
            "scope": scope_address(f"{desk.face}_scope", institution.pk),
            "KINDS": KINDS, "LEVELS": LEVELS, "LEGAL_KINDS": LEGAL_KINDS, "CERTIFICATE_STATES": CERTIFICATE_STATES,
            "may": {
                "register": registrar, "keep": registrar or kept(kept_by(request.visitor), institution),
            },
        },
    )  # fmt: skip


def _notes(certificate: Certificate, institution: Institution) -> list[Text]:
    province = institution.region_code[:2] if certificate.scheme == "CMA" else ""
    return number_notes(
        certificate.scheme, certificate.number, province=province, valid_from_year=certificate.valid_from.year
    )


@at_desk
@require_http_methods(["GET", "POST"])
def mend(request: VisitedRequest, *, desk: Desk, pk: UUID | None = None) -> HttpResponse:
    """Mend the entry itself: a registrar everything, an institution what it says of itself."""
    institution = institution_at(desk, request, pk)
    registrar = kept(registered_by(request.visitor), institution)
    if not registrar and not kept(kept_by(request.visitor), institution):
        raise Http404
    made: Callable[..., forms.Entry] = forms.OwnInstitutionForm
    if registrar:
        made = partial(forms.InstitutionForm, kinds=kinds_for(request.visitor))
    form = made(given(request), institution=institution, mends=True, initial=_said(made, institution))

    def save() -> object:
        moved = form.columns.get("region_code", institution.region_code)
        if moved != institution.region_code:
            check_area(request, moved)
        return actions.mend_institution(
            institution, form.columns, reason=form.reason, actor=actor_of(request), at=timezone.now()
        )

    return fill_in(
        request, form, title=t("Mend the entry", "更正登记信息"), about=institution.name, back=desk.of_institution(institution),
        mends=institution, save=save,
    )  # fmt: skip


def check_area(request: VisitedRequest, region_code: str) -> None:
    """Raises CannotEnter for a place outside the area of the visitor's authorities."""
    if not request.visitor.jurisdiction.covers(region_code, request.today):
        raise CannotEnter(
            t("This region lies outside your area.", "该行政区划不在本机关管辖范围内。"), field="region_code"
        )


def _said(made: Callable[..., forms.Entry], thing: Model) -> dict[str, Any]:
    return made(mends=True).said_of(thing)


def kinds_for(visitor: Visitor) -> list[str]:
    """The kinds that a regulator may register: an authority's reach follows from its entry, so only a national one enters them."""
    return [
        kind for kind in ("laboratory", "provider", "authority") if kind != "authority" or visitor.jurisdiction.national
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """Something that an institution has several of: the form, the verbs, who may."""

    new: Text
    change: Text
    form: Callable[..., forms.Entry]
    keepers: Callable[[Visitor], QuerySet[Institution]]
    enter: Callable[[Institution, forms.Entry, User, datetime], object]
    rows: Callable[[Institution], QuerySet[Any]] | None = None
    mend: Callable[[Any, forms.Entry, User, datetime], object] | None = None


def enter_site(of: Institution, form: forms.Entry, actor: User, at: datetime) -> object:
    return actions.enter_site(Site(institution=of, recorded_at=at, **form.columns), actor=actor, at=at)


def enter_contact(of: Institution, form: forms.Entry, actor: User, at: datetime) -> object:
    return actions.enter_contact(Contact(institution=of, **form.columns), actor=actor, at=at)


def enter_certificate(of: Institution, form: forms.Entry, actor: User, at: datetime) -> object:
    return actions.enter_certificate(Certificate(institution=of, **form.columns), actor=actor, at=at)


def enter_staff(of: Institution, form: forms.Entry, actor: User, at: datetime) -> object:
    """A person with a post here; of the identity number only the keyed hash and the masked form go further."""
    held = dict(form.columns)
    name, number = held.pop("name"), held.pop("identity")
    person = Person(name=name)
    if number:
        person.identity_hash, person.identity_masked = kept_of(number)
    return enter_person(person, Post(institution=of, **held), actor=actor, at=at)


def enter_equipment(of: Institution, form: forms.Entry, actor: User, at: datetime) -> object:
    return enter_instrument(Instrument(institution=of, **form.columns), actor=actor, at=at)


def family_rows(model: type[Any]) -> Callable[[Institution], QuerySet[Any]]:
    return lambda of: model.objects.filter(Q(institution=of) | Q(institution__merged_into=of))


PARTS: Mapping[str, Part] = {
    "sites": Part(
        t("Enter a site", "录入场所"), t("Mend the site", "更正场所"), forms.SiteForm, kept_by, enter_site, family_rows(Site),
        lambda row, form, actor, at: actions.mend_site(row, form.columns, reason=form.reason, actor=actor, at=at),
    ),
    "contacts": Part(
        t("Enter a contact", "录入联系人"), t("Mend the contact", "更正联系人"), forms.ContactForm, kept_by, enter_contact,
        family_rows(Contact),
        lambda row, form, actor, at: actions.mend_contact(row, form.columns, reason=form.reason, actor=actor, at=at),
    ),
    "certificates": Part(
        t("Enter a certificate", "录入证书"), t("Correct the certificate", "更正证书"), forms.CertificateForm, registered_by,
        enter_certificate, family_rows(Certificate),
        lambda row, form, actor, at: actions.correct_certificate(row, form.columns, reason=form.reason, actor=actor, at=at),
    ),
    "people": Part(
        t("Enter a person", "录入人员"), t("Enter a person", "录入人员"), forms.PersonForm, kept_by, enter_staff,
    ),
    "equipment": Part(
        t("Enter an instrument", "录入设备"), t("Enter an instrument", "录入设备"), forms.InstrumentForm, kept_by, enter_equipment,
    ),
}  # fmt: skip


def part_of(request: VisitedRequest, what: str, institution: Institution) -> Part:
    """The part, if the visitor may change it; else there is no such page."""
    part = PARTS.get(what)
    if part is None or not kept(part.keepers(request.visitor), institution):
        raise Http404
    return part


@at_desk
@require_http_methods(["GET", "POST"])
def enter(request: VisitedRequest, what: str, *, desk: Desk, pk: UUID | None = None) -> HttpResponse:
    """Enter a site, contact, certificate, person or instrument."""
    institution = institution_at(desk, request, pk)
    part = part_of(request, what, institution)
    form = part.form(
        given(request),
        institution=institution,
        initial={"region_code": institution.region_code, "valid_from": request.today},
    )
    return fill_in(
        request, form, title=part.new, about=institution.name, back=_back(desk, institution, what),
        save=lambda: part.enter(institution, form, actor_of(request), timezone.now()),
    )  # fmt: skip


def _back(desk: Desk, institution: Institution, what: str) -> str:
    """The list that the new one stands in."""
    if what not in ("people", "equipment"):
        return desk.of_institution(institution)
    return desk.url(what) + (f"?institution={institution.pk}" if desk.face == "office" else "")


@at_desk
@require_http_methods(["GET", "POST"])
def change(request: VisitedRequest, what: str, key: int, *, desk: Desk, pk: UUID | None = None) -> HttpResponse:
    """Mend a site or contact; correct a certificate."""
    institution = institution_at(desk, request, pk)
    part = part_of(request, what, institution)
    if part.rows is None or part.mend is None:
        raise Http404
    found, save = part.rows(institution), part.mend
    row = standing_row(found, key) if what == "certificates" else get_object_or_404(found, pk=key)
    form = part.form(given(request), institution=institution, mends=True, initial=_said(part.form, row))
    return fill_in(
        request, form, title=part.change, about=institution.name, back=desk.of_institution(institution),
        mends=row, save=lambda: save(row, form, actor_of(request), timezone.now()),
    )  # fmt: skip


@at_desk
@require_http_methods(["GET", "POST"])
def shorten(request: VisitedRequest, key: int, *, desk: Desk, pk: UUID | None = None) -> HttpResponse:
    """End a certificate before its day."""
    institution = institution_at(desk, request, pk)
    part = part_of(request, "certificates", institution)
    assert part.rows is not None
    row = standing_row(part.rows(institution), key)
    form = forms.EndForm(given(request), mends=True, initial={"last_day": request.today})

    def save() -> object:
        day, reason = form.cleaned_data["last_day"], form.reason
        return actions.shorten_certificate(row, day, reason=reason, actor=actor_of(request), at=timezone.now())

    return fill_in(
        request, form, title=t("End {s} {n} early", "提前终止 {s} {n}", s=row.scheme, n=row.number), about=institution.name,
        back=desk.of_institution(institution), save=save, danger=True, ends=row,
        note=t("Whatever rests on the certificate is no longer in force from the next day on.", "自次日起，以该证书为前提的能力不再有效。"),
    )  # fmt: skip


@at_desk
@require_http_methods(["GET", "POST"])
def remove_contact(request: VisitedRequest, key: int, *, desk: Desk, pk: UUID | None = None) -> HttpResponse:
    """Take a contact out of the register."""
    institution = institution_at(desk, request, pk)
    part = part_of(request, "contacts", institution)
    assert part.rows is not None
    row = get_object_or_404(part.rows(institution), pk=key)
    form = forms.Entry(given(request), mends=True)
    return fill_in(
        request, form, title=t("Remove {n}", "删除{n}", n=row.name), about=institution.name, danger=True,
        back=desk.of_institution(institution),
        save=lambda: actions.remove_contact(row, reason=form.reason, actor=actor_of(request), at=timezone.now()),
    )  # fmt: skip
