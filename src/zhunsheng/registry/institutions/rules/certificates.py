"""What the number of a certificate says: CMA by its own codes of authorities, CNAS by its letters; pure."""

import re
from dataclasses import dataclass

from zhunsheng.foundation.bilingual import Text, t

NATIONAL = "00"

AUTHORITIES: dict[str, tuple[str, Text]] = {
    NATIONAL: ("", t("National", "国家")),
    "01": ("11", t("Beijing", "北京")),
    "02": ("12", t("Tianjin", "天津")),
    "03": ("13", t("Hebei", "河北")),
    "04": ("14", t("Shanxi", "山西")),
    "05": ("15", t("Inner Mongolia", "内蒙古")),
    "06": ("21", t("Liaoning", "辽宁")),
    "07": ("22", t("Jilin", "吉林")),
    "08": ("23", t("Heilongjiang", "黑龙江")),
    "09": ("31", t("Shanghai", "上海")),
    "10": ("32", t("Jiangsu", "江苏")),
    "11": ("33", t("Zhejiang", "浙江")),
    "12": ("34", t("Anhui", "安徽")),
    "13": ("35", t("Fujian", "福建")),
    "14": ("36", t("Jiangxi", "江西")),
    "15": ("37", t("Shandong", "山东")),
    "16": ("41", t("Henan", "河南")),
    "17": ("42", t("Hubei", "湖北")),
    "18": ("43", t("Hunan", "湖南")),
    "19": ("44", t("Guangdong", "广东")),
    "20": ("45", t("Guangxi", "广西")),
    "21": ("46", t("Hainan", "海南")),
    "22": ("50", t("Chongqing", "重庆")),
    "23": ("51", t("Sichuan", "四川")),
    "24": ("52", t("Guizhou", "贵州")),
    "25": ("53", t("Yunnan", "云南")),
    "26": ("54", t("Tibet", "西藏")),
    "27": ("61", t("Shaanxi", "陕西")),
    "28": ("62", t("Gansu", "甘肃")),
    "29": ("63", t("Qinghai", "青海")),
    "30": ("64", t("Ningxia", "宁夏")),
    "31": ("65", t("Xinjiang", "新疆")),
}
"""The approving authority: its code → the first two digits of its region in GB/T 2260, and its name. Not the codes of GB/T 2260."""

FIELDS: dict[str, Text] = {
    "00": t("Food", "食品"),
    "01": t("Construction works", "建筑工程"),
    "02": t("Building materials", "建材"),
    "03": t("Health and family planning", "卫生计生"),
    "04": t("Agriculture, forestry, animal husbandry, fishery", "农林牧渔"),
    "05": t("Motor vehicle safety inspection", "机动车安检"),
    "06": t("Forensic technology of public security", "公安刑事技术"),
    "07": t("Judicial expertise", "司法鉴定"),
    "08": t("Machinery", "机械"),
    "09": t("Electronics and information", "电子信息"),
    "10": t("Light industry", "轻工"),
    "11": t("Textiles and clothing", "纺织服装"),
    "12": t("Environment and its protection", "环境与环保"),
    "13": t("Water quality", "水质"),
    "14": t("Chemicals", "化工"),
    "15": t("Medical devices", "医疗器械"),
    "16": t("Mining and metallurgy", "采矿冶金"),
    "17": t("Energy", "能源"),
    "18": t("Medicine", "医学"),
    "19": t("Biosafety", "生物安全"),
    "20": t("Comprehensive", "综合"),
    "21": t("Other", "其他"),
}
INDUSTRIES: dict[str, Text] = {
    "00": t("Education", "教育"),
    "11": t("Technical supervision", "技术监督"),
    "12": t("Inspection and quarantine", "检验检疫"),
    "34": t("Other", "其他"),
}
"""The departments whose codes are published with their names; another code is shown as it stands."""

CNAS_KINDS: dict[str, Text] = {
    "L": t("Laboratory", "实验室"),
    "IB": t("Inspection body", "检验机构"),
    "PT": t("Proficiency testing provider", "能力验证提供者"),
    "RM": t("Reference material producer", "标准物质生产者"),
    "MT": t("Medical laboratory", "医学实验室"),
}

_CMA = re.compile(r"\d{12}")
_CNAS = re.compile(r"(?:CNAS)?[\s-]*(IB|PT|RM|MT|L)[\s-]*(\d{1,6})")


