"""The register of institutions as an authority sees it: searched, filtered, sorted, exported; entered; levels given in bulk."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhunsheng.faces.exports import WHOLE, file_asked, table_file
from zhunsheng.faces.lists import order_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.registers.filling import fill_in, given
from zhunsheng.faces.registers.forms import InstitutionForm, ReasonForm
from zhunsheng.faces.registers.institution import check_area, kinds_for
from zhunsheng.faces.visits import actor_of, only
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry import regions
from zhunsheng.registry.institutions import actions
from zhunsheng.registry.institutions.access import overseen_by, registered, registered_by
from zhunsheng.registry.institutions.models import Institution, PossibleDuplicate
from zhunsheng.registry.institutions.queries.searching import (
    certificate_state,
    certificates_of,
    in_certificate_state,
    matching,
    settled,
)
from zhunsheng.registry.institutions.states import CERTIFICATE_STATES, KINDS, LEGAL_KINDS, LEVELS
from zhunsheng.registry.regions.queries import within

SORTS: Mapping[str, str] = {
    "name": "name_zh",
    "name_en": "name_en",
    "region": "region_code",
    "kind": "kind",
    "uscc": "uscc",
}
FILTERS: Mapping[str, Mapping[str, Text]] = {"kind": KINDS, "level": LEVELS, "certificate": CERTIFICATE_STATES}
COLUMNS: tuple[Text, ...] = (
    t("Name in Chinese", "中文名称"), t("Name in English", "英文名称"), t("Unified social credit code", "统一社会信用代码"),
    t("Kind", "类别"), t("Level", "级别"), t("Legal form", "单位性质"), t("Region code", "行政区划代码"), t("Region", "行政区划"),
    t("Address", "地址"), t("Certificates", "证书"), t("State of certificates", "证书状态"),
)  # fmt: skip
CHUNK = 2000


@only("authority")
@require_GET
def institutions(request: VisitedRequest) -> HttpResponse:
    """The institutions within reach as the address asks for them; `format=xlsx` or `csv` gives the same rows as a file."""
    overseen = overseen_by(request.visitor)
    found = narrowed(request, overseen)
    if kind := file_asked(request):
        return export(kind, found, request)
    page = page_of(request, found)
    held = certificates_of(list(page.object_list), known_on=request.today)
    return render(
        request,
        "office/institutions.html",
        {
            "page": page, "sort": order_of(request, SORTS, "name"), "words": words_of(request), "asked": filters_of(request),
            "filters": FILTERS, "held": held, "state_of": lambda one: certificate_state(held[one.pk], request.today),
            "states": CERTIFICATE_STATES, "levels": LEVELS, "kinds": KINDS, "place": region_of(request),
            "any": overseen.exists(), "suspected": suspected(request).count(), "form": ReasonForm(auto_id="bulk_%s"),
        },
    )  # fmt: skip


def filters_of(request: HttpRequest) -> dict[str, str]:
    """What the address filters by; a value that there is not filters nothing."""
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    return {name: value if value in FILTERS[name] else "" for name, value in asked.items()}


def region_of(request: HttpRequest) -> tuple[str, Text | None]:
    """What was typed for the region, and the name of the one that is meant: a code, or the first that the words find."""
    typed = request.GET.get("region", "").replace("\x00", "").strip()[:40]
    if not typed:
        return "", None
    today = timezone.localdate()
    code = code_of(typed)
    return typed, regions.name_of(code, today) if code else None


def code_of(typed: str) -> str | None:
    """The code of the region that is meant by a code or a name."""
    today = timezone.localdate()
    if typed.isdigit() and len(typed) == 6 and regions.region(typed, today):
        return typed
    return next((one.code for one in regions.search(typed, today, limit=1)), None)


def narrowed(request: VisitedRequest, found: QuerySet[Institution]) -> QuerySet[Institution]:
    """The rows that the address asks for, in its order."""
    if words := words_of(request):
        found = settled(found.filter(matching(words)))
    typed, name = region_of(request)
    if typed:
        code = code_of(typed)
        found = found.filter(within(code, request.today)) if code and name else found.none()
    asked = filters_of(request)
    found = found.filter(**{name: asked[name] for name in ("kind", "level") if asked[name]})
    if state := asked["certificate"]:
        found = found.filter(in_certificate_state(state, request.today, known_on=request.today))
    sort = order_of(request, SORTS, "name")
    return found.order_by(("-" if sort.startswith("-") else "") + SORTS[sort.removeprefix("-")], "pk")


def export(kind: str, found: QuerySet[Institution], request: VisitedRequest) -> HttpResponse:
    """All rows found, a chunk of certificates at a time."""
    every = list(found)
    rows = (row for start in range(0, len(every), CHUNK) for row in _rows(every[start : start + CHUNK], request))
    widths = [36, 36, 22, 20, 10, 18, 12, 30, 36, 36, 18]
    return table_file(kind, "institutions", t("Institutions", "机构"), COLUMNS, rows, widths=widths, most=WHOLE)


def _rows(some: list[Institution], request: VisitedRequest) -> list[list[Any]]:
    held = certificates_of(some, known_on=request.today)
    return [
        [one.name_zh, one.name_en, one.uscc or "", str(KINDS[one.kind]), str(LEVELS.get(one.level, "")),
         str(LEGAL_KINDS.get(one.legal_kind, "")), one.region_code, str(regions.name_of(one.region_code, request.today)), one.address,
         "; ".join(f"{c.scheme} {c.number}" for c in held[one.pk]),
         str(CERTIFICATE_STATES[certificate_state(held[one.pk], request.today)])]
        for one in some
    ]  # fmt: skip


def suspected(request: VisitedRequest) -> QuerySet[PossibleDuplicate]:
    """Pairs of which the visitor may change one entry at least."""
    return PossibleDuplicate.objects.filter(
        registered(request.visitor, "first__") | registered(request.visitor, "second__")
    )


@only("authority")
@require_http_methods(["GET", "POST"])
def new(request: VisitedRequest) -> HttpResponse:
    """Enter one institution."""
    authority = request.visitor.authority
    assert authority is not None
    form = InstitutionForm(
        given(request), kinds=kinds_for(request.visitor), initial={"region_code": authority.region_code}
    )

    def save() -> object:
        made = Institution(**form.columns)
        check_area(request, made.region_code)
        return actions.enter_institution(made, actor=actor_of(request), at=timezone.now())

    return fill_in(
        request, form, title=t("Enter an institution", "录入机构"), about=authority.name, back=reverse("office_institutions"),
        save=save,
    )  # fmt: skip


@only("authority")
@require_POST
def levels(request: VisitedRequest) -> HttpResponse:
    """Give many institutions a level: first what would change, then, with a reason, the change."""
    level = request.POST.get("level", "")
    chosen = list(
        registered_by(request.visitor).filter(pk__in=keys_of(request)).exclude(level=level).order_by("name_zh", "pk")
    )
    if level not in LEVELS or not chosen:
        messages.error(
            request,
            str(
                t(
                    "Nothing to change: choose institutions and another level.",
                    "没有可更改的内容：请选择机构和另一级别。",
                )
            ),
        )
        return redirect("office_institutions")
    form = ReasonForm(request.POST if "confirmed" in request.POST else None)
    if form.is_bound and form.is_valid():
        n = actions.set_level(
            chosen, level, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now()
        )
        messages.success(
            request, str(t("The level of {n} institutions was changed.", "已更改 {n} 家机构的级别。", n=n))
        )
        return redirect("office_institutions")
    shown = {"chosen": chosen, "level": level, "form": form, "levels": LEVELS}
    return render(request, "office/institution_levels.html", shown)


def keys_of(request: HttpRequest) -> list[UUID]:
    """The institutions ticked; what is no key is none."""
    return [key for given in request.POST.getlist("institution")[:500] if (key := key_of(given)) is not None]


def key_of(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
