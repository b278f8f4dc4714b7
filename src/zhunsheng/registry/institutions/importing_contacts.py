"""Contacts from a file: found by institution and name; a contact is taken out on its page, never by a file that lacks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Exists, OuterRef

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.imports.comparing import key_of, update
from zhunsheng.foundation.imports.register import EVERYBODY, Checked, Context, Given, Operation
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.institutions.finding import INSTITUTION_COLUMNS, Finder, standing_for, within_reach
from zhunsheng.registry.institutions.models import Contact, Institution
from zhunsheng.registry.institutions.rules.telephones import lost_its_zero

PLAIN = ("role", "phone", "email")
COLUMNS: tuple[Column, ...] = (
    *INSTITUTION_COLUMNS,
    Column("name", t("Name", "姓名"), required=True, width=18, longest=100, aliases=("联系人", "联系人姓名")),
    Column("role", t("Role", "职责"), width=22, longest=100, aliases=("职务",), example="业务受理"),
    Column(
        "phone", t("Telephone", "电话"), Kind.CODE, width=22, longest=40, aliases=("联系电话", "手机", "手机号码", "电话号码"),
        example="0571-00000000", explanation=t("With the area code.", "固定电话请写区号。"),
    ),
    Column(
        "email", t("E-mail", "电子邮箱"), Kind.CODE, width=30, longest=254, aliases=("邮箱", "电子邮件"), example="office@example.org",
    ),
)  # fmt: skip


class Contacts:
    """The register of contacts, for files."""

    key = "contacts"
    name = t("Contacts", "联系人")
    columns = COLUMNS
    models = ("institutions.Contact",)
    open_to = EVERYBODY
    secret: frozenset[str] = frozenset()
    same: tuple[Same, ...] = ()

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        finder = Finder(rows, context)
        found = Contact.objects.filter(name__in={row.text("name") for row in rows})
        there = standing_for(found, lambda contact: contact.name)
        return [check_row(row, finder, there) for row in rows]

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        mine = Institution.objects.filter(within_reach(context))
        kept = Contact.objects.filter(institution=OuterRef("institution__merged_into"), name=OuterRef("name"))
        found = Contact.objects.filter(~Exists(kept), institution__in=mine).select_related("institution__merged_into")
        for one in found.order_by("institution__name_zh", "institution", "name", "pk").iterator(chunk_size=2000):
            head = one.institution.merged_into or one.institution
            yield [head.uscc, head.name_zh, one.name, one.role, one.phone, one.email]


def check_row(row: Given, finder: Finder, there: Mapping[Any, Contact]) -> Checked:
    """What one row would do to the register."""
    checked = Checked(key_of("row", row.row), label=row.text("name"))
    institution = finder.of(row, checked)
    if institution is None:
        return checked
    checked.key = key_of("contact", institution.pk, row.text("name"))
    check_reachable(checked, row)
    wanted = {name: row[name] for name in PLAIN if row[name]}
    if (found := there.get((institution.pk, row.text("name")))) is not None:
        checked.subject = f"institution:{institution.pk}"
        update(checked, found, wanted)
    else:
        values = {**wanted, "institution_id": str(institution.pk), "name": row.text("name")}
        checked.operations.append(Operation("insert", "institutions.Contact", values=values))
    return checked


def check_reachable(checked: Checked, row: Given) -> None:
    """A telephone number that lost its zero reaches nobody or somebody else; an address must be one."""
    phone, email = row.text("phone"), row.text("email")
    if lost_its_zero(phone):
        message = t(
            "{x} has lost the zero of its area code in the spreadsheet program. Format the column as text, then type it in full.",
            "{x} 开头的区号“0”可能已被电子表格软件去掉。请将该列设为文本格式后重新输入完整号码。",
            x=phone,
        )
        checked.fault("phone", message)
    try:
        if email:
            validate_email(email)
    except ValidationError:
        checked.fault("email", t("“{x}” is not an e-mail address.", "“{x}”不是有效的电子邮箱地址。", x=email))
