"""The words for posts: what each is called, where it is held, what it may see, what it never does."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.institutions.states import Level


class Post(StrEnum):
    """What someone does in an institution; it decides what the platform lets a user do."""

    INSTITUTION_ADMIN = "institution_admin"
    COORDINATOR = "coordinator"
    STATISTICIAN = "statistician"
    REGULATOR = "regulator"
    INSPECTOR = "inspector"
    INTEGRITY_OFFICER = "integrity_officer"
    QUALITY_MANAGER = "quality_manager"
    TECHNICAL_MANAGER = "technical_manager"
    SIGNATORY = "signatory"
    ANALYST = "analyst"
    SAMPLER = "sampler"
    PARTICIPANT_CONTACT = "participant_contact"
    PILOT = "pilot"
    JUDGE = "judge"
    CONTESTANT = "contestant"
    MENTOR = "mentor"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Role:
    """What a post is called, in what kinds of institution it is held, what it may see and what it never does."""

    name: Text
    held_in: frozenset[str]
    may: Text
    never: Text


LABORATORY, PROVIDER, AUTHORITY = frozenset({"laboratory"}), frozenset({"provider"}), frozenset({"authority"})
ANYWHERE = LABORATORY | PROVIDER | AUTHORITY

ROLES: Mapping[Post, Role] = {
    Post.INSTITUTION_ADMIN: Role(
        t("Institution administrator", "机构管理员"), ANYWHERE,
        t("Keeps the register entries and the users of the own institution.", "维护本机构的登记信息和用户。"),
        t(
            "Gives himself a post, or sees what other institutions have not published.",
            "不得给自己任职，不得查看其他机构未公开的信息。",
        ),
    ),
    Post.COORDINATOR: Role(
        t("Proficiency-testing coordinator", "能力验证协调员"), PROVIDER,
        t("Sees which participant bears which code in the rounds of the own provider.", "可查看本提供者各轮次参加者与代码的对应关系。"),
        t(
            "Tells the assigned value before the round closes, or takes part in the own scheme.",
            "不得在轮次结束前泄露指定值，不得参加本方能力验证计划。",
        ),
    ),
    Post.STATISTICIAN: Role(
        t("Proficiency-testing statistician", "能力验证统计人员"), PROVIDER,
        t("Evaluates results under codes.", "仅凭代码评定结果。"),
        t("Sees who is behind a code.", "不得查看代码对应的参加者。"),
    ),
    Post.REGULATOR: Role(
        t("Regulator", "监管人员"), AUTHORITY,
        t(
            "Sees the registers as far as the authority’s area reaches, and the results of rounds that it commissioned and announced.",
            "可查看本部门管辖区域内的登记信息，以及本部门委托且已事先告知的轮次结果。",
        ),
        t(
            "Sees identities in other rounds, or open cases of other areas.",
            "不得查看其他轮次的参加者身份，不得查看其他区域未办结的案件。",
        ),
    ),
    Post.INSPECTOR: Role(
        t("Inspector or technical expert", "检查员或技术专家"), AUTHORITY,
        t("Sees the institution of a task for as long as the task lasts.", "任务期间可查看被检查机构的信息。"),
        t(
            "Inspects an institution that he mentors, came from or has advised.",
            "不得检查自己帮扶、曾任职或提供过咨询的机构。",
        ),
    ),
    Post.INTEGRITY_OFFICER: Role(
        t("Discipline and integrity officer", "纪检监察人员"), AUTHORITY,
        t("Reads the trail of acts, declarations of interest and recusals.", "可查阅操作记录、利益申报和回避记录。"),
        t(
            "Changes anything, or learns who sent a tip outside the procedure for it.",
            "不得修改任何内容，非经规定程序不得获知举报人身份。",
        ),
    ),
    Post.QUALITY_MANAGER: Role(
        t("Quality manager", "质量负责人"), LABORATORY,
        t("Sees the quality records and the results of the own laboratory.", "可查看本实验室的质量记录和能力验证结果。"),
        t("Approves his own corrective action alone.", "不得独自批准自己提出的纠正措施。"),
    ),
    Post.TECHNICAL_MANAGER: Role(
        t("Technical manager", "技术负责人"), LABORATORY,
        t("Sees methods, equipment, scope and capability of the own laboratory.", "可查看本实验室的方法、设备、能力范围和能力证据。"),
        t("Sees the regulator’s risk class in detail before it is published.", "不得在公布前查看监管部门的风险评分明细。"),
    ),
    Post.SIGNATORY: Role(
        t("Authorised signatory", "授权签字人"), LABORATORY,
        t("Sees the drafts of the own field and signs them.", "可查看并签发本人授权领域内的报告草稿。"),
        t(
            "Signs outside the own field or dates, or for an item that is suspended.",
            "不得超授权领域、超授权期限签字，不得签发已暂停项目的报告。",
        ),
    ),
    Post.ANALYST: Role(
        t("Analyst", "检测人员"), LABORATORY,
        t("Sees the own tasks and writes their records.", "可查看本人任务并填写记录。"),
        t("Changes a record without a reason and a trail.", "不得无理由、无痕迹地更改记录。"),
    ),
    Post.SAMPLER: Role(
        t("Sampler", "抽样人员"), LABORATORY,
        t("Sees the own sampling tasks and the chain of custody of their samples.", "可查看本人的抽样任务和样品流转记录。"),
        t("Changes a record without a reason and a trail.", "不得无理由、无痕迹地更改记录。"),
    ),
    Post.PARTICIPANT_CONTACT: Role(
        t("Participant’s contact", "参加者联系人"), LABORATORY,
        t("Enrols, submits, sees the own result beside the anonymous summary.", "可报名、提交结果，查看本实验室结果和匿名汇总。"),
        t("Sees who else took part, or edits a result after the deadline.", "不得查看其他参加者身份，不得在截止后修改结果。"),
    ),
    Post.PILOT: Role(
        t("Pilot laboratory’s officer", "主导实验室人员"), LABORATORY | PROVIDER,
        t("Sees the data of the comparison that the own laboratory pilots.", "可查看本实验室主导的比对数据。"),
        t("Discloses values before all participants have reported.", "不得在全部参比实验室报送结果前泄露量值。"),
    ),
    Post.JUDGE: Role(
        t("Judge", "裁判"), ANYWHERE,
        t("Sees blind scripts and the marking scheme.", "可查看匿名答卷和评分细则。"),
        t("Learns a contestant’s name before the supervised unblinding.", "不得在监督揭盲前获知选手姓名。"),
    ),
    Post.CONTESTANT: Role(
        t("Contestant", "参赛选手"), LABORATORY,
        t("Sees the own paper and, once published, the own marks.", "可查看本人答卷，成绩公布后可查看本人得分。"),
        t("Sees the question bank or reference values.", "不得查看题库和参考值。"),
    ),
    Post.MENTOR: Role(
        t("Mentor or secondee", "帮扶专家或派驻人员"), ANYWHERE,
        t("Sees what the assisted laboratory shares for the plan of assistance.", "可查看受帮扶实验室为帮扶计划共享的内容。"),
        t("Inspects or judges the assisted laboratory, or signs there.", "不得检查、评判受帮扶实验室，不得在该实验室签字。"),
    ),
    Post.CLIENT: Role(
        t("Client", "委托方"), ANYWHERE,
        t("Sees the own orders and reports.", "可查看本单位的委托和报告。"),
        t("Sees anything of other clients.", "不得查看其他委托方的任何信息。"),
    ),
}  # fmt: skip

NAMES: dict[Post, Text] = {post: role.name for post, role in ROLES.items()}

REACH: Mapping[Level | None, Text] = {
    Level.NATIONAL: t("The whole country.", "全国。"),
    Level.PROVINCIAL: t("The province, with the codes its places bore before.", "本省及省内各地曾用的行政区划代码。"),
    Level.PREFECTURE: t("The prefecture, with the codes its places bore before.", "本地市及其各地曾用的行政区划代码。"),
    Level.COUNTY: t("The county, with the codes it bore before.", "本县及其曾用的行政区划代码。"),
    None: t(
        "Nothing: an authority whose level is not registered reaches nowhere.", "无：未登记级别的部门没有管辖区域。"
    ),
}
"""How far a regulator sees, by the level of the authority."""

WITHOUT_A_POST: Mapping[str, Role] = {
    "public": Role(
        t("The public", "社会公众"), frozenset(),
        t("Looks up institutions, scopes and reports that are published.", "可查询已公开的机构、能力范围和报告。"),
        t("Sees personal numbers, clients’ names or participants’ codes.", "不得查看个人证件信息、委托方名称和参加者代码。"),
    ),
    "administrator": Role(
        t("System administrator", "系统管理员"), frozenset(),
        t("Runs the system and reads its technical log.", "负责系统运行，可查看技术日志。"),
        t("Sees who took part under which code, or who sent a tip.", "不得查看参加者与代码的对应关系，不得获知举报人身份。"),
    ),
}  # fmt: skip

DECIDES_ABOUT_OTHERS = {
    Post.INSTITUTION_ADMIN, Post.COORDINATOR, Post.STATISTICIAN, Post.REGULATOR, Post.INSPECTOR, Post.INTEGRITY_OFFICER,
    Post.PILOT, Post.JUDGE,
}  # fmt: skip
"""Whoever holds one of these signs in with a second factor."""

LABORATORY_POSTS = {
    Post.QUALITY_MANAGER, Post.TECHNICAL_MANAGER, Post.SIGNATORY, Post.ANALYST, Post.SAMPLER, Post.PARTICIPANT_CONTACT,
}  # fmt: skip
"""Whoever holds one of these works in the laboratory and sees its pages."""

PEOPLE_VERBS: dict[str, Text] = {
    "enter_person": t("Entered", "录入人员"),
    "mend_person": t("Mended", "更正人员信息"),
    "add_identity": t("Identity number added", "补录身份证号"),
    "correct_identity": t("Identity number corrected", "更正身份证号"),
    "enter_post": t("Post entered", "录入任职"),
    "end_post": t("Post ended", "终止任职"),
    "enter_qualification": t("Qualification entered", "录入资格"),
    "correct_qualification": t("Qualification corrected", "更正资格"),
    "authorise": t("Authorised to sign", "授权签字"),
    "end_authorisation": t("Authorisation ended", "终止授权"),
}

QUALIFICATION_KINDS: dict[str, Text] = {
    "degree": t("Degree", "学历学位"),
    "title": t("Professional title", "职称"),
    "certificate": t("Certificate", "资格证书"),
}
