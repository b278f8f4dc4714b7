"""The citizen identity number (GB 11643-1999): checked, masked, hashed with a key, and then forgotten; pure."""

import hashlib
import hmac
from datetime import date

from zhunsheng.foundation.bilingual import Text, t

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
PROVINCES = frozenset(
    str(code)
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83),
    )
    for code in codes
)
"""First two digits that are ever issued; the county's code may have ended long ago, so it is not asked for."""
EARLIEST_BIRTH = 1900


def identity_check_character(first17: str) -> str:
    """The 18th character: Σ aᵢ·Wᵢ mod 11 looked up in 10X98765432 (GB 11643-1999; ISO/IEC 7064, MOD 11-2)."""
    return CHECK_CHARACTERS[sum(int(c) * w for c, w in zip(first17, WEIGHTS, strict=True)) % 11]


def identity_faults(number: str, on: date | None = None) -> list[Text]:
    """What is wrong with a number: sentences that never repeat it, none when it is sound; asked on a day, a birth after it is not."""
    code = normalised(number)
    if len(code) != 18:
        return [t("The identity number has {n} characters, not 18.", "身份证号应为 18 位，现为 {n} 位。", n=len(code))]
    if not (code[:17].isascii() and code[:17].isdigit() and code[17] in CHECK_CHARACTERS):
        return [
            t(
                "The identity number holds other characters than digits and a last X.",
                "身份证号只能由数字组成，末位可为 X。",
            )
        ]
    faults = []
    if code[:2] not in PROVINCES:
        faults.append(t("The identity number begins with no region.", "身份证号开头的地区代码不存在。"))
    if not is_birthday(code[6:14]):
        faults.append(t("The identity number holds no day of birth.", "身份证号中的出生日期不存在。"))
    elif on is not None and code[6:14] > f"{on:%Y%m%d}":
        faults.append(t("The identity number holds a day of birth in the future.", "身份证号中的出生日期晚于今天。"))
    if identity_check_character(code[:17]) != code[17]:
        faults.append(
            t("The last character of the identity number does not fit the others.", "身份证号末位校验码不符。")
        )
    return faults


def is_birthday(digits: str) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= EARLIEST_BIRTH
    except ValueError:
        return False


def normalised(number: str) -> str:
    """Without the spaces and the small x that people type."""
    return "".join(number.split()).upper()


def masked(number: str) -> str:
    """The first four and the last four characters, as 3301**********123X. Raises ValueError for what is not 18 long."""
    code = normalised(number)
    if len(code) != 18:
        raise ValueError("only a number of 18 characters is masked")
    return f"{code[:4]}{'*' * 10}{code[14:]}"


def identity_hash(number: str, key: str) -> str:
    """HMAC-SHA-256 (hex) of the number under the installation's key. Raises ValueError for an unsound number or no key.

    Keyed, since all numbers that can exist are few enough to be tried one by one against a plain hash.
    """
    if not key:
        raise ValueError("an identity number is never hashed without a key")
    if identity_faults(number):
        raise ValueError("an unsound identity number is not hashed")
    return hmac.new(key.encode(), normalised(number).encode(), hashlib.sha256).hexdigest()
