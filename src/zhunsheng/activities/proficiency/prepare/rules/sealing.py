"""A value put away so that nobody can say later it was another; pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from zhunsheng.activities.proficiency.rules.reported_values import read_value
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.signing import canonical_json


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a commitment commits to."""

    round: str
    item: str
    measurand: str
    unit: str
    variant: int
    assigned: str
    u: str
    salt: str

    @property
    def canonical(self) -> bytes:
        """Canonical JSON (RFC 8785): whoever has these bytes computes the commitment again."""
        return canonical_json(
            {
                "assigned": self.assigned, "item": self.item, "measurand": self.measurand, "round": self.round,
                "salt": self.salt, "u": self.u, "unit": self.unit, "variant": self.variant,
            }
        )  # fmt: skip

    @property
    def commitment(self) -> str:
        """SHA-256 of the canonical JSON; the salt keeps anyone from trying all likely values."""
        return hashlib.sha256(self.canonical).hexdigest()


def check_sealable(assigned: str, u: str, variant: int, variants: int) -> None:
    """A number, an uncertainty of zero or more where one is given, and a variant that there is."""
    if read_value(assigned).kind != "number":
        raise CannotDo(t("The assigned value is a number.", "指定值须为数字。"))
    if u.strip() and (read_value(u).kind != "number" or float(read_value(u).number) < 0):
        raise CannotDo(
            t("The standard uncertainty is a number of zero or more.", "标准不确定度须为大于或等于零的数字。")
        )
    if not 1 <= variant <= variants:
        raise CannotDo(t("The item has no variant {n}.", "样品没有变体 {n}。", n=variant))


def check_before(deadline: datetime, at: datetime) -> None:
    """A value is sealed while results may still come: afterwards a seal would prove nothing."""
    if at > deadline:
        raise CannotDo(
            t(
                "The deadline for results has passed; a value can no longer be sealed.",
                "结果上报截止时间已过，不能再封存指定值。",
            )
        )


def check_after(deadline: datetime, at: datetime) -> None:
    """A seal is opened when no more results come in time."""
    if at <= deadline:
        raise CannotDo(t("Seals are opened after the deadline for results.", "封存的指定值须在结果上报截止之后启封。"))


def may_see(*, is_sealer: bool, deadline: datetime, at: datetime) -> bool:
    """Whether a value is shown to someone of the office: before the deadline to whoever sealed it alone."""
    return is_sealer or at > deadline
