"""What every page of scope lines does: read the question from the address, say what could not be read, make the file of what is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from zhunsheng.faces.exports import EXPORTED, table_file
from zhunsheng.faces.lists import days_of
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter
from zhunsheng.registry.catalogue.queries import (
    Match,
    matrices_named,
    methods_named,
    parts_of,
    suggested_parameters,
    wholes_of,
)
from zhunsheng.registry.catalogue.rules.writing import same
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.institutions.queries.searching import certificate_state, certificates_of
from zhunsheng.registry.institutions.states import CERTIFICATE_STATES
from zhunsheng.registry.scopes.models import ScopeLine
from zhunsheng.registry.scopes.queries.search import (
    COUNTED,
    Found,
    Question,
    count_up_to,
    every_line,
    scope_search,
    walk_of,
)
from zhunsheng.registry.scopes.states import STATUSES, Status

LONGEST = 100
MOST_METHODS = 20
ANY = "any"
COLUMNS: tuple[Text, ...] = (
    t("Institution", "机构"), t("Site", "场所"), t("Region", "行政区划"), t("Parameter", "参数"), t("Matrix", "基质"),
    t("Method", "方法"), t("Lower end", "下限"), t("Upper end", "上限"), t("Unit", "单位"), t("Uncertainty", "不确定度"),
    t("Limits", "限制范围"), t("Status", "状态"), t("From", "起始日期"), t("Last day", "截止日期"), t("Known since", "登记时间"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the address puts it, what its words were taken for, and the words that name nothing."""

    question: Question
    words: Mapping[str, str]
    parameter: Parameter | None
    others: list[Match]
    methods: list[Method]
    matrix: Matrix | None
    wider: tuple[int, ...]
    """the matrices that it lies within: who is approved for one of them is approved for it"""
    region: regions.Region | None
    status: str
    unknown: list[Text]

    @property
    def narrowed(self) -> bool:
        """Is anything asked but the day?"""
        return any(self.words.values())

    @property
    def is_today(self) -> bool:
        return self.question.on == self.question.known_on


def asked(request: VisitedRequest, *, institutions: tuple[UUID, ...] = (), around: bool = True) -> Asked:
    """The question of an address: `what` (parameter or method), `matrix`, `place`, `status`, the day `on` and the day `known`.

    `around`: lines for a matrix that holds the one asked for answer too; not where lines are chosen to be changed.
    """
    words = {name: text_of(request, name) for name in ("what", "matrix", "place")}
    on, known_on = days_of(request)
    given = request.GET.get("status", "")
    status = given if given in {*STATUSES, ANY} else Status.ACTIVE.value
    parameter, others, methods = _what(words["what"])
    matrix = matrices_named(words["matrix"]).first() if words["matrix"] else None
    wider = tuple(wholes_of(matrix)) if matrix and around else ()
    region = place_named(words["place"], on) if words["place"] else None
    question = Question(
        on=on, known_on=known_on, parameter=parameter.pk if parameter else None,
        matrices=(*parts_of(matrix), *wider) if matrix else (), methods=tuple(m.pk for m in methods),
        institutions=institutions, region=region.code if region else "", status="" if status == ANY else status,
    )  # fmt: skip
    found = {"what": parameter or methods, "matrix": matrix, "place": region}
    unknown = [NOT_FOUND[name].with_(x=text) for name, text in words.items() if text and not found[name]]
    return Asked(question, words, parameter, others, methods, matrix, wider, region, status, unknown)


NOT_FOUND: Mapping[str, Text] = {
    "what": t("No parameter or method is called “{x}”.", "没有名为“{x}”的参数或方法。"),
    "matrix": t("No matrix is called “{x}”.", "没有名为“{x}”的基质。"),
    "place": t("No region is called “{x}”.", "没有名为“{x}”的行政区划。"),
}


def text_of(request: VisitedRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST]


def _what(words: str) -> tuple[Parameter | None, list[Match], list[Method]]:
    """One parameter, with the others that it might have been; else the methods of that number."""
    if not words:
        return None, [], []
    if matches := suggested_parameters(words):
        first = matches[0]
        names = {
            same(name)
            for name in (first.parameter.name_zh, first.parameter.name_en, first.parameter.code, first.also_called)
        }
        return first.parameter, [] if same(words) in names else matches[1:], []
    return None, [], list(methods_named(words)[:MOST_METHODS])


def place_named(words: str, on: date) -> regions.Region | None:
    """The region of a code or a name on a day."""
    if words.isascii() and words.isdigit():
        return regions.region(words, on)
    return next(iter(regions.search(words, on, 1)), None)


def found(question: Asked, request: VisitedRequest) -> dict[str, Any]:
    """The page of lines that the address asks for, with what a list says about them."""
    if question.unknown:
        page, counted = Found([], "", ""), 0
    else:
        walk, after, before = walk_of(question.question), request.GET.get("after", ""), request.GET.get("before", "")
        page = scope_search(question.question, after=after, before=before, walk=walk)
        several = page.following or page.preceding
        counted = count_up_to(question.question, walk=walk) if several else len(page.lines)
    on, known_on = question.question.on, question.question.known_on
    holders = {kept.pk: kept for line in page.lines for kept in [head_of(line.institution)]}
    held = certificates_of(holders.values(), known_on=known_on)
    return {
        "certificates": {key: certificate_state(held.get(key, []), on) for key in holders}, "CERTIFICATES": CERTIFICATE_STATES,
        "asked": question, "page": page, "counted": counted, "COUNTED": COUNTED, "STATUSES": STATUSES, "ANY": ANY,
        "on": on, "known_on": known_on,
    }  # fmt: skip


def lines_file(kind: str, question: Asked, name: str) -> HttpResponse:
    """What is shown, as a file, page after page up to a limit that its last row tells."""
    rows = every_line(question.question, most=EXPORTED + 1) if not question.unknown else iter(())
    widths = [34, 18, 26, 20, 16, 26, 10, 10, 10, 16, 24, 14, 12, 12, 20]
    return table_file(kind, name, t("Scope", "能力范围"), COLUMNS, _rows(rows), widths=widths)


def _rows(lines: Iterable[ScopeLine]) -> Iterable[list[str]]:
    for line in lines:
        kept = line.institution.merged_into or line.institution
        yield [
            str(kept.name), str(line.site.name) if line.site else "", str(regions.name_of(line.region_code, line.valid_from)),
            str(line.parameter.name), str(line.matrix.name), line.method.number, line.low, line.high, line.unit,
            line.uncertainty, line.limits, str(STATUSES[Status(line.status)]), line.valid_from.isoformat(),
            line.valid_to.isoformat() if line.valid_to else "", line.recorded_at.isoformat(timespec="minutes"),
        ]  # fmt: skip


def without_status(question: Asked) -> Question:
    """The same question about lines of any status."""
    return replace(question.question, status="")
