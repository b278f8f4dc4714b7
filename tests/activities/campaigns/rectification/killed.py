"""What the killed processes do with a rectification, and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from django.core.management import call_command

from tests.activities.campaigns.rectification.cases import FILES, REPORT, Case
from tests.cast import AT
from tests.killing import Killer
from zhunsheng.activities.campaigns.rectification import actions
from zhunsheng.activities.campaigns.rectification.models import Judgement, Rectification, Submission, SubmittedFile
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.registry.catalogue.actions import enter_matrices, enter_parameters
from zhunsheng.registry.catalogue.models import Matrix, Parameter


def prepare(killer: Killer) -> None:
    """A rectification that is open, and an item that it concerns."""
    call_command("migrate", verbosity=0)
    enter_parameters([Parameter(code="mercury", name_zh="总汞", name_en="Total mercury")], actor=None, at=AT)
    enter_matrices([Matrix(code="feed", name_zh="饲料", name_en="Feed", field="feed")], actor=None, at=AT)
    Case().opened()


def submit(killer: Killer) -> int:
    one, manager = Rectification.objects.get(), User.objects.get(username="manager")
    killer.statements = 0
    if one.state == "open":
        actions.submit(one, REPORT, FILES, actor=manager, at=AT)
    return killer.statements


def accept(killer: Killer) -> int:
    made, verifier = Submission.objects.get(), User.objects.get(username="verifier")
    item = (Parameter.objects.get().pk, Matrix.objects.get().pk)
    killer.statements = 0
    if made.rectification.state == "submitted":
        actions.judge(made, outcome="accepted", reason="属实", actor=verifier, at=AT, items=[item])
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    tables = (Submission, SubmittedFile, Judgement, Evidence)
    return {
        "state": Rectification.objects.get().state,
        "rows": [one.objects.count() for one in tables],
        "journal": [
            Entry.objects.filter(verb=verb).count() for verb in ("submit_rectification", "judge_rectification")
        ],
    }
