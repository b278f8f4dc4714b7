"""What the names in a file of scope lines stand for: things of the catalogue, sites, instruments."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.register import Checked, Given
from zhunsheng.foundation.imports.rules.names import name_key
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, ParameterName
from zhunsheng.registry.catalogue.rules.writing import same
from zhunsheng.registry.equipment.finding import called, named_so
from zhunsheng.registry.institutions.models import Institution, Site
from zhunsheng.registry.scopes.importing_periods import Line


@dataclass
class Named:
    """What a name stands for, as it is written, else by its key; and what each thing is called where two bear one name."""

    written: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_key: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    told: dict[int, str] = field(default_factory=dict)

    def add(self, pk: int, *names: str) -> None:
        for name in names:
            self.written[same(name)].add(pk)
            self.by_key[name_key(name)].add(pk)

    def find(self, text: str) -> set[int]:
        return self.written.get(same(text)) or self.by_key.get(name_key(text) or "-", set())


@dataclass
class Catalogue:
    """What names stand for, read once a file; a name of two things stands for neither."""

    parameters: Named
    matrices: Named
    methods: Mapping[str, int]


def catalogue() -> Catalogue:
    """Four queries."""
    parameters, matrices = Named(), Named()
    for named, model in ((parameters, Parameter), (matrices, Matrix)):
        for pk, code, *names in model._default_manager.values_list("pk", "code", "name_zh", "name_en"):
            named.add(pk, code, *names)
            named.told[pk] = f"{names[0]} {code}"
    for pk, name in ParameterName.objects.values_list("parameter_id", "name"):
        parameters.add(pk, name)
    methods = {same(number): pk for pk, number in Method.objects.values_list("pk", "number")}
    return Catalogue(parameters, matrices, methods)


def one_of(checked: Checked, column: str, row: Given, known: Named) -> int | None:
    found = known.find(row.text(column))
    if len(found) == 1:
        return next(iter(found))
    if found:
        message = t(
            "“{x}” names {n} things in the catalogue ({w}); give the code.", "“{x}”在目录中对应 {n} 项（{w}），请填写代码。",
            x=row.text(column), n=len(found), w="；".join(sorted(known.told[pk] for pk in found)[:5]),
        )  # fmt: skip
        checked.fault(column, message)
    else:
        checked.fault(column, not_there(row.text(column)))
    return None


def not_there(text: str) -> Text:
    return t(
        "“{x}” is not in the catalogue. Use a name from it, or have it entered first.",
        "目录中没有“{x}”。请使用目录中的名称，或先申请录入目录。",
        x=text[:60],
    )


Sites = Mapping[tuple[UUID, str], list[Site]]


def sites_of(rows: Sequence[Given], families: Mapping[UUID, list[UUID]]) -> Sites:
    """The sites of the institutions, by the one that stands for theirs and the key of a name; its own before those of merged entries."""
    if not any(row["site"] for row in rows):
        return {}
    head_of = {key: head for head, keys in families.items() for key in keys}
    rows_found = Site.objects.filter(institution__in=head_of).select_related("institution")
    found: dict[tuple[UUID, str], list[Site]] = defaultdict(list)
    for one in sorted(rows_found, key=lambda one: (one.institution.merged_at is not None, one.pk)):
        for key in {name_key(one.name_zh), name_key(one.name_en)}:
            found[head_of[one.institution_id], key].append(one)
    return found


def places_of(row: Given, checked: Checked, institution: Institution, sites: Sites) -> list[Site]:
    """The sites that a row may mean: one, and those of merged entries under its name; a fault where there is none or two."""
    text = row.text("site")
    found = sites.get((institution.pk, name_key(text)), [])
    places = [one for one in found if text in (one.name_zh, one.name_en)] or found
    own = {one.name_zh for one in places if one.institution_id == places[0].institution_id}
    if not places:
        checked.fault("site", t("“{x}” is no site of {n}.", "“{x}”不是{n}已登记的场所。", x=text, n=institution.name))
    elif len(own) > 1:
        message = t(
            "“{x}” names {n} sites ({w}).",
            "“{x}”对应 {n} 个场所（{w}），请按登记名称填写。",
            x=text,
            n=len(own),
            w="；".join(sorted(own)),
        )
        checked.fault("site", message)
    return places


def name_instruments(
    lines: Sequence[Line | None], checked: Sequence[Checked], families: Mapping[UUID, list[UUID]]
) -> None:
    """Find the instruments that rows name, among those of the institution's family; one query."""
    asked = [(line, one, _names(line.given)) for line, one in zip(lines, checked, strict=True) if line is not None]
    found = named_so({name for _, _, wanted in asked for name in wanted}, families)
    for line, one, wanted in asked:
        uses: dict[str, str] = {}
        for name in wanted:
            meant = found(line.institution.pk, name)
            if len(meant) == 1:
                uses[str(meant[0].pk)] = called(meant[0])
            else:
                one.fault(
                    "instruments",
                    _several(name, [called(each) for each in meant]) if meant else _none(name, line.institution),
                )
        line.uses = uses if wanted else None


def _names(row: Given) -> list[str]:
    return [name for part in re.split("[;；]", row.text("instruments")) if (name := part.strip())]


def _none(name: str, institution: Institution) -> Text:
    return t(
        "“{x}” is no instrument of {n} in the register. Enter it first.", "{n}没有登记编号为“{x}”的仪器设备，请先登记。",
        x=name[:60], n=institution.name,
    )  # fmt: skip


def _several(name: str, found: Sequence[str]) -> Text:
    return t(
        "“{x}” names {n} instruments ({w}). Write the one that is meant so, or by its inventory number.",
        "“{x}”对应 {n} 台设备（{w}）。请按括号中的写法或管理编号填写所指的一台。",
        x=name[:60], n=len(found), w="；".join(sorted(found)[:5]),
    )  # fmt: skip
