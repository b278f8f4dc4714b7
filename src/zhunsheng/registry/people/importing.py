"""People from a file, with a post, an authorisation and a qualification a row: found by identity number, else by name and institution.

An identity number is hashed while the row is checked and kept nowhere: not in the file, which is forgotten, nor in a failed row.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Prefetch

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.foundation.imports.comparing import key_of, update
from zhunsheng.foundation.imports.register import EVERYBODY, Checked, Context, Given, Operation
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.catalogue.fields import FIELDS
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder, within_reach
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.exporting import people_rows
from zhunsheng.registry.people.importing_parts import authorisation, post, qualification
from zhunsheng.registry.people.models import Authorisation, Person, Post, Qualification
from zhunsheng.registry.people.rules import identity_faults, identity_hash, masked
from zhunsheng.registry.people.states import LABORATORY_POSTS, NAMES, QUALIFICATION_KINDS

POSTS: dict[str, Text] = {post.value: NAMES[post] for post in NAMES if post in LABORATORY_POSTS}
"""Posts that a file may give. Whoever has an account gets posts, which are rights, from an administrator only."""
COLUMNS: tuple[Column, ...] = (
    *INSTITUTION_COLUMNS,
    Column("name", t("Name", "姓名"), required=True, width=18, longest=100),
    Column(
        "identity", t("Identity number", "身份证号"), Kind.CODE, width=24, longest=18, digits=18, secret=True,
        aliases=("身份证号码", "证件号码"),
        explanation=t("Only its keyed hash is kept.", "系统只保存加密摘要，不保存号码。"),
    ),
    Column("post", t("Post", "岗位"), Kind.CHOICE, choices=POSTS, width=20, aliases=("职务",)),
    Column("post_from", t("In the post since", "任职起始日期"), Kind.DATE, width=16, lies=Lies.SOON, aliases=("任职日期",)),
    Column("post_to", t("In the post until", "任职截止日期"), Kind.DATE, width=16),
    Column("field", t("Authorised field", "授权领域"), Kind.CHOICE, choices=FIELDS, width=18, aliases=("授权签字领域",)),
    Column("authorised_from", t("Authorised from", "授权起始日期"), Kind.DATE, width=16, lies=Lies.SOON),
    Column("authorised_to", t("Authorised to", "授权截止日期"), Kind.DATE, width=16),
    Column("qualification_kind", t("Kind of qualification", "资格类别"), Kind.CHOICE, choices=QUALIFICATION_KINDS, width=18),
    Column("qualification", t("Qualification", "资格名称"), width=28, aliases=("职称", "学历")),
    Column("qualification_number", t("Number of the qualification", "资格证书编号"), Kind.CODE, width=22, longest=64),
    Column("qualified_from", t("Qualified from", "资格取得日期"), Kind.DATE, width=16, lies=Lies.PAST),
    Column("qualified_to", t("Qualified to", "资格有效期止"), Kind.DATE, width=16),
)  # fmt: skip


THERE = ("people.Post", "person_id", ("institution_id",))
"""Somebody is known in an institution by a post there."""


@dataclass
class There:
    """The people that a chunk may be about."""

    by_hash: Mapping[tuple[str, Any], Person]
    by_name: Mapping[tuple[str, Any], list[Person]]


class People:
    """The register of people, for files."""

    key = "people"
    name = t("People", "人员")
    columns = COLUMNS
    models = ("people.Person", "people.Post", "people.Authorisation", "people.Qualification")
    open_to = EVERYBODY
    secret = frozenset({"identity"})
    same = (
        Same("people.Person", ("identity_hash",), through=THERE),
        Same("people.Person", ("name",), apart=("identity_hash",), through=THERE),
        Same("people.Post", ("person_id", "institution_id", "kind"), days=True),
        Same("people.Authorisation", ("person_id", "institution_id", "field"), standing=("superseded_at",), days=True),
        Same("people.Qualification", ("person_id", "name", "valid_from"), standing=("superseded_at",)),
    )

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        finder, checked = Finder(rows, context), [Checked(key_of("row", row.row)) for row in rows]
        hashes = [_hash(row, one, context.on) for row, one in zip(rows, checked, strict=True)]
        there = look_up(rows, [one for one in hashes if one])
        for row, one, hashed in zip(rows, checked, hashes, strict=True):
            institution = finder.of(row, one)
            if institution is not None:
                check_row(one, row, hashed, institution, there, context)
        return checked

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        mine = Institution.objects.filter(within_reach(context))
        for cells in people_rows(mine, POSTS, on=context.on):
            yield [cells.get(column.key) for column in COLUMNS]


def _hash(row: Given, checked: Checked, on: date) -> str | None:
    """The keyed hash of a row's identity number; a fault, which does not repeat the number, where it is unsound."""
    number = row["identity"]
    if not number:
        return None
    if faults := identity_faults(number, on):
        checked.fault("identity", faults[0])
        return None
    return identity_hash(number, settings.IDENTITY_KEY)


