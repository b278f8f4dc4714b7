"""Where a visit, a finding and a decision stand, and the words of this room; pure."""

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

REGULATOR = t("regulator of the authority", "监管部门负责人员")
OFFICERS = t("officers on the task", "检查人员")
SIGNERS = t("officers and institution", "检查人员和被检查机构")
INSTITUTION = t("institution", "被检查机构")
NOBODY = t("nobody", "无")

INSPECTION = Machine(
    subject=t("inspection", "检查任务"),
    initial="sent",
    states={
        "sent": State(t("task letter issued", "已下达任务书"), OFFICERS),
        "open": State(t("on site", "现场检查中"), OFFICERS),
        "signing": State(t("record closed, to be signed", "记录已定稿，待签字"), SIGNERS),
        "signed": State(t("record signed", "记录已签字"), REGULATOR),
        "cancelled": State(t("cancelled", "已取消"), NOBODY),
    },
    transitions={
        "begin": Transition(t("begin on site", "开始现场检查"), ("sent",), "open"),
        "close": Transition(t("close the record", "记录定稿"), ("open",), "signing"),
        "complete": Transition(t("complete the signatures", "签字完成"), ("signing",), "signed"),
        "cancel": Transition(t("cancel", "取消任务"), ("sent", "open"), "cancelled"),
    },
)

ON_TASK = ("sent", "open", "signing")
"""From the letter to the signatures: officers see the institution, until the last day of the task."""

FINDING = Machine(
    subject=t("finding", "问题"),
    initial="recorded",
    states={
        "recorded": State(t("recorded, not yet decided", "已记录，待处理"), REGULATOR),
        "withdrawn": State(t("withdrawn on site", "现场撤回"), NOBODY),
        "decided": State(t("decided", "已处理"), INSTITUTION),
    },
    transitions={
        "withdraw": Transition(t("withdraw", "撤回"), ("recorded",), "withdrawn"),
        "decide": Transition(t("decide", "作出处理"), ("recorded",), "decided"),
        "take_back": Transition(t("take back the decision", "撤销处理"), ("decided",), "recorded"),
    },
)

DISPOSITION = Machine(
    subject=t("decision", "处理决定"),
    initial="issued",
    states={
        "issued": State(t("issued", "已送达"), INSTITUTION),
        "appealed": State(t("appealed against", "已提出申诉"), REGULATOR),
        "upheld": State(t("upheld", "维持"), INSTITUTION),
        "revoked": State(t("revoked", "撤销"), NOBODY),
    },
    transitions={
        "appeal": Transition(t("appeal", "申诉"), ("issued",), "appealed"),
        "uphold": Transition(t("uphold", "维持决定"), ("appealed",), "upheld"),
        "revoke": Transition(t("revoke", "撤销决定"), ("appealed",), "revoked"),
    },
)

GRADES: Mapping[str, Text] = {
    "major": t("Major nonconformity", "严重不符合"),
    "minor": t("Minor nonconformity", "一般不符合"),
    "observation": t("Observation", "观察项"),
    "improvement": t("Room for improvement", "改进建议"),
    "good_practice": t("Good practice", "良好做法"),
}
"""How grave a finding is in the eyes of the officers; a good practice is kept beside the rest and never decided about."""

OUTCOMES: Mapping[str, Text] = {
    "in_order": t("in order", "未发现问题"),
    "finding": t("finding recorded", "发现问题"),
    "not_applicable": t("does not apply", "不适用"),
    "not_seen": t("could not be seen", "未能查看"),
}
"""What an officer says of one point of the checklist."""

EXHIBITS: Mapping[str, Text] = {
    "photo": t("Photograph", "照片"),
    "file": t("File", "文件"),
    "interview": t("Interview note", "询问笔录"),
}

MANNERS: Mapping[str, Text] = {
    "account": t("signed in the own account", "本人账号签字"),
    "paper": t("signed on paper", "纸质签字"),
    "refused": t("refused to sign", "拒绝签字"),
}

KINDS: Mapping[str, Text] = {
    "self_correct": t("Correct it yourselves", "自行整改"),
    "order": t("Order to correct by a date", "责令限期改正"),
    "interview": t("Interview", "约谈"),
    "case": t("Handed over to open a case", "移交立案"),
    "transfer": t("Handed over to another authority", "移送其他部门"),
}
"""What is decided about findings, in the order of rising weight."""

VERBS: dict[str, Text] = {
    "plan_inspections": t("Task letters issued", "下达检查任务书"),
    "extend_inspection": t("Task extended", "延长检查期限"),
    "replace_officer": t("Officer replaced", "更换检查人员"),
    "declare_recusal": t("Recusal asked on the day", "现场确认回避情况"),
    "cancel_inspection": t("Inspection cancelled", "取消检查任务"),
    "sync_package": t("Records of officers taken in", "接收现场记录"),
    "keep_exhibit": t("Evidence taken in", "接收现场证据"),
    "record_finding": t("Finding recorded", "记录检查发现的问题"),
    "withdraw_finding": t("Finding withdrawn", "撤回问题"),
    "close_record": t("Record of the inspection closed", "检查记录定稿"),
    "sign_record": t("Record of the inspection signed", "签署检查记录"),
    "dispose": t("Decision about findings", "作出处理决定"),
    "appeal_disposition": t("Appeal against a decision", "对处理决定提出申诉"),
    "answer_appeal": t("Appeal answered", "答复申诉"),
}
