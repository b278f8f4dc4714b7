"""All questions that are asked of logs, with what an honest laboratory may answer to each."""

from collections.abc import Mapping, Sequence

from zhunsheng.activities.campaigns.screen.rules.rule import Rule
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.catalogue.fields import field_name

REPORT, SAMPLE, ITEM, MATRIX, METHOD = (
    t("Report", "报告"),
    t("Sample", "样品"),
    t("Parameter", "检测项目"),
    t("Matrix", "检测对象"),
    t("Method", "检测方法"),
)
ISSUED, RECEIVED, BEGUN, ENDED = t("Issued", "签发"), t("Received", "接收"), t("Begun", "开始"), t("Ended", "结束")
SERIAL, ANALYST, NAME, FIELD = (
    t("Serial number", "设备编号"),
    t("Analyst", "检测人员"),
    t("Name", "姓名"),
    t("Field", "领域"),
)
DAY, SITE, OTHER = t("Day", "日期"), t("Place", "地点"), t("Other place", "另一处")
SIGNED, ARRIVED, LEFT = t("Signatory", "签字人"), t("Arrived", "到岗"), t("Left", "离岗")
MEAN, SD, READINGS, STEP = (
    t("Mean", "平均值"),
    t("Standard deviation", "标准偏差"),
    t("Readings", "读数个数"),
    t("Step", "分度"),
)
LATE_ENTRY = t(
    "The register is behind: the change was made in time and not entered.", "登记滞后：变更已按时办理，但尚未录入。"
)
SLIP = t("A slip of the pen in the log; the original record shows the right time.", "台账填写笔误，原始记录时间正确。")
NAMESAKE = t("The name in the log is written differently from the register.", "台账中的姓名写法与登记不一致。")
HIDDEN = t("known to the authority", "主管部门掌握")