def look_up(rows: Sequence[Given], hashes: Sequence[str]) -> There:
    """Those who bear one of the numbers or names, by the institution of which each holds or held a post: nobody finds another's entry."""
    known = (
        Prefetch(
            "authorisations",
            Authorisation.objects.filter(superseded_at=None).select_related("institution"),
            to_attr="authorised",
        ),
        Prefetch("qualifications", Qualification.objects.filter(superseded_at=None), to_attr="qualified"),
        Prefetch("posts", Post.objects.select_related("institution"), to_attr="held"),
    )
    by_hash = {
        (one.identity_hash or "", where): one
        for one in Person.objects.filter(identity_hash__in=hashes).prefetch_related(*known)
        for where in places(one.held)
    }
    by_name: dict[tuple[str, Any], list[Person]] = defaultdict(list)
    for one in Person.objects.filter(name__in={row.text("name") for row in rows}).prefetch_related(*known):
        for where in places(one.held):
            by_name[one.name, where].append(one)
    return There(by_hash, by_name)


def places(held: Iterable[Post]) -> set[uuid.UUID]:
    return {post.institution.merged_into_id or post.institution_id for post in held}


def works_elsewhere(person: Any, institution: Institution, on: date) -> bool:
    """Has who held a post here gone to another institution, or is it a login with posts elsewhere? Then nobody here changes the entry."""
    now = places(post for post in person.held if post.valid_to is None or post.valid_to >= on)
    return bool(now - {institution.pk}) and (institution.pk not in now or person.user_id is not None)


def check_row(
    checked: Checked, row: Given, hashed: str | None, institution: Institution, there: There, context: Context
) -> None:
    """What one row would do to the register."""
    checked.label = row.text("name")
    found = _match(checked, row, hashed, institution, there)
    checked.key = key_of(
        "person", found.pk if found else (hashed or row.text("name"), institution.pk), row["post"], row["post_from"], row["field"],
        row["authorised_from"], row["qualification"], row["qualified_from"],
    )  # fmt: skip
    person = str(found.pk) if found else _enter(checked, row, hashed, institution, context)
    if found is not None:
        checked.subject = f"person:{found.pk}"
        _learn_number(checked, row, hashed, found)
    post(checked, row, person, found, institution, context)
    authorisation(checked, row, person, found, institution, context)
    qualification(checked, row, person, found, context)
    if found is not None and checked.operations and works_elsewhere(found, institution, context.on):
        checked.fault("name", t("works elsewhere now.", "现在其他机构任职，不能在此变更。"))


def _match(checked: Checked, row: Given, hashed: str | None, institution: Institution, there: There) -> Person | None:
    if hashed and (found := there.by_hash.get((hashed, institution.pk))):
        if found.name != row.text("name"):
            checked.fault(
                "name",
                t("is not the name under which this identity number is registered.", "与该身份证号已登记的姓名不符。"),
            )
        return found
    named = [
        one for one in there.by_name.get((row.text("name"), institution.pk), []) if not (hashed and one.identity_hash)
    ]
    if len(named) > 1:
        checked.fault(
            "name",
            t(
                "{n} people of this name work there; give the identity number.",
                "该机构有 {n} 名同名人员，请填写身份证号。",
                n=len(named),
            ),
        )
    return named[0] if named else None


def _enter(checked: Checked, row: Given, hashed: str | None, institution: Institution, context: Context) -> str:
    """A new person; two rows of a file about one new person make one."""
    made: dict[Any, str] = context.kept.setdefault("made", {})
    same = (hashed or row.text("name"), institution.pk)
    if same in made:
        return made[same]
    if not row["post"]:
        checked.fault("post", t("is needed for somebody new.", "新登记人员须填写岗位。"))
    made[same] = str(uuid.uuid4())
    values: dict[str, Any] = {"id": made[same], "name": row.text("name")}
    if hashed:
        values |= {"identity_hash": hashed, "identity_masked": masked(row.text("identity"))}
    checked.operations.append(Operation("insert", "people.Person", values=values))
    return made[same]


def _learn_number(checked: Checked, row: Given, hashed: str | None, found: Person) -> None:
    if hashed and not found.identity_hash:
        update(checked, found, {"identity_hash": hashed, "identity_masked": masked(row.text("identity"))})
        checked.changes = [(column, old, new) for column, old, new in checked.changes if column != "identity_hash"]
