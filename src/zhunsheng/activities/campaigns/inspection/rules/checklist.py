"""What to look at for each class of findings: where, what to take as proof, what trips officers up."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhunsheng.foundation.bilingual import Text, t


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the checklist."""

    code: str
    look: Text
    proof: Text


def _point(code: str, look: Text, proof: Text) -> Point:
    return Point(code, look, proof)


POINTS: tuple[Point, ...] = (
    _point(
        "F01",
        t(
            "Take five issued reports; follow each back to sample receipt, raw record and instrument log.",
            "随机抽 5 份已签发报告，逐份追溯至样品接收、原始记录和仪器使用日志。",
        ),
        t(
            "Copies of the reports; the empty place where the record should be, photographed.",
            "报告复印件；记录缺失处的照片。",
        ),
    ),
    _point(
        "F02",
        t(
            "Open the raw files on the instrument's own computer; compare file times, hashes and audit trail.",
            "在仪器工作站上查看原始数据文件，比对文件时间、哈希值和审计追踪。",
        ),
        t("Export of the audit trail; both files where one was copied.", "审计追踪导出件；复制文件的双方原件。"),
    ),
    _point(
        "F03",
        t(
            "Compare the items reported with those the standard and the order require.",
            "将报告项目与标准、委托要求的项目逐一比对。",
        ),
        t("Standard's list of items, order, report.", "标准项目清单、委托单、报告。"),
    ),
    _point(
        "F04",
        t(
            "Compare photograph and description at sampling with those at receipt; see what is left of the sample.",
            "比对抽样时与接收时的照片和描述，查看留样。",
        ),
        t("Both photographs; the retained sample with its label.", "抽样与接收照片；留样及标签。"),
    ),
    _point(
        "F05",
        t(
            "Compare times of signing with the end of testing; ask the signatory which reports are theirs.",
            "比对签发时间与检测结束时间；请签字人当面确认所签报告。",
        ),
        t("Log of signatures; note of the interview.", "签发日志；询问笔录。"),
    ),
    _point(
        "F06",
        t(
            "Look at the store: temperature record, labels, holding times, hand-over sheets.",
            "查看样品室：温度记录、标签、保存期限和流转单。",
        ),
        t("Temperature record of the days concerned; custody sheets.", "相关日期的温度记录；流转单。"),
    ),
    _point(
        "F07",
        t(
            "Read serial numbers off the instruments in use; compare certificates with the days of use.",
            "抄录在用设备编号，比对检定、校准证书与使用日期。",
        ),
        t("Plate, certificate, page of the log for the day of use.", "设备铭牌、证书、当日使用记录。"),
    ),
    _point(
        "F08",
        t(
            "Watch one test being made; follow the method's text step by step.",
            "现场观察一次检测，对照方法文本逐步核查。",
        ),
        t("The clause, and what was done instead.", "方法条款及实际操作的记录。"),
    ),
    _point(
        "F09",
        t("Ask for curves and electronic data of a test of last year.", "调取上一年度某项检测的曲线和电子数据。"),
        t(
            "The place where they should be; the rule of the house for keeping them.",
            "应存放位置的截图；本机构的保存规定。",
        ),
    ),
    _point(
        "F10",
        t(
            "Compare rows of reports with the scope valid on the day of issue, not today's.",
            "将报告项目与签发当日有效的能力范围比对，不得以现行附表代替。",
        ),
        t("Report and the page of the scope of that day.", "报告及签发当日的能力附表页。"),
    ),
    _point(
        "F11",
        t(
            "Look whether the standard was withdrawn on the day of testing, and whether the method itself changed.",
            "核查检测当日标准是否已废止，并核查方法实质是否变化。",
        ),
        t(
            "State of the standard on the day; comparison of both editions by an expert.",
            "当日标准状态；专家对新旧版本的比对意见。",
        ),
    ),
    _point(
        "F12",
        t(
            "Find subcontracted items; ask for the client's consent before the day of testing.",
            "查找分包项目，调取检测前的委托人同意材料。",
        ),
        t(
            "Consent with its date, subcontractor's scope, wording of the report.",
            "带日期的同意书、承接机构能力、报告用语。",
        ),
    ),
    _point(
        "F13",
        t(
            "Compare the field of each report with the signatory's authorisation of that day.",
            "将报告领域与签字人当日授权领域比对。",
        ),
        t("Authorisation and report.", "授权文件和报告。"),
    ),
    _point(
        "F14",
        t(
            "Look for reports issued after expiry, and for the mark on other people's paper.",
            "查找证书到期后签发的报告，核查标志是否被他人使用。",
        ),
        t("Certificate, report, contract of whoever used the mark.", "证书、报告、标志使用方的合同。"),
    ),
    _point(
        "F15",
        t("Compare people, premises and methods with what was filed.", "将人员、场所、方法与备案情况比对。"),
        t("Photograph of the premises; the filing.", "场所照片；备案材料。"),
    ),
    _point(
        "F16",
        t(
            "Ask key staff who else pays them; look at social insurance.",
            "询问关键人员是否在其他机构任职，查看社保缴纳记录。",
        ),
        t("Contract, record of insurance, note of the interview.", "劳动合同、社保记录、询问笔录。"),
    ),
    _point(
        "F17",
        t(
            "Look for the instruments that another institution lists too; touch them.",
            "现场核对被其他机构同时登记的设备实物。",
        ),
        t("Plate, papers of ownership or lease.", "铭牌、所有权或租赁证明。"),
    ),
    _point(
        "F18",
        t("Walk through all rooms; see whether key posts are filled.", "查看全部场所，核实关键岗位是否在岗。"),
        t("Plan of the rooms, photographs, list of people present.", "平面图、照片、在岗人员名单。"),
    ),
    _point(
        "F19",
        t(
            "Ask for raw data of the last proficiency test; compare with those of neighbours where the numbers are the same.",
            "调取最近一次能力验证原始数据；与相同结果的机构比对。",
        ),
        t("Raw data, correspondence, registration.", "原始数据、往来文件、报名记录。"),
    ),
    _point(
        "F20",
        t(
            "Look for reports on the failed item between the failure and the confirmation.",
            "查找不合格之日至确认之日期间涉及该项目的报告。",
        ),
        t("List of reports of the period.", "该期间报告清单。"),
    ),
    _point(
        "F21",
        t("See whether declaration and annual report were made in time.", "核查自我声明和年度报告是否按期完成。"),
        t("Print of the page where it should stand.", "应公示页面的截图。"),
    ),
    _point(
        "F22",
        t(
            "Read ten reports: mark, number, wording, statement about subcontracting and leased equipment.",
            "查阅 10 份报告：标志、编号、用语、分包和租赁设备声明。",
        ),
        t("Copies of the pages.", "相关页复印件。"),
    ),
    _point(
        "F23",
        t(
            "Choose one complaint or nonconformity; follow it through cause, action, check and management review.",
            "选取一项投诉或不符合，追踪原因分析、纠正措施、验证和管理评审。",
        ),
        t("Records of audit, review and training with their dates.", "内审、管理评审、培训记录及日期。"),
    ),
)
BY_CODE: Mapping[str, Point] = {one.code: one for one in POINTS}
