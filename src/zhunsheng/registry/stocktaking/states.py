"""Where a stock-taking and the return of one institution stand; pure."""

from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.statechart import Machine, State, Transition

AUTHORITY = t("authority", "监管部门")
INSTITUTION = t("institution", "机构")
NOBODY = t("nobody", "无")

STOCKTAKING = Machine(
    subject=t("stock-taking", "摸底"),
    initial="open",
    states={
        "open": State(t("open", "进行中"), INSTITUTION),
        "closed": State(t("closed", "已结束"), NOBODY),
    },
    transitions={"close": Transition(t("close", "结束"), ("open",), "closed")},
)

RETURN = Machine(
    subject=t("return", "填报"),
    initial="waiting",
    states={
        "waiting": State(t("waiting for the institution", "待机构确认"), INSTITUTION),
        "confirmed": State(t("confirmed, waiting for the authority", "已确认，待审核"), AUTHORITY),
        "returned": State(t("returned to the institution", "已退回"), INSTITUTION),
        "accepted": State(t("accepted", "已通过"), NOBODY),
    },
    transitions={
        "confirm": Transition(t("confirm", "确认"), ("waiting", "returned"), "confirmed"),
        "accept": Transition(t("accept", "通过"), ("confirmed",), "accepted"),
        "return": Transition(t("return", "退回"), ("confirmed", "accepted"), "returned"),
    },
)
