"""Where a bulletin stands, the parts that people write into it, and the words of this room; pure."""

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

AUTHORITY = t("authority that runs the campaign", "组织开展的部门")
NOBODY = t("nobody", "无")

BULLETIN = Machine(
    subject=t("bulletin", "通报"),
    initial="draft",
    states={
        "draft": State(t("being written", "起草中"), AUTHORITY),
        "released": State(t("released", "已发布"), NOBODY),
        "replaced": State(t("replaced by a corrigendum", "已被更正通报替代"), NOBODY),
        "withdrawn": State(t("draft put away", "草稿已撤回"), NOBODY),
    },
    transitions={
        "release": Transition(t("release", "发布"), ("draft",), "released"),
        "replace": Transition(t("replace", "替代"), ("released",), "replaced"),
        "withdraw": Transition(t("put the draft away", "撤回草稿"), ("draft",), "withdrawn"),
    },
)

CASE, PRACTICE, FOREWORD = "case", "practice", "foreword"
KINDS: Mapping[str, Text] = {
    FOREWORD: t("Foreword", "通报说明"),
    CASE: t("Typical case, anonymised", "典型案例（匿名）"),
    PRACTICE: t("Good practice", "典型经验"),
}
"""What people write; everything else in a bulletin is counted."""

MARKS: Mapping[str, Text] = {
    "name": t("the name of an institution", "机构名称"),
    "short_name": t("the short name of an institution", "机构简称"),
    "uscc": t("a unified social credit code", "统一社会信用代码"),
    "certificate": t("the number of a certificate", "资质证书编号"),
    "address": t("an address", "地址"),
    "person": t("the name of a person", "人员姓名"),
    "region": t(
        "a place with so few institutions of the kind that it names one", "同类机构过少、足以推知具体机构的地区"
    ),
}
"""By what a text gives somebody away."""

VERBS: dict[str, Text] = {
    "draft_bulletin": t("Bulletin begun", "起草通报"),
    "compute_figures": t("Figures of a bulletin frozen", "固定通报数据"),
    "keep_passage": t("Text of a bulletin written", "编写通报内容"),
    "record_consent": t("Consent to be named recorded", "登记具名同意"),
    "release_bulletin": t("Bulletin released", "发布通报"),
    "withdraw_bulletin": t("Draft of a bulletin put away", "撤回通报草稿"),
}
