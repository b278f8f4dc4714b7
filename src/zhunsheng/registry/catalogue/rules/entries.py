"""What an entry of the catalogue must satisfy; pure."""

from collections.abc import Mapping
from datetime import date

from zhunsheng.foundation.bilingual import join, t
from zhunsheng.registry.catalogue.rules import CannotEnter
from zhunsheng.registry.catalogue.rules.cas import cas_faults
from zhunsheng.registry.catalogue.rules.standard_numbers import read_standard_number


def check_names(name_zh: str, name_en: str) -> None:
    """Whatever people read has a name in both languages."""
    if not name_zh.strip() or not name_en.strip():
        raise CannotEnter(t("Give the name in Chinese and in English.", "请填写中文名称和英文名称。"))


def check_cas(cas: str) -> None:
    """A CAS number, if there is one, has the right check digit."""
    if faults := cas_faults(cas):
        raise CannotEnter(join(faults))


def check_new_number(number: str) -> str:
    """A new standard's number is readable and tells the edition; its normal form. An unknown prefix is taken."""
    reading = read_standard_number(number)
    if reading.number is None:
        raise CannotEnter(join(reading.faults))
    if reading.number.has_editions and not reading.number.edition:
        raise CannotEnter(
            t(
                "{n} has no year: each edition is an entry of its own.",
                "{n} 缺少年代号：标准目录按版本登记，每个版本一条。",
                n=reading.number,
            )
        )
    return str(reading.number)


def check_order(published_on: date, in_force_from: date) -> None:
    """An edition is in force from the day it is published, or later."""
    if in_force_from < published_on:
        raise CannotEnter(t("It cannot be in force before it is published.", "实施日期不能早于发布日期。"))


def check_tree(within: Mapping[int, int | None], matrix: int, target: int | None) -> None:
    """A matrix does not lie within itself, nor within one of its parts; `within` is the tree as it is."""
    above = target
    while above is not None:
        if above == matrix:
            raise CannotEnter(t("A matrix cannot lie within itself or one of its parts.", "基质不能归入自身或其下级。"))
        above = within.get(above)
