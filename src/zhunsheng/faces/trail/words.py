"""The verbs of the journal in words, and the kinds of things that they are done to."""

from collections.abc import Mapping

from zhunsheng.activities.campaigns.draw.states import VERBS as CAMPAIGN_VERBS
from zhunsheng.activities.campaigns.inspection.states import VERBS as INSPECTION_VERBS
from zhunsheng.activities.campaigns.plan.states import VERBS as PLAN_VERBS
from zhunsheng.activities.campaigns.rectification.states import VERBS as RECTIFICATION_VERBS
from zhunsheng.activities.campaigns.screen.states import VERBS as SCREEN_VERBS
from zhunsheng.activities.campaigns.selfcheck.states import VERBS as SELFCHECK_VERBS
from zhunsheng.activities.campaigns.summary.states import VERBS as SUMMARY_VERBS
from zhunsheng.activities.proficiency.collect.states import VERBS as COLLECT_VERBS
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.registry.equipment.states import VERBS as EQUIPMENT_VERBS
from zhunsheng.registry.institutions.states import VERBS as INSTITUTION_VERBS
from zhunsheng.registry.people.states import PEOPLE_VERBS

VERBS: Mapping[str, Text] = {
    **INSTITUTION_VERBS,
    **PEOPLE_VERBS,
    **EQUIPMENT_VERBS,
    **CAMPAIGN_VERBS,
    **PLAN_VERBS,
    **SELFCHECK_VERBS,
    **INSPECTION_VERBS,
    **RECTIFICATION_VERBS,
    **SCREEN_VERBS,
    **SUMMARY_VERBS,
    **COLLECT_VERBS,
    "create_round": t("Round created from a file", "由文件新建轮次"),
    "begin_scheme": t("Scheme begun", "设立能力验证计划"),
    "plan_round": t("Round planned", "策划轮次"),
    "change_round_plan": t("Plan of a round changed", "更改轮次方案"),
    "set_round_item": t("Item of a round entered or changed", "录入或更改样品"),
    "remove_round_item": t("Item of a round removed", "删除样品"),
    "set_round_measurand": t("Measurand of a round entered or changed", "录入或更改被测量"),
    "remove_round_measurand": t("Measurand of a round removed", "删除被测量"),
    "announce_round": t("Enrolment opened", "开放报名"),
    "put_off_round": t("Deadline put off", "延长截止时间"),
    "cancel_round": t("Round cancelled", "取消轮次"),
    "take_item_study": t("Homogeneity or stability results taken", "接收均匀性或稳定性检验结果"),
    "judge_item_study": t("Homogeneity or stability judged again", "重新判定均匀性或稳定性"),
    "waive_item_study": t("Homogeneity or stability waived", "豁免均匀性或稳定性要求"),
    "assign_item_variants": t("Variants of items assigned", "分配样品变体"),
    "replace_item_variant": t("Variant of an item replaced", "更换样品变体"),
    "seal_assigned_value": t("Assigned value sealed", "封存指定值"),
    "open_sealed_values": t("Sealed assigned values opened", "启封指定值"),
    "take_laboratory_report": t("Report to a laboratory taken away", "下载实验室报告"),
    "make_laboratory_reports": t("Reports to laboratories made", "生成实验室报告"),
    "invite_to_round": t("Laboratories invited to a round", "邀请实验室参加轮次"),
    "enrol_in_round": t("Enrolled in a round", "报名参加轮次"),
    "withdraw_from_round": t("Withdrawn from a round", "退出轮次"),
    "pack_items": t("Items packed", "包装样品"),
    "send_items": t("Items handed to the carrier", "交寄样品"),
    "receive_items": t("Receipt of items confirmed", "确认接收样品"),
    "lose_items": t("Items reported as lost", "报告样品丢失"),
    "take_items_back": t("Items came back", "样品退回"),
    "replace_items": t("Items replaced", "补发样品"),
    "ask_item_replacement": t("Replacement of items asked for", "申请补发样品"),
    "begin_round": t("Enrolment ended, codes drawn", "截止报名并生成代码"),
    "take_in_late": t("Laboratory taken in late", "补报实验室"),
    "take_results": t("Collection of results closed", "截止结果上报"),
    "change_round_settings": t("Settings of the round changed", "更改轮次设置"),
    "begin_correction": t("Correction of a released round begun", "开始更正已发布轮次"),
    "correct_round": t("Corrigendum issued", "签发更正报告"),
    "download_report": t("Report downloaded", "下载报告"),
    "set_judging": t("Rule of judging set", "设置判定规则"),
    "exclude_result": t("Result taken out of the statistics", "结果剔除出统计"),
    "include_result": t("Result put back into the statistics", "结果恢复参与统计"),
    "evaluate_round": t("Round evaluated", "评定轮次"),
    "release_round": t("Round released", "发布轮次"),
    "decide_eligibility": t("Eligibility as subcontractor decided", "判定分包资格"),
    "confirm_retest": t("Retest confirmed", "确认补测合格"),
    "set_follow_up_days": t("Days for answers and appeals set", "设置答复和申诉期限"),
    "open_cases": t("Cases of unsatisfactory results opened", "启动不满意结果处理"),
    "answer_case": t("Unsatisfactory result answered", "答复不满意结果"),
    "review_answer": t("Answer reviewed", "审核答复"),
    "ask_retest": t("Retest asked for", "安排补测"),
    "record_retest": t("Retest recorded", "登记补测结果"),
    "confirm_case": t("Retest confirmed, case closed", "确认补测合格并关闭"),
    "close_case": t("Case closed", "关闭不满意结果处理"),
    "appeal_result": t("Appeal filed", "提出申诉"),
    "withdraw_appeal": t("Appeal withdrawn", "撤回申诉"),
    "decide_appeal": t("Appeal decided", "处理申诉"),
    "keep_attachment": t("File kept", "留存文件"),
    "open_stocktaking": t("Stock-taking opened", "发起摸底"),
    "close_stocktaking": t("Stock-taking closed", "结束摸底"),
    "confirm_return": t("Entry confirmed", "确认登记信息"),
    "accept_returns": t("Returns accepted", "接受填报"),
    "return_returns": t("Returns sent back", "退回填报"),
    "settle_findings": t("Findings settled", "办结疑点"),
    "reopen_findings": t("Findings reopened", "重新核实疑点"),
    "enter_quarter_reports": t("Numbers of reports entered", "填报季度报告数"),
    "enter_scope_lines": t("Scope entered", "录入能力范围"),
    "mend_scope_line": t("Scope line mended", "更正能力项"),
    "self_suspend_scope_lines": t("Scope lines suspended by the institution itself", "自行暂停能力项"),
    "suspend_scope_lines": t("Scope lines suspended by the authority", "责令暂停能力项"),
    "reinstate_scope_lines": t("Suspension of scope lines ended", "解除能力项暂停"),
    "resume_scope_lines": t("Scope lines resumed", "恢复能力项"),
    "approve_scope_line": t("Scope line entered as approved", "登记获批能力项"),
    "change_scope_method": t("Scope lines taken over to another method", "变更能力项检测方法"),
    "use_scope_instruments": t("Instruments of a scope line changed", "变更能力项所用仪器设备"),
    "cancel_scope_lines": t("Scope lines cancelled", "注销能力项"),
    "enter_institutions": t("Institutions entered", "批量录入机构"),
    "enter_certificates": t("Certificates entered", "批量录入证书"),
    "enter_people": t("People entered", "批量录入人员"),
    "enter_posts": t("Posts entered", "批量录入任职"),
    "enter_authorisations": t("Authorisations entered", "批量录入授权"),
    "enter_instruments": t("Instruments entered", "批量录入设备"),
    "enter_calibrations": t("Calibrations entered", "批量录入检定校准"),
    "set_level": t("Level set", "设定机构级别"),
    "search_duplicates": t("Duplicates searched for", "查找重复登记"),
    "enter_calendar_days": t("Days of the calendar entered", "录入日历调整"),
    "remove_calendar_days": t("Days of the calendar removed", "删除日历调整"),
    "replace_calendar_years": t("Years of the calendar replaced", "替换年度日历"),
    "enter_parameters": t("Parameters entered", "录入参数"),
    "enter_matrices": t("Matrices entered", "录入基质"),
    "enter_methods": t("Methods entered", "录入方法"),
    "enter_standards": t("Standards entered", "录入标准"),
    "enter_standard_states": t("States of standards entered", "录入标准状态"),
    "enter_new_edition": t("New edition of a standard entered", "录入标准新版本"),
    "tell": t("Messages sent", "发送消息"),
    "prefer_mail": t("Wishes about mail changed", "更改邮件偏好"),
    "send_mail_again": t("Mail sent again", "重发邮件"),
    "give_post": t("Post given", "授予岗位"),
    "end_post": t("Post ended", "终止任职"),
    "invite": t("Invited", "发出邀请"),
    "withdraw_invitation": t("Invitation withdrawn", "撤回邀请"),
    "link_sign_in": t("Sign-in of another service linked", "关联外部登录"),
    "take_up_invitation": t("Invitation taken up", "接受邀请"),
    "make_api_token": t("Token for a program made", "创建 API 令牌"),
    "revoke_api_token": t("Token for a program revoked", "吊销 API 令牌"),
    "revoke_api_tokens": t("All tokens revoked with the password", "随密码更改吊销全部 API 令牌"),
    "enter_management_record": t("Record of the management system entered", "录入管理体系记录"),
    "correct_management_record": t("Record of the management system corrected", "更正管理体系记录"),
    "withdraw_management_record": t("Record of the management system withdrawn", "撤回管理体系记录"),
    "enter_risk_classes": t("Risk classes entered", "录入风险分类"),
    "publish_risk_classes": t("Risk classes published", "公布风险分类"),
    "mend_parameter": t("Parameter mended", "更正参数"),
    "mend_matrix": t("Matrix mended", "更正基质"),
    "mend_method": t("Method mended", "更正方法"),
    "mend_standard": t("Standard mended", "更正标准"),
    "load_made_up_network": t("Made-up data loaded", "载入虚构数据"),
    "forget_factors": t("Second factors removed whose key is lost", "删除密钥已丢失的第二验证因素"),
    "restore_backup": t("Backup restored", "恢复备份"),
}

