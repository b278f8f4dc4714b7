"""Institutions from a file: found by their code, else by a certificate, else by name and region; with CMA and CNAS certificates."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.calendar.plausible import Lies
from zhunsheng.foundation.imports.comparing import key_of, update
from zhunsheng.foundation.imports.register import AUTHORITIES, Checked, Context, Given, Operation
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.rules.names import name_key
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.institutions.finding import keys_of_names, within_reach
from zhunsheng.registry.institutions.importing_certificates import enter_certificate
from zhunsheng.registry.institutions.models import Certificate, Institution
from zhunsheng.registry.institutions.rules.names import comparison_key, ways_to_write
from zhunsheng.registry.institutions.rules.uscc import uscc_faults
from zhunsheng.registry.institutions.states import KINDS, LEGAL_KINDS, LEVELS
from zhunsheng.registry.regions.rules import region

SCHEMES = ("CMA", "CNAS")
SEPARATOR = "；"
PLAIN = ("name_zh", "name_en", "kind", "region_code", "address", "level", "legal_kind", "legal_representative")
OUTSIDE = t("lies outside the area that you may write about.", "不在您的管辖范围内。")


def certificate_columns(scheme: str) -> tuple[Column, ...]:
    low = scheme.lower()
    return (
        Column(
            f"{low}_number", t("{s} number", "{s} 证书编号", s=scheme), Kind.CODE, width=20, longest=32,
            aliases=("资质认定证书编号", "证书编号") if scheme == "CMA" else ("认可证书编号", "认可证书号"),
            example="231120110001" if scheme == "CMA" else "CNAS L1234",
            explanation=t("With both days.", "填写时须同时填写起止日期。"),
        ),
        Column(
            f"{low}_from", t("{s} valid from", "{s} 有效期起", s=scheme), Kind.DATE, width=14, example="2023-05-04",
            lies=Lies.SOON,
            aliases=("发证日期",) if scheme == "CMA" else (),
        ),
        Column(
            f"{low}_to", t("{s} valid to", "{s} 有效期止", s=scheme), Kind.DATE, width=14, example="2029-05-03",
            aliases=("有效期至",) if scheme == "CMA" else (),
        ),
    )  # fmt: skip


COLUMNS: tuple[Column, ...] = (
    Column(
        "uscc", t("Unified social credit code", "统一社会信用代码"), Kind.CODE, width=24, longest=18, digits=18,
        aliases=("信用代码", "统一信用代码", "USCC"), example="91330100799655058B",
        explanation=t(
            "18 characters. A code that breaks the check-character rule is kept; say why in the next column.",
            "18 位。校验码不符的代码可以保留，请在下一列说明原因。",
        ),
    ),
    Column(
        "uscc_reason", t("Why the code is kept", "代码保留原因"), width=24, longest=500,
        example="", explanation=t("Only for a code that breaks the rule.", "仅在校验码不符时填写。"),
    ),
    Column(
        "name_zh", t("Name in Chinese", "机构名称"), required=True, width=36, aliases=("名称", "中文名称", "单位名称"),
        example="示例检测中心",
    ),
    Column("name_en", t("Name in English", "英文名称"), width=36, example="Example Testing Centre"),
    Column(
        "kind", t("Kind", "机构类型"), Kind.CHOICE, width=18, choices=KINDS, example="检验检测机构",
        explanation=t("Empty for a laboratory.", "不填则为检验检测机构。"),
    ),
    Column(
        "region_code", t("Region code", "行政区划代码"), Kind.CODE, required=True, width=16, longest=6, digits=6,
        aliases=("区划代码", "地区代码"), example="330106",
        explanation=t("Six digits, GB/T 2260.", "GB/T 2260 的 6 位代码。"),
    ),
    Column("address", t("Address", "地址"), width=40, longest=300, aliases=("住所", "注册地址")),
    Column("level", t("Level", "层级"), Kind.CHOICE, choices=LEVELS, width=14),
    Column("legal_kind", t("Legal form", "法人类型"), Kind.CHOICE, choices=LEGAL_KINDS, width=20, aliases=("单位性质",)),
    Column("legal_representative", t("Legal representative", "法定代表人"), width=18, longest=100),
    Column(
        "former_names", t("Former names", "曾用名"), width=30, longest=2000,
        explanation=t("Several with ; between them.", "多个名称之间用“；”分隔。"),
    ),
    Column("latitude", t("Latitude", "纬度"), Kind.NUMBER, width=12, example="30.27"),
    Column("longitude", t("Longitude", "经度"), Kind.NUMBER, width=12, example="120.15"),
    *certificate_columns("CMA"),
    *certificate_columns("CNAS"),
)  # fmt: skip


@dataclass
class There:
    """What the register holds of the institutions that a chunk may be about, merged entries as they were."""

    by_code: dict[str, Institution]
    by_number: dict[tuple[str, str], list[Certificate]]
    by_name: dict[tuple[str, str], list[Institution]]


@dataclass(frozen=True, slots=True)
class Match:
    """The entry that stands for what a row is about, and the merged one by which it was found, if it was."""

    head: Institution
    merged: Institution | None = None


class Institutions:
    """The register of institutions, for files."""

    key = "institutions"
    name = t("Institutions", "检验检测机构")
    columns = COLUMNS
    models = ("institutions.Institution", "institutions.Certificate")
    open_to = AUTHORITIES
    secret: frozenset[str] = frozenset()
    same = (
        Same("institutions.Institution", ("name_zh", "region_code"), apart=("uscc",), standing=("merged_into_id",)),
        Same("institutions.Certificate", ("scheme", "number"), standing=("superseded_at",), days=True),
    )

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        there = look_up(rows, context)
        return [check_row(row, there, context) for row in rows]

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        found = Institution.objects.filter(within_reach(context), merged_into=None).order_by(
            "region_code", "name_zh", "pk"
        )
        standing = Certificate.objects.filter(superseded_at=None).order_by("valid_from", "pk")
        for one in found.prefetch_related(Prefetch("certificates", standing, to_attr="standing")).iterator(
            chunk_size=2000
        ):
            yield as_row(one, {certificate.scheme: certificate for certificate in one.standing})


def look_up(rows: Sequence[Given], context: Context) -> There:
    """Three queries, whatever the number of rows, and one a file for names that no entry writes so."""
    codes = {code.upper() for row in rows if (code := row["uscc"])}
    numbers = {number for row in rows for scheme in SCHEMES if (number := row[f"{scheme.lower()}_number"])}
    certificates = Certificate.objects.filter(number__in=numbers, superseded_at=None).order_by("valid_from")
    names = {way for row in rows for way in ways_to_write(row.text("name_zh"))}
    named, coded = Institution.objects.filter(name_zh__in=names), Institution.objects.filter(uscc__in=codes)
    by_number, by_name = defaultdict(list), defaultdict(list)
    for certificate in certificates.select_related("institution__merged_into"):
        by_number[certificate.scheme, certificate.number].append(certificate)
    index = keys_of_names(context)
    otherwise = {pk for row in rows for pk in index.get(name_key(row.text("name_zh")), ())}
    for one in (named | Institution.objects.filter(pk__in=otherwise)).select_related("merged_into"):
        by_name[comparison_key(one.name_zh), one.region_code].append(one)
    return There({one.uscc: one for one in coded.select_related("merged_into") if one.uscc}, by_number, by_name)


def check_row(row: Given, there: There, context: Context) -> Checked:
    """What one row would do to the register."""
    code = (row["uscc"] or "").upper() or None
    checked = Checked("", label=row.text("name_zh"))
    match = _match(checked, row, code, there)
    found = match.head if match else None
    checked.key = _key(row, code, match)
    _check_code(checked, row, code, match)
    _check_region(checked, row, found, context)
    _check_kind(checked, row, found, context)
    wanted = _wanted(checked, row, code)
    if found is None:
        made = str(uuid.uuid4())
        checked.operations.append(
            Operation("insert", "institutions.Institution", values={**_defaults(row), **wanted, "id": made})
        )
    else:
        made = str(found.pk)
        checked.subject = f"institution:{found.pk}"
        if match and match.merged is None:
            update(checked, found, wanted | _renamed(found, wanted))
        else:
            checked.notes.append(("name_zh", t(
                "An entry that was merged: the entry that was kept stays as it is, only certificates are taken.",
                "该条目已合并：保留条目的内容不变，仅登记证书。",
            )))  # fmt: skip
    for scheme in SCHEMES:
        enter_certificate(checked, row, scheme, made, there.by_number, context)
    return checked


def _match(checked: Checked, row: Given, code: str | None, there: There) -> Match | None:
    """By the code, else by a certificate, else by name and region; a thing found otherwise that bears another code is another one."""
    if code and (found := there.by_code.get(code)):
        return _standing(found)
    for scheme in SCHEMES:
        for certificate in there.by_number.get((scheme, row.text(f"{scheme.lower()}_number")), ()):
            match = _standing(certificate.institution)
            if not (code and match.head.uscc):
                return Match(match.head) if row.text("name_zh") == match.head.name_zh else match
    return _named(checked, row, code, there)


def _standing(found: Institution) -> Match:
    return Match(found.merged_into, found) if found.merged_into else Match(found)


def _renamed(found: Institution, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What a new name brings with it: the old one is a former name; an English name that was a copy of it follows."""
    new = wanted.get("name_zh", found.name_zh)
    if new == found.name_zh:
        return {}
    former = wanted.get("former_names", found.former_names).splitlines()
    follows = {"name_en": new} if found.name_en == found.name_zh and "name_en" not in wanted else {}
    return {"former_names": "\n".join(dict.fromkeys([*former, found.name_zh])), **follows}


