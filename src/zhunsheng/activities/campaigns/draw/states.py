"""Where a draw stands, and the words of its verbs; pure."""

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

REGULATOR = t("authority that draws", "组织抽取的部门")
PUBLIC = t("everybody, to check", "任何人（核验）")

DRAW = Machine(
    subject=t("draw", "抽取"),
    initial="committed",
    states={
        "committed": State(t("promised, waits for the beacon", "已承诺，待信标公布"), REGULATOR),
        "revealed": State(t("revealed, not yet published", "已得出结果，尚未公开"), REGULATOR),
        "published": State(t("published", "已公开"), PUBLIC),
        "redrawn": State(t("replaced by a new draw", "已重新抽取"), PUBLIC),
    },
    transitions={
        "reveal": Transition(t("reveal", "公开秘密值"), ("committed",), "revealed"),
        "publish": Transition(t("publish", "向社会公开"), ("revealed",), "published"),
        "redraw": Transition(t("draw again", "重新抽取"), ("committed", "revealed", "published"), "redrawn"),
    },
)

VERBS: dict[str, Text] = {
    "commit_draw": t("Draw promised", "作出抽取承诺"),
    "reveal_draw": t("Draw revealed", "得出抽取结果"),
    "publish_draw": t("Draw published", "公开抽取结果"),
    "redraw": t("Drawn again", "重新抽取"),
    "enter_competences": t("Officer’s competence entered", "录入检查人员专业领域"),
    "declare_interest": t("Interest declared", "申报利益关系"),
}
