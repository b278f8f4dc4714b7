"""The verbs about homogeneity and stability: take results and judge them, judge again, let go with a reason."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from intercomp import InputError

from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.queries import number_in
from zhunsheng.activities.proficiency.prepare.models import Study, Verdict, Waiver
from zhunsheng.activities.proficiency.prepare.queries import known_of, shown_name, sigma_of
from zhunsheng.activities.proficiency.prepare.rules.judging import ENGINE, Judged, judge_homogeneity, judge_stability
from zhunsheng.activities.proficiency.prepare.rules.reading import UnitResults, from_json, groups_of, numbers_of
from zhunsheng.activities.proficiency.prepare.states import BEFORE_RELEASE, Kind
from zhunsheng.activities.proficiency.rules.rounds import CannotDo
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.bilingual import t
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.signing import canonical_json

OVER = t("The round is over; what was known about its items stays as it was.", "本轮次已结束，样品检验记录不再更改。")


def still_open(round_: Round) -> Round:
    """The round, held until the verb is done. Raises CannotDo once it is released or cancelled."""
    held = Round.objects.select_for_update(of=("self",)).select_related("plan").get(pk=round_.pk)
    if held.state not in BEFORE_RELEASE:
        raise CannotDo(OVER)
    return held


@transaction.atomic
def take_studies(
    round_: Round, kind: Kind, found: Mapping[int, Sequence[UnitResults]], *, attachment: Attachment, sheet: str,
    actor: User | None, at: datetime,
) -> list[Verdict]:  # fmt: skip
    """Keep the results of a study of some measurands as received and judge each; a new version where there was one.

    u(hom) or u(stab) goes to the measurand, and the round wants a new evaluation. Raises CannotDo, and then nothing was done.
    """
    held = still_open(round_)
    measurands = held.measurands.in_bulk(list(found))
    versions = dict(
        Study.objects.filter(measurand__in=found, kind=kind).values_list("measurand").annotate(last=Max("version"))
    )
    studies = [
        _study(measurands[pk], kind, versions.get(pk, 0) + 1, units, attachment, sheet, actor, at)
        for pk, units in found.items()
    ]
    Study.objects.bulk_create(studies, batch_size=100)
    return _judge(held, studies, {}, actor=actor, at=at, verb="take_item_study", covers=studies)


def _study(
    measurand: RoundMeasurand, kind: Kind, version: int, units: Sequence[UnitResults], attachment: Attachment, sheet: str,
    actor: User | None, at: datetime,
) -> Study:  # fmt: skip
    rows = [one.as_json() for one in units]
    return Study(
        measurand=measurand, kind=kind, version=version, rows=rows, sha256=hashlib.sha256(canonical_json(rows)).hexdigest(),
        unit=measurand.unit, attachment=attachment, sheet=sheet[:100], made_at=at, made_by=actor,
    )  # fmt: skip


@transaction.atomic
def judge_again(round_: Round, measurand: RoundMeasurand, kind: Kind, *, actor: User | None, at: datetime) -> Verdict:
    """Judge the newest study with the σ_pt and the homogeneity results of now. Raises CannotDo where nothing has changed."""
    held = still_open(round_)
    known = known_of(held, measurand, kind)
    if known.standing.other_unit:
        raise CannotDo(t("The unit has changed; enter the results again.", "单位已改变，请重新录入结果。"))
    if known.study is None or known.verdict is None or not known.standing.stale:
        raise CannotDo(t("Nothing has changed since it was judged.", "判定之后没有变化，无需重新判定。"))
    study = Study.objects.select_related("measurand").get(pk=known.study.pk)
    numbers = {study.pk: known.verdict.number}
    return _judge(held, [study], numbers, actor=actor, at=at, verb="judge_item_study", covers=[])[0]


def _judge(
    held: Round, studies: Sequence[Study], numbers: Mapping[Any, int], *, actor: User | None, at: datetime, verb: str,
    covers: Sequence[Study],
) -> list[Verdict]:  # fmt: skip
    """Write a verdict on each study, its uncertainty into its measurand, and the act into the journal."""
    homogeneous = _homogeneity_studies([one for one in studies if one.kind == "stability"])
    verdicts, uncertain = [], []
    for one in studies:
        against = homogeneous.get(one.measurand_id)
        judged = _judged(one, against, number_in(sigma_of(held, one.measurand)))
        verdicts.append(
            Verdict(
                study=one,
                number=numbers.get(one.pk, 0) + 1,
                against=against if _one_group(one) else None,
                sigma=sigma_of(held, one.measurand),
                outcome=judged.outcome,
                figures=judged.figures,
                method=judged.method,
                engine=ENGINE,
                n=judged.n,
                made_at=at,
                made_by=actor,
            )
        )  # fmt: skip
        setattr(one.measurand, "u_hom" if one.kind == "homogeneity" else "u_stab", f"{judged.u:.4g}")
        uncertain.append(one.measurand)
    Verdict.objects.bulk_create(verdicts, batch_size=60)
    RoundMeasurand.objects.bulk_update(uncertain, ["u_hom", "u_stab"], batch_size=100)
    Round.objects.filter(pk=held.pk).update(settings_stamp=F("settings_stamp") + 1)
    journal.record(
        verb, actor=actor, at=at, subject=f"round:{held.pk}", covers=[*covers, *verdicts],
        after={"verdicts": [{"kind": v.study.kind, "position": v.study.measurand.position, "outcome": v.outcome} for v in verdicts]},
    )  # fmt: skip
    return verdicts


def _one_group(study: Study) -> bool:
    return study.kind == "stability" and len(groups_of(from_json(study.rows))) == 1


def _homogeneity_studies(stability: Sequence[Study]) -> dict[int, Study]:
    """The newest homogeneity study of the measurands of stability studies of one group."""
    wanted = [one.measurand_id for one in stability if _one_group(one)]
    found = Study.objects.filter(measurand__in=wanted, kind="homogeneity").order_by("version") if wanted else []
    return {one.measurand_id: one for one in found}


def _judged(study: Study, against: Study | None, sigma: float | None) -> Judged:
    units = from_json(study.rows)
    try:
        if study.kind == "homogeneity":
            return judge_homogeneity(numbers_of(units), sigma)
        if _one_group(study):
            if against is None:
                raise CannotDo(
                    t("{m}: one group only, and no homogeneity results to compare it with. Give two groups, or enter homogeneity first.",
                      "{m}：只有一组结果，且没有可供比较的均匀性结果。请给出两组结果，或先录入均匀性结果。",
                      m=shown_name(study.measurand))
                )  # fmt: skip
            return judge_stability(numbers_of(from_json(against.rows)), numbers_of(units), sigma)
        first, second = groups_of(units)
        return judge_stability(numbers_of(units, first), numbers_of(units, second), sigma)
    except InputError as error:
        raise CannotDo(
            t(
                "{m}: the results cannot be judged ({x}).",
                "{m}：结果无法判定（{x}）。",
                m=shown_name(study.measurand),
                x=error,
            )
        ) from error


@transaction.atomic
def waive(
    round_: Round,
    measurand: RoundMeasurand,
    kind: Kind,
    *,
    verdict: int | None,
    reason: str,
    actor: User | None,
    at: datetime,
) -> Waiver:
    """Let items go without a verdict that passed, with a reason; it holds for this verdict only, until there is a newer one.

    `verdict` is the key of the verdict that the person looked at, None for none. Raises CannotDo.
    """
    held = still_open(round_)
    known = known_of(held, measurand, kind)
    if not reason.strip():
        raise CannotDo(t("Say why.", "请说明理由。"))
    if verdict != (known.verdict.pk if known.verdict else None):
        raise CannotDo(
            t(
                "It was judged anew since you looked. Look at the new verdict first.",
                "您查看之后已重新判定，请先查看新的判定。",
            )
        )
    if known.standing.settled:
        raise CannotDo(t("Nothing is missing here.", "此项已满足要求，无需豁免。"))
    if known.standing.stale or known.standing.other_unit:
        raise CannotDo(t("Judge it again first.", "请先重新判定。"))
    made = Waiver.objects.create(
        measurand=measurand, kind=kind, verdict=known.verdict, reason=reason.strip(), at=at, by=actor
    )
    journal.record(
        "waive_item_study", actor=actor, at=at, subject=f"round:{held.pk}", covers=[made], reason=made.reason,
        after={"kind": kind, "position": measurand.position, "outcome": known.standing.outcome},
    )  # fmt: skip
    return made
