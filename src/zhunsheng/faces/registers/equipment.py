"""The instruments of an institution: the list, one instrument, and the forms that change what stands there."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.registers import forms
from zhunsheng.faces.registers.desk import Desk, at_desk, kept
from zhunsheng.faces.registers.filling import fill_in, given, standing_row
from zhunsheng.faces.registers.histories import acts_on
from zhunsheng.faces.registers.narrowing import narrowed_to
from zhunsheng.faces.visits import actor_of
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.equipment import actions
from zhunsheng.registry.equipment.access import instruments_kept_by
from zhunsheng.registry.equipment.models import Calibration, Instrument
from zhunsheng.registry.equipment.queries import in_date, standing_so
from zhunsheng.registry.equipment.rules import serial_key
from zhunsheng.registry.equipment.states import CALIBRATION_KINDS, DATES
from zhunsheng.registry.institutions.access import kept_by
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids, head_of

SORTS: Mapping[str, str] = {
    "serial": "serial",
    "name": "name_zh",
    "manufacturer": "manufacturer",
    "institution": "institution__name_zh",
}
COLUMNS: tuple[Text, ...] = (
    t("Serial number", "出厂编号"), t("Inventory number", "管理编号"), t("Name", "名称"), t("Manufacturer", "制造商"), t("Model", "型号"),
    t("Institution", "机构"), t("Calibration", "检定校准"), t("Valid to", "有效期至"), t("Last day of use", "停用日期"),
)  # fmt: skip
CHUNK = 2000


@at_desk
@require_GET
def equipment(request: VisitedRequest, *, desk: Desk) -> HttpResponse:
    """The instruments and whether each is in date today; `format=xlsx` or `csv` gives the same rows as a file."""
    institution = narrowed_to(request, desk)
    found = asked_for(request, desk, institution)
    if kind := file_asked(request):
        return export(kind, found, request)
    page = page_of(request, found)
    return render(
        request,
        "registers/equipment.html",
        {
            "desk": desk, "institution": institution, "page": page,
            "on_day": in_date(list(page.object_list), request.today, known_on=request.today),
            "sort": order_of(request, SORTS, "serial"), "words": words_of(request), "state": state_of(request), "states": DATES,
            "may_enter": institution is not None and kept(kept_by(request.visitor), institution), "head_of": head_of,
        },
    )  # fmt: skip


def state_of(request: VisitedRequest) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in DATES else ""


def asked_for(request: VisitedRequest, desk: Desk, institution: Institution | None) -> QuerySet[Instrument]:
    found = Instrument.objects.filter(
        Q(institution__in=family_ids(institution)) if institution else desk.reaches(request)
    )
    if words := words_of(request):
        named = Q(name_zh__icontains=words) | Q(name_en__icontains=words) | Q(manufacturer__icontains=words)
        numbered = Q(serial__icontains=words) | Q(inventory_number__icontains=words) | Q(model__icontains=words)
        found = found.filter(named | numbered | Q(serial_key=serial_key(words) or "-"))
    if state := state_of(request):
        found = standing_so(found, state, request.today, known_on=request.today)
    sort = order_of(request, SORTS, "serial")
    order = ("-" if sort.startswith("-") else "") + SORTS[sort.removeprefix("-")]
    return found.select_related("institution__merged_into").order_by(order, "pk")


def export(kind: str, found: QuerySet[Instrument], request: VisitedRequest) -> HttpResponse:
    widths = [20, 18, 30, 24, 18, 40, 22, 14, 14]
    rows = file_rows(found, request)
    return table_file(kind, "equipment", t("Equipment", "设备"), COLUMNS, rows, widths=widths, most=WHOLE)


def file_rows(found: QuerySet[Instrument], request: VisitedRequest) -> Iterator[list[str]]:
    instruments = list(found)
    for start in range(0, len(instruments), CHUNK):
        some = instruments[start : start + CHUNK]
        on_day = in_date(some, request.today, known_on=request.today)
        for one in some:
            last = on_day[one.pk].latest
            yield [
                one.serial, one.inventory_number, str(one.name), one.manufacturer, one.model, str(head_of(one.institution).name),
                str(DATES[on_day[one.pk].state]), last.valid_to.isoformat() if last else "",
                one.retired_on.isoformat() if one.retired_on else "",
            ]  # fmt: skip


def instrument_at(desk: Desk, request: VisitedRequest, pk: UUID) -> Instrument:
    found = Instrument.objects.filter(desk.reaches(request)).select_related("institution__merged_into")
    return get_object_or_404(found, pk=pk)


@at_desk
@require_GET
def one(request: VisitedRequest, pk: UUID, *, desk: Desk) -> HttpResponse:
    """One instrument: what it is, its calibrations, its history."""
    instrument = instrument_at(desk, request, pk)
    return render(
        request,
        "registers/instrument.html",
        {
            "desk": desk, "instrument": instrument,
            "now": in_date([instrument], request.today, known_on=request.today)[instrument.pk], "states": DATES,
            "calibrations": Calibration.objects.filter(instrument=instrument, superseded_at=None).order_by("-valid_from"),
            "kinds": CALIBRATION_KINDS, "acts": acts_on([f"instrument:{instrument.pk}"], visitor=request.visitor),
            "head": head_of(instrument.institution),
            "may_keep": kept(instruments_kept_by(request.visitor), instrument), "today": request.today,
        },
    )  # fmt: skip


def keepable(desk: Desk, request: VisitedRequest, pk: UUID) -> Instrument:
    """The instrument, if the visitor keeps the entry; else there is no such page."""
    instrument = instrument_at(desk, request, pk)
    if not kept(instruments_kept_by(request.visitor), instrument):
        raise Http404
    return instrument


def about(instrument: Instrument) -> Text:
    return t("{n} {s}", "{n} {s}", n=instrument.name, s=instrument.serial)


@at_desk
@require_http_methods(["GET", "POST"])
def mend(request: VisitedRequest, pk: UUID, *, desk: Desk) -> HttpResponse:
    """Mend what is said of an instrument, or take it out of use."""
    instrument = keepable(desk, request, pk)
    form = forms.InstrumentForm(
        given(request), mends=True, initial=forms.InstrumentForm(mends=True).said_of(instrument)
    )
    return fill_in(
        request, form, title=t("Mend the instrument", "更正设备信息"), about=about(instrument), back=desk.url("instrument", pk),
        mends=instrument, save=lambda: actions.mend_instrument(
            instrument, form.columns, reason=form.reason, actor=actor_of(request), at=timezone.now()
        ),
    )  # fmt: skip


@at_desk
@require_http_methods(["GET", "POST"])
def calibrate(request: VisitedRequest, pk: UUID, *, desk: Desk) -> HttpResponse:
    """Enter a calibration or verification."""
    instrument = keepable(desk, request, pk)
    form = forms.CalibrationForm(given(request), initial={"valid_from": request.today})
    return fill_in(
        request, form, title=t("Enter a calibration", "录入检定校准"), about=about(instrument), back=desk.url("instrument", pk),
        save=lambda: actions.enter_calibration(
            Calibration(instrument=instrument, **form.columns), actor=actor_of(request), at=timezone.now()
        ),
    )  # fmt: skip


@at_desk
@require_http_methods(["GET", "POST"])
def correct(request: VisitedRequest, pk: UUID, key: int, *, desk: Desk) -> HttpResponse:
    """Enter a calibration anew with what was wrong put right."""
    instrument = keepable(desk, request, pk)
    row = standing_row(Calibration.objects.filter(instrument=instrument), key)
    form = forms.CalibrationForm(given(request), mends=True, initial=forms.CalibrationForm(mends=True).said_of(row))
    return fill_in(
        request, form, title=t("Correct the calibration", "更正检定校准"), about=about(instrument), back=desk.url("instrument", pk),
        mends=row, save=lambda: actions.correct_calibration(
            row, form.columns, reason=form.reason, actor=actor_of(request), at=timezone.now()
        ),
    )  # fmt: skip
