"""The unified social credit code (GB 32100-2015); pure."""

from dataclasses import dataclass

from zhunsheng.foundation.bilingual import Text, t

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

DEPARTMENTS: dict[str, Text] = {
    "1": t("Staffing authority", "机构编制"),
    "2": t("Foreign affairs", "外交"),
    "3": t("Judicial administration", "司法行政"),
    "4": t("Culture", "文化"),
    "5": t("Civil affairs", "民政"),
    "6": t("Tourism", "旅游"),
    "7": t("Religious affairs", "宗教"),
    "8": t("Trade unions", "工会"),
    "9": t("Market regulation", "市场监管"),
    "A": t("Military reform and staffing", "中央军委改革和编制办公室"),
    "N": t("Agriculture", "农业"),
    "Y": t("Other", "其他"),
}
"""Character 1: who registered the unit (GB 32100-2015, 4)."""


@dataclass(frozen=True, slots=True)
class UsccParts:
    """What a code of 18 characters says; the region is that of the registering office on the day of registration."""

    department: Text | None
    kind: str
    region: str
    organisation: str


def uscc_parts(code: str) -> UsccParts | None:
    """The parts of a code of 18 characters, sound or not; the region may have vanished since."""
    if len(code) != 18:
        return None
    return UsccParts(DEPARTMENTS.get(code[0]), code[:2], code[2:8], code[8:17])


def organisation_code(code: str | None) -> str:
    """Characters 9 to 17, which a unit keeps when it moves or changes its kind; empty where there are none."""
    parts = uscc_parts(code or "")
    return parts.organisation if parts else ""


def uscc_check_character(first17: str) -> str:
    """The 18th character: 31 − Σ Cᵢ·3^(i−1) mod 31 (GB 32100-2015, 5)."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(first17, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def organisation_check_character(first8: str) -> str:
    """The check character of an organisation code: 11 − Σ Cᵢ·Wᵢ mod 11, 10 written X (GB 11714-1997)."""
    total = sum(int(c, 36) * w for c, w in zip(first8, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def uscc_faults(code: str) -> list[Text]:
    """What is wrong with a code: sentences, none when it is sound.

    Codes of the early pilot break the check-character rule legally: a register warns and keeps them, with a reason.
    """
    if len(code) != 18:
        return [t("The code has {n} characters, not 18.", "代码应为 18 位，现为 {n} 位。", n=len(code))]
    if strange := sorted(set(code) - set(USCC_ALPHABET)):
        return [t("Characters that cannot occur: {c}.", "含有不允许的字符：{c}。", c=" ".join(strange))]
    faults = []
    if (want := organisation_check_character(code[8:16])) != code[16]:
        faults.append(
            t("Character 17 is {got}, should be {want}.", "第 17 位为 {got}，应为 {want}。", got=code[16], want=want)
        )
    if (want := uscc_check_character(code[:17])) != code[17]:
        faults.append(
            t("Character 18 is {got}, should be {want}.", "第 18 位为 {got}，应为 {want}。", got=code[17], want=want)
        )
    return faults
