"""People from a file, with a post, an authorisation and a qualification a row: found by identity number, else by name and institution.

An identity number is hashed while the row is checked and kept nowhere: not in the file, which is forgotten, nor in a failed row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.foundation.imports.comparing import key_of, update
from zhunsheng.foundation.imports.register import EVERYBODY, Checked, Context, Given, Operation
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.rules.names import name_key
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.catalogue.fields import FIELDS
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder, families_of, within_reach
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.exporting import people_rows
from zhunsheng.registry.people.importing_parts import authorisation, forget_spans, post, qualification
from zhunsheng.registry.people.importing_who import (
    TYPE_AGAIN,
    Identity,
    Made,
    There,
    identity_of,
    keep_made,
    look_up,
    made_above,
    new_key,
    registered,
    works_elsewhere,
)
from zhunsheng.registry.people.models import Person
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
        given = [identity_of(row, one, context.on) for row, one in zip(rows, checked, strict=True)]
        there = look_up(rows, [one.hash for one in given if one.hash], families_of(finder))
        for row, one, identity in zip(rows, checked, given, strict=True):
            institution = finder.of(row, one)
            if institution is not None:
                check_row(one, row, identity, institution, there, context)
        return checked

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        mine = Institution.objects.filter(within_reach(context))
        for cells in people_rows(mine, POSTS, on=context.on):
            yield [cells.get(column.key) for column in COLUMNS]


def check_row(
    checked: Checked, row: Given, identity: Identity, institution: Institution, there: There, context: Context
) -> None:
    """What one row would do to the register."""
    checked.label = row.text("name")
    found = registered(checked, row, identity, institution, there)
    above = None if found else made_above(checked, row, identity, institution, context)
    who = found.pk if found else (identity.hash or name_key(row.text("name")), institution.pk)
    checked.key = key_of(
        "person", who, row["post"], row["post_from"], row["field"], row["authorised_from"], row["qualification"],
        row["qualified_from"],
    )  # fmt: skip
    person = str(found.pk) if found else above.pk if above else _enter(checked, row, identity)
    if found is not None:
        checked.subject = f"person:{found.pk}"
        _learn_number(checked, row, identity, found, context)
    post(checked, row, person, found, institution, context)
    authorisation(checked, row, person, found, institution, context)
    qualification(checked, row, person, found, context)
    if found is not None and checked.operations and works_elsewhere(found, institution, context.on):
        checked.fault("name", t("works elsewhere now.", "现在其他机构任职，不能在此变更。"))
    if checked.faults:
        forget_spans(context, (person, institution.pk), row.row)
    elif not found and not above:
        keep_made(context, institution, Made(person, identity, name_key(row.text("name")), row.row))


def _enter(checked: Checked, row: Given, identity: Identity) -> str:
    """A new person."""
    if identity.last is not None:
        checked.fault("identity", TYPE_AGAIN)
    if not row["post"]:
        checked.fault("post", t("is needed for somebody new.", "新登记人员须填写岗位。"))
    made = new_key()
    values: dict[str, Any] = {"id": made, "name": row.text("name")}
    if identity.hash:
        values |= {"identity_hash": identity.hash, "identity_masked": identity.masked}
    checked.operations.append(Operation("insert", "people.Person", values=values))
    return made


def _learn_number(checked: Checked, row: Given, identity: Identity, found: Person, context: Context) -> None:
    """Give an entry without a number the one of the row, once a file; two different ones are two people, of whom none is guessed."""
    if not identity.hash or found.identity_hash:
        return
    learnt: dict[Any, tuple[str, int]] = context.kept.setdefault("learnt", {})
    number, first = learnt.get(found.pk, (None, row.row))
    if number is None:
        update(checked, found, {"identity_hash": identity.hash, "identity_masked": identity.masked})
        checked.changes = [(column, old, new) for column, old, new in checked.changes if column != "identity_hash"]
        checked.notes.append(("identity", LEARNT))
        learnt[found.pk] = (identity.hash, row.row)
    elif number != identity.hash:
        checked.fault("identity", _two_numbers(first, row.row))


LEARNT: Text = t(
    "The number was added to the entry of this name, which had none.", "已补录到该机构未登记身份证号的同名人员。"
)


def _two_numbers(first: int, second: int) -> Text:
    return t(
        "Rows {a} and {b} give the one entry of this name two different numbers. Send the row of the person who is registered first, the"
        " other one afterwards.",
        "第 {a} 行和第 {b} 行为同一已登记人员给出了不同的身份证号。请先提交已登记人员的一行，再提交另一人的一行。",
        a=first, b=second,
    )  # fmt: skip
