"""What the killed processes do and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from tests.activities.proficiency.collect.collected import AFTER, BEFORE, part, rows, running_round
from tests.cast import institution, user_with_post
from tests.killing import Killer
from zhunsheng.activities.proficiency.collect.actions.closing import close as close_round
from zhunsheng.activities.proficiency.collect.actions.entering import approve, save_draft
from zhunsheng.activities.proficiency.collect.actions.entering import submit as submit_results
from zhunsheng.activities.proficiency.collect.models import Receipt, Submission, Value
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.models import Entry

CODES = ("K01", "K02", "K03")
VERBS = ("submit_results", "close_collection", "take_results", "keep_attachment")


def prepare(killer: Killer) -> None:
    """A round with three codes; drafts of all, two of them approved, the third not submitted."""
    provider = institution("provider", "示例提供者", "Example Provider")
    coordinator = user_with_post("coordinator", "coordinator", provider)
    laboratory = institution("laboratory", "示例实验室", "Example Laboratory")
    first, second = (user_with_post(name, "quality_manager", laboratory) for name in ("first", "second"))
    round_ = running_round(provider, coordinator, laboratories=[laboratory, None, None])
    for code in CODES:
        saved = save_draft(part(round_, code), rows(round_, "0.120", "0.300"), actor=first, at=BEFORE)
        if code != "K03":
            submit_results(part(round_, code), version=saved.version, actor=first, at=BEFORE)
            found = Submission.objects.get(participation__code=code)
            approve(part(round_, code), version=found.version, actor=second, at=BEFORE)


def submit(killer: Killer) -> int:
    round_ = Round.objects.get()
    killer.statements = 0
    found = Submission.objects.get(participation__code="K03")
    if found.state == "draft":
        submit_results(part(round_, "K03"), version=found.version, actor=User.objects.get(username="first"), at=BEFORE)
    return killer.statements


def close(killer: Killer) -> int:
    killer.statements = 0
    round_ = Round.objects.get()
    if round_.state == "running":
        close_round(round_, with_submitted=True, actor=User.objects.get(username="coordinator"), at=AFTER)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    """Everything that the verbs write."""
    round_ = Round.objects.select_related("plan", "attachment").get()
    content = bytes(round_.attachment.content).decode() if round_.attachment else ""
    return {
        "state": round_.state, "closed": round_.plan.closed_at is not None, "attachments": Attachment.objects.count(),
        "lines": len(content.splitlines()), "values": Value.objects.count(), "receipts": Receipt.objects.count(),
        "submissions": sorted(Submission.objects.values_list("state", flat=True)),
        "journal": {verb: Entry.objects.filter(verb=verb).count() for verb in VERBS},
    }  # fmt: skip
