"""The words for institutions: levels, legal kinds, risk classes."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class Level(StrEnum):
    """How far up an institution belongs; an authority's reach follows from it and its region."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    PREFECTURE = "prefecture"
    COUNTY = "county"


LEVELS: dict[Level, Text] = {
    Level.NATIONAL: t("National", "国家级"),
    Level.PROVINCIAL: t("Provincial", "省级"),
    Level.PREFECTURE: t("Prefecture", "地市级"),
    Level.COUNTY: t("County", "县级"),
}


class LegalKind(StrEnum):
    COMPANY = "company"
    PUBLIC_INSTITUTION = "public_institution"
    PRIVATE_UNIT = "private_unit"
    GOVERNMENT = "government"
    OTHER = "other"


LEGAL_KINDS: dict[LegalKind, Text] = {
    LegalKind.COMPANY: t("Company", "企业"),
    LegalKind.PUBLIC_INSTITUTION: t("Public institution", "事业单位"),
    LegalKind.PRIVATE_UNIT: t("Private non-enterprise unit", "民办非企业单位"),
    LegalKind.GOVERNMENT: t("Government body", "机关"),
    LegalKind.OTHER: t("Other", "其他"),
}

KINDS: dict[str, Text] = {
    "laboratory": t("Laboratory", "检验检测机构"),
    "provider": t("Proficiency testing provider", "能力验证提供者"),
    "authority": t("Authority", "监管部门"),
}


class Letter(StrEnum):
    """Credit-risk classes of the 2025 norm."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


LETTERS: dict[Letter, Text] = {
    Letter.A: t("Low risk", "信用风险低"),
    Letter.B: t("General risk", "信用风险一般"),
    Letter.C: t("Higher risk", "信用风险较高"),
    Letter.D: t("High risk", "信用风险高"),
}
