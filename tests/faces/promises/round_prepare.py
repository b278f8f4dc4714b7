"""The items of a round: its coordinator; its statistician looks at verdicts and commitments, not at who receives which variant."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from tests.activities.proficiency.planned import planned_round
from tests.activities.proficiency.prepare.studies import studied
from tests.cast import AT, institution_of
from tests.faces.promises import Promises, Verbs, only
from zhunsheng.activities.proficiency.models import Participation, Round
from zhunsheng.activities.proficiency.plan.models import Plan
from zhunsheng.activities.proficiency.prepare.actions.assigning import assign_variants
from zhunsheng.activities.proficiency.prepare.actions.sealing import open_seals, seal
from zhunsheng.foundation.accounts.models import User

OURS = only("coordinator")
BY_CODE = only("coordinator", "statistician")

GET: Promises = {
    "office_round_prepare": [(("prepared",), BY_CODE), (("prepared", "?format=csv"), BY_CODE), (("round",), only())],
    "office_round_prepare_study": [
        (("prepared", "prepared_measurand", "homogeneity"), BY_CODE),
        (("prepared", "prepared_measurand", "stability"), BY_CODE),
        (("prepared", "prepared_measurand", "weight"), only()),
        (("planned", "prepared_measurand", "homogeneity"), only()),
    ],
    "office_round_prepare_raw": [(("prepared", "prepared_study"), BY_CODE), (("planned", "prepared_study"), only())],
    "office_round_prepare_enter": [(("prepared", "stability"), OURS), (("prepared", "weight"), only())],
    "office_round_prepare_template": [
        (("prepared", "homogeneity", "xlsx"), OURS),
        (("prepared", "stability", "csv"), OURS),
        (("prepared", "stability", "pdf"), only()),
    ],
    "office_round_prepare_variants": [
        (("prepared",), OURS),
        (("prepared", "?format=xlsx"), OURS),
    ],
    "office_round_prepare_seal": [
        (("prepared", "prepared_measurand", "2"), OURS),
        (("prepared", "prepared_measurand", "3"), only()),
    ],
    "office_round_prepare_opened": [
        (("opened_round", "opened_seal"), BY_CODE),
        (("prepared", "closed_seal"), only()),
        (("prepared", "opened_seal"), only()),
    ],
}
POST_ONLY = {
    "office_round_prepare_assign",
    "office_round_prepare_replace",
    "office_round_prepare_unseal",
    "office_round_prepare_waive",
    "office_round_prepare_judge",
}

VERBS: Verbs = [
    ("office_round_prepare_enter", ("prepared", "stability"), {"table": "x"}, ("coordinator",)),
    (
        "office_round_prepare_waive",
        ("prepared", "prepared_measurand", "stability"),
        {"reason": "x", "verdict": ""},
        ("coordinator",),
    ),
    ("office_round_prepare_judge", ("prepared", "prepared_measurand", "homogeneity"), {}, ("coordinator",)),
    ("office_round_prepare_assign", ("prepared",), {}, ("coordinator",)),
    ("office_round_prepare_replace", ("prepared",), {}, ("coordinator",)),
    (
        "office_round_prepare_seal",
        ("prepared", "prepared_measurand", "1"),
        {"assigned": "1", "reason": "x"},
        ("coordinator",),
    ),
    ("office_round_prepare_unseal", ("prepared",), {}, ("coordinator",)),
]


def things(people: dict[str, User | None]) -> dict[str, str]:
    coordinator = people["coordinator"]
    assert coordinator is not None
    made = running(coordinator, "PREPARED-1", closes=timezone.now() + timedelta(days=30))
    measurand = made.measurands.get(position=0)
    study = studied(made, "homogeneity", coordinator, measurand)[0].study
    assign_variants(made, draw=random.Random(1), actor=coordinator, at=AT)
    closed = seal(made, measurand, variant=1, assigned="0.1874321", u="", reason="", actor=coordinator, at=AT)
    over = running(coordinator, "PREPARED-2", closes=AT)
    opened = seal(
        over, over.measurands.get(position=0), variant=1, assigned="1", u="", reason="", actor=coordinator, at=AT
    )
    open_seals(over, actor=coordinator, at=AT + timedelta(seconds=1))
    return {
        "prepared": str(made.pk), "prepared_measurand": str(measurand.pk), "prepared_study": str(study.pk),
        "closed_seal": str(closed.pk), "opened_round": str(over.pk), "opened_seal": str(opened.pk),
    }  # fmt: skip


def running(coordinator: User, number: str, *, closes: datetime) -> Round:
    """A round of ten codes whose results are due then."""
    made = planned_round(institution_of(coordinator), coordinator, number=number, variants=2)
    Participation.objects.bulk_create(Participation(round=made, code=f"P{n:02}") for n in range(10))
    Plan.objects.filter(round=made).update(results_until=closes)
    Round.objects.filter(pk=made.pk).update(state="running")
    return Round.objects.select_related("plan").get(pk=made.pk)