SUBJECTS: Mapping[str, Text] = {
    "evidence": t("Evidence", "证据"),
    "submission": t("Submission of results", "结果上报"), "parcel": t("Parcel of items", "样品包裹"),
    "round": t("Round", "能力验证轮次"), "decision": t("Decision", "决定"), "institution": t("Institution", "机构"),
    "person": t("Person", "人员"), "instrument": t("Instrument", "设备"), "stocktaking": t("Stock-taking", "摸清底数"),
    "user": t("Account", "账号"), "factors": t("Second factors", "第二验证因素"),
    "post": t("Post", "任职"), "invitation": t("Invitation", "邀请"), "token": t("Token of a program", "程序令牌"),
    "return": t("Return of a stock-taking", "摸底填报"), "backup": t("Backup", "备份"),
    "import": t("Import", "批量导入"), "draw": t("Draw", "双随机抽取"),
    "inspection": t("Inspection", "检查任务"), "finding": t("Finding", "问题"), "disposition": t("Decision", "处理决定"),
    "rectification": t("Rectification", "整改"), "look_back": t("Look-back", "回头看"),
    "campaign": t("Campaign", "整顿行动"), "selfcheck": t("Self-check", "自查"), "checklist": t("Checklist", "自查表"),
    "bulletin": t("Bulletin", "通报"),
    "screen": t("Screen", "凭数据筛查"), "suspicion": t("Suspicion", "疑点"),
}  # fmt: skip


def verb_in_words(verb: str) -> Text:
    """The verb for a reader; one that nobody has worded yet as it is written."""
    if verb.startswith("import_"):
        return t("Imported from a file", "由文件导入")
    return VERBS.get(verb) or t("{v}", "{v}", v=verb)


def subject_in_words(subject: str) -> Text:
    """What kind of thing it was done to."""
    kind = subject.partition(":")[0]
    return SUBJECTS.get(kind) or t("{v}", "{v}", v=kind)
