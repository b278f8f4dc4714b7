"""Enrolments from a file: laboratories that registered on paper, entered by the provider of the round."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from zhunsheng.activities.proficiency.enrol.models import Enrolment
from zhunsheng.activities.proficiency.enrol.queries import by_head, one_each, standing_in
from zhunsheng.activities.proficiency.enrol.rules.enrolling import CHANGED_ON_FILE, EnrolmentRefused, check_open
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.activities.proficiency.plan.queries import promise_of
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.imports.comparing import key_of, update
from zhunsheng.foundation.imports.register import NATIONAL, ROUND, Checked, Context, Given, Operation, Overtaken
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder
from zhunsheng.registry.institutions.importing_contacts import check_reachable
from zhunsheng.registry.institutions.models import Institution

CODE, NAME = INSTITUTION_COLUMNS
CODE_ITSELF = re.compile(r"[0-9A-Z]{18}")
DETAILS = ("contact", "phone", "email", "address", "note")
COLUMNS: tuple[Column, ...] = (
    replace(
        NAME, header=t("Laboratory", "实验室"), aliases=(*NAME.aliases, "机构名称", "institution", "实验室名称", "单位"),
        explanation=t("Its name in the register, or its unified social credit code.", "登记库中的名称，或统一社会信用代码。"),
    ),
    replace(
        CODE, header=t("Unified social credit code", "统一社会信用代码"), aliases=(*CODE.aliases, "机构统一社会信用代码"),
        explanation=t("Needed where several bear the name.", "有同名机构时必填。"),
    ),
    Column("contact", t("Contact", "联系人"), aliases=("contact person",), longest=100),
    Column("phone", t("Telephone", "电话"), Kind.CODE, longest=40, example="0571-00000000", aliases=("联系电话", "手机")),
    Column("email", t("E-mail", "电子邮箱"), Kind.CODE, longest=254, width=28, example="office@example.org", aliases=("邮箱",)),
    Column("address", t("Address for items", "收样地址"), aliases=("地址", "address"), longest=300, width=44),
    Column("note", t("Note", "备注"), longest=300),
)  # fmt: skip


def reach_of_round(round_: Round) -> dict[str, Any]:
    """What a file about a round may write: its enrolments, under the promise that holds now; {} without a promise."""
    promise = promise_of(round_)
    return {ROUND: str(round_.pk), "promise": promise.pk} if promise else {}


class Enrolments:
    """The enrolments of one round, for files."""

    key = "enrolments"
    name = t("Enrolments", "报名名单")
    columns = COLUMNS
    models = ("pt_enrol.Enrolment",)
    open_to = frozenset({ROUND})
    secret: frozenset[str] = frozenset()
    same: tuple[Same, ...] = ()

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        anywhere = replace(context, reach={NATIONAL: True})  # a provider enrols laboratories of the whole country
        named = [with_code(row) for row in rows]
        finder = Finder(named, anywhere)
        there = by_head(Enrolment.objects.filter(round=context.reach[ROUND]), heads_in(finder))
        return [check_row(row, finder, there, context) for row in named]

    def hold(self, reach: Mapping[str, Any], *, at: datetime) -> None:
        """The round, so that no code is drawn meanwhile; its enrolment must be open, its promise the one checked against."""
        held = Round.objects.select_for_update().get(pk=reach[ROUND])
        try:
            check_open(held.state, Plan.objects.get(round=held).enrol_until, at)
        except EnrolmentRefused as refused:
            raise Overtaken(refused.reason) from refused
        if reach_of_round(held) != reach:
            raise Overtaken(CHANGED_ON_FILE)

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        enrolled = standing_in(Round.objects.get(pk=context.reach[ROUND])).order_by("institution__name_zh", "pk")
        for one in one_each(list(enrolled)):
            said = (getattr(one, name) for name in DETAILS)
            yield [one.institution.name_zh, one.institution.uscc, *said]


def with_code(row: Given) -> Given:
    """A code in the column of names is taken as the code."""
    name = row.text("institution").upper()
    if row.text("institution_code") or not CODE_ITSELF.fullmatch(name):
        return row
    return Given(row.row, {**row.values, "institution_code": name, "institution": None})


def heads_in(finder: Finder) -> set[UUID]:
    """The institutions that the rows may name."""
    return {one.pk for named in finder.by_name.values() for one in named.values()} | {
        one.pk for one in finder.by_code.values()
    }


def check_row(row: Given, finder: Finder, there: Mapping[UUID, Enrolment], context: Context) -> Checked:
    """What one row would do: enrol a laboratory, or change what is known of one that is enrolled."""
    checked = Checked(key_of("row", row.row))
    found = finder.of(row, checked)
    check_reachable(checked, row)
    if found is None:
        return checked
    checked.key, checked.label = key_of("enrolment", found.pk), str(found.name_zh)
    if found.kind != Institution.Kind.LABORATORY:
        checked.fault("institution", t("is not a laboratory.", "不是检验检测机构。"))
    wanted = {name: row[name] for name in DETAILS if row[name]}
    enrolled = there.get(found.pk)
    if enrolled is None:
        checked.operations = _enrol(found, wanted, context)
    elif enrolled.state == "withdrawn":
        checked.fault("institution", WITHDRAWN)
    else:
        checked.subject = f"enrolment:{enrolled.pk}"
        update(checked, enrolled, wanted)
    return checked


WITHDRAWN = t(
    "has withdrawn; only the laboratory itself enrols again. Take it out of the file.",
    "已退出，只能由该实验室自行重新报名，请从文件中删去。",
)


def _enrol(found: Institution, wanted: Mapping[str, Any], context: Context) -> list[Operation]:
    key, at = str(uuid.uuid4()), context.at.isoformat()
    accepted = {"promise_id": context.reach["promise"], "on_behalf": True}
    enrolment = {
        "id": key, "round_id": context.reach[ROUND], "institution_id": str(found.pk), "accepted_at": at,
        "accepted_by_id": context.sender, **accepted, **wanted,
    }  # fmt: skip
    acceptance = {"enrolment_id": key, "at": at, "by_id": context.sender, **accepted}
    return [
        Operation("insert", "pt_enrol.Enrolment", values=enrolment),
        Operation("late", "pt_enrol.Acceptance", values=acceptance),
    ]
