"""What the findings page shows, as a file: of institutions out of reach the name alone, as on the page."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils import timezone

from zhunsheng.faces.exports import CHUNK, table_file
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.validity import holding, known
from zhunsheng.registry.equipment.models import Instrument
from zhunsheng.registry.equipment.queries import SharedSerial
from zhunsheng.registry.findings.models import Settlement
from zhunsheng.registry.findings.queries import Finding
from zhunsheng.registry.findings.states import STATES
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import head_of
from zhunsheng.registry.people.double_posts import DoublePost
from zhunsheng.registry.people.models import Post
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import NAMES
from zhunsheng.registry.people.states import Post as PostWord
from zhunsheng.registry.scopes.models import ScopeLine

SETTLED_COLUMNS: tuple[Text, ...] = (
    t("State", "状态"), t("Settled by", "办结人"), t("Settled on", "办结日期"), t("Why", "理由"),
)  # fmt: skip
PEOPLE_COLUMNS: tuple[Text, ...] = (
    t("Person", "人员"), t("Institution", "机构"), t("Post", "职务"), t("From", "起始日期"), t("Last day", "截止日期"),
    t("Other institution", "另一机构"), t("Post", "职务"), t("From", "起始日期"), t("Last day", "截止日期"),
    t("Both held from", "重叠起始日期"), t("Both held until", "重叠截止日期"), *SETTLED_COLUMNS,
)  # fmt: skip
SERIAL_COLUMNS: tuple[Text, ...] = (
    t("Serial number", "出厂编号"), t("Institution", "机构"), t("Instrument", "设备"), t("Used for", "用于"),
    t("Other institution", "另一机构"), t("Instrument", "设备"), t("Used for", "用于"), *SETTLED_COLUMNS,
)  # fmt: skip


def people_file(
    kind: str, found: Sequence[Finding[DoublePost]], reach: QuerySet[Institution], visitor: Visitor
) -> HttpResponse:
    """Every person found."""
    return table_file(kind, "double-posts", t("People", "人员"), PEOPLE_COLUMNS, people_rows(found, reach, visitor))


def people_rows(
    found: Sequence[Finding[DoublePost]], reach: QuerySet[Institution], visitor: Visitor
) -> Iterator[list[str]]:
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        near = reached(reach, [one.row for one in some], [])
        for one in some:
            row = one.row
            posts = [cell for post in (row.one, row.other) for cell in post_cells(post, near)]
            yield [row.person.name, *posts, row.first.isoformat(), row.last.isoformat() if row.last else "",
                   *settled_cells(one, visitor)]  # fmt: skip


def post_cells(post: Post, near: set[object]) -> tuple[str, str, str, str]:
    head = head_of(post.institution)
    if head.pk not in near:
        return str(head.name), "", "", ""
    last = post.valid_to.isoformat() if post.valid_to else ""
    return str(head.name), str(NAMES[PostWord(post.kind)]), post.valid_from.isoformat(), last


def serials_file(
    kind: str, found: Sequence[Finding[SharedSerial]], reach: QuerySet[Institution], on: date, visitor: Visitor
) -> HttpResponse:
    """Every serial number found."""
    rows = serial_rows(found, reach, on, visitor)
    return table_file(kind, "shared-serials", t("Serial numbers", "出厂编号"), SERIAL_COLUMNS, rows)


def serial_rows(
    found: Sequence[Finding[SharedSerial]], reach: QuerySet[Institution], on: date, visitor: Visitor
) -> Iterator[list[str]]:
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        rows = [one.row for one in some]
        near, lines = reached(reach, [], rows), lines_of(rows, on)
        for found_one in some:
            row = found_one.row
            sides = [cell for one in (row.one, row.other) for cell in instrument_cells(one, near, lines)]
            yield [row.serial_key, *sides, *settled_cells(found_one, visitor)]


def instrument_cells(one: Instrument, near: set[object], lines: dict[object, list[ScopeLine]]) -> tuple[str, str, str]:
    head = head_of(one.institution)
    if head.pk not in near:
        return str(head.name), "", ""
    used = (f"{line.parameter.name} / {line.matrix.name} {line.method.number}" for line in lines.get(one.pk, []))
    return str(head.name), f"{one.name} {one.serial}", str(t("; ", "；")).join(used)


def settled_cells(one: Finding[DoublePost] | Finding[SharedSerial], visitor: Visitor) -> tuple[str, str, str, str]:
    done = one.settled
    if done is None:
        return str(STATES[one.state]), "", "", ""
    by = who_settled(done, visitor)
    return str(STATES[one.state]), str(by), timezone.localdate(done.settled_at).isoformat(), done.reason


def who_settled(done: Settlement, visitor: Visitor) -> str:
    """The colleague with the authority; of another authority its name alone."""
    return decider(done.settled_for, done.settled_by, visitor)


def who_reopened(done: Settlement, visitor: Visitor) -> str:
    assert done.reopened_for is not None
    return decider(done.reopened_for, done.reopened_by, visitor)


def decider(authority: Institution, user: User | None, visitor: Visitor) -> str:
    if user is None or authority.pk not in visitor.places:
        return str(authority.name)
    return str(t("{p}, {a}", "{a} {p}", p=name_of(user), a=authority.name))


def name_of(user: User) -> str:
    """The name in the register of people, which a user with a post is entered in."""
    person = getattr(user, "person", None)
    return person.name if person else str(user)


def reached(reach: QuerySet[Institution], people: Iterable[DoublePost], serials: Iterable[SharedSerial]) -> set[object]:
    """Which of the institutions shown lie within the visitor's area: of the others only the name is told."""
    places = [head_of(post.institution).pk for row in people for post in (row.one, row.other)]
    places += [head_of(one.institution).pk for row in serials for one in (row.one, row.other)]
    return set(reach.filter(pk__in=places).values_list("pk", flat=True))


def lines_of(serials: list[SharedSerial], on: date) -> dict[object, list[ScopeLine]]:
    """The scope lines of the day that name each instrument."""
    lines = (
        ScopeLine.objects.filter(holding(on), known(on)).select_related("parameter", "matrix", "method").order_by("pk")
    )
    wanted = [one.pk for row in serials for one in (row.one, row.other)]
    rows = Instrument.objects.filter(pk__in=wanted).prefetch_related(Prefetch("scope_lines", lines, to_attr="on_day"))
    return {row.pk: row.on_day for row in rows}
