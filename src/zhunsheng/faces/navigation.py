"""Which doors a visitor sees: pure of tables, from the posts held on the day."""

from dataclasses import dataclass

from zhunsheng.faces.trail.access import may_read as may_read_the_trail
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.institutions.access import kept_heads
from zhunsheng.registry.management.access import sees_system_of
from zhunsheng.registry.people.queries import Visitor
from zhunsheng.registry.people.states import NAMES, Post

Door = tuple[str, Text]
"""The name of an address and its words."""


@dataclass(frozen=True, slots=True)
class Group:
    """Doors that belong together: a menu of its own, or a plain link when there is one alone."""

    words: Text
    doors: tuple[Door, ...]


TODAY = Group(t("Today", "今日"), (("home", t("Today", "今日")),))
REGISTERS = Group(
    t("Registers", "登记库"),
    (
        ("office_institutions", t("Institutions", "机构")),
        ("office_standards", t("Catalogue and standards", "目录与标准")),
        ("office_stocktakings", t("Stock-taking", "摸清底数")),
        ("office_risk", t("Risk classes", "信用风险分类")),
    ),
)
SUPERVISION = Group(
    t("Supervision", "监管"),
    (
        ("office_campaigns", t("Campaigns", "整顿行动")),
        ("workspace_campaign_received", t("Tasks set to us", "上级布置的任务")),
        ("office_draws", t("Draws", "双随机抽取")),
        ("office_inspections", t("Inspections", "检查任务")),
        ("office_rectifications", t("Rectification", "整改验收")),
        ("office_bulletins", t("Bulletins", "整顿通报")),
        ("office_screens", t("Screens", "凭数据筛查")),
        ("office_eligibility", t("Subcontractor eligibility", "分包资格")),
        ("office_coverage", t("Gaps and surplus", "能力布局")),
        ("office_lived", t("Lived rules", "制度落实")),
        ("office_commissioned", t("Commissioned rounds", "委托的轮次")),
    ),
)
TASKS = Group(t("My inspections", "我的检查任务"), (("inspector_tasks", t("My inspections", "我的检查任务")),))
ROUNDS = Group(t("Rounds", "能力验证轮次"), (("office_rounds", t("Rounds", "能力验证轮次")),))
PIPELINE: Door = ("office_pipeline", t("Step by step", "轮次流程"))
OUR_WORK = Group(
    t("Our capability", "本室能力"),
    (
        ("workspace_rounds", t("Our results", "本室结果")),
        ("workspace_enrolments", t("Enrol in rounds", "能力验证报名")),
        ("workspace_items", t("Items sent to us", "本室样品")),
        ("workspace_rounds_due", t("Results due", "待报结果")),
        ("workspace_scope", t("Our scope", "本室能力范围")),
        ("workspace_capability", t("Our capability", "本室能力")),
        ("workspace_campaigns", t("Our campaigns", "参加的整顿行动")),
        ("workspace_selfchecks", t("Our self-checks", "本机构自查")),
        ("workspace_inspections", t("Inspections of us", "对本机构的检查")),
        ("workspace_rectifications", t("Our rectification", "本机构整改")),
        ("workspace_suspicions", t("Questions to us", "待答复疑点")),
    ),
)
OUR_HOUSE = Group(
    t("Our institution", "本机构"),
    (
        ("workspace_institution", t("Our entry", "登记信息")),
        ("workspace_returns", t("Confirm our entry", "确认登记信息")),
    ),
)
PUBLIC = Group(
    t("Look up", "查询"),
    (
        ("scopes", t("Who can test it", "谁能检测")),
        ("public_institutions", t("Institutions", "机构查询")),
        ("public_standards", t("Catalogue", "目录")),
        ("substances", t("Non-food substances", "非食用物质")),
        ("rulebook", t("Rulebook", "法规库")),
        ("campaigns", t("Campaigns", "整顿行动")),
        ("draws", t("Draws for inspection", "双随机抽取")),
        ("look_backs", t("Look-backs", "回头看")),
        ("bulletins", t("Bulletins", "整顿通报")),
    ),
)
TRAIL: Door = ("journal", t("Trail of acts", "操作记录"))
CHECK = Group(t("Check a report", "核验报告"), (("check", t("Check a report", "核验报告")),))


