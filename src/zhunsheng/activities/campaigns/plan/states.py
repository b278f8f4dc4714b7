"""Where a campaign stands, its stages, and the words of its verbs; pure."""

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.statechart import Machine, State, Transition

AUTHORITY = t("authority that runs it", "组织开展的部门")
TAKING_PART = t("everybody who takes part", "参加各方")
NOBODY = t("nobody", "无")

CAMPAIGN = Machine(
    subject=t("campaign", "整顿行动"),
    initial="draft",
    states={
        "draft": State(t("being planned", "方案拟订中"), AUTHORITY),
        "published": State(t("under way", "进行中"), TAKING_PART),
        "closed": State(t("closed", "已结束"), NOBODY),
        "withdrawn": State(t("withdrawn", "已撤回"), NOBODY),
    },
    transitions={
        "publish": Transition(t("publish the plan", "发布方案"), ("draft",), "published"),
        "close": Transition(t("close", "结束"), ("published",), "closed"),
        "withdraw": Transition(t("withdraw", "撤回"), ("draft",), "withdrawn"),
    },
)

SECTIONS: dict[str, Text] = {
    "background": t("Background", "活动背景"),
    "guiding_idea": t("Guiding idea", "指导思想"),
    "contents": t("Main contents", "主要内容"),
    "stages": t("Stages", "阶段安排"),
    "requirements": t("Requirements", "工作要求"),
}
"""The parts of a plan, in their order."""

STAGES: dict[str, Text] = {
    "deployment": t("Deployment", "动员部署"),
    "stocktaking": t("Stock-taking", "摸清底数"),
    "selfcheck": t("Self-check and self-correction", "自查自纠"),
    "analysis": t("Sorting and classifying problems", "梳理分类"),
    "inspection": t("Inspection of a random sample", "督查抽查"),
    "rectification": t("Rectification", "整改"),
    "acceptance": t("Assessment and acceptance", "考核验收"),
    "summary": t("Summary and bulletin", "总结通报"),
}
"""The stages of the template, in their order; a campaign may leave some out."""

ROLES: dict[str, Text] = {
    "quality_manager": t("Quality managers", "质量负责人"),
    "technical_manager": t("Technical managers", "技术负责人"),
    "institution_admin": t("Administrators of institutions", "机构管理员"),
    "regulator": t("Authorities", "监管部门"),
}
"""For whom a task is: the first three of every institution that takes part, the last of every authority in the area."""

VERBS: dict[str, Text] = {
    "plan_campaign": t("Campaign planned", "拟订整顿方案"),
    "change_plan": t("Plan changed", "修改整顿方案"),
    "publish_campaign": t("Plan published", "发布整顿方案"),
    "enrol_participants": t("Institutions enrolled", "登记参加机构"),
    "close_campaign": t("Campaign closed", "结束整顿行动"),
    "withdraw_campaign": t("Plan withdrawn", "撤回整顿方案"),
    "set_regional_days": t("Days of a region set", "设定地区时间"),
    "open_gate": t("Gate opened", "阶段放行"),
    "set_task": t("Task set", "布置任务"),
    "acknowledge_task": t("Task read or done", "任务签收或完成"),
    "sign_commitment": t("Commitment signed", "签署承诺书"),
    "record_meeting": t("Meeting recorded", "录入会议记录"),
}
