"""The public look-up of institutions: name, region, address, kind, certificates and their state; no contacts, people or instruments."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from zhunsheng.faces.exports import CHUNK, every, file_asked, table_file
from zhunsheng.faces.lists import days_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.institutions import code_of, region_of
from zhunsheng.faces.registers.desk import scope_address
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry import regions
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.institutions.queries.searching import certificate_state, certificates_of, matching, settled
from zhunsheng.registry.institutions.rules.certificates import number_in_words
from zhunsheng.registry.institutions.states import CERTIFICATE_STATES, KINDS
from zhunsheng.registry.regions.queries import within

COLUMNS: tuple[Text, ...] = (
    t("Name", "名称"), t("Kind", "类别"), t("Region", "行政区划"), t("State of certificates", "证书状态"), t("As of the day", "截至日期"),
)  # fmt: skip


@require_GET
def institutions(request: VisitedRequest) -> HttpResponse:
    """Institutions by what was typed, with their certificates as of a day, as known on a day; nothing typed, nothing listed."""
    words, (typed, name), (on, known_on) = words_of(request), region_of(request), days_of(request)
    page, held = None, {}
    if words or typed:
        found = standing().exclude(kind=Institution.Kind.AUTHORITY)
        found = found.filter(matching(words)) if words else found
        code = code_of(typed) if typed else None
        if typed:
            found = found.filter(within(code, on)) if code else found.none()
        page = page_of(request, settled(found).order_by("name_zh", "pk"))
        if kind := file_asked(request):
            rows = file_rows(list(every(page)), on, known_on)
            return table_file(kind, "institutions", t("Institutions", "机构"), COLUMNS, rows)
        held = certificates_of(list(page.object_list), known_on=known_on)
    return render(
        request,
        "public/institutions.html",
        {
            "page": page, "words": words, "on": on, "known_on": known_on, "place": (typed, name),
            "kinds": KINDS, "states": CERTIFICATE_STATES,
            "state_of": lambda one: certificate_state(held.get(one.pk, []), on),
        },
    )  # fmt: skip


def file_rows(found: list[Institution], on: date, known_on: date) -> Iterator[list[str]]:
    """What the page shows of each, a chunk of certificates at a time."""
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        held = certificates_of(some, known_on=known_on)
        for one in some:
            state = CERTIFICATE_STATES[certificate_state(held[one.pk], on)]
            yield [
                str(one.name),
                str(KINDS[one.kind]),
                str(regions.name_of(one.region_code, on)),
                str(state),
                on.isoformat(),
            ]


@require_GET
def one(request: VisitedRequest, pk: UUID) -> HttpResponse:
    """What is public of one institution as of a day, as known on a day; a merged entry leads to the one that stands for it."""
    institution = get_object_or_404(Institution.objects.exclude(kind=Institution.Kind.AUTHORITY), pk=pk)
    if institution.merged_into_id:
        asked = f"?{query}" if (query := request.GET.urlencode()) else ""
        return redirect(reverse("public_institution", args=[institution.merged_into_id]) + asked)
    on, known_on = days_of(request)
    certificates = certificates_of([institution], known_on=known_on)[institution.pk]
    return render(
        request,
        "public/institution.html",
        {
            "institution": institution, "today": request.today, "on": on, "known_on": known_on, "kinds": KINDS,
            "states": CERTIFICATE_STATES, "state": certificate_state(certificates, on), "scope": scope_address("public_scope", pk),
            "certificates": [(row, number_in_words(row.scheme, row.number)) for row in certificates],
        },
    )  # fmt: skip
