"""CAS registry numbers; pure."""

import re

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.rules.writing import clean

_CAS = re.compile(r"(\d{2,7})-(\d\d)-(\d)")


def cas_check_digit(digits: str) -> int:
    """The last digit: Σ i·dᵢ mod 10, counted from the right (CAS, check digit verification)."""
    return sum(i * int(d) for i, d in enumerate(reversed(digits), start=1)) % 10


def cas_faults(text: str) -> list[Text]:
    """What is wrong with a CAS number: sentences, none when it is sound or there is none."""
    if not (written := clean(text)):
        return []
    found = _CAS.fullmatch(written)
    if found is None:
        said = t(
            "“{x}” is not a CAS number. Write it like 108-78-1.",
            "“{x}”不是 CAS 号，请按 108-78-1 的格式填写。",
            x=written,
        )
        return [said]
    want = cas_check_digit(found[1] + found[2])
    if want != int(found[3]):
        return [
            t(
                "The check digit of {x} is {got}, should be {want}.",
                "{x} 的校验位为 {got}，应为 {want}。",
                x=written,
                got=found[3],
                want=want,
            )
        ]
    return []
