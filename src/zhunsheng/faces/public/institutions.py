"""The public look-up of institutions: name, region, address, kind, certificates and their state; no contacts, people or instruments."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from zhunsheng.faces.lists import days_of, page_of, words_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.faces.office.institutions import code_of, region_of
from zhunsheng.faces.registers.desk import scope_address
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import standing
from zhunsheng.registry.institutions.queries.searching import certificate_state, certificates_of, matching, settled
from zhunsheng.registry.institutions.rules.certificates import number_in_words
from zhunsheng.registry.institutions.states import CERTIFICATE_STATES, KINDS
from zhunsheng.registry.regions.queries import within


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
