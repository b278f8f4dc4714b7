"""The verbs of the catalogue: enter and mend parameters, matrices, methods, standards; say in which state a standard is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.registry.catalogue.models import Matrix, Method, Parameter, ParameterName, Standard, StandardState
from zhunsheng.registry.catalogue.rules import CannotEnter
from zhunsheng.registry.catalogue.rules.entries import check_cas, check_names, check_new_number, check_order, check_tree
from zhunsheng.registry.catalogue.rules.standard_numbers import normal_method, standard_number_in
from zhunsheng.registry.catalogue.states import StandardState as StateWord

Names = Iterable[tuple[str, str]]
"""Other names: language ("zh", "en") and name."""


@transaction.atomic
def enter_parameters(
    parameters: Sequence[Parameter], *, names: Mapping[str, Names] | None = None, actor: User | None, at: datetime
) -> None:
    """Enter parameters, all or none; `names` gives the other names of one by its code. Raises CannotEnter for a wrong CAS number."""
    for one in parameters:
        check_cas(one.cas)
    Parameter.objects.bulk_create(parameters, batch_size=500)
    _add_names([(one, (names or {}).get(one.code, ())) for one in parameters])
    journal.record_new("enter_parameters", parameters, actor=actor, at=at)


@transaction.atomic
def mend_parameter(
    parameter: Parameter, *, name_zh: str, name_en: str, cas: str, names: Names, actor: User | None, at: datetime
) -> None:
    """Correct the names, the other names and the CAS number of a parameter; its code stays. Raises CannotEnter."""
    check_names(name_zh, name_en)
    check_cas(cas)
    before = {**journal.columns(parameter), "names": _names_of(parameter)}
    parameter.name_zh, parameter.name_en, parameter.cas = name_zh.strip(), name_en.strip(), cas.strip()
    parameter.save(update_fields=["name_zh", "name_en", "cas"])
    parameter.names.all().delete()
    _add_names([(parameter, names)])
    after = {**journal.columns(parameter), "names": _names_of(parameter)}
    _record_mended("mend_parameter", parameter, before, after, actor=actor, at=at)


def _names_of(parameter: Parameter) -> list[list[str]]:
    return [list(pair) for pair in parameter.names.order_by("language", "name").values_list("language", "name")]


def _add_names(pairs: Iterable[tuple[Parameter, Names]]) -> None:
    ParameterName.objects.bulk_create(
        (
            ParameterName(parameter=one, language=language, name=name)
            for one, names in pairs
            for language, name in dict.fromkeys((lang, name.strip()) for lang, name in names if name.strip())
        ),
        batch_size=500,
    )


@transaction.atomic
def enter_matrices(matrices: Sequence[Matrix], *, actor: User | None, at: datetime) -> None:
    """Enter matrices, all or none."""
    Matrix.objects.bulk_create(matrices, batch_size=500)
    journal.record_new("enter_matrices", matrices, actor=actor, at=at)


@transaction.atomic
def mend_matrix(
    matrix: Matrix, *, name_zh: str, name_en: str, field: str, within: Matrix | None, actor: User | None, at: datetime
) -> None:
    """Correct the names, the field and the place in the tree of a matrix; its code stays. Raises CannotEnter for a ring."""
    check_names(name_zh, name_en)
    check_tree(dict(Matrix.objects.order_by().values_list("pk", "within")), matrix.pk, within.pk if within else None)
    before = journal.columns(matrix)
    matrix.name_zh, matrix.name_en, matrix.field, matrix.within = (
        name_zh.strip(),
        name_en.strip(),
        field.strip(),
        within,
    )
    matrix.save(update_fields=["name_zh", "name_en", "field", "within"])
    _record_mended("mend_matrix", matrix, before, journal.columns(matrix), actor=actor, at=at)


@transaction.atomic
def enter_methods(methods: Sequence[Method], *, actor: User | None, at: datetime) -> None:
    """Enter methods, all or none; one that names no standard is given the standard whose number its own begins with, if there is one."""
    for one in methods:
        one.number = normal_method(one.number)
    _link(methods, {one.number: one for one in Standard.objects.filter(number__in=_numbers_in(methods))})
    Method.objects.bulk_create(methods, batch_size=500)
    journal.record_new("enter_methods", methods, actor=actor, at=at)


@transaction.atomic
def mend_method(
    method: Method, *, name_zh: str, name_en: str, standard: Standard | None, actor: User | None, at: datetime
) -> None:
    """Correct the names of a method and the standard on which it rests; its number stays."""
    check_names(name_zh, name_en)
    before = journal.columns(method)
    method.name_zh, method.name_en, method.standard = name_zh.strip(), name_en.strip(), standard
    method.save(update_fields=["name_zh", "name_en", "standard"])
    _record_mended("mend_method", method, before, journal.columns(method), actor=actor, at=at)


def _numbers_in(methods: Iterable[Method]) -> set[str]:
    return {number for one in methods if one.standard_id is None and (number := standard_number_in(one.number))}


def _link(methods: Iterable[Method], standards: Mapping[str, Standard]) -> list[Method]:
    """Give each method without a standard the one that its number names; return those that got one."""
    linked = []
    for one in methods:
        if one.standard_id is None and (standard := standards.get(standard_number_in(one.number))):
            one.standard = standard
            linked.append(one)
    return linked


@transaction.atomic
def enter_standards(standards: Sequence[Standard], *, actor: User | None, at: datetime) -> None:
    """Enter editions of standards, all or none, their numbers in the normal form; methods that wait for them are linked.

    Raises CannotEnter for a number that cannot be read, has no year, or is in the catalogue or twice in the list.
    """
    numbers = [check_new_number(one.number) for one in standards]
    _refuse_known(numbers)
    for one, number in zip(standards, numbers, strict=True):
        one.number = number
    Standard.objects.bulk_create(standards, batch_size=500)
    waiting = _waiting_methods({one.number: one for one in standards})
    Method.objects.bulk_update(waiting, ["standard"], batch_size=200)
    journal.record_new("enter_standards", standards, actor=actor, at=at)


def _waiting_methods(standards: Mapping[str, Standard]) -> list[Method]:
    return _link(Method.objects.filter(standard=None), standards)


def _refuse_known(numbers: Sequence[str]) -> None:
    taken = {number for number, n in Counter(numbers).items() if n > 1}
    for start in range(0, len(numbers), 500):
        known = Standard.objects.filter(number__in=numbers[start : start + 500])
        taken |= set(known.values_list("number", flat=True))
    if taken:
        said = "\u3001".join(sorted(taken)[:5])
        raise CannotEnter(t("{n} is in the catalogue already.", "{n} 已在标准目录中。", n=said))


@transaction.atomic
def mend_standard(standard: Standard, *, name_zh: str, name_en: str, actor: User | None, at: datetime) -> None:
    """Correct the title of a standard; its number stays."""
    check_names(name_zh, name_en)
    before = journal.columns(standard)
    standard.name_zh, standard.name_en = name_zh.strip(), name_en.strip()
    standard.save(update_fields=["name_zh", "name_en"])
    _record_mended("mend_standard", standard, before, journal.columns(standard), actor=actor, at=at)


@transaction.atomic
def enter_standard_states(states: Sequence[StandardState], *, actor: User | None, at: datetime) -> None:
    """Say in which states standards are, from which days, by which source; all or none.

    A row that `supersedes` another corrects it: both stay, so that what was known before can still be asked.
    Raises CannotEnter when the corrected row is of another standard or has been corrected already, or nobody is named as the source.
    """
    for one in states:
        one.recorded_at = at
        _check_state(one)
    StandardState.objects.bulk_create(states, batch_size=200)
    _link_replacements(states)
    journal.record_new("enter_standard_states", states, actor=actor, at=at)


def _check_state(one: StandardState) -> None:
    if not one.source.strip():
        raise CannotEnter(t("Say who states it: the announcement or catalogue.", "请注明依据：公告或标准目录。"))
    if one.replacement_id is not None and one.replacement_id == one.standard_id:
        raise CannotEnter(t("A standard does not replace itself.", "标准不能代替自身。"))
    if one.supersedes is None:
        return
    if one.supersedes.standard_id != one.standard_id:
        raise CannotEnter(t("The row to correct is of another standard.", "要更正的记录属于另一标准。"))
    if StandardState.objects.filter(supersedes=one.supersedes).exists():
        raise CannotEnter(
            t("That row has been corrected meanwhile. Load the page again.", "该记录已被更正，请刷新页面。")
        )


def _link_replacements(states: Iterable[StandardState]) -> None:
    """A state that names the replacement also makes the link from edition to edition."""
    through = Standard.replaces.through
    links = {(one.replacement_id, one.standard_id) for one in states if one.replacement_id is not None}
    through.objects.bulk_create(
        [through(from_standard_id=new, to_standard_id=old) for new, old in sorted(links)], ignore_conflicts=True
    )


@transaction.atomic
def enter_new_edition(
    old: Standard,
    *,
    number: str,
    name_zh: str,
    name_en: str,
    published_on: date,
    in_force_from: date,
    source: str,
    actor: User | None,
    at: datetime,
) -> Standard:
    """Enter the edition that replaces another: announced on one day, in force from another, from which the old one is superseded.

    Scope lines that name the old edition stay as they are. Raises CannotEnter.
    """
    check_names(name_zh, name_en)
    check_order(published_on, in_force_from)
    new = Standard(number=check_new_number(number), name_zh=name_zh.strip(), name_en=name_en.strip())
    _refuse_known([new.number])
    new.save()
    states = _states_of_edition(old, new, published_on, in_force_from)
    for one in states:
        one.source, one.recorded_at = source, at
        _check_state(one)
    StandardState.objects.bulk_create(states)
    _link_replacements(states)
    Method.objects.bulk_update(_waiting_methods({new.number: new}), ["standard"], batch_size=200)
    journal.record(
        "enter_new_edition", actor=actor, at=at, subject=f"standard:{new.pk}", covers=states,
        rows=[journal.columns(new)], after={"number": new.number, "replaces": old.number},
    )  # fmt: skip
    return new


def _states_of_edition(old: Standard, new: Standard, published_on: date, in_force_from: date) -> list[StandardState]:
    states = [
        StandardState(standard=new, state=StateWord.CURRENT, valid_from=in_force_from),
        StandardState(standard=old, state=StateWord.SUPERSEDED, valid_from=in_force_from, replacement=new),
    ]
    if published_on < in_force_from:
        states.insert(0, StandardState(standard=new, state=StateWord.UPCOMING, valid_from=published_on))
    return states


def _record_mended(
    verb: str,
    thing: Parameter | Matrix | Method | Standard,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: User | None,
    at: datetime,
) -> None:
    journal.record(
        verb,
        actor=actor,
        at=at,
        subject=f"{thing._meta.model_name}:{thing.pk}",
        rows=[after],
        before=before,
        after=after,
    )
