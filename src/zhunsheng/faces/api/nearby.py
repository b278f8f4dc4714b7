"""Non-food substances, and which laboratories near a place can test something on a day."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.capability.profile.near import Nearby, laboratories_near
from zhunsheng.faces.api import shapes as s
from zhunsheng.faces.api.asking import day_of
from zhunsheng.faces.api.problems import Misunderstood
from zhunsheng.faces.api.registers import REFUSALS, coded, matrices_of, scope_line
from zhunsheng.faces.api.tokens import Bearer
from zhunsheng.foundation.accounts.models import ApiToken
from zhunsheng.foundation.bilingual import t
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.models import Parameter
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.substances.rules import search
from zhunsheng.registry.substances.shipped import Method, Substance

router = Router(auth=Bearer("read:registers", needed=False), tags=["registers"])
MOST = 50


@router.get("/substances", response={200: list[s.SubstanceShape], **REFUSALS}, url_name="api_substances")
def substances(request: HttpRequest, q: s.Words = "") -> list[s.SubstanceShape]:
    """Non-food substances by name, CAS number or food; with their methods, or the statement that there is none."""
    return [substance(one) for one in search(q)]


def substance(one: Substance) -> s.SubstanceShape:
    return s.SubstanceShape(
        number=one.number, name=s.Names.of(one.name), cas=list(one.cas), foods=[s.Names.of(food) for food in one.foods],
        has_method=one.has_listed_method, methods=[method(row) for row in one.methods],
    )  # fmt: skip


def method(row: Method) -> s.SubstanceMethodShape:
    return s.SubstanceMethodShape(
        standing=row.standing.value, standard=row.standard, title=s.Names.of(row.title), checked=row.checked
    )


@router.get("/near", response={200: s.NearPage, **REFUSALS}, url_name="api_near")
def near(
    request: HttpRequest,
    parameter: s.Slug,
    region: s.Code,
    matrix: s.Slug = "",
    km: Annotated[float, Field(ge=1, le=2000)] = 200,
    on: s.Day | None = None,
    known_on: s.Day | None = None,
    limit: Annotated[int, Field(ge=1, le=MOST)] = 20,
) -> s.NearPage:
    """Laboratories near a place that can test a parameter on a day, nearest first; evidence as far as token and asker may see it."""
    day = day_of(on)
    where = regions.place_of(region, day)
    if where is None:
        raise Misunderstood("query.region", t("No region bears this code.", "没有该行政区划代码。"))
    key = coded(Parameter, parameter, "parameter")
    visitor: Visitor = request.visitor  # type: ignore[attr-defined]
    found = laboratories_near(
        [key] if key else [], matrices_of(matrix), where=where, km=km, on=day, known_on=day_of(known_on),
        evidence=visible_to(visitor) if reads_evidence(request) else Evidence.objects.none(), most=limit,
    )  # fmt: skip
    return s.NearPage(
        on=day, known_on=day_of(known_on), found=found.found, items=[nearby(one) for one in found.laboratories]
    )


def reads_evidence(request: HttpRequest) -> bool:
    """Signals and suspensions are evidence: a token tells them only if it was made to read capability."""
    token = getattr(request, "auth", None)
    return isinstance(token, ApiToken) and "read:capability" in token.scopes


def nearby(one: Nearby) -> s.NearShape:
    return s.NearShape(
        institution=one.institution.pk, name=s.Names.of(one.institution.name), km=round(one.km, 1), exact=one.exact,
        region_code=one.region_code, scope=[scope_line(line) for line in one.lines],
        signals=[
            shown.latest.payload["signal"] for shown in one.evidence.values() if shown.latest and "signal" in shown.latest.payload
        ],
        suspended=any(shown.suspended is not None for shown in one.evidence.values()),
    )  # fmt: skip
