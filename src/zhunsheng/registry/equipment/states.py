"""The words for equipment."""

from zhunsheng.foundation.bilingual import Text, t

DATES: dict[str, Text] = {
    "in_date": t("In date", "在有效期内"),
    "due_soon": t("Due within 60 days", "60 天内到期"),
    "out_of_date": t("Out of date", "已超期"),
    "never": t("No calibration known", "无检定校准记录"),
    "retired": t("No longer in use", "已停用"),
}
"""Where an instrument stands on a day; "due_soon" is in date too."""

CALIBRATION_KINDS: dict[str, Text] = {
    "calibration": t("Calibration", "校准"),
    "verification": t("Verification", "检定"),
}

VERBS: dict[str, Text] = {
    "enter_instrument": t("Entered", "录入设备"),
    "mend_instrument": t("Mended", "更正设备信息"),
    "enter_calibration": t("Calibration entered", "录入检定校准"),
    "correct_calibration": t("Calibration corrected", "更正检定校准"),
}
