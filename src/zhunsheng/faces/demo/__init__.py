"""The demonstration: published rounds with laboratories made up around them, so that a newcomer can look at everything.

All results are published data (`published_rounds.json` names the sources). Institutions, certificates and posts are made up
and say so in their names. Every step goes through the verbs that users' steps go through.
"""

from zhunsheng.foundation.bilingual import Text, t

SIGN_INS: list[tuple[str, Text]] = [
    ("coordinator", t("coordinates the proficiency tests", "能力验证协调员")),
    ("regulator", t("asks which laboratory may do what", "监管人员")),
    ("province", t("keeps the registers of a province and takes stock there", "省级监管人员（维护登记、开展摸底）")),
    (
        "laboratory",
        t("quality manager of laboratory L08, which may be the subcontractor", "L08 实验室质量负责人（可承担分包）"),
    ),
    (
        "laboratory-technical",
        t("technical manager of L08, keeps its register entry", "L08 实验室技术负责人（维护登记信息）"),
    ),
    (
        "laboratory-no",
        t("quality manager of laboratory L04, with an action signal", "L04 实验室质量负责人（结果不满意）"),
    ),
    ("laboratory-unknown", t("quality manager of a laboratory without results", "未参加能力验证的实验室质量负责人")),
    (
        "laboratory-admin",
        t("administrator of L08, invites its users and gives posts", "L08 实验室机构管理员（邀请用户、设置任职）"),
    ),
    ("client", t("client of laboratory L08", "L08 实验室委托方")),
    ("administrator", t("runs the system and sees no identities", "系统管理员（看不到身份信息）")),
]
