"""Where the results of one laboratory stand, and the words of the verbs; pure."""

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

LABORATORY = t("laboratory", "实验室")
SECOND_PERSON = t("second person of the laboratory", "实验室审核人")
COORDINATOR = t("coordinator", "协调员")

SUBMISSION = Machine(
    subject=t("submission of results", "结果上报"),
    initial="draft",
    states={
        "draft": State(t("draft", "填报中"), LABORATORY),
        "submitted": State(t("submitted, to be approved", "已提交，待审核"), SECOND_PERSON),
        "approved": State(t("approved", "已审核"), COORDINATOR),
    },
    transitions={
        "submit": Transition(t("submit", "提交"), ("draft",), "submitted"),
        "approve": Transition(t("approve", "审核通过"), ("submitted",), "approved"),
        "return": Transition(t("give back", "退回"), ("submitted",), "draft"),
        "withdraw": Transition(t("withdraw", "撤回"), ("submitted", "approved"), "draft"),
        "reopen": Transition(t("reopen", "重新开放"), ("draft", "submitted", "approved"), "draft"),
    },
)

VERBS: dict[str, Text] = {
    "submit_results": t("Results submitted", "提交结果"),
    "approve_results": t("Results approved", "审核通过结果"),
    "return_results": t("Results given back", "退回结果"),
    "withdraw_results": t("Results withdrawn", "撤回结果"),
    "reopen_results": t("Results reopened", "重新开放上报"),
    "close_collection": t("Collection closed", "结束收集结果"),
}
