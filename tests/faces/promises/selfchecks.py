"""The self-check of a laboratory: whoever answers for it fills it in and sees all of it; nobody else, whatever his office."""

from tests.activities.campaigns.selfcheck.forms import called, filled_in
from tests.cast import AT, institution_of, user_with_post
from tests.faces.promises import EVERYONE, LABORATORIES, OWN, Promises, Verbs, only
from zhunsheng.activities.campaigns.selfcheck.actions.answering import return_selfcheck, submit_selfcheck
from zhunsheng.activities.campaigns.selfcheck.actions.proving import add_proof
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.foundation.accounts.models import User

GET: Promises = {
    "workspace_selfchecks": [((), only(*LABORATORIES))],
    "workspace_selfcheck": [(("selfcheck",), only(*OWN))],
    "workspace_selfcheck_status": [(("selfcheck",), only(*OWN))],
    "workspace_selfcheck_paper": [(("selfcheck",), only(*OWN))],
    "workspace_selfcheck_version": [(("selfcheck", "selfcheck_version"), only(*OWN))],
    "workspace_selfcheck_proof": [(("selfcheck", "selfcheck_proof"), only(*OWN))],
    "workspace_selfcheck_worker": [((), EVERYONE)],
}
POST_ONLY = {"workspace_selfcheck_save", "workspace_selfcheck_submit"}

VERBS: Verbs = [
    ("workspace_selfcheck", ("selfcheck",), {"w-18": "", "a-18": "fine"}, OWN),
    ("workspace_selfcheck_save", ("selfcheck",), "{}", OWN),
    ("workspace_selfcheck_submit", ("selfcheck",), {"sure": "yes"}, OWN),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    authority, where = institution_of(people["regulator"]), institution_of(people["laboratory"])
    form = SelfCheck.objects.get(call=called(authority), participant__institution=where)
    keeper, leader = (user_with_post(name, "technical_manager", where) for name in ("keeper", "leader"))
    proof = add_proof(form, 23, name="proof.pdf", content=b"%PDF-1.7 made-up proof", actor=keeper, at=AT)
    submit_selfcheck(filled_in(form, keeper), actor=leader, at=AT)
    return_selfcheck(form, reason="请补充证明材料", actor=people["regulator"], at=AT)
    return {"selfcheck": str(form.pk), "selfcheck_version": "1", "selfcheck_proof": str(proof.pk)}
