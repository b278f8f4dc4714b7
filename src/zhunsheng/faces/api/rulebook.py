"""The rulebook as data: all that is in force on a day, and every version of a regulation. For everybody."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Schema

from zhunsheng.faces.api import shapes as s
from zhunsheng.faces.api.asking import day_of
from zhunsheng.faces.api.registers import REFUSALS
from zhunsheng.faces.api.tokens import Bearer
from zhunsheng.registry.rulebook import queries
from zhunsheng.registry.rulebook.rules.parts import Article, Measure, Version

router = Router(auth=Bearer("read:registers", needed=False), tags=["registers"])


class ArticleShape(Schema):
    """An article in our own words, never the wording of the regulation; `certainty` says how we know it."""

    number: str
    cited: s.Names
    topic: str
    paraphrase: s.Names
    certainty: str


class MeasureShape(Schema):
    """A clock or a threshold."""

    key: str
    name: s.Names
    value: int
    unit: str
    bound: str
    cited: s.Names


class VersionShape(Schema):
    id: str
    edition: int
    regulation: str
    number: s.Names
    name: s.Names
    label: s.Names
    valid_from: date
    valid_to: date | None
    published_on: date | None
    date_certainty: str
    certainty: str
    replaces: list[str]


class VersionDetail(VersionShape):
    articles: list[ArticleShape]
    measures: list[MeasureShape]


class PackShape(Schema):
    """All rules in force together on a day; a finding stores the id and the SHA-256."""

    on: date
    id: str
    sha256: str
    versions: list[VersionDetail]


class RegulationShape(Schema):
    """A regulation through all its versions, and the articles of the day, if a version was in force."""

    id: str
    on: date
    versions: list[VersionShape]
    in_force: VersionDetail | None


@router.get("/rules", response={200: PackShape, **REFUSALS}, url_name="api_rules")
def rules(request: HttpRequest, on: s.Day | None = None) -> PackShape:
    """All that is in force on a day: versions, articles, clocks and thresholds."""
    day = day_of(on)
    pack = queries.rules_on(day)
    versions = [VersionDetail(**detail(one)) for one in pack.versions]
    return PackShape(on=day, id=pack.id, sha256=pack.sha256, versions=versions)


@router.get("/rules/versions", response={200: list[VersionShape], **REFUSALS}, url_name="api_rule_versions")
def versions(request: HttpRequest) -> list[VersionShape]:
    """Every version of every regulation, by regulation and day."""
    return [VersionShape(**version(one)) for one in queries.book().versions]


@router.get("/rules/{slug:regulation}", response={200: RegulationShape, **REFUSALS}, url_name="api_regulation")
def regulation(request: HttpRequest, regulation: s.Slug, on: s.Day | None = None) -> RegulationShape:
    """One regulation: its versions, and its articles as they stood on a day."""
    day = day_of(on)
    known = queries.book().versions_of(regulation)
    if not known:
        raise Http404
    held = next((one for one in known if one.covers(day)), None)
    return RegulationShape(
        id=regulation, on=day, versions=[VersionShape(**version(one)) for one in known],
        in_force=VersionDetail(**detail(held)) if held else None,
    )  # fmt: skip


def version(one: Version) -> dict[str, Any]:
    return {
        "id": one.id, "edition": one.edition, "regulation": one.regulation.id, "number": s.Names.of(one.regulation.number),
        "name": s.Names.of(one.regulation.name), "label": s.Names.of(one.label), "valid_from": one.valid_from,
        "valid_to": one.valid_to, "published_on": one.published_on, "date_certainty": one.date_certainty,
        "certainty": one.certainty, "replaces": list(one.replaces),
    }  # fmt: skip


def detail(one: Version) -> dict[str, Any]:
    return {
        **version(one), "articles": [article(each) for each in one.articles],
        "measures": [measure(each) for each in one.measures.values()],
    }  # fmt: skip


def article(one: Article) -> ArticleShape:
    return ArticleShape(
        number=one.no, cited=s.Names.of(one.cited), topic=one.topic, paraphrase=s.Names.of(one.paraphrase),
        certainty=one.certainty,
    )  # fmt: skip


def measure(one: Measure) -> MeasureShape:
    return MeasureShape(
        key=one.key,
        name=s.Names.of(one.name),
        value=one.value,
        unit=one.unit,
        bound=one.bound,
        cited=s.Names.of(one.cited),
    )
