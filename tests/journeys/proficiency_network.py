"""The other laboratories of a round in a running demonstration: each enters, submits and has its results approved, through the verbs.

Run in a process of its own (`python -m tests.journeys.proficiency_network NUMBER`) with the settings of that product; prints how many.
"""

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

    from zhunsheng.activities.proficiency.collect.actions import entering
    from zhunsheng.activities.proficiency.collect.models import Submission
    from zhunsheng.activities.proficiency.collect.rules.given import Given
    from zhunsheng.activities.proficiency.models import Participation, Round
    from zhunsheng.foundation.accounts.models import User

    now = timezone.now()
    round_ = Round.objects.get(number=number)
    measurand = round_.measurands.get()
    analyst, head = (
        User.objects.create(username=name, email=f"{name}@demo.invalid") for name in ("enters", "approves")
    )
    done = set(Submission.objects.exclude(state="draft").values_list("participation", flat=True))
    others = Participation.objects.filter(round=round_).exclude(pk__in=done).select_related("identity__institution")
    for one in others:
        result = RESULTS[one.identity.institution.name_zh.split()[-1]]
        given = Given(measurand.pk, 1, result=result, uncertainty="0.004", k="2")
        saved = entering.save_draft(one, [given], actor=analyst, at=now)
        entering.submit(one, version=saved.version, actor=analyst, at=now)
        entering.approve(one, version=Submission.objects.get(participation=one).version, actor=head, at=now)
    return len(others)


if __name__ == "__main__":
    django.setup()
    print(hand_in(sys.argv[1]))