def _named(checked: Checked, row: Given, code: str | None, there: There) -> Match | None:
    """The one of that name in that region; two of which neither is told apart by the code are a fault."""
    named = there.by_name.get((comparison_key(row.text("name_zh")), row.text("region_code")), [])
    fitting = [one for one in named if not (code and (one.uscc or _standing(one).head.uscc))]
    heads = {_standing(one).head.pk: _standing(one) for one in sorted(fitting, key=lambda one: one.merged_at is None)}
    if len(heads) > 1:
        codes = sorted(match.head.uscc or "—" for match in heads.values())
        message = t("{n} entries bear this name ({c}); give the code.", "有 {n} 个条目使用该名称（{c}），请填写代码。",
                    n=len(heads), c="，".join(codes))  # fmt: skip
        checked.fault("name_zh", message)
    elif named and not fitting:
        message = t("An entry of this name bears the code {c}.", "已有同名条目，代码为 {c}。", c=named[0].uscc or "—")
        checked.notes.append(("name_zh", message))
    return next(iter(heads.values()), None) if len(heads) == 1 else None


def _key(row: Given, code: str | None, match: Match | None) -> str:
    if match is not None:
        return key_of("institution", (match.merged or match.head).pk)
    numbers = [number for scheme in SCHEMES if (number := row[f"{scheme.lower()}_number"])]
    if code:
        return key_of("code", code)
    name = comparison_key(row.text("name_zh"))
    return key_of("number", numbers[0]) if numbers else key_of("name", name, row.text("region_code"))


