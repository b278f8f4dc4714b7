"""What can be wrong in a cell of a log, in words that say the mend."""

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t

MISSING, NOT_A_MOMENT, AHEAD, NOT_OURS, NOT_A_HASH, NOT_YES_NO, BACKWARDS = (
    "missing",
    "moment",
    "ahead",
    "institution",
    "hash",
    "yes_no",
    "backwards",
)
FAULTS: Mapping[str, Text] = {
    MISSING: t("Nothing stands here. Fill it in.", "此处未填写，请补填。"),
    NOT_A_MOMENT: t(
        "This is no day. Write it like 2026-01-31 or 2026-01-31 14:05.",
        "无法识别为日期，请写成 2026-01-31 或 2026-01-31 14:05。",
    ),
    AHEAD: t("This day has not come yet. Correct the year.", "该日期尚未到来，请核对年份。"),
    NOT_OURS: t(
        "No laboratory in your area has this code. Correct the code, or leave the row to the authority of that area.",
        "辖区内没有使用该代码的检验检测机构。请更正代码，或由所在地主管部门处理该行。",
    ),
    NOT_A_HASH: t(
        "This is no SHA-256. Write its 64 hexadecimal characters, or leave it empty.",
        "不是 SHA-256，请填写 64 位十六进制字符，或留空。",
    ),
    NOT_YES_NO: t("Write yes or no, or leave it empty.", "请填写“是”或“否”，或留空。"),
    BACKWARDS: t("This lies before the beginning. Correct one of the two.", "早于开始时间，请更正其中一项。"),
}
