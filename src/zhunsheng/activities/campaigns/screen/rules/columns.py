"""The three logs and their columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.imports.rules.columns import Column, Kind

REPORTS, USES, PEOPLE = "reports", "uses", "people"
MOMENTS = frozenset(
    {"received_at", "tested_from", "tested_to", "issued_at", "started_at", "ended_at", "arrived_at", "left_at"}
)
"""Columns that hold a day, or a day with the time."""
MOMENT = t(
    "A day (2026-01-31), or a day with the time (2026-01-31 14:05).",
    "日期（2026-01-31）或日期加时间（2026-01-31 14:05）。",
)
YES_NO: Mapping[str, Text] = {"yes": t("yes", "是"), "no": t("no", "否")}


@dataclass(frozen=True, slots=True)
class LogKind:
    """One kind of log: its name, what a row of it is, its columns in order."""

    key: str
    name: Text
    row_is: Text
    columns: tuple[Column, ...]

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.columns]

    @property
    def required(self) -> list[str]:
        return [column.key for column in self.columns if column.required]

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


USCC = Column(
    "uscc",
    t("Unified social credit code", "统一社会信用代码"),
    Kind.CODE,
    required=True,
    example="91330106MA00000017",
    aliases=("机构统一社会信用代码",),
    explanation=t("Of the institution, as registered.", "机构的统一社会信用代码，与登记一致。"),
)
SAMPLE = Column("sample", t("Sample number", "样品编号"), example="S2026-00017")
RAW = Column(
    "raw_sha256",
    t("SHA-256 of the raw file", "原始文件 SHA-256"),
    Kind.CODE,
    width=30,
    explanation=t(
        "Of the instrument’s own data, 64 hexadecimal characters.", "仪器原始数据文件的 SHA-256，64 位十六进制。"
    ),
)
ANALYST = Column("analyst", t("Analyst", "检测人员"), explanation=t("The name as registered.", "与登记一致的姓名。"))
SITE = Column(
    "site", t("Place", "地点"), explanation=t("Where it was, if there are several.", "有多个场所时填写所在场所。")
)


def moment(key: str, header: Text, *, required: bool = False) -> Column:
    return Column(key, header, Kind.DATE, required=required, width=20, example="2026-01-31 14:05", explanation=MOMENT)


REPORT_LOG = LogKind(
    REPORTS,
    t("Report log", "报告台账"),
    t("one item of one report", "一份报告中的一个项目"),
    (
        USCC,
        Column("report", t("Report number", "报告编号"), required=True, example="R2026-00017"),
        SAMPLE,
        Column("parameter", t("Parameter", "检测项目"), required=True, example="总汞"),
        Column("matrix", t("Matrix", "检测对象"), required=True, example="饲料"),
        Column("method", t("Method", "检测方法"), required=True, example="GB 5009.17-2021"),
        moment("received_at", t("Sample received", "样品接收时间")),
        moment("tested_from", t("Test begun", "检测开始时间")),
        moment("tested_to", t("Test ended", "检测结束时间"), required=True),
        moment("issued_at", t("Issued", "签发时间"), required=True),
        Column("signatory", t("Signatory", "授权签字人"), required=True),
        ANALYST,
        Column("serial", t("Instrument’s serial number", "设备编号")),
        Column("mean", t("Mean", "平均值"), Kind.CODE, example="0.413", explanation=t("As reported.", "按报告填写。")),
        Column(
            "sd",
            t("Standard deviation", "标准偏差"),
            Kind.CODE,
            example="0.012",
            explanation=t("As reported.", "按报告填写。"),
        ),
        Column("readings", t("Number of readings", "读数个数"), Kind.CODE, example="2"),
        Column(
            "step",
            t("Step of a reading", "读数分度"),
            Kind.CODE,
            example="0.01",
            explanation=t("The smallest difference that a reading can show.", "单次读数的最小分度。"),
        ),
        RAW,
        Column(
            "marked",
            t("Bears the CMA mark", "加盖 CMA 标志"),
            Kind.CHOICE,
            choices=YES_NO,
            example="是",
            explanation=t(
                "Empty means yes; without it scope and certificate are not asked about.",
                "不填视为“是”；未加盖的不核对能力范围和证书。",
            ),
        ),
    ),
)
USE_LOG = LogKind(
    USES,
    t("Instrument-use log", "设备使用记录"),
    t("one run of one instrument", "一台设备的一次使用"),
    (
        USCC,
        Column("serial", t("Serial number", "设备编号"), required=True, example="LC-20A-0017"),
        moment("started_at", t("Begun", "开始时间"), required=True),
        moment("ended_at", t("Ended", "结束时间"), required=True),
        ANALYST,
        SAMPLE,
        Column("report", t("Report number", "报告编号"), example="R2026-00017"),
        SITE,
        RAW,
    ),
)
PEOPLE_LOG = LogKind(
    PEOPLE,
    t("Personnel log", "人员出勤记录"),
    t("one person’s presence on one day", "一名人员一天的出勤"),
    (
        USCC,
        Column(
            "name", t("Name", "姓名"), required=True, explanation=t("The name as registered.", "与登记一致的姓名。")
        ),
        moment("arrived_at", t("Arrived", "到岗时间"), required=True),
        moment("left_at", t("Left", "离岗时间"), required=True),
        SITE,
    ),
)
LOGS: Mapping[str, LogKind] = {kind.key: kind for kind in (REPORT_LOG, USE_LOG, PEOPLE_LOG)}
