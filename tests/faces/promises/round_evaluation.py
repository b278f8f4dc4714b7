"""What the evaluation of a round rests on: whoever evaluates, by code."""

from tests.faces.promises import MOVED, Promises, Verbs, only

EVALUATORS = ("coordinator", "statistician")

GET: Promises = {
    "office_round_correct": [(("round",), only("coordinator"))],
    "office_round_evaluation": [(("round",), only(*EVALUATORS)), (("planned",), only(*EVALUATORS))],
    "office_round_what_if": [(("round",), only(*EVALUATORS)), (("planned",), only(*EVALUATORS, status=MOVED))],
}
POST_ONLY = {"office_round_evaluation_measurand", "office_round_evaluation_exclude", "office_round_evaluation_judging"}

VERBS: Verbs = [
    ("office_round_correct", ("round",), {"reason": ""}, ("coordinator",)),
    ("office_round_evaluation_measurand", ("round", "0"), {"sigma": "1"}, EVALUATORS),
    ("office_round_evaluation_judging", ("round",), {"score": "z"}, EVALUATORS),
    ("office_round_evaluation_exclude", ("planned", "0"), {"code": "none", "out": "yes", "reason": "x"}, ()),
]
