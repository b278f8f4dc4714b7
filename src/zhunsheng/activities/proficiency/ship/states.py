"""Where a parcel is, and how items arrive; pure."""

from collections.abc import Mapping

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

PROVIDER, LABORATORY, NOBODY = t("provider", "提供者"), t("laboratory", "实验室"), t("nobody", "无")

PARCEL = Machine(
    subject=t("parcel of items", "样品包裹"),
    initial="packed",
    states={
        "packed": State(t("packed", "已包装"), PROVIDER),
        "sent": State(t("on its way", "运输中"), LABORATORY),
        "received": State(t("received", "已接收"), NOBODY),
        "lost": State(t("lost", "已丢失"), PROVIDER),
        "returned": State(t("came back", "已退回"), PROVIDER),
    },
    transitions={
        "send": Transition(t("hand to the carrier", "交寄"), ("packed", "returned"), "sent"),
        "receive": Transition(t("confirm the receipt", "确认接收"), ("sent", "lost"), "received"),
        "lose": Transition(t("report as lost", "报告丢失"), ("sent",), "lost"),
        "come_back": Transition(t("came back", "退回"), ("sent",), "returned"),
    },
)

CONDITIONS: Mapping[str, Text] = {
    "intact": t("in order", "完好"),
    "damaged": t("package or container damaged", "包装或容器破损"),
    "leaking": t("leaking", "泄漏"),
    "temperature": t("outside the temperature asked for", "温度超出要求"),
    "incomplete": t("an item is missing", "样品缺失"),
    "unsealed": t("seal broken", "封条破损"),
    "other": t("something else", "其他异常"),
}
"""How items arrive; exactly one is chosen, the remark says more."""
IN_ORDER = "intact"