def groups(visitor: Visitor | None) -> list[Group]:
    """The menus in the header, in order, from the posts that the visitor holds."""
    if visitor is None or visitor.user is None:
        return [PUBLIC, CHECK]
    found = [TODAY]
    if visitor.evaluator:
        found.append(with_doors(ROUNDS, PIPELINE) if visitor.provider else ROUNDS)
    if visitor.holds(Post.INSPECTOR):
        found.append(TASKS)
    if visitor.authority:
        found += [with_doors(REGISTERS, *importing(visitor)), with_doors(SUPERVISION, TRAIL)]
    if visitor.laboratory:
        found.append(OUR_WORK)
        here = () if visitor.authority else (*importing(visitor), TRAIL)
        found.append(with_doors(OUR_HOUSE, *lived(visitor), *users(visitor), *here))
    elif visitor.administered:
        found.append(Group(t("Users", "用户"), tuple(users(visitor))))
    if may_read_the_trail(visitor) and not visitor.authority and not visitor.laboratory:
        found.append(Group(TRAIL[1], (TRAIL,)))
    return [*found, PUBLIC, CHECK]


def with_doors(group: Group, *more: Door) -> Group:
    return Group(group.words, (*group.doors, *more))


def importing(visitor: Visitor) -> list[Door]:
    return [("imports", t("Import", "批量导入"))] if visitor.jurisdiction or kept_heads(visitor) else []


def lived(visitor: Visitor) -> list[Door]:
    return [("workspace_lived", t("Lived rules", "制度落实"))] if sees_system_of(visitor) else []


def users(visitor: Visitor) -> list[Door]:
    return [("workspace_members", t("Users", "用户"))] if visitor.administered else []


