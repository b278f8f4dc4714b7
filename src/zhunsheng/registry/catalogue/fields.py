"""The words for fields of testing, which matrices, authorisations and findings name by code; pure."""

from zhunsheng.foundation.bilingual import Text, t

FIELDS: dict[str, Text] = {
    "food": t("Food", "食品"),
    "feed": t("Feed", "饲料"),
    "construction": t("Construction", "建筑工程"),
    "materials": t("Building materials", "建筑材料"),
    "health": t("Health", "卫生"),
    "agriculture": t("Agriculture", "农林牧渔"),
    "vehicles": t("Vehicles", "机动车检验"),
    "machinery": t("Machinery", "机械"),
    "electronics": t("Electronics", "电子信息"),
    "light-industry": t("Light industry", "轻工"),
    "textiles": t("Textiles", "纺织服装"),
    "environment": t("Environment", "环境与环保"),
    "water": t("Water", "水质"),
    "chemicals": t("Chemicals", "化工"),
    "medical-devices": t("Medical devices", "医疗器械"),
    "mining": t("Mining and metallurgy", "采矿冶金"),
    "energy": t("Energy", "能源"),
    "forensics": t("Forensic science", "司法鉴定"),
    "medicine": t("Medical testing", "医学检验"),
    "biosafety": t("Biosafety", "生物安全"),
    "natural-resources": t("Natural resources", "自然资源"),
    "fire": t("Fire products", "消防产品"),
    "import-export": t("Import and export", "进出口商品"),
    "civil-defence": t("Civil defence", "人民防空"),
}


def field_name(code: str) -> Text:
    """The words for a field; a code that has none speaks for itself."""
    return FIELDS.get(code, Text(en=code, zh=code))
