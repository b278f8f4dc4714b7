"""Schemes and the plans of rounds: the provider's coordinator alone."""

from tests.activities.proficiency.planned import planned_round
from tests.cast import institution_of
from tests.faces.promises import OWN, PROVIDERS, Promises, Verbs, only
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.plan.queries import measurands_of
from zhunsheng.foundation.accounts.models import User

OURS = only("coordinator")

GET: Promises = {
    "office_round_reports": [(("round",), OURS), (("planned",), OURS)],
    "office_round_report": [(("round", "X99", "zh"), only())],
    "workspace_own_report": [(("round", "zh"), only(*OWN, "other_laboratory")), (("planned", "zh"), only())],
    "office_round_screen": [
        (("round",), only("coordinator", "statistician")),
        (("planned",), only("coordinator", "statistician")),
    ],
    "office_schemes": [((), only(*PROVIDERS))],
    "office_scheme_new": [((), only(*PROVIDERS))],
    "office_round_plan_new": [((), only(*PROVIDERS))],
    "office_round_plan": [(("planned",), OURS), (("round",), only())],
    "office_round_plan_edit": [(("planned",), OURS), (("round",), only())],
    "office_round_announce": [(("planned",), OURS)],
    "office_round_put_off": [(("planned",), OURS)],
    "office_round_cancel": [(("planned",), OURS)],
    "office_round_clone": [(("planned",), OURS)],
    "office_round_item_new": [(("planned",), OURS)],
    "office_round_item": [(("planned", "round_item"), OURS)],
    "office_round_measurand_new": [(("planned", "round_item"), OURS)],
    "office_round_measurand": [(("planned", "round_measurand"), OURS)],
}
POST_ONLY = {"office_round_item_remove", "office_round_measurand_remove"}
SHOWS_REGISTER = {"office_scheme_new", "office_round_plan_new", "office_round_plan_edit"}
"""Whoever plans chooses the authority that commissions."""

VERBS: Verbs = [
    ("office_round_reports", ("round",), {"language": "zh"}, ("coordinator",)),
    ("office_scheme_new", (), {"code": "S", "title_zh": "计划", "title_en": "Scheme"}, PROVIDERS),
    ("office_round_announce", ("planned",), {}, ("coordinator",)),
    ("office_round_cancel", ("planned",), {"reason": "x"}, ("coordinator",)),
    ("office_round_item_remove", ("planned", "round_item"), {}, ("coordinator",)),
    ("office_round_measurand_remove", ("planned", "round_measurand"), {}, ("coordinator",)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    coordinator = people["coordinator"]
    assert coordinator is not None
    made = planned_round(institution_of(coordinator), coordinator, number="PLANNED-1")
    return {
        "planned": str(made.pk), "round_item": str(Item.objects.get(round=made).pk),
        "round_measurand": str(measurands_of(made)[0].pk),
    }  # fmt: skip