def _check_code(checked: Checked, row: Given, code: str | None, match: Match | None) -> None:
    """A code of the wrong length lost something; one that breaks the rule is legal, warned of and kept."""
    if code is None:
        return
    if len(code) != 18:
        checked.fault("uscc", t("has {n} characters, not 18.", "有 {n} 个字符，应为 18 位。", n=len(code)))
    elif uscc_faults(code) and (match is None or code not in (match.head.uscc, match.merged and match.merged.uscc)):
        checked.notes.append(("uscc", t("A code that breaks the rule was kept.", "校验不符的代码已按原样保留。")))
        if not row["uscc_reason"]:
            checked.fault("uscc_reason", _no_reason(code))


def _no_reason(code: str) -> Text:
    return t(
        "is empty, and the code {c} breaks the rule (GB 32100): correct the code, or write here why it is kept, as"
        " “so on the certificate of registration”.",
        "未填写，而代码 {c} 不符合 GB 32100 的校验规则：请更正代码，或在本列写明保留原因，如“登记证书所载”。",
        c=code,
    )


def _check_region(checked: Checked, row: Given, found: Institution | None, context: Context) -> None:
    """The region must be one; both it and the one that is there must lie within the sender's reach."""
    code = row.text("region_code")
    place = region(code, context.on) if len(code) == 6 else None
    if place is None:
        message = t(
            "{c} is no region (GB/T 2260). Look it up and write all six digits.",
            "{c} 不是行政区划代码（GB/T 2260），请核对并填写完整 6 位代码。",
            c=code,
        )
        checked.fault("region_code", message)
    elif not context.covers_region(code) or (found is not None and not context.covers_region(found.region_code)):
        checked.fault("region_code", OUTSIDE)


def _check_kind(checked: Checked, row: Given, found: Institution | None, context: Context) -> None:
    """Who supervises whom is not settled by a file from below."""
    if context.reach.get("national"):
        return
    if row["kind"] == "authority" or (found is not None and found.kind == "authority"):
        message = t("is entered by the national authority.", "由国家级监管部门登记。")
        checked.fault("kind", message)


def _defaults(row: Given) -> dict[str, Any]:
    """What a new entry has where the file says nothing."""
    return {"kind": "laboratory", "name_en": row.text("name_zh")}


def _wanted(checked: Checked, row: Given, code: str | None) -> dict[str, Any]:
    """The institution's columns as the file gives them; an empty cell leaves what is there."""
    wanted: dict[str, Any] = {name: row[name] for name in PLAIN if row[name]}
    if code:
        wanted["uscc"] = code
        if len(code) == 18 and uscc_faults(code) and row["uscc_reason"]:
            wanted["uscc_reason"] = row["uscc_reason"]
    if names := row["former_names"]:
        wanted["former_names"] = "\n".join(
            one.strip() for one in names.replace(";", SEPARATOR).split(SEPARATOR) if one.strip()
        )
    for name, most in (("latitude", 90), ("longitude", 180)):
        if row[name]:
            wanted[name] = float(row.text(name))
            if abs(wanted[name]) > most:
                checked.fault(name, t("is not between -{m} and {m}.", "应在 -{m} 到 {m} 之间。", m=most))
    return wanted


def as_row(one: Institution, certificates: Mapping[str, Certificate]) -> list[CellValue]:
    """An entry in the columns of the template."""
    values: dict[str, CellValue] = {name: getattr(one, name) for name in PLAIN}
    values |= {"uscc": one.uscc, "uscc_reason": one.uscc_reason, "latitude": one.latitude, "longitude": one.longitude}
    values["former_names"] = SEPARATOR.join(one.former_names.splitlines())
    for scheme, certificate in certificates.items():
        low = scheme.lower()
        values[f"{low}_number"] = certificate.number
        values[f"{low}_from"], values[f"{low}_to"] = (
            certificate.valid_from.isoformat(),
            certificate.valid_to.isoformat(),
        )
    return [values.get(column.key) for column in COLUMNS]
