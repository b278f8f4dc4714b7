"""The words for institutions: levels, legal kinds, risk classes."""

from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t


class Level(StrEnum):
    """How far up an institution belongs; an authority's reach follows from it and its region."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    PREFECTURE = "prefecture"
    COUNTY = "county"


LEVELS: dict[str, Text] = {
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


LEGAL_KINDS: dict[str, Text] = {
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


class Likeness(StrEnum):
    """What two entries of the register can have in common so that one is suspected to be the other."""

    SAME_NAME = "same_name"
    SAME_NAME_EN = "same_name_en"
    SAME_BUT_PLACE = "same_but_place"
    ABBREVIATED = "abbreviated"
    NEAR_NAME = "near_name"
    FORMER_NAME = "former_name"
    SAME_ORGANISATION = "same_organisation"
    SAME_CERTIFICATE = "same_certificate"
    SAME_ADDRESS_PHONE = "same_address_phone"
    SAME_ADDRESS_PERSON = "same_address_person"


LIKENESSES: dict[Likeness, Text] = {
    Likeness.SAME_NAME: t("The same name, written differently", "名称相同（写法不同）"),
    Likeness.SAME_NAME_EN: t("The same English name", "英文名称相同"),
    Likeness.SAME_BUT_PLACE: t("The same name but for the place", "除地名外名称相同"),
    Likeness.ABBREVIATED: t("The same name when shortened, in one prefecture", "同一地市内简称相同"),
    Likeness.NEAR_NAME: t("Nearly the same name, in one prefecture", "同一地市内名称相近"),
    Likeness.FORMER_NAME: t("One bears the other's former name", "一方名称与另一方曾用名相同"),
    Likeness.SAME_ORGANISATION: t("The same organisation code in the USCC", "统一社会信用代码中的主体标识码相同"),
    Likeness.SAME_CERTIFICATE: t("The same certificate number", "证书编号相同"),
    Likeness.SAME_ADDRESS_PHONE: t("The same address and telephone", "地址和电话相同"),
    Likeness.SAME_ADDRESS_PERSON: t("The same address and legal representative", "地址和法定代表人相同"),
}
WEIGHTS: dict[Likeness, float] = {
    Likeness.SAME_NAME: 4,
    Likeness.SAME_NAME_EN: 2,
    Likeness.SAME_BUT_PLACE: 2,
    Likeness.ABBREVIATED: 2,
    Likeness.NEAR_NAME: 1,
    Likeness.FORMER_NAME: 3,
    Likeness.SAME_ORGANISATION: 5,
    Likeness.SAME_CERTIFICATE: 4,
    Likeness.SAME_ADDRESS_PHONE: 3,
    Likeness.SAME_ADDRESS_PERSON: 3,
}
"""How much each counts when suspicions are put in order; nothing follows from the sum."""

VERBS: dict[str, Text] = {
    "enter_institution": t("Entered", "录入机构"),
    "mend_institution": t("Mended", "更正机构信息"),
    "enter_site": t("Site entered", "录入场所"),
    "mend_site": t("Site mended", "更正场所"),
    "enter_contact": t("Contact entered", "录入联系人"),
    "mend_contact": t("Contact mended", "更正联系人"),
    "remove_contact": t("Contact removed", "删除联系人"),
    "enter_certificate": t("Certificate entered", "录入证书"),
    "correct_certificate": t("Certificate corrected", "更正证书"),
    "shorten_certificate": t("Certificate ended early", "缩短证书有效期"),
    "merge_institutions": t("Merged with another entry", "与另一条登记合并"),
    "undo_merge": t("Merge undone", "撤销合并"),
    "not_the_same": t("Found not to be the same as another entry", "认定与另一条登记不是同一机构"),
    "take_back_not_the_same": t("Finding not to be the same as another entry taken back", "撤销“不是同一机构”的认定"),
}

CERTIFICATE_STATES: dict[str, Text] = {
    "valid": t("Valid", "有效"),
    "ending": t("Ends within 90 days", "90 天内到期"),
    "ended": t("Ended", "已过期"),
    "none": t("No certificate", "无证书"),
}
"""Where an institution stands on a day by its certificates; "ending" is valid too."""
