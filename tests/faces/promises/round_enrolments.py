"""Enrolment in rounds: names for the coordinator alone; a round that is open is read by every laboratory, enrolments by their own."""

from tests.activities.proficiency.planned import on_paper, planned_round
from tests.cast import AT, institution_of
from tests.faces.promises import LABORATORIES, OWN, Promises, Verbs, only
from zhunsheng.activities.proficiency.enrol.importing import Enrolments, reach_of_round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import stage
from zhunsheng.foundation.imports import actions
from zhunsheng.foundation.imports.states import Mode

OURS = only("coordinator")

GET: Promises = {
    "office_round_enrol": [(("planned",), OURS), (("open_round",), OURS), (("round",), only())],
    "office_round_enrol_file": [(("open_round",), OURS)],
    "office_round_enrol_template": [(("open_round", "xlsx"), OURS), (("open_round", "csv"), OURS)],
    "office_round_invite": [(("open_round",), OURS)],
    "office_round_begin": [(("open_round",), OURS)],
    "office_round_enrol_late": [(("open_round",), OURS)],
    "workspace_enrolments": [((), only(*LABORATORIES))],
    "workspace_enrol": [(("open_round",), only(*LABORATORIES)), (("planned",), only())],
}
POST_ONLY = {"workspace_withdraw"}
VERBS: Verbs = [
    ("office_round_invite", ("open_round",), {"names": "nobody"}, ("coordinator",)),
    ("office_round_enrol_late", ("open_round",), {"laboratory": "nobody", "reason": "x"}, ("coordinator",)),
    ("office_round_begin", ("open_round",), {"number": "OPEN-1"}, ("coordinator",)),
    ("workspace_withdraw", ("open_round",), {}, OWN),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    coordinator, laboratory = people["coordinator"], people["laboratory"]
    assert coordinator is not None and laboratory is not None
    made = planned_round(institution_of(coordinator), coordinator, number="OPEN-1", announced=True)
    on_paper(made, (institution_of(laboratory), "c", ""))
    draft = stage(name="e.csv", content="实验室,电子邮箱\n甲,nobody\n".encode(), actor=coordinator, at=AT)
    sent = actions.receive(
        Enrolments(), draft, mode=Mode.ROWS, reach=reach_of_round(made), language="zh", actor=coordinator, at=AT
    )
    actions.check(sent, Enrolments(), at=AT)
    return {"open_round": str(made.pk), "enrolments_file": str(sent.pk)}