RULES: tuple[Rule, ...] = (
    Rule(
        "out_of_scope",
        "F10",
        t("Out of scope on the day of issue", "签发当日超出能力范围"),
        t(
            "Items with the mark that no active scope line covers on the day of issue.",
            "加盖标志、但签发当日没有有效能力项覆盖的项目。",
        ),
        t("{0} in {1} by {2}", "{1}中{0}（{2}）"),
        (REPORT, ISSUED, ITEM, MATRIX, METHOD),
        (
            LATE_ENTRY,
            t("The item was subcontracted, which the log does not say.", "该项目系分包，台账未注明。"),
            t(
                "The scope names the former edition, whose method is the same.",
                "能力范围写的是旧版标准，方法内容相同。",
            ),
        ),
        "standing.out_of_scope",
    ),
    Rule(
        "uncalibrated",
        "F07",
        t("Uncalibrated on the day of use", "使用当日未检定、校准"),
        t("Runs on a day that no calibration of the instrument covers.", "使用当日没有有效检定、校准的使用记录。"),
        t("instrument {0}", "设备 {0}"),
        (SERIAL, BEGUN, SAMPLE, REPORT, ANALYST),
        (
            LATE_ENTRY,
            t("A run for maintenance or training, of which no result was reported.", "维护或培训用机，未出具结果。"),
        ),
        "standing.uncalibrated",
    ),
    Rule(
        "withdrawn_standard",
        "F11",
        t("Withdrawn standard on the day of test", "检测当日标准已废止"),
        t(
            "Items tested by a standard that was superseded or withdrawn on that day. An expert compares the methods.",
            "检测当日所用标准已被代替或废止；方法是否变化由专家比对。",
        ),
        t("{0}, replaced by {1}", "{0}，由 {1} 代替"),
        (REPORT, ENDED, METHOD, t("Successor", "代替标准"), t("Since", "自")),
        (
            t("The successor’s method is identical; no result is touched.", "新版标准方法内容相同，结果不受影响。"),
            t("The client or a law asks for the former edition.", "委托方或法规要求按旧版检测。"),
        ),
        "standing.withdrawn_standard",
        to_expert=True,
    ),
    Rule(
        "wrong_signatory",
        "F13",
        t("Signatory not authorised for the field", "签字人无该领域授权"),
        t(
            "Reports signed by somebody who was not authorised for the field on the day of issue.",
            "签发当日签字人没有该领域授权的报告。",
        ),
        t("{0} for {1}", "{0}（{1}）"),
        (REPORT, ISSUED, SIGNED, FIELD),
        (LATE_ENTRY, NAMESAKE),
        "standing.wrong_signatory",
    ),
    Rule(
        "expired_certificate",
        "F14",
        t("Certificate not valid on the day of issue", "签发当日证书无效"),
        t(
            "Reports with the mark issued on a day that no certificate covers.",
            "签发当日没有有效证书、却加盖标志的报告。",
        ),
        t("{0} certificate", "{0} 证书"),
        (REPORT, ISSUED),
        (
            LATE_ENTRY,
            t("The approval was extended by a notice that the register does not hold.", "证书经公告延期，登记中没有。"),
        ),
        "standing.expired_certificate",
    ),
    Rule(
        "issued_before_end",
        "F05",
        t("Issued before the test had ended", "签发早于检测结束"),
        t("Items whose test ended after their report was issued.", "检测结束时间晚于报告签发时间的项目。"),
        t("times of issue", "签发时间"),
        (REPORT, ITEM, ISSUED, ENDED),
        (
            SLIP,
            t(
                "The report was amended; the log shows the first day of issue with the later test.",
                "报告经修改，台账中为首次签发日期。",
            ),
        ),
        "times.issued_before_end",
    ),
    Rule(
        "tested_before_receipt",
        "F05",
        t("Tested before the sample was received", "检测早于样品接收"),
        t("Items whose test began before their sample was received.", "检测开始时间早于样品接收时间的项目。"),
        t("times of receipt", "接收时间"),
        (REPORT, SAMPLE, RECEIVED, BEGUN, ENDED),
        (SLIP, t("Tested in the field, the sample was registered afterwards.", "现场检测，样品事后登记。")),
        "times.tested_before_receipt",
    ),
    Rule(
        "no_raw_record",
        "F01",
        t("No run and no raw file for a report", "报告无使用记录和原始文件"),
        t(
            "Items by an instrumental method without a run for report or sample, on days that the use log covers.",
            "在设备使用记录覆盖的日期内，仪器方法项目没有对应的使用记录。",
        ),
        t("{0}", "{0}"),
        (REPORT, SAMPLE, ITEM, METHOD, ENDED),
        (
            t(
                "The instrument’s log is kept elsewhere, on paper or by another system.",
                "使用记录另存于纸质或其他系统。",
            ),
            t("The run is logged under another sample number.", "使用记录登记在另一样品编号下。"),
            t("The item was subcontracted, which the log does not say.", "该项目系分包，台账未注明。"),
        ),
        "traces.no_raw_record",
    ),
    Rule(
        "suspended_item",
        "F20",
        t("Reported while suspended", "暂停期间出具报告"),
        t(
            "Items reported after a failed round and before the authority confirmed that it was mended.",
            "能力验证不合格后、主管部门确认前出具的项目。",
        ),
        t("{0} in {1}, round {2}", "{1}中{0}，轮次 {2}"),
        (REPORT, ISSUED, ITEM, MATRIX, t("Suspended since", "暂停起始")),
        (t("The report says that the item is outside the approval.", "报告注明该项目不在资质认定范围内。"), LATE_ENTRY),
        "standing.suspended_item",
    ),
    Rule(
        "shared_serial",
        "F17",
        t("One serial number in two institutions", "同一设备编号在两家机构"),
        t(
            "Instruments in use whose serial number another institution also has in use.",
            "在用设备的编号同时为另一机构在用。",
        ),
        t("instrument {0}", "设备 {0}"),
        (SERIAL, OTHER),
        (
            t(
                "The instrument was sold or moved and not yet taken out of the register.",
                "设备已转让或移交，登记尚未注销。",
            ),
            t("Two makers use the same short number.", "不同厂家使用相同的短编号。"),
        ),
        "times.shared_serial",
        hidden=frozenset({1}),
    ),
    Rule(
        "two_institutions",
        "F16",
        t("One person at work in two institutions on one day", "同一人员同日在两家机构工作"),
        t(
            "Days on which a person, known by identity, appears in the logs of two institutions.",
            "同一身份的人员同日出现在两家机构的记录中。",
        ),
        t("{0}", "{0}"),
        (NAME, DAY, OTHER),
        (
            t("The day of changing from one employer to the other.", "当日为离职、入职交接日。"),
            t("A task that the law allows, like a review or a training.", "依法允许的评审、培训等工作。"),
        ),
        "times.two_institutions",
        hidden=frozenset({2}),
    ),
    Rule(
        "two_posts",
        "F16",
        t("Posts in two institutions on one day", "同日在两家机构任职"),
        t(
            "People who hold posts in two institutions on the same days, as the registers say.",
            "登记显示同日在两家机构任职的人员。",
        ),
        t("{0}", "{0}"),
        (NAME, OTHER, t("From", "自"), t("Until", "至")),
        (t("The former employer has not ended the post in the register.", "原单位尚未在登记中办理离职。"),),
        "times.two_posts",
        hidden=frozenset({1}),
    ),
    Rule(
        "analyst_at_two_places",
        "F01",
        t("One person at two places at one time", "同一人员同时在两处"),
        t("Attendances of one person that overlap at two places.", "同一人员在两处的出勤时间重叠。"),
        t("{0}", "{0}"),
        (NAME, ARRIVED, LEFT, SITE, OTHER),
        (SLIP, NAMESAKE, t("A terminal’s clock was wrong.", "考勤终端时钟有误。")),
        "times.analyst_at_two_places",
        hidden=frozenset({4}),
    ),
    Rule(
        "instrument_at_two_places",
        "F02",
        t("One instrument at two places at one time", "同一设备同时在两处"),
        t("Runs of one instrument that overlap at two places.", "同一设备在两处的使用时间重叠。"),
        t("instrument {0}", "设备 {0}"),
        (SERIAL, BEGUN, ENDED, SITE, OTHER),
        (SLIP, t("Two instruments are logged under one number.", "两台设备登记在同一编号下。")),
        "times.instrument_at_two_places",
    ),
    Rule(
        "recycled_file",
        "F02",
        t("One raw file for tests of other days or laboratories", "同一原始文件用于不同日期或机构"),
        t(
            "Items of different samples that name one raw file, days apart or in different laboratories.",
            "不同样品、相隔数日或不同机构的项目使用同一原始文件。",
        ),
        t("file {0}…", "文件 {0}…"),
        (REPORT, SAMPLE, ITEM, ENDED, t("File", "文件")),
        (
            t("A template or a method file was named instead of the data.", "误填了模板或方法文件。"),
            t("A retest is reported with its first data.", "复检报告引用了首次数据。"),
        ),
        "traces.recycled_file",
    ),
    Rule(
        "impossible_mean",
        "F02",
        t("A mean that cannot be", "不可能的平均值"),
        t(
            "Means that no readings of the stated number and step can give.",
            "以所填读数个数和分度，任何读数都得不出的平均值。",
        ),
        t("{0}", "{0}"),
        (REPORT, ITEM, MEAN, READINGS, STEP),
        (
            t("Number of readings or step is not what was stated.", "读数个数或分度与所填不符。"),
            t("A reading was left out or weighted.", "剔除了读数或使用了加权。"),
            t("Computed from unrounded readings.", "由未修约的读数计算。"),
        ),
        "figures.impossible_mean",
    ),
    Rule(
        "impossible_sd",
        "F02",
        t("A standard deviation that cannot be", "不可能的标准偏差"),
        t(
            "Standard deviations that no two readings of the stated step can give.",
            "以所填分度，任何两次读数都得不出的标准偏差。",
        ),
        t("{0}", "{0}"),
        (REPORT, ITEM, MEAN, SD, STEP),
        (
            t(
                "The divisor was n instead of n − 1, or the figure is a range.",
                "计算时除以 n 而非 n − 1，或所填为极差。",
            ),
            t("Computed from unrounded readings.", "由未修约的读数计算。"),
        ),
        "figures.impossible_sd",
    ),
    Rule(
        "load_bound",
        "F01",
        t("More samples than minutes", "样品数超过工作分钟数"),
        t(
            "Days on which an analyst finished more samples than there were minutes.",
            "检测人员当日完成样品数超过工作分钟数。",
        ),
        t("{0}", "{0}"),
        (ANALYST, DAY, t("Samples", "样品数"), t("Minutes", "分钟数")),
        (
            t("The name stands for a team.", "所填姓名代表一个班组。"),
            t("An automatic line; the analyst only released its results.", "自动化流水线，该人员仅审核结果。"),
        ),
        "figures.load_bound",
    ),
    Rule(
        "load_peers",
        "F01",
        t("Far more samples than peers", "样品数远高于同事"),
        t(
            "Analysts with far more samples a day than those of the same laboratory and field.",
            "日均样品数远高于同机构同领域人员的检测人员。",
        ),
        t("{0}, {1}", "{0}（{1}）"),
        (ANALYST, FIELD, t("Samples", "样品数"), t("A day", "日均"), t("Median of peers", "同事中位数")),
        (
            t("The name stands for a team.", "所填姓名代表一个班组。"),
            t("This analyst does the quick items, the peers the slow ones.", "该人员做快速项目，同事做慢速项目。"),
        ),
        "figures.load_peers",
        exact=False,
    ),
)
BY_KEY: Mapping[str, Rule] = {rule.key: rule for rule in RULES}


def about(rule: Rule, parts: list[str]) -> Text:
    """What a suspicion is about, in words; the code of a field by its name."""
    said = [field_name(part) if FIELD in rule.columns else Text(part, part) for part in parts]
    en, zh = rule.about.en.format(*(one.en for one in said)), rule.about.zh.format(*(one.zh for one in said))
    return Text(en=en, zh=zh)


def shown(rule: Rule, values: Sequence[str], *, to_laboratory: bool) -> list[Text]:
    """What a row shows, value by value; what names another institution is not for the laboratory that is asked."""
    return [
        HIDDEN
        if to_laboratory and at in rule.hidden
        else field_name(value)
        if rule.columns[at] is FIELD
        else Text(value, value)
        for at, value in enumerate(values)
    ]
