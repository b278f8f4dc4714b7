"""Results of a round: each laboratory its own alone; the provider's coordinator how far they are."""

from datetime import timedelta

from django.utils import timezone

from tests.activities.proficiency.collect.collected import part, rows, running_round
from tests.cast import institution_of
from tests.faces.promises import EVERYONE, LABORATORIES, MOVED, NO_TOKEN, OWN, Promises, Verbs, only
from zhunsheng.activities.proficiency.collect.actions.entering import save_draft, submit
from zhunsheng.activities.proficiency.collect.rules.given import Given
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import stage

PART = (*OWN, "other_laboratory")
"""Who works for a laboratory with a code in the round."""

GET: Promises = {
    "office_round_collect": [(("collecting",), only("coordinator")), (("round",), only())],
    "office_round_collect_close": [
        (("collecting",), only("coordinator")),
        (("planned",), only("coordinator", status=MOVED)),
    ],
    "office_round_collect_reopen": [
        (("collecting", "part"), only("coordinator")),
        (("planned", "part"), only()),
    ],
    "api_round_results": [
        (("collecting",), {**only(*PART), "anyone": NO_TOKEN}),
        (("planned",), {**only(), "anyone": NO_TOKEN}),
    ],
    "workspace_rounds_due": [((), only(*LABORATORIES))],
    "workspace_round_results": [(("collecting",), only(*PART)), (("round",), only()), (("planned",), only())],
    "workspace_round_results_worker": [(("collecting",), EVERYONE), (("round",), EVERYONE)],
    "workspace_round_results_status": [(("collecting",), only(*PART))],
    "workspace_round_results_submit": [(("collecting",), only(*PART, status=MOVED))],
    "workspace_round_results_form": [(("collecting",), only(*PART))],
    "workspace_round_results_difference": [(("collecting", "results_draft"), only("laboratory"))],
    "workspace_round_receipt": [(("collecting", "receipt"), only(*OWN))],
    "workspace_round_receipt_file": [(("collecting", "receipt"), only(*OWN))],
}
POST_ONLY = {"api_round_report",
    "office_round_collect_remind", "workspace_round_results_save", "workspace_round_results_approve",
    "workspace_round_results_give_back", "workspace_round_results_withdraw", "workspace_round_results_upload",
}  # fmt: skip
SHOWS_REGISTER = {"office_round_collect"}

VERBS: Verbs = [
    ("office_round_collect_remind", ("collecting",), {}, ("coordinator",)),
    ("office_round_collect_close", ("collecting",), {"number": "x"}, ("coordinator",)),
    ("office_round_collect_reopen", ("collecting", "part"), {"reason": ""}, ("coordinator",)),
    ("workspace_round_results", ("collecting",), {}, PART),
    ("workspace_round_results_save", ("collecting",), '{"user": 0, "rows": []}', PART),
    ("workspace_round_results_submit", ("collecting",), {}, PART),
    ("workspace_round_results_approve", ("collecting",), {"version": "0"}, OWN),
    ("workspace_round_results_give_back", ("collecting",), {"reason": ""}, OWN),
    ("workspace_round_results_withdraw", ("collecting",), {}, OWN),
    ("api_round_report", ("collecting",), '{"rows": []}', PART),
    ("workspace_round_results_upload", ("collecting",), {}, PART),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    """A round in which the laboratory has submitted and the other laboratory has a code and no more."""
    coordinator, laboratory, other = people["coordinator"], people["laboratory"], people["other_laboratory"]
    assert coordinator is not None and laboratory is not None and other is not None
    labs = [institution_of(laboratory), institution_of(other)]
    made = running_round(institution_of(coordinator), coordinator, laboratories=labs, number="COLLECTING-1")
    now = timezone.now()
    Plan.objects.filter(round=made).update(results_until=now + timedelta(days=3))
    ours, given = part(made, "K01"), rows(made, "0.120")
    saved = save_draft(
        ours, [Given(given[0].measurand, 1, "0.120", analyst="SECRET-ANALYST")], actor=laboratory, at=now
    )
    receipt = submit(ours, version=saved.version, actor=laboratory, at=now)
    draft = stage(name="results.xlsx", content=b"no workbook", actor=laboratory, at=now)
    return {
        "collecting": str(made.pk),
        "part": str(ours.pk),
        "receipt": str(receipt.pk),
        "results_draft": str(draft.pk),
    }