BELONGS_TO = {
    **dict.fromkeys(
        (
            "office_campaign",
            "office_campaign_new",
            "office_campaign_edit",
            "office_campaign_changes",
            "office_campaign_clone",
            "office_campaign_publish",
            "office_campaign_stages",
            "office_campaign_participants",
            "office_campaign_tasks",
            "office_campaign_task",
            "office_campaign_task_new",
            "office_campaign_meetings",
            "office_campaign_meeting",
            "office_campaign_meeting_new",
            "office_selfchecks",
            "office_selfcheck",
            "office_selfcheck_call",
            "office_selfcheck_list",
            "office_checklists",
            "office_checklist",
            "office_checklist_send",
        ),
        "office_campaigns",
    ),
    "inspector_task": "inspector_tasks",
    "workspace_campaign": "workspace_campaigns",
    "campaign": "campaigns",
    "workspace_inspection": "workspace_inspections",
    "workspace_selfcheck": "workspace_selfchecks",
    "workspace_rectification": "workspace_rectifications",
    "workspace_rectification_submit": "workspace_rectifications",
    **dict.fromkeys(
        (
            "office_rectification",
            "office_rectification_judge",
            "office_rectification_effect",
            "office_rectification_order_anew",
            "office_look_back",
            "office_look_back_new",
        ),
        "office_rectifications",
    ),
    **dict.fromkeys(
        (
            "office_inspection",
            "office_inspection_new",
            "office_inspection_findings",
            "office_inspection_deciders",
            "office_inspection_decide",
        ),
        "office_inspections",
    ),
    "journal_act": "journal",
    **dict.fromkeys(("draw", "draw_check"), "draws"),
    "look_back": "look_backs",
    "bulletin": "bulletins",
    **dict.fromkeys(
        (
            "office_bulletin",
            "office_bulletin_new",
            "office_bulletin_write",
            "office_bulletin_text",
            "office_bulletin_consent",
            "office_bulletin_release",
        ),
        "office_bulletins",
    ),
    **dict.fromkeys(
        ("office_screen", "office_screen_new", "office_screen_send", "office_suspicions", "office_suspicion"),
        "office_screens",
    ),
    "workspace_suspicion": "workspace_suspicions",
    **dict.fromkeys(
        ("office_draw", "office_draw_new", "office_draw_redraw", "office_draw_reveal", "office_officers"),
        "office_draws",
    ),
    **dict.fromkeys(
        (
            "office_parameters",
            "office_parameter",
            "office_matrices",
            "office_matrix",
            "office_methods",
            "office_method",
            "office_standard",
            "office_watch",
            "office_watch_standard",
        ),
        "office_standards",
    ),
    **dict.fromkeys(("workspace_scope_change", "workspace_scope_line", "workspace_watch"), "workspace_scope"),
    "public_scope": "scopes",
    "find": "scopes",
    "substance": "substances",
    "office_risk_one": "office_risk",
    "office_risk_publish": "office_risk",
    "workspace_lived_new": "workspace_lived",
    "workspace_lived_change": "workspace_lived",
    "import": "imports",
    "import_send": "imports",
    "rulebook_regulation": "rulebook",
    "rulebook_findings": "rulebook",
    "rulebook_changes": "rulebook",
    "office_stocktaking_new": "office_stocktakings",
    "office_stocktaking": "office_stocktakings",
    "office_stocktaking_return": "office_stocktakings",
    "workspace_return": "workspace_returns",
    "public_institution": "public_institutions",
    **dict.fromkeys(
        (
            "office_institution_new",
            "office_institution_levels",
            "office_duplicates",
            "office_duplicate",
            "office_merge_undo",
            "office_duplicates_apart",
            "office_apart_undo",
            "office_findings",
        ),
        "office_institutions",
    ),
    **{
        f"{face}_{page}": door
        for face, door in (("office", "office_institutions"), ("workspace", "workspace_institution"))
        for page in (
            "institution",
            "institution_mend",
            "institution_shorten",
            "institution_contact_remove",
            "institution_enter",
            "institution_change",
            "people",
            "person",
            "person_mend",
            "person_identity",
            "person_enter",
            "person_change",
            "equipment",
            "instrument",
            "instrument_mend",
            "instrument_calibrate",
            "instrument_correct",
        )
    },
    "office_round": "office_rounds",
    "office_round_new": "office_rounds",
    "office_round_preview": "office_rounds",
    "office_round_watch": "office_rounds",
    "office_round_pipeline": "office_pipeline",
    "office_round_release": "office_rounds",
    "office_round_settings": "office_rounds",
    "office_decision": "office_eligibility",
    "office_coverage_item": "office_coverage",
    "office_commissioned_round": "office_commissioned",
    **dict.fromkeys(("office_commissioned_follow", "office_commissioned_case"), "office_commissioned"),
    **dict.fromkeys(
        ("office_round_follow", "office_round_case", "office_round_case_trends", "office_round_appeal"), "office_rounds"
    ),
    "workspace_round": "workspace_rounds",
    "workspace_parcel": "workspace_items",
    **dict.fromkeys(
        ("workspace_round_results", "workspace_round_results_submit", "workspace_round_receipt"), "workspace_rounds_due"
    ),
    **dict.fromkeys(("office_round_ship", "office_round_send", "office_round_parcel"), "office_rounds"),
    **dict.fromkeys(
        ("workspace_cases", "workspace_round_follow", "workspace_trends", "workspace_trend"), "workspace_rounds"
    ),
    "workspace_member_invite": "workspace_members",
    "workspace_member_start": "workspace_members",
    "workspace_member_give": "workspace_members",
    "workspace_member_end": "workspace_members",
}


def door_of(url_name: str | None) -> str | None:
    """The door behind which a page lies."""
    return BELONGS_TO.get(url_name or "", url_name)


def posts_in_words(visitor: Visitor) -> list[tuple[Text, Text]]:
    """What the visitor is, and where."""
    return [(NAMES[Post(post.kind)], post.institution.name) for post in visitor.posts]


def elsewhere(visitor: Visitor) -> list[tuple[str, Text]]:
    """The other institutions that the visitor may act for: all where a post is held, but the first."""
    places = {str(post.institution_id): post.institution.name for post in visitor.posts}
    return list(places.items())[1:]
