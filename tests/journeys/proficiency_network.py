"""The other laboratories of a round in a running demonstration: each enters and submits, and what was submitted is approved,
through the verbs.

And a second coordinator, who has done nothing in the round yet, with the demonstration's password.

Run in a process of its own (`python -m tests.journeys.proficiency_network NUMBER`) with the settings of that product; prints how many.
"""

import os
import sys

import django

RESULTS = {
    "L01": "0.045",
    "L02": "0.043",
    "L03": "0.0441",
    "L04": "0.013",
    "L05": "0.046",
    "L06": "0.042",
    "L07": "0.044",
}


def hand_in(number: str) -> int:
    """Everybody who has not handed in yet: results of the published round, the fourth far too low."""
    from django.utils import timezone

    from tests.cast import user_with_post
    from zhunsheng.activities.proficiency.collect.actions import entering
    from zhunsheng.activities.proficiency.collect.models import Submission
    from zhunsheng.activities.proficiency.collect.rules.given import Given
    from zhunsheng.activities.proficiency.models import Participation, Round
    from zhunsheng.foundation.accounts.models import User

    now = timezone.now()
    round_ = Round.objects.get(number=number)
    measurand = round_.measurands.get()
    second = user_with_post("second-coordinator", "coordinator", round_.provider)
    second.set_password(os.environ["ZHUNSHENG_DEMO_PASSWORD"])
    second.save()
    analyst, head = (
        User.objects.create(username=name, email=f"{name}@demo.invalid") for name in ("enters", "approves")
    )
    handed_in = set(Submission.objects.exclude(state="draft").values_list("participation", flat=True))
    others = (
        Participation.objects.filter(round=round_).exclude(pk__in=handed_in).select_related("identity__institution")
    )
    for one in others:
        result = RESULTS[one.identity.institution.name_zh.split()[-1]]
        given = Given(measurand.pk, 1, result=result, uncertainty="0.004", k="2")
        saved = entering.save_draft(one, [given], actor=analyst, at=now)
        entering.submit(one, version=saved.version, actor=analyst, at=now)
    for done in Submission.objects.filter(participation__round=round_, state="submitted").select_related(
        "participation"
    ):
        entering.approve(done.participation, version=done.version, actor=head, at=now)
    return len(others)


if __name__ == "__main__":
    django.setup()
    print(hand_in(sys.argv[1]))
