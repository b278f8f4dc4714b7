"""Self-checks at the authorities: of the own campaign all, of another's those of the own area; checklists are each authority's own.

What an institution has not submitted is nobody's but its own: a proof added since is not there for any authority.
"""

from tests.activities.campaigns.plan.campaigns import published
from tests.activities.campaigns.selfcheck.forms import called, filled_in
from tests.cast import AT, institution_of, user_with_post
from tests.faces.promises import AUTHORITIES, REACHING, Promises, Verbs, only
from zhunsheng.activities.campaigns.selfcheck.actions.answering import return_selfcheck, submit_selfcheck
from zhunsheng.activities.campaigns.selfcheck.actions.checklists import enter_checklist, shipped_checklist
from zhunsheng.activities.campaigns.selfcheck.actions.proving import add_proof
from zhunsheng.activities.campaigns.selfcheck.models import SelfCheck
from zhunsheng.activities.campaigns.selfcheck.queries.shipped import shipped_items
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import t

GET: Promises = {
    "office_selfchecks": [
        (("checked_campaign",), only(*REACHING)),
        (("checked_campaign", "?region=330106&field=food"), only(*REACHING)),
    ],
    "office_selfcheck_call": [(("unchecked_campaign",), only("regulator"))],
    "office_selfcheck_list": [
        (("checked_campaign",), only(*REACHING)),
        (("checked_campaign", "?format=xlsx&list=zero"), only(*REACHING)),
    ],
    "office_selfcheck_finals": [
        (("checked_campaign",), only(*REACHING)),
        (("checked_campaign", "?region=330106&list=handed_in"), only(*REACHING)),
    ],
    "office_selfcheck": [(("checked_form",), only(*REACHING))],
    "office_selfcheck_proof": [
        (("checked_form", "checked_proof"), only(*REACHING)),
        (("checked_form", "unsubmitted_proof"), only()),
    ],
    "office_checklists": [((), only(*AUTHORITIES))],
    "office_checklist": [
        (("shipped_checklist",), only(*AUTHORITIES)),
        (("own_checklist",), only("regulator")),
    ],
    "office_checklist_file": [
        (("shipped_checklist",), only(*AUTHORITIES)),
        (("own_checklist",), only("regulator")),
    ],
    "office_checklist_send": [
        (("shipped_checklist",), only(*AUTHORITIES)),
        (("own_checklist",), only("regulator")),
    ],
}
POST_ONLY = {"office_selfcheck_open", "office_selfcheck_return", "office_selfcheck_freeze"}
SHOWS_REGISTER = {"office_selfcheck_list", "office_selfcheck"}

VERBS: Verbs = [
    ("office_selfcheck_call", ("unchecked_campaign",), {}, ("regulator",)),
    ("office_selfcheck_open", ("checked_campaign",), {}, ("regulator",)),
    ("office_selfcheck_finals", ("checked_campaign",), {}, REACHING),
    ("office_selfcheck_return", ("checked_form",), {"reason": ""}, REACHING),
    ("office_selfcheck_freeze", ("checked_form",), {}, REACHING),
    ("office_checklist_send", ("shipped_checklist",), {}, AUTHORITIES),
    ("office_checklist_send", ("own_checklist",), {}, ("regulator",)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    authority, where = institution_of(people["regulator"]), institution_of(people["laboratory"])
    call = called(authority)
    form = SelfCheck.objects.get(call=call, participant__institution=where)
    writer, signer = (user_with_post(name, "technical_manager", where) for name in ("writer", "signer"))
    given = add_proof(form, 23, name="proof.pdf", content=b"%PDF-1.7 submitted", actor=writer, at=AT)
    submit_selfcheck(filled_in(form, writer), actor=signer, at=AT)
    return_selfcheck(form, reason="请补充证明材料", actor=people["regulator"], at=AT)
    later = add_proof(form, 24, name="later.pdf", content=b"%PDF-1.7 not submitted", actor=writer, at=AT)
    own = enter_checklist(
        authority=authority, name=t("Ours", "本局自查表"), items=shipped_items()[:40], actor=None, at=AT
    )
    return {
        "checked_campaign": str(call.campaign_id), "unchecked_campaign": str(published(authority).pk),
        "checked_form": str(form.pk), "checked_proof": str(given.pk), "unsubmitted_proof": str(later.pk),
        "shipped_checklist": str(shipped_checklist(at=AT).pk), "own_checklist": str(own.pk),
    }  # fmt: skip
