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
}


def field_name(code: str) -> Text:
    """The words for a field; a code that has none speaks for itself."""
    return FIELDS.get(code, Text(en=code, zh=code))