@dataclass(frozen=True, slots=True)
class CmaNumber:
    """YY AA FF DD NNNN: year, approving authority, field, industry department, serial."""

    year: int
    authority: str
    field: str
    industry: str
    serial: str

    @property
    def authority_name(self) -> Text | None:
        found = AUTHORITIES.get(self.authority)
        return found[1] if found else None

    @property
    def province(self) -> str | None:
        """First two digits of the authority's region in GB/T 2260; empty for the national one, None for a code that is none."""
        found = AUTHORITIES.get(self.authority)
        return found[0] if found else None

    @property
    def field_name(self) -> Text | None:
        return FIELDS.get(self.field)

    @property
    def industry_name(self) -> Text:
        return INDUSTRIES.get(self.industry) or t("Department {c}", "行业主管部门代码 {c}", c=self.industry)


def cma_number(number: str) -> CmaNumber | None:
    """The parts of a number of 12 digits; None for an older or free number, which is kept as it is."""
    text = re.sub(r"\s", "", number)
    if not _CMA.fullmatch(text):
        return None
    return CmaNumber(2000 + int(text[:2]), text[2:4], text[4:6], text[6:8], text[8:])


def lost_a_digit(scheme: str, number: str) -> Text | None:
    """Eleven digits are a CMA number of twelve without one: what to do; None for any other, free and older forms included."""
    bare = re.sub(r"\s", "", number)
    if scheme != "CMA" or not (len(bare) == 11 and bare.isascii() and bare.isdigit()):
        return None
    return t(
        "{x} has 11 digits, a CMA number has 12: one is missing, perhaps a zero at the start. Copy the number from the certificate; in a"
        " file, format the column as text first.",
        "{x} 为 11 位，CMA 证书编号应为 12 位：缺少一位，可能是开头的零。请按证书填写完整编号；在文件中填写时请先将该列设为文本格式。",
        x=bare,
    )


def cnas_number(number: str) -> tuple[str, str] | None:
    """Letters and digits of "CNAS L1234", "IB0123", …; None for another form."""
    found = _CNAS.fullmatch(number.strip().upper())
    return (found[1], found[2]) if found else None


def number_in_words(scheme: str, number: str) -> Text | None:
    """What a number says, for a reader; None where it says nothing."""
    if scheme == "CNAS":
        letters = cnas_number(number)
        return CNAS_KINDS[letters[0]] if letters else None
    if (parts := cma_number(number)) is None:
        return None
    return t(
        "{y}, {a}, {f}, {d}", "{y} 年，{a}，{f}，{d}",
        y=parts.year, a=parts.authority_name or t("unknown authority", "未知发证机关"),
        f=parts.field_name or t("unknown field", "未知领域"), d=parts.industry_name,
    )  # fmt: skip


def number_notes(scheme: str, number: str, *, province: str = "", valid_from_year: int | None = None) -> list[Text]:
    """What to look at in a number; never a reason to refuse it. `province`: first two digits of the institution's region."""
    if scheme == "CNAS":
        return [] if cnas_number(number) else [t("Not the form of a CNAS number.", "不是 CNAS 证书编号的形式。")]
    if (parts := cma_number(number)) is None:
        return [t("An older or free number: it is kept as it is.", "旧式或自由编号：按原样保留。")]
    return [*_code_notes(parts), *_province_note(parts, province), *_year_note(parts, valid_from_year)]


def _code_notes(parts: CmaNumber) -> list[Text]:
    notes = []
    if parts.authority not in AUTHORITIES:
        notes.append(t("No authority has the code {c}.", "没有代码为 {c} 的发证机关。", c=parts.authority))
    if parts.field not in FIELDS:
        notes.append(t("No field has the code {c}.", "没有代码为 {c} 的领域。", c=parts.field))
    return notes


def _province_note(parts: CmaNumber, province: str) -> list[Text]:
    """A province approves its own institutions; the national authority approves anywhere."""
    if not province or not parts.province or parts.province == province:
        return []
    return [
        t(
            "The number names {a}, the institution lies in another province.",
            "编号中的发证机关为{a}，机构在其他省份。",
            a=parts.authority_name,
        )
    ]


def _year_note(parts: CmaNumber, year: int | None) -> list[Text]:
    """A renewed certificate keeps its number, so an earlier year is sound and a later one is not."""
    if year is None or parts.year <= year:
        return []
    return [
        t(
            "The number is of {y}, the certificate begins in {v}.",
            "编号年份为 {y}，证书自 {v} 年起有效。",
            y=parts.year,
            v=year,
        )
    ]
