"""What follows a round: provider and authority see names, the statistician codes, each laboratory its own alone."""

from tests.activities.proficiency.follow.cases import FILES, SAID, participation_of
from tests.cast import AT
from tests.faces.promises import LABORATORIES, OWN, Promises, Verbs, only
from zhunsheng.activities.proficiency.follow.actions.answering import answer
from zhunsheng.activities.proficiency.follow.actions.appealing import appeal
from zhunsheng.activities.proficiency.follow.actions.opening import open_cases
from zhunsheng.activities.proficiency.follow.models import Case
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.registry.catalogue.models import Matrix, Parameter

EVALUATORS = ("coordinator", "statistician")
PART = (*OWN, "other_laboratory")
"""Who works for a laboratory that took part."""

GET: Promises = {
    "office_round_follow": [
        (("round",), only(*EVALUATORS)), (("round", "?show=appeals"), only(*EVALUATORS)), (("planned",), only(*EVALUATORS)),
        (("round", "?format=csv"), only(*EVALUATORS)), (("round", "?show=appeals&format=csv"), only(*EVALUATORS)),
    ],
    "office_round_case": [(("pt_case",), only("coordinator"))],
    "office_round_case_file": [(("answer_file",), only("coordinator"))],
    "office_round_appeal": [(("pt_appeal",), only("coordinator"))],
    "office_round_appeal_file": [(("appeal_file",), only("coordinator"))],
    "office_commissioned_follow": [(("round",), only("regulator")), (("round", "?format=csv"), only("regulator"))],
    "office_commissioned_case": [(("pt_case",), only("regulator"))],
    "office_round_case_trends": [(("pt_case",), only("coordinator"))],
    "workspace_trends": [((), only(*LABORATORIES)), (("?format=csv",), only(*LABORATORIES))],
    "workspace_trend": [
        (("trend_parameter", "trend_matrix"), only(*PART)),
        (("trend_parameter", "trend_matrix", "?by=analyst"), only(*PART)),
    ],
    "workspace_cases": [((), only(*LABORATORIES)), (("?format=csv",), only(*LABORATORIES))],
    "workspace_round_follow": [(("round",), only(*PART)), (("planned",), only())],
    "workspace_answer_file": [(("answer_file",), only("other_laboratory"))],
    "workspace_appeal_file": [(("appeal_file",), only("other_laboratory"))],
}  # fmt: skip
POST_ONLY = {
    "office_round_follow_open", "office_round_follow_days", "office_round_case_review", "office_round_case_ask",
    "office_round_case_retest", "office_round_case_close", "workspace_round_answer", "workspace_round_appeal",
    "workspace_appeal_withdraw",
}  # fmt: skip
VERBS: Verbs = [
    ("office_round_follow_open", ("round",), {}, ("coordinator",)),
    ("office_round_follow_days", ("planned",), {"answer_days": "20", "appeal_days": "15"}, ("coordinator",)),
    ("office_round_case_review", ("pt_case",), {"outcome": "accept", "reason": "x"}, ("coordinator",)),
    ("office_round_case_ask", ("pt_case",), {"reason": "x"}, ("coordinator",)),
    ("office_round_case_retest", ("pt_case",), {"performed_on": "2026-04-10"}, ("coordinator",)),
    ("office_round_case_close", ("pt_case",), {"reason": "x"}, ("coordinator",)),
    ("office_round_appeal", ("pt_appeal",), {"outcome": "reject", "reason": "x"}, ("coordinator",)),
    ("office_commissioned_case", ("pt_case",), {"reason": "x"}, ("regulator",)),
    ("workspace_round_answer", ("round",), {}, ("other_laboratory",)),
    ("workspace_round_appeal", ("round",), {"grounds": ""}, PART),
    ("workspace_appeal_withdraw", ("pt_appeal",), {}, ("other_laboratory",)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    """The other laboratory has answered for its result and appeals, in words that tell who it is."""
    other, coordinator = people["other_laboratory"], people["coordinator"]
    assert other is not None and coordinator is not None
    round_ = Round.objects.get(number="IMEP-111")
    open_cases(round_, actor=coordinator, at=AT)
    part = participation_of(round_, other)
    case = Case.objects.get(participation=part)
    answered = answer(case, SAID, FILES, actor=other, at=AT)
    made = appeal(part, None, grounds="Example Laboratory L04 and 示例实验室 L04", files=FILES, actor=other, at=AT)
    return {
        "pt_case": str(case.pk), "answer_file": str(answered.files.get().pk), "pt_appeal": str(made.pk),
        "appeal_file": str(made.files.get().pk), "trend_parameter": str(Parameter.objects.get(code="mercury").pk),
        "trend_matrix": str(Matrix.objects.get(code="feed").pk),
    }  # fmt: skip
