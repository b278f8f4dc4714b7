"""What the journal says of one entry of a register: who changed what, when, why, from what to what."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from zhunsheng.faces.registers.filed import Filed, filed_changes
from zhunsheng.faces.trail.access import acts_visible_to
from zhunsheng.faces.trail.actors import NOBODY, actors_of
from zhunsheng.faces.trail.words import verb_in_words
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry import regions
from zhunsheng.registry.catalogue.fields import FIELDS
from zhunsheng.registry.equipment.states import CALIBRATION_KINDS
from zhunsheng.registry.institutions.states import KINDS, LEGAL_KINDS, LEVELS
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import NAMES, QUALIFICATION_KINDS

MOST = 50

COLUMNS: Mapping[str, Text] = {
    "kind": t("Kind", "类别"), "uscc": t("Unified social credit code", "统一社会信用代码"),
    "uscc_reason": t("Why the code is kept", "保留代码的理由"), "name_zh": t("Name in Chinese", "中文名称"),
    "name_en": t("Name in English", "英文名称"), "former_names": t("Former names", "曾用名"), "level": t("Level", "级别"),
    "legal_kind": t("Legal form", "单位性质"), "legal_representative": t("Legal representative", "法定代表人"),
    "region_code": t("Region", "行政区划"), "address": t("Address", "地址"), "latitude": t("Latitude", "纬度"),
    "longitude": t("Longitude", "经度"), "valid_from": t("From", "起始日期"), "valid_to": t("Last day", "截止日期"),
    "name": t("Name", "姓名或名称"), "role": t("Role", "职责"), "phone": t("Telephone", "电话"), "email": t("E-mail", "电子邮箱"),
    "scheme": t("Scheme", "证书类别"), "number": t("Number", "编号"), "issuer": t("Issued by", "发证机关"),
    "field": t("Field", "领域"), "serial": t("Serial number", "出厂编号"), "manufacturer": t("Manufacturer", "制造商"),
    "model": t("Model", "型号"), "retired_on": t("Last day of use", "停用日期"), "certificate": t("Certificate", "证书编号"),
    "performed_by": t("Performed by", "检定校准机构"), "uncertainty": t("Uncertainty", "不确定度"),
    "merged": t("Merged entry", "被合并的登记"), "not_the_same_as": t("Other entry", "另一条登记"),
    "identity_masked": t("Identity number", "身份证号"), "inventory_number": t("Inventory number", "管理编号"),
}  # fmt: skip
"""What is shown of a change; keys and moments are not."""

VALUES: Mapping[str, Mapping[str, Text]] = {
    "kind": {**KINDS, **QUALIFICATION_KINDS, **CALIBRATION_KINDS, **{str(post): name for post, name in NAMES.items()}},
    "level": LEVELS, "legal_kind": LEGAL_KINDS, "field": FIELDS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One column, before and after; before is None for what was new."""

    column: Text
    before: str | Text | None
    after: str | Text | None


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the journal, for a reader."""

    verb: Text
    actor: Text
    at: datetime
    reason: str
    changes: list[Change]


def acts_on(subjects: Iterable[str], *, visitor: Visitor, identity: bool = True) -> list[Act]:
    """The last acts on these subjects ("institution:…") that the visitor may see, the newest first; five queries.

    The trail's own rule says which these are and who is named: a page of the register is no way around it. What files changed in
    them is told like what was changed on the pages, row by row. Without `identity` no masked number is told.
    """
    things = list(subjects)
    # asked first: most entries came by file, and the trail's rule is long
    told, filed = Entry.objects.filter(subject__in=things), filed_changes(things)
    rows = list(acts_visible_to(visitor).filter(subject__in=things)[:MOST]) if told.exists() else []
    actors = actors_of([*rows, *(one.act for one in filed)], visitor)
    acts = [_act(row, actors.get(row.actor_id, NOBODY)) for row in rows]
    acts += [_filed(one, actors.get(one.act.actor_id, NOBODY)) for one in filed]
    told_of = acts if identity else [replace(act, changes=_without_identity(act.changes)) for act in acts]
    return sorted(told_of, key=lambda act: act.at, reverse=True)[:MOST]


def _without_identity(changes: list[Change]) -> list[Change]:
    return [one for one in changes if one.column != COLUMNS["identity_masked"]]


def _filed(row: Filed, actor: Text) -> Act:
    changes = [Change(*change) for change in row.changes]
    return Act(verb_in_words(row.act.verb), actor, row.act.at, str(row.place), changes)


def _act(row: Entry, actor: Text) -> Act:
    said = json.loads(bytes(row.canonical))
    before, after = said["before"] or {}, said["after"] or {}
    shown = [column for column in COLUMNS if column in before or column in after]
    changes = [Change(COLUMNS[c], _words(c, before.get(c)), _words(c, after.get(c))) for c in shown]
    told = [one for one in changes if one.before != one.after]
    return Act(verb_in_words(row.verb), actor, row.at, row.reason, told)


def _words(column: str, value: Any) -> str | Text | None:
    if value in (None, ""):
        return None
    if column == "region_code":
        return regions.name_of(str(value), date.max)
    return VALUES.get(column, {}).get(str(value), str(value))
