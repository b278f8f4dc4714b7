"""What the person who evaluates a round has chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zhunsheng.activities.proficiency.rules.reported_values import read_value
from zhunsheng.foundation.bilingual import Text, t

if TYPE_CHECKING:
    from collections.abc import Mapping

GIVEN = "given"
DEFAULT_METHOD = "algorithm-a"


class SettingsError(ValueError):
    """A choice that cannot be used; `.message` says why and what to write instead."""

    def __init__(self, message: Text) -> None:
        self.reason = self.message = message
        super().__init__(message.en)


@dataclass(frozen=True, slots=True)
class Settings:
    """How x_pt, u(x_pt) and σ_pt come about: the name of a method, or a value given from outside the data.

    `u_assigned` is the uncertainty of the characterisation, u_char, where u_hom or u_stab is given beside it.
    """

    assigned: str | float = DEFAULT_METHOD
    u_assigned: float | None = None
    sigma: str | float = DEFAULT_METHOD
    u_hom: float | None = None
    u_stab: float | None = None
    score: str = "z"
    """the score that is judged by: z (or z′), zeta, e_n"""
    own: frozenset[str] = frozenset()
    """which of them were chosen for one measurand alone: a value chosen for all of several measurands is another matter"""

    @classmethod
    def parse(
        cls,
        assigned: str | None = None,
        u_assigned: str | None = None,
        sigma: str | None = None,
        u_hom: str | None = None,
        u_stab: str | None = None,
    ) -> Settings:
        """From METHOD|VALUE texts, None where nothing was chosen. Raises SettingsError."""
        import intercomp

        chosen = cls(
            _method_or_value(assigned, intercomp.ASSIGNED_METHODS, t("assigned value", "指定值")),
            _uncertainty(u_assigned, _U),
            _method_or_value(sigma, intercomp.SIGMA_METHODS, _SIGMA),
            _uncertainty(u_hom, _U_HOM),
            _uncertainty(u_stab, _U_STAB),
        )
        if not isinstance(chosen.sigma, str) and chosen.sigma <= 0:
            raise SettingsError(_not_positive(_SIGMA, sigma))
        return chosen

    @property
    def assigned_method(self) -> str:
        return self.assigned if isinstance(self.assigned, str) else GIVEN

    @property
    def sigma_method(self) -> str:
        return self.sigma if isinstance(self.sigma, str) else GIVEN


@dataclass(frozen=True, slots=True)
class Written:
    """Settings as written for a round or for one of its measurands; empty where nothing was."""

    assigned: str = ""
    u_assigned: str = ""
    sigma: str = ""
    u_hom: str = ""
    u_stab: str = ""


def in_force(of_round: Written, own: Written, *, score: str = "z") -> Settings:
    """The settings that hold for one measurand: its own where it has any, else the round's. Raises SettingsError.

    An uncertainty belongs to its value: a measurand with its own assigned value does not take over the round's u.
    """
    u = own.u_assigned or ("" if own.assigned else of_round.u_assigned)
    chosen = Settings.parse(
        own.assigned or of_round.assigned, u, own.sigma or of_round.sigma, own.u_hom or None, own.u_stab or None
    )
    of_its_own = frozenset(name for name in ("assigned", "u_assigned", "sigma") if getattr(own, name))
    return replace(chosen, own=of_its_own, score=score)


_SIGMA = t("standard deviation for proficiency assessment", "能力评定标准差")
_U = t("standard uncertainty of the assigned value", "指定值的标准不确定度")
_U_HOM = t("standard uncertainty from inhomogeneity", "不均匀性引入的标准不确定度")
_U_STAB = t("standard uncertainty from instability", "不稳定性引入的标准不确定度")


def _method_or_value(text: str | None, methods: Mapping[str, str], what: Text) -> str | float:
    if text is None or not text.strip():
        return DEFAULT_METHOD
    if text.strip().lower() in methods:
        return text.strip().lower()
    value = read_value(text)
    if value.kind == "number":
        return float(value.number)
    raise SettingsError(
        t(
            "“{x}” is neither a number nor a way to the {what}. Give a number or one of: {methods}.",
            "“{x}”既不是数字，也不是确定{what}的方法。请填写数字或下列方法之一：{methods}。",
            x=text.strip(),
            what=what,
            methods=", ".join(methods),
        )
    )


def _uncertainty(text: str | None, what: Text) -> float | None:
    if text is None or not text.strip():
        return None
    value = read_value(text)
    if value.kind != "number" or float(value.number) < 0:
        raise SettingsError(
            t(
                "The {what}, “{x}”, is not a number of zero or more.",
                "{what}“{x}”不是大于或等于零的数字。",
                what=what,
                x=text.strip(),
            )
        )
    return float(value.number)


def _not_positive(what: Text, text: str | None) -> Text:
    return t("The {what}, “{x}”, is not greater than zero.", "{what}“{x}”不大于零。", what=what, x=(text or "").strip())
