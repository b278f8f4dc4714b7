"""What the killed processes do and what is asked of them afterwards; each runs in a process of its own."""

from typing import Any

from django.conf import settings

from tests.cast import AT
from tests.killing import Killer
from zhunsheng.activities.proficiency import actions
from zhunsheng.activities.proficiency.models import Evaluation, Identity, Participation, Report, Round, RoundMeasurand
from zhunsheng.capability.evidence.models import Evidence
from zhunsheng.faces.demo.load import Loader, coordinator, rounds
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.journal.models import Entry
from zhunsheng.foundation.signing import SigningKey
from zhunsheng.registry.institutions.models import Institution

NUMBER = "KILL-1"


def prepare(killer: Killer) -> None:
    """A network of laboratories and an uploaded results file; no round."""
    loader = Loader(at=AT)
    loader.users()
    loader.catalogue()
    loader.network()
    loader.posts()
    published = rounds()["mercury"]
    from zhunsheng.foundation.attachments.actions import keep

    keep(name="mercury.csv", content=loader.results_file(published), actor=loader.user["coordinator"], at=AT)


def create(killer: Killer) -> int:
    from zhunsheng.registry.catalogue.models import Matrix, Parameter

    killer.statements = 0
    if not Round.objects.filter(number=NUMBER).exists():
        actions.create_round(
            attachment=Attachment.objects.get(), number=NUMBER, title_zh="饲料中总汞", title_en="Mercury", performed_on=AT.date(),
            assigned="0.044", u_assigned="0.0041", sigma="0.0066",
            catalogue={0: (Parameter.objects.get(code="mercury"), Matrix.objects.get(code="feed"))},
            commissioned_by=Institution.objects.get(kind="authority", level="national"), provider=Institution.objects.get(kind="provider"),
            actor=coordinator(), at=AT,
        )  # fmt: skip
    return killer.statements


def evaluate(killer: Killer) -> int:
    killer.statements = 0
    actions.evaluate(Round.objects.get(number=NUMBER).pk, actor=coordinator(), at=AT)
    return killer.statements


def release(killer: Killer) -> int:
    killer.statements = 0
    key = SigningKey.load_or_make(settings.SIGNING_KEY)
    found = Evaluation.objects.get(round__number=NUMBER)
    actions.release(found.round_id, evaluation_id=found.pk, actor=coordinator(), at=AT, key=key)
    return killer.statements


def look(killer: Killer) -> dict[str, Any]:
    """Everything that the verbs write, counted."""
    return {
        "rounds": Round.objects.count(),
        "state": Round.objects.values_list("state", flat=True).first(),
        "measurands": RoundMeasurand.objects.count(),
        "participants": Participation.objects.count(),
        "identities": Identity.objects.count(),
        "evaluations": Evaluation.objects.count(),
        "reports": Report.objects.count(),
        "evidence": Evidence.objects.count(),
        "journal": {
            v: Entry.objects.filter(verb=v).count() for v in ("create_round", "evaluate_round", "release_round")
        },
    }
