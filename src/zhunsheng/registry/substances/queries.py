"""What a substance of the list is called in the catalogue, and how its standards stand on a day."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhunsheng.registry.catalogue.models import Matrix, Parameter, ParameterName, Standard
from zhunsheng.registry.catalogue.models import Method as CatalogueMethod
from zhunsheng.registry.catalogue.queries import StandardOnDay, states_of
from zhunsheng.registry.catalogue.rules.standard_numbers import normal, read_standard_number
from zhunsheng.registry.catalogue.rules.writing import same
from zhunsheng.registry.substances.shipped import Substance, substances


@dataclass(frozen=True, slots=True)
class Edition:
    """A standard of the catalogue that a number of the list means, and its state on a day."""

    standard: Standard
    on_day: StandardOnDay


def parameters_meant(listed: Collection[Substance]) -> dict[int, list[Parameter]]:
    """Substance number → the parameters of the catalogue that it means: by CAS number, or by a name; two queries.

    Names are compared whole, without regard to case and width.
    """
    cas = {number for one in listed for number in one.cas}
    names = {name for one in listed for name in _names(one)}
    written = Q()
    for name in names:
        written |= Q(name_zh__iexact=name) | Q(name_en__iexact=name)
    called = _other_names(names)
    found = list(Parameter.objects.filter(Q(cas__in=cas) | written | Q(pk__in=called)).order_by("code"))
    return {one.number: [p for p in found if _means(one, p, called.get(p.pk, set()))] for one in listed}


def _names(one: Substance) -> set[str]:
    return {one.name.zh, one.name.en, *one.also_zh, *one.also_en}


def _other_names(names: Iterable[str]) -> dict[int, set[str]]:
    """Parameter → those of these names by which it is also known."""
    wanted = Q(pk__in=())
    for name in names:
        wanted |= Q(name__iexact=name)
    called: dict[int, set[str]] = {}
    for key, name in ParameterName.objects.filter(wanted).order_by().values_list("parameter", "name"):
        called.setdefault(key, set()).add(same(name))
    return called


def _means(one: Substance, parameter: Parameter, called: set[str]) -> bool:
    own = {same(name) for name in _names(one)}
    return parameter.cas in one.cas or bool(own & {same(parameter.name_zh), same(parameter.name_en), *called})


def foods_meant(listed: Collection[Substance], field: str) -> dict[int, list[Matrix]]:
    """Substance number → the matrices of a field that bear the names of its foods; one query. Names are compared whole."""
    by_name: dict[str, list[Matrix]] = {}
    for matrix in Matrix.objects.filter(field=field).order_by("pk"):
        for name in {same(matrix.name_zh), same(matrix.name_en)}:
            by_name.setdefault(name, []).append(matrix)
    return {one.number: _matrices(one, by_name) for one in listed}


def _matrices(one: Substance, by_name: Mapping[str, list[Matrix]]) -> list[Matrix]:
    found = {m.pk: m for food in one.foods for name in (food.zh, food.en) for m in by_name.get(same(name), ())}
    return list(found.values())


def items_listed(field: str) -> set[tuple[int, int]]:
    """Parameter and matrix of every substance of the list in every food that it names, as far as the catalogue has both."""
    every = list(substances().values())
    parameters, foods = parameters_meant(every), foods_meant(every, field)
    return {(p.pk, m.pk) for one in every for p in parameters[one.number] for m in foods[one.number]}


def editions_meant(listed: Collection[Substance], *, on: date, known_on: date) -> dict[str, list[Edition]]:
    """Number as the list writes it → standards of the catalogue, newest edition first, with their states; two queries.

    A number without a year (GB/T 21911) means every edition.
    """
    numbers = {number: normal(number) for one in listed for number in one.standards}
    asked = Q(pk__in=())
    for number in numbers.values():
        asked |= Q(number__startswith=f"{number}-") if _every_edition(number) else Q(number=number)
    found = list(Standard.objects.filter(asked).order_by("-number"))
    states = states_of([one.pk for one in found], on=on, known_on=known_on)
    return {
        written: [Edition(one, states[one.pk]) for one in found if _is(one.number, number)]
        for written, number in numbers.items()
    }


def _every_edition(number: str) -> bool:
    read = read_standard_number(number).number
    return read is not None and read.has_editions and not read.edition


def _is(number: str, asked: str) -> bool:
    return number.startswith(f"{asked}-") if _every_edition(asked) else number == asked


def methods_meant(
    listed: Collection[Substance], editions: Mapping[str, Collection[Edition]]
) -> dict[int, list[CatalogueMethod]]:
    """Substance number → methods of the catalogue that rest on its standards or bear their numbers; one query."""
    by_standard = {number: {one.standard.pk for one in found} for number, found in editions.items()}
    numbers = {normal(number) for one in listed for number in one.standards}
    keys = {key for found in by_standard.values() for key in found}
    methods = list(CatalogueMethod.objects.filter(Q(standard__in=keys) | Q(number__in=numbers)).order_by("number"))
    return {
        one.number: [
            m
            for m in methods
            if any(m.standard_id in by_standard.get(n, ()) or m.number == normal(n) for n in one.standards)
        ]
        for one in listed
    }
