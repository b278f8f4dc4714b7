"""Rounds, eligibility, what has stood from the first walk on."""

from tests.cast import AT, institution_of
from tests.faces.promises import (
    AUTHORITIES,
    EVERYONE,
    LABORATORIES,
    MOVED,
    OWN,
    PROVIDERS,
    SIGNED_IN,
    Promises,
    Verbs,
    only,
)
from zhunsheng.activities.proficiency.models import Round
from zhunsheng.decisions.eligibility.actions import decide
from zhunsheng.faces.jobs.models import Job
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import stage
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.people.queries import visitor

GET: Promises = {
    "front": [((), EVERYONE)],
    "check": [((), EVERYONE)],
    "home": [((), SIGNED_IN)],
    "job": [(("job",), only("coordinator", "statistician"))],
    "office_rounds": [((), only(*PROVIDERS, "statistician"))],
    "office_round_watch": [((), only(*PROVIDERS))],
    "office_pipeline": [((), only(*PROVIDERS)), (("?format=csv",), only(*PROVIDERS))],
    "office_round_pipeline": [(("round",), only("coordinator")), (("round", "?format=xlsx"), only("coordinator"))],
    "office_round_new": [((), only(*PROVIDERS))],
    "office_round_preview": [(("draft",), only("coordinator"))],
    "office_round": [(("round",), only("coordinator", "statistician"))],
    "office_round_release": [(("round",), only("coordinator", status=MOVED))],
    "office_round_settings": [(("round",), only("coordinator", "statistician", status=MOVED))],
    "office_round_file": [
        (("round", "evaluation.json"), only("coordinator", "statistician")),
        (("round", "scores.xlsx"), only("coordinator", "statistician")),
        (("round", "report-zh.pdf"), only("coordinator", "statistician")),
    ],
    "office_eligibility": [((), only(*AUTHORITIES))],
    "office_suggestions": [((), only(*AUTHORITIES))],
    "office_decision": [(("decision",), only("regulator"))],
    "office_commissioned": [((), only(*AUTHORITIES))],
    "office_commissioned_round": [(("round",), only("regulator"))],
    "office_commissioned_file": [(("round", "report-zh.pdf"), only("regulator"))],
    "workspace_rounds": [((), only(*LABORATORIES))],
    "workspace_round": [(("round",), only(*OWN, "other_laboratory"))],
    "workspace_round_file": [(("round", "report-en.pdf"), only(*OWN, "other_laboratory"))],
    "workspace_capability": [((), only(*LABORATORIES))],
}
POST_ONLY = {
    "set_language",
    "office_rounds_evaluate",
    "office_round_evaluate",
    "office_round_discard",
    "office_decision_confirm",
}

VERBS: Verbs = [
    ("office_rounds_evaluate", (), {}, (*PROVIDERS, "statistician")),
    ("office_round_evaluate", ("round",), {}, ("coordinator", "statistician")),
    ("office_round_release", ("round",), {"number": "IMEP-111"}, ("coordinator",)),
    (
        "office_round_settings",
        ("round",),
        {"assigned": "median", "u_assigned": "", "sigma": "niqr"},
        ("coordinator", "statistician"),
    ),
    ("office_round_preview", ("draft",), {"number": "X"}, ("coordinator",)),
    ("office_round_discard", ("draft",), {}, ("coordinator",)),
    ("office_decision_confirm", ("decision",), {"reason": "seen"}, ("regulator",)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    coordinator, regulator, laboratory = people["coordinator"], people["regulator"], people["laboratory"]
    released_round = Round.objects.get(state="released")
    decision = decide(
        institution=institution_of(laboratory), parameter=Parameter.objects.get(code="mercury"),
        matrix=Matrix.objects.get(code="feed"), on=AT.date(), visitor=visitor(regulator, on=AT.date()), at=AT,
    )  # fmt: skip
    job = Job.objects.create(
        kind="release_round", subject=f"round:{released_round.pk}", state="done", started_by=coordinator, created_at=AT
    )
    kept = Attachment.objects.get(name="mercury.csv")
    draft = stage(name=kept.name, content=bytes(kept.content), actor=coordinator, at=AT)
    return {
        "round": str(released_round.pk), "draft": str(draft.pk), "job": str(job.pk),
        "decision": str(decision.pk),
    }  # fmt: skip
