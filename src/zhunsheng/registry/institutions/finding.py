"""Which institution a row of a file is about: by its code, else by its name; the sender's own where the file does not say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.imports.register import Checked, Context, Given
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.rules.names import name_key
from zhunsheng.registry.institutions.models import Contact, Institution, Site

INSTITUTION_COLUMNS: tuple[Column, ...] = (
    Column(
        "institution_code", t("USCC of the institution", "机构统一社会信用代码"), Kind.CODE, width=24, longest=18, digits=18,
        aliases=("统一社会信用代码", "信用代码"),
        explanation=t(
            "A laboratory that sends its own file may leave out both columns.", "检验检测机构提交本机构数据时，本列和下一列均可不填。"
        ),
    ),
    Column("institution", t("Institution", "机构名称"), width=36, aliases=("单位名称", "所属机构", "检验检测机构")),
)  # fmt: skip

WHOLE = 6
"""Digits of a region code; fewer are the beginning of several."""
Part = TypeVar("Part", Contact, Site)
OUTSIDE: Text = t("is not an institution that you may write about.", "不是您可以登记的机构。")


def keys_of_names(context: Context) -> Mapping[str, set[UUID]]:
    """The entries by the key of their names, read once a file, and only for one that writes a name as no entry does."""
    held: dict[str, set[UUID]] | None = context.kept.get("institutions by name")
    if held is None:
        held = context.kept["institutions by name"] = defaultdict(set)
        for pk, *names in Institution.objects.values_list("pk", "name_zh", "name_en").iterator(chunk_size=5000):
            for name in names:
                held[name_key(name)].add(pk)
    return held


class Finder:
    """The institutions that a chunk names, looked up in two queries; by another way to write a name in two more."""

    def __init__(self, rows: Sequence[Given], context: Context) -> None:
        self.context = context
        own = context.reach.get("institution")
        codes = {row.text("institution_code").upper() for row in rows} - {""}
        names = {row.text("institution") for row in rows} - {""}
        wanted = Q(uscc__in=codes) | Q(name_zh__in=names) | Q(name_en__in=names) | Q(pk=own)
        self.own: Institution | None = None
        self.by_code: dict[str, Institution] = {}
        self.by_name: dict[str, dict[object, Institution]] = defaultdict(dict)
        for one in Institution.objects.filter(wanted).select_related("merged_into"):
            self._keep(one, own)
        self._find_otherwise(names - set(self.by_name))

    def _keep(self, one: Institution, own: object) -> None:
        head = one.merged_into or one
        if one.uscc:
            self.by_code[one.uscc] = head
        for name in (one.name_zh, one.name_en):
            self.by_name[name][head.pk] = head
        if str(one.pk) == own:
            self.own = head

    def _find_otherwise(self, names: set[str]) -> None:
        """Find the entries of names that no entry writes so: brackets, spaces, case, dots and hyphens do not count."""
        if not names:
            return
        index = keys_of_names(self.context)
        wanted = {name: index.get(name_key(name), set()) for name in names}
        keys = {key for found in wanted.values() for key in found}
        rows = Institution.objects.select_related("merged_into").in_bulk(keys) if keys else {}
        for name, found in wanted.items():
            for key in found & set(rows):
                head = rows[key].merged_into or rows[key]
                self.by_name[name][head.pk] = head

    def of(self, row: Given, checked: Checked) -> Institution | None:
        """The institution of a row; None, with a fault, where there is none, more than one, or one out of reach."""
        code, name = row.text("institution_code").upper(), row.text("institution")
        if not code and not name:
            return self._own(checked)
        found = self.by_code.get(code) if code else self._named(name, checked)
        column = "institution_code" if code else "institution"
        if found is None:
            if not checked.faults:
                checked.fault(column, t("“{x}” is not in the register.", "“{x}”未登记。", x=code or name))
            return None
        if not self._reaches(found):
            checked.fault(column, OUTSIDE)
            return None
        return found

    def _reaches(self, found: Institution) -> bool:
        """Its own, or one in its area; the entry of an authority is kept by the national one, as on the pages."""
        if self.own is not None and found.pk == self.own.pk:
            return True
        below = found.kind != Institution.Kind.AUTHORITY or bool(self.context.reach.get("national"))
        return below and self.context.covers_region(found.region_code)

    def _own(self, checked: Checked) -> Institution | None:
        if self.own is None:
            checked.fault(
                "institution", t("is empty; name the institution or its code.", "为空，请填写机构名称或代码。")
            )
        return self.own

    def _named(self, name: str, checked: Checked) -> Institution | None:
        found = list(self.by_name.get(name, {}).values())
        if len(found) > 1:
            message = t(
                "{n} institutions bear this name ({w}); give the code.", "有 {n} 家机构使用该名称（{w}），请填写代码。", n=len(found),
                w=join([_told(one) for one in sorted(found, key=_by_code)[:5]]),
            )  # fmt: skip
            checked.fault("institution", message)
            return None
        return found[0] if found else None


def _told(one: Institution) -> Text:
    return t("{n}, {c}", "{n}，{c}", n=one.name, c=one.uscc or "—")


def _by_code(one: Institution) -> tuple[str, str]:
    return one.uscc or "", str(one.pk)


def families_of(finder: Finder) -> Mapping[UUID, list[UUID]]:
    """The keys of each institution that the rows may name and of the entries merged into it, in one query."""
    heads: set[UUID] = {one.pk for named in finder.by_name.values() for one in named.values()} | {
        one.pk for one in finder.by_code.values()
    }
    heads |= {finder.own.pk} if finder.own else set()
    families: dict[UUID, list[UUID]] = {head: [head] for head in heads}
    for key, head in Institution.objects.filter(merged_into__in=heads).order_by("pk").values_list("pk", "merged_into"):
        if head is not None:
            families[head].append(key)
    return families


def within_reach(context: Context, path: str = "") -> Q:
    """Institutions (behind `path`, like "institution__") that the sender may write about."""
    if context.reach.get("national"):
        return Q()
    wanted = Q(pk__in=())
    if own := context.reach.get("institution"):
        wanted |= Q(**{f"{path}pk": own}) | Q(**{f"{path}merged_into": own})
    areas = context.reach.get("areas", ())
    within = Q(**{f"{path}region_code__in": [area for area in areas if len(area) == WHOLE]})
    for start in areas:
        if len(start) < WHOLE:
            within |= Q(**{f"{path}region_code__startswith": start})
    return wanted | within & ~Q(**{f"{path}kind": Institution.Kind.AUTHORITY})


def standing_for(rows: QuerySet[Part], name_of: Callable[[Part], str]) -> dict[tuple[UUID, str], Part]:
    """Rows by the institution that stands for theirs and by what they are called; its own come before those of merged entries."""
    there: dict[tuple[UUID, str], Part] = {}
    for one in rows.select_related("institution"):
        head = one.institution.merged_into_id or one.institution_id
        if one.institution_id == head or (head, name_of(one)) not in there:
            there[head, name_of(one)] = one
    return there
