"""The verbs by which a person chooses what an evaluation rests on, beside the settings of the round; each asks for a new one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from zhunsheng.activities.proficiency.models import Exclusion, Participation, Round, RoundMeasurand
from zhunsheng.activities.proficiency.queries import excluded_in
from zhunsheng.activities.proficiency.rules.exclusions import check_exclusion
from zhunsheng.activities.proficiency.rules.judging import check_kind, rule_of
from zhunsheng.activities.proficiency.rules.rounds import check_not_released
from zhunsheng.activities.proficiency.rules.settings import Written, in_force
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.journal import actions as journal


def changing(round_: Round) -> Round:
    """The round as it is now, held against others until the act is done; what was evaluated is out of date."""
    held = Round.objects.select_for_update().get(pk=round_.pk)
    check_not_released(held.state, correcting=bool(held.correcting))
    Round.objects.filter(pk=held.pk).update(settings_stamp=F("settings_stamp") + 1)
    round_.refresh_from_db(fields=["settings_stamp"])
    return held


@transaction.atomic
def exclude(
    round_: Round, participation: Participation, measurand: RoundMeasurand | None, *, out: bool, reason: str,
    actor: User, at: datetime,
) -> Exclusion:  # fmt: skip
    """Take a result out of the statistics, or put it back: of one measurand or (None) of all. It is scored all the same.

    Raises CannotDo without a reason, where nothing would change, and after the release.
    """
    held = changing(round_)
    now = [participation.code in outs for outs in excluded_in(held)]
    check_exclusion(reason, out=out, now=now if measurand is None else [now[_place(held, measurand)]])
    made = Exclusion.objects.create(
        round=held, measurand=measurand, participation=participation, out=out, reason=reason.strip(), at=at, by=actor
    )
    journal.record(
        "exclude_result" if out else "include_result", actor=actor, at=at, subject=f"round:{held.pk}", covers=[made],
        reason=made.reason,
        after={"code": participation.code, "position": measurand.position if measurand else None},
    )  # fmt: skip
    return made


def _place(round_: Round, measurand: RoundMeasurand) -> int:
    return round_.measurands.filter(position__lt=measurand.position).count()


@transaction.atomic
def set_measurand(
    measurand: RoundMeasurand, *, assigned: str, u_assigned: str, sigma: str, actor: User, at: datetime
) -> None:
    """Set what holds for one measurand alone; an empty text gives way to the round's. Raises SettingsError, CannotDo."""
    held = changing(measurand.round)
    written = Written(assigned.strip(), u_assigned.strip(), sigma.strip(), measurand.u_hom, measurand.u_stab)
    in_force(Written(held.assigned, held.u_assigned, held.sigma), written)
    before = _written(measurand)
    measurand.assigned, measurand.u_assigned, measurand.sigma = written.assigned, written.u_assigned, written.sigma
    measurand.save(update_fields=["assigned", "u_assigned", "sigma"])
    journal.record(
        "change_round_settings",
        actor=actor,
        at=at,
        subject=f"round:{held.pk}",
        before=before,
        after=_written(measurand),
    )


def _written(measurand: RoundMeasurand) -> dict[str, object]:
    return {
        "position": measurand.position, "assigned": measurand.assigned, "u_assigned": measurand.u_assigned,
        "sigma": measurand.sigma,
    }  # fmt: skip


@transaction.atomic
def set_judging(round_: Round, *, score: str, chosen: Mapping[str, Any], actor: User, at: datetime) -> None:
    """Choose the score that is judged by, and the rule set (none: {}). Raises CannotDo for what is neither, or after the release."""
    held = changing(round_)
    check_kind(score)
    rule = rule_of(chosen)
    wanted = {"score": score, "judging": rule.as_json() if rule else {}}
    before = {"score": held.score, "judging": held.judging}
    Round.objects.filter(pk=held.pk).update(**wanted)
    journal.record("set_judging", actor=actor, at=at, subject=f"round:{held.pk}", before=before, after=wanted)
    round_.refresh_from_db(fields=["score", "judging"])
