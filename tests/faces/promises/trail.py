"""The trail of acts: regulators, integrity officers and laboratories read it, each the acts on what they may see."""

import threading

from django.db import transaction

from tests.cast import AT, institution_of
from tests.faces.promises import AUTHORITIES, LABORATORIES, OWN, REACHING, Promises, only
from zhunsheng.faces.jobs.sequencer import sequence_what_waits
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal.actions import record
from zhunsheng.foundation.journal.models import Entry

GET: Promises = {
    "journal": [((), only(*AUTHORITIES, *LABORATORIES, "integrity_officer"))],
    "journal_act": [
        (("act_on_the_round",), only("regulator")),
        (("act_on_the_laboratory",), only(*REACHING, *OWN, "integrity_officer")),
    ],
    "journal_proof": [
        (("act_on_the_round",), only("regulator")),
        (("act_on_the_laboratory",), only(*REACHING, *OWN, "integrity_officer")),
    ],
}

SHOWS_REGISTER = {"journal", "journal_act"}
"""What an act was done to is named; whoever may read the act sees that institution in full."""


@transaction.atomic
def things(people: dict[str, User | None]) -> dict[str, str]:
    """The release of the round, and what the regulator mended in the laboratory's entry."""
    mended = record(
        "mend_institution", actor=people["regulator"], at=AT, subject=f"institution:{institution_of(people['laboratory']).pk}",
        before={"address": "1"}, after={"address": "2"}, reason="moved",
    )  # fmt: skip
    sequence_what_waits(threading.Event())
    released = Entry.objects.get(verb="release_round")
    return {"act_on_the_round": str(released.pk), "act_on_the_laboratory": str(mended.pk)}
