"""Parameters with synonyms, matrices, methods and standards with their states from files; kept for the whole country by few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.imports.comparing import key_of, update
from zhunsheng.foundation.imports.register import KEEPER, Checked, Context, Given, Operation
from zhunsheng.foundation.imports.rules.columns import Column, Kind
from zhunsheng.foundation.imports.sameness import Same
from zhunsheng.foundation.journal.append_only import uncorrected
from zhunsheng.foundation.spreadsheets import CellValue
from zhunsheng.registry.catalogue.fields import FIELDS
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, Standard, StandardState
from zhunsheng.registry.catalogue.rules import CannotEnter
from zhunsheng.registry.catalogue.rules.cas import cas_faults
from zhunsheng.registry.catalogue.rules.entries import check_new_number
from zhunsheng.registry.catalogue.rules.standard_numbers import (
    normal,
    normal_method,
    standard_number_in,
)
from zhunsheng.registry.catalogue.rules.writing import same
from zhunsheng.registry.catalogue.states import STATES

SEPARATOR = "；"
CODE = Column("code", t("Code", "代码"), Kind.CODE, required=True, width=22, longest=64, example="mercury")
NAMES = (
    Column("name_zh", t("Name in Chinese", "中文名称"), required=True, width=32, aliases=("名称", "标准名称")),
    Column("name_en", t("Name in English", "英文名称"), required=True, width=32),
)
LANGUAGES = ("zh", "en")


def synonyms(row: Given, lang: str) -> list[str]:
    """The other names that a cell lists."""
    return [one.strip() for one in row.text(f"synonyms_{lang}").replace(";", SEPARATOR).split(SEPARATOR) if one.strip()]


class Parameters:
    """The register of parameters, for files: found by code, else by a name or a synonym."""

    key = "parameters"
    name = t("Parameters", "检测参数")
    columns: tuple[Column, ...] = (
        Column("code", CODE.header, Kind.CODE, width=22, longest=64, example="mercury", explanation=t(
            "Needed for a new one; else a name is enough.", "新增时必填；更新时可只填名称。")),
        *NAMES,
        Column("cas", t("CAS number", "CAS 号"), Kind.CODE, width=16, longest=12, example="7439-97-6"),
        Column("synonyms_zh", t("Other names in Chinese", "中文别名"), width=32, longest=2000,
               explanation=t("Several with ; between them.", "多个名称之间用“；”分隔。")),
        Column("synonyms_en", t("Other names in English", "英文别名"), width=32, longest=2000),
    )  # fmt: skip
    models = ("catalogue.Parameter",)
    open_to = frozenset({KEEPER})
    secret: frozenset[str] = frozenset()
    same: tuple[Same, ...] = ()

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        everything = list(Parameter.objects.prefetch_related("names"))
        by_code = {one.code: one for one in everything}
        by_name: dict[str, set[Parameter]] = defaultdict(set)
        for one in everything:
            for name in (one.name_zh, one.name_en, *(other.name for other in one.names.all())):
                by_name[same(name)].add(one)
        return [self._row(row, by_code, by_name) for row in rows]

    def _row(self, row: Given, by_code: Mapping[str, Parameter], by_name: Mapping[str, set[Parameter]]) -> Checked:
        code, named = row["code"], by_name.get(same(row.text("name_zh")), set())
        found = by_code.get(code) if code else next(iter(named), None) if len(named) == 1 else None
        checked = Checked(key_of("parameter", found.pk if found else code or row.text("name_zh")), row.text("name_zh"))
        if row["cas"] and (faults := cas_faults(row.text("cas"))):
            checked.fault("cas", faults[0])
        wanted = {name: row[name] for name in ("name_zh", "name_en", "cas") if row[name]}
        if found is not None:
            update(checked, found, wanted)
        elif code:
            checked.operations.append(Operation("insert", "catalogue.Parameter", values={**wanted, "code": code}))
        else:
            checked.fault("code", t("is needed for a new parameter.", "新增参数须填写代码。"))
        self._synonyms(checked, row, found)
        return checked

    def _synonyms(self, checked: Checked, row: Given, found: Parameter | None) -> None:
        held = {(one.language, one.name) for one in found.names.all()} if found else set()
        for lang in LANGUAGES:
            for name in dict.fromkeys(synonyms(row, lang)):
                if (lang, name) in held:
                    continue
                values: dict[str, Any] = {"language": lang, "name": name}
                refs: dict[str, tuple[str, str, Any]] = {}
                if found:
                    values["parameter_id"] = found.pk
                    checked.changes.append((f"synonyms_{lang}", "", name))
                else:
                    refs["parameter_id"] = ("catalogue.Parameter", "code", row["code"])
                checked.operations.append(Operation("late", "catalogue.ParameterName", values=values, refs=refs))

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        for one in Parameter.objects.prefetch_related("names").order_by("code").iterator(chunk_size=2000):
            others = {lang: SEPARATOR.join(n.name for n in one.names.all() if n.language == lang) for lang in LANGUAGES}
            yield [one.code, one.name_zh, one.name_en, one.cas, others["zh"], others["en"]]


class Matrices:
    """The register of matrices, for files: found by code; one may lie within another of the same file."""

    key = "matrices"
    name = t("Matrices", "检测对象")
    columns: tuple[Column, ...] = (
        CODE, *NAMES,
        Column("field", t("Field", "领域"), Kind.CHOICE, choices=FIELDS, required=True, width=18),
        Column("within", t("Lies within", "上级代码"), Kind.CODE, width=22, longest=64,
               explanation=t("The code of a wider matrix, registered or above in the file.",
                             "上级检测对象的代码，须已登记或位于本文件前面的行。")),
    )  # fmt: skip
    models: tuple[str, ...] = ()
    open_to = frozenset({KEEPER})
    secret: frozenset[str] = frozenset()
    same: tuple[Same, ...] = ()

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        there = {one.code: one for one in Matrix.objects.all()}
        depth: dict[str, int] = context.kept.setdefault("depth", {})
        return [self._row(row, there, depth) for row in rows]

    def _row(self, row: Given, there: Mapping[str, Matrix], depth: dict[str, int]) -> Checked:
        code, within = row.text("code"), row["within"]
        checked, found = Checked(key_of("matrix", code), row.text("name_zh")), there.get(code)
        wider = there.get(within) if within else None
        if within and wider is None and within not in depth:
            checked.fault(
                "within",
                t(
                    "“{x}” is neither registered nor above in the file.",
                    "“{x}”未登记，也不在本文件前面的行中。",
                    x=within,
                ),
            )
        wanted: dict[str, Any] = {name: row[name] for name in ("name_zh", "name_en", "field") if row[name]}
        if found is not None:
            if wider is not None and _is_within(wider, found, there.values()):
                checked.fault("within", t("would lie within itself.", "不能隶属于自身。"))
            update(checked, found, {**wanted, "within_id": wider.pk if wider else None}, shown={"within_id": "within"})
            return checked
        depth[code] = depth.get(within or "", -1) + 1
        refs: dict[str, tuple[str, str, Any]] = {"within_id": ("catalogue.Matrix", "code", within)} if within else {}
        checked.operations.append(
            Operation("late", "catalogue.Matrix", values={**wanted, "code": code}, refs=refs, order=depth[code])
        )
        return checked

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        rows = list(Matrix.objects.select_related("within").order_by("code"))
        done: set[int | None] = {None}
        while rows:  # the wider before the narrower, as the file is read
            ready = [one for one in rows if one.within_id in done]
            for one in ready:
                yield [one.code, one.name_zh, one.name_en, one.field, one.within.code if one.within else None]
            done |= {one.pk for one in ready}
            rows = [one for one in rows if one.pk not in done]


def _is_within(one: Matrix, other: Matrix, everything: Any) -> bool:
    """Does `one` lie within `other`, or is it the same?"""
    above = {each.pk: each.within_id for each in everything}
    at: int | None = one.pk
    while at is not None:
        if at == other.pk:
            return True
        at = above.get(at)
    return False


class Methods:
    """The register of methods, for files: found by number; the standard in the number is linked."""

    key = "methods"
    name = t("Methods", "检测方法")
    columns: tuple[Column, ...] = (
        Column("number", t("Number", "方法编号"), required=True, width=28, longest=64,
               aliases=("编号", "标准编号"), example="GB 5009.17-2021 第一篇"),
        *NAMES,
    )  # fmt: skip
    models = ("catalogue.Method",)
    open_to = frozenset({KEEPER})
    secret: frozenset[str] = frozenset()
    same: tuple[Same, ...] = ()

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        numbers = {row.row: normal_method(row.text("number")) for row in rows}
        there = {one.number: one for one in Method.objects.filter(number__in=set(numbers.values()))}
        wanted = {standard_number_in(number) for number in numbers.values()} - {""}
        standards = dict(Standard.objects.filter(number__in=wanted).values_list("number", "pk"))
        return [self._row(row, numbers[row.row], there, standards) for row in rows]

    def _row(self, row: Given, number: str, there: Mapping[str, Method], standards: Mapping[str, int]) -> Checked:
        checked, found = Checked(key_of("method", number), number), there.get(number)
        if number != row.text("number"):
            checked.notes.append(("number", NORMALISED))
        wanted = {name: row[name] for name in ("name_zh", "name_en") if row[name]}
        if found is not None:
            update(checked, found, wanted)
        else:
            values = {**wanted, "number": number, "standard_id": standards.get(standard_number_in(number))}
            checked.operations.append(Operation("insert", "catalogue.Method", values=values))
        return checked

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        yield from Method.objects.order_by("number").values_list("number", "name_zh", "name_en")


NORMALISED = t("The number was put in its normal form.", "编号已按规范格式书写。")


def _says_more(held: StandardState, row: Given, there: Mapping[str, Standard]) -> bool:
    """Does a row give another source or replacement than the state that is held? An empty cell says nothing."""
    new = there.get(normal(row.text("replacement")))
    replaced = bool(row["replacement"]) and (new is None or held.replacement_id != new.pk)
    return replaced or bool(row["source"] and row["source"] != held.source)


class Standards:
    """The register of standards, for files: found by number; each row may state a state from a day on."""

    key = "standards"
    name = t("Standards", "标准")
    columns: tuple[Column, ...] = (
        Column("number", t("Number", "标准编号"), required=True, width=24, longest=64,
               aliases=("标准号", "编号"), example="GB 5009.17-2021"),
        *NAMES,
        Column("state", t("State", "标准状态"), Kind.CHOICE, choices=STATES, width=14, aliases=("状态",)),
        Column("valid_from", t("From", "起始日期"), Kind.DATE, width=14, aliases=("实施日期", "状态起始日期"),
               explanation=t("The day from which it is in that state.", "进入该状态的日期。")),
        Column("replacement", t("Replaced by", "代替标准"), width=24, longest=64, aliases=("被代替为", "代替它的标准"),
               explanation=t("A number that is registered or in the file.", "须已登记或在本文件中。")),
        Column("source", t("Source", "依据"), width=32, longest=300, aliases=("公告", "来源"),
               explanation=t("The announcement or catalogue that says so; else the name of the file.",
                             "公告或目录名称；不填则以文件名代替。")),
    )  # fmt: skip
    models = ("catalogue.Standard",)
    open_to = frozenset({KEEPER})
    secret: frozenset[str] = frozenset()
    same = (Same("catalogue.StandardState", ("standard_id", "valid_from")),)

    def check(self, rows: Sequence[Given], context: Context) -> list[Checked]:
        numbers = {row.row: normal(row.text("number")) for row in rows}
        named = {normal(row.text("replacement")) for row in rows} - {""}
        there = {
            one.number: one
            for one in Standard.objects.filter(number__in={*numbers.values(), *named}).prefetch_related("replaces")
        }
        states: dict[int, list[StandardState]] = defaultdict(list)
        for state in StandardState.objects.filter(uncorrected(StandardState), standard__in=there.values()):
            states[state.standard_id].append(state)
        coming: set[str] = context.kept.setdefault("numbers", set())
        coming |= set(numbers.values())
        waiting: dict[str, list[int]] = defaultdict(list)
        for pk, number in Method.objects.filter(standard=None).values_list("pk", "number"):
            waiting[standard_number_in(number)].append(pk)
        return [self._row(row, numbers[row.row], there, states, coming, waiting, context) for row in rows]

    def _row(
        self, row: Given, number: str, there: Mapping[str, Standard], states: Mapping[int, list[StandardState]],
        coming: set[str], waiting: Mapping[str, list[int]], context: Context,
    ) -> Checked:  # fmt: skip
        found = there.get(number)
        checked = Checked(
            key_of("standard", number, row["state"], row["valid_from"]), f"{number} {row.text('name_zh')}"
        )
        try:
            check_new_number(row.text("number"))
        except CannotEnter as refusal:
            checked.fault("number", refusal.reason)
        wanted = {name: row[name] for name in ("name_zh", "name_en") if row[name]}
        if found is not None:
            update(checked, found, wanted)
        elif number not in context.kept.setdefault("made", {}) or context.kept["made"][number] == row.row:
            context.kept["made"][number] = row.row
            checked.operations.append(Operation("insert", "catalogue.Standard", values={**wanted, "number": number}))
            ref = {"standard_id": ("catalogue.Standard", "number", number)}
            checked.operations += [
                Operation("link", "catalogue.Method", pk=pk, refs=dict(ref)) for pk in waiting.get(number, ())
            ]
        self._state(checked, row, number, found, states, coming, there, context)
        return checked

    def _state(
        self, checked: Checked, row: Given, number: str, found: Standard | None,
        states: Mapping[int, list[StandardState]], coming: set[str], there: Mapping[str, Standard], context: Context,
    ) -> None:  # fmt: skip
        state, first = row["state"], row["valid_from"]
        if bool(state) != bool(first):
            checked.fault("valid_from" if state else "state", t("State and day go together.", "状态和日期须同时填写。"))
        if not state or not first:
            return
        held = [one for one in states.get(found.pk, []) if one.valid_from.isoformat() == first] if found else []
        same = held[0] if held and held[0].state == state else None
        if same is not None and not _says_more(same, row, there):
            return
        values: dict[str, Any] = {
            "state": state, "valid_from": first, "source": row["source"] or context.source,
            "recorded_at": context.at.isoformat(), "supersedes_id": held[0].pk if held else None,
        }  # fmt: skip
        if same is not None and not row["replacement"]:
            values["replacement_id"] = same.replacement_id
        refs: dict[str, tuple[str, str, Any]] = {"standard_id": ("catalogue.Standard", "number", number)}
        if row["replacement"]:
            self._replacement(checked, normal(row.text("replacement")), number, refs, coming, there)
        checked.operations.append(Operation("late", "catalogue.StandardState", values=values, refs=refs))
        if found is not None:
            old = STATES[held[0].state].zh if held else ""  # type: ignore[index]
            checked.changes.append(("state", old, f"{STATES[state].zh} {first}"))  # type: ignore[index]

    def _replacement(
        self, checked: Checked, new: str, number: str, refs: dict[str, tuple[str, str, Any]], coming: set[str],
        there: Mapping[str, Standard],
    ) -> None:  # fmt: skip
        """The state names its successor, and the successor what it replaces."""
        if new == number:
            checked.fault("replacement", t("A standard does not replace itself.", "标准不能代替自身。"))
        elif new not in there and new not in coming:
            checked.fault(
                "replacement", t("“{x}” is neither registered nor in the file.", "“{x}”未登记，也不在本文件中。", x=new)
            )
        else:
            refs["replacement_id"] = ("catalogue.Standard", "number", new)
            known = there.get(new)
            if known is None or number not in {one.number for one in known.replaces.all()}:
                both: dict[str, tuple[str, str, Any]] = {
                    "from_standard_id": ("catalogue.Standard", "number", new),
                    "to_standard_id": ("catalogue.Standard", "number", number),
                }
                checked.operations.append(Operation("late", "catalogue.Standard_replaces", refs=both))

    def export(self, context: Context) -> Iterator[Sequence[CellValue]]:
        states = StandardState.objects.filter(uncorrected(StandardState)).select_related("standard", "replacement")
        for one in states.order_by("standard__number", "valid_from", "pk").iterator(chunk_size=2000):
            of, new = one.standard, one.replacement
            yield [of.number, of.name_zh, of.name_en, STATES[one.state].zh, one.valid_from.isoformat(),  # type: ignore[index]
                   new.number if new else None, one.source]  # fmt: skip
        for of in Standard.objects.filter(states=None).order_by("number"):
            yield [of.number, of.name_zh, of.name_en, None, None, None, None]
