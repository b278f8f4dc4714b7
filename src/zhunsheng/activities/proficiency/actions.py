"""The verbs of a round: create it from a results file, change its settings, evaluate, release, confirm a retest."""

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from zhunsheng.activities.proficiency.documents import measurands_of, signed_report
from zhunsheng.activities.proficiency.models import Evaluation, Identity, Participation, Report, Round, RoundMeasurand
from zhunsheng.activities.proficiency.queries import (
    coded_results,
    document,
    excluded_in,
    latest_evaluation,
    match_laboratories,
    needing_evaluation,
    settings_of,
)
from zhunsheng.activities.proficiency.rules import evaluation as statistics
from zhunsheng.activities.proficiency.rules.coding import draw_codes, laboratories_of
from zhunsheng.activities.proficiency.rules.judging import rule_of
from zhunsheng.activities.proficiency.rules.results_file import ResultsFile, read_results
from zhunsheng.activities.proficiency.rules.retests import CONFIRMED_MEANWHILE, check_retest
from zhunsheng.activities.proficiency.rules.rounds import (
    CannotDo,
    check_as_planned,
    check_current,
    check_each_once,
    check_looked_at,
    check_not_released,
    check_number,
)
from zhunsheng.activities.proficiency.states import ROUND
from zhunsheng.capability.evidence import actions as evidence
from zhunsheng.capability.evidence.access import visible_to
from zhunsheng.capability.profile.queries import capability
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.models import Attachment
from zhunsheng.foundation.bilingual import Text
from zhunsheng.foundation.journal import actions as journal
from zhunsheng.foundation.journal.append_only import AppendOnly
from zhunsheng.foundation.signing import SigningKey, canonical_json
from zhunsheng.foundation.spreadsheets import BadFile
from zhunsheng.foundation.statechart import NotAllowedNow, move
from zhunsheng.foundation.typesetting.charts import ChartLanguage
from zhunsheng.registry.catalogue.models import Matrix, Parameter
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.people.queries import Visitor

Progress = Callable[[int, int], None]
LANGUAGES: tuple[ChartLanguage, ...] = ("zh", "en", "both")


def no_progress(done: int, total: int) -> None:
    """For callers that do not watch."""


@transaction.atomic
def create_round(
    *,
    attachment: Attachment,
    number: str,
    title_zh: str,
    title_en: str,
    performed_on: date,
    assigned: str,
    u_assigned: str,
    sigma: str,
    catalogue: Mapping[int, tuple[Parameter, Matrix]],
    commissioned_by: Institution | None,
    provider: Institution,
    actor: User,
    at: datetime,
    draw: random.Random | None = None,
) -> Round:
    """Make a round of a results file: measurands, participants under new codes, identities apart.

    `catalogue` names parameter and matrix of a measurand by its position; without them it leaves no evidence. `draw` shuffles
    the codes (default: the system's source of chance). Raises BadFile, CannotDo, or SettingsError, and then nothing was done.
    """
    check_number(number, list(Round.objects.filter(provider=provider).values_list("number", flat=True)))
    statistics.Settings.parse(assigned=assigned, u_assigned=u_assigned or None, sigma=sigma)
    results = read_results(bytes(attachment.content), attachment.name)
    round_ = Round.objects.create(
        number=number.strip(), title_zh=title_zh, title_en=title_en, provider=provider, commissioned_by=commissioned_by,
        performed_on=performed_on, created_at=at, assigned=assigned, u_assigned=u_assigned, sigma=sigma, attachment=attachment,
    )  # fmt: skip
    _write_measurands(round_, results, catalogue)
    people = _write_participants(round_, results, draw or random.SystemRandom())
    journal.record(
        "create_round", actor=actor, at=at, subject=f"round:{round_.pk}", covers=_participants(people),
        after={"number": round_.number, "attachment": str(attachment.pk), **_settings(round_)},
    )  # fmt: skip
    return round_


def _write_measurands(round_: Round, results: ResultsFile, catalogue: Mapping[int, tuple[Parameter, Matrix]]) -> None:
    RoundMeasurand.objects.bulk_create(
        RoundMeasurand(
            round=round_, position=i, name=one.measurand or "", item=one.item or "", unit=one.unit or "",
            parameter=catalogue[i][0] if i in catalogue else None, matrix=catalogue[i][1] if i in catalogue else None,
        )
        for i, one in enumerate(results.measurands)
    )  # fmt: skip


def _write_participants(round_: Round, results: ResultsFile, draw: random.Random) -> list[Identity]:
    names = list(laboratories_of(results).values())
    known = match_laboratories(names)
    check_each_once({name: one.pk for name, one in known.items()})
    codes = draw_codes(len(names), source=draw)
    participations = Participation.objects.bulk_create(
        [Participation(round=round_, code=code) for code in codes], batch_size=300
    )
    people = [
        Identity(participation=one, institution=known.get(name), name=name)
        for one, name in zip(participations, names, strict=True)
    ]
    return Identity.objects.bulk_create(people, batch_size=300)


def _participants(people: list[Identity]) -> list[AppendOnly]:
    """What the journal vouches for: who stands behind which code. It keeps salted digests; the names are not written."""
    return [*(one.participation for one in people), *people]


def _settings(round_: Round) -> dict[str, Any]:
    return {"assigned": round_.assigned, "u_assigned": round_.u_assigned, "sigma": round_.sigma}


@transaction.atomic
def take_results(round_: Round, *, attachment: Attachment, actor: User | None, at: datetime) -> None:
    """Close the collection of a planned round: the results as received, laboratories by code, one row a value.

    Raises NotAllowedNow unless results are coming in. The file has a row for every measurand of the round, in their order. Closed
    before the deadline, the results are of today: evidence does not speak of a day to come.
    """
    waiting, performed_on = Round.objects.filter(pk=round_.pk), min(round_.performed_on, timezone.localdate(at))
    stamp = F("settings_stamp") + 1
    move(ROUND, "collect", waiting, attachment=attachment, coded=True, settings_stamp=stamp, performed_on=performed_on)
    journal.record(
        "take_results", actor=actor, at=at, subject=f"round:{round_.pk}",
        after={"attachment": str(attachment.pk), "sha256": attachment.sha256},
    )  # fmt: skip
    round_.refresh_from_db()


@transaction.atomic
def change_settings(round_: Round, *, assigned: str, u_assigned: str, sigma: str, actor: User, at: datetime) -> None:
    """Change how the assigned value and σ_pt are set; the round then needs evaluation again."""
    held = Round.objects.select_for_update().get(pk=round_.pk)
    check_not_released(held.state, correcting=bool(held.correcting))
    statistics.Settings.parse(assigned=assigned, u_assigned=u_assigned or None, sigma=sigma)
    before = _settings(round_)
    still_open = Round.objects.filter(pk=round_.pk).exclude(state="released", correcting="")
    if not still_open.update(
        assigned=assigned, u_assigned=u_assigned, sigma=sigma, settings_stamp=F("settings_stamp") + 1
    ):
        check_not_released("released")
    round_.refresh_from_db()
    journal.record(
        "change_round_settings",
        actor=actor,
        at=at,
        subject=f"round:{round_.pk}",
        before=before,
        after=_settings(round_),
    )


def evaluate(round_id: UUID | str, *, actor: User | None, at: datetime, progress: Progress = no_progress) -> Evaluation:
    """Compute the evaluation of a round and keep it; the one there is, if nothing has changed since.

    The computing is done outside the transaction: it may be long. Should settings change meanwhile, the stamp tells.
    """
    round_ = Round.objects.select_related("attachment").get(pk=round_id)
    newest = latest_evaluation(round_)
    if newest is not None and newest.settings_stamp == round_.settings_stamp:
        return newest
    found = statistics.evaluate(**asked_of(round_), progress=progress)
    return _keep_evaluation(round_, canonical_json(found), found, actor=actor, at=at)


def asked_of(round_: Round) -> dict[str, Any]:
    """What the statistics are told of a round: all that its evaluation depends on."""
    results, settings = coded_results(round_), settings_of(round_)
    check_as_planned(len(results.measurands), len(settings))
    return {
        "results": results, "settings": settings, "excluded": excluded_in(round_), "rule": rule_of(round_.judging),
        "title": round_.title.both(),
    }  # fmt: skip


Runner = Callable[[Callable[[Mapping[str, Any]], Any], Sequence[Mapping[str, Any]]], Iterator[Any]]
AT_ONCE = 16
"""The results of so many rounds are held in memory together."""


def evaluate_all(
    rounds: Sequence[Round], *, actor: User | None, at: datetime, runner: Runner = map, progress: Progress = no_progress
) -> dict[str, Text]:
    """Evaluate rounds as `evaluate` would each; those that could not be, by number with the reason.

    `runner` spreads the computing over processes or machines; what comes back is kept here, round by round, each in a transaction of
    its own. Run again after a crash, it does those that are lacking.
    """
    refused: dict[str, Text] = {}
    lacking = list(needing_evaluation(Round.objects.filter(pk__in=[one.pk for one in rounds])).order_by("number"))
    for first in range(0, len(lacking), AT_ONCE):
        several, asked = lacking[first : first + AT_ONCE], {}
        for round_ in several:
            try:
                asked[round_] = asked_of(round_)
            except (BadFile, CannotDo, statistics.SettingsError) as refusal:
                refused[round_.number] = refusal.reason
        for done, (round_, found) in enumerate(
            zip(asked, runner(statistics.tried, list(asked.values())), strict=True), 1
        ):
            if isinstance(found, Text):
                refused[round_.number] = found
            else:
                _keep_evaluation(round_, canonical_json(found), found, actor=actor, at=at)
            progress(first + done, len(lacking))
    return refused


@transaction.atomic
def _keep_evaluation(
    round_: Round, canonical: bytes, found: Mapping[str, Any], *, actor: User | None, at: datetime
) -> Evaluation:
    correcting = Round.objects.select_for_update().filter(pk=round_.pk, state="released").exclude(correcting="")
    if not correcting.exists():
        move(ROUND, "evaluate", Round.objects.filter(pk=round_.pk))
    newest = latest_evaluation(round_)
    if newest is not None and newest.settings_stamp >= round_.settings_stamp:
        return newest  # another worker was first
    evaluation = Evaluation.objects.create(
        round=round_, version=newest.version + 1 if newest else 1, settings_stamp=round_.settings_stamp,
        document=canonical, sha256=hashlib.sha256(canonical).hexdigest(), made_at=at, made_by=actor,
    )  # fmt: skip
    journal.record(
        "evaluate_round", actor=actor, at=at, subject=f"round:{round_.pk}", rows=_score_rows(found), covers=[evaluation],
        after={"version": evaluation.version, "sha256": evaluation.sha256},
    )  # fmt: skip
    return evaluation


def _score_rows(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for position, measurand in enumerate(measurands_of(found)):
        for score in measurand["scores"]:
            yield {"measurand": position, **score}


def release(
    round_id: UUID | str,
    *,
    evaluation_id: UUID | str,
    actor: User | None,
    at: datetime,
    key: SigningKey,
    progress: Progress = no_progress,
) -> Round:
    """Release a round: typeset and sign its reports, write evidence for every laboratory that the register knows.

    `evaluation_id` is the evaluation that the person looked at: a newer one is not released unseen (CannotDo).
    Reports are made outside the transaction (seconds); state, reports, journal and evidence stand or fall together.
    """
    round_ = Round.objects.select_related("provider").get(pk=round_id)
    if round_.state == "released":
        return round_  # a job that runs again after a crash finds its work done
    evaluation = latest_evaluation(round_)
    check_current(evaluation.settings_stamp if evaluation else None, round_.settings_stamp)
    assert evaluation is not None  # check_current has seen it
    check_looked_at(str(evaluation_id), str(evaluation.pk))
    found, canonical = document(evaluation), bytes(evaluation.document)
    reports = []
    for done, lang in enumerate(LANGUAGES):
        progress(done, len(LANGUAGES) + 1)
        reports.append(
            (lang, signed_report(found, lang=lang, issuer=round_.provider.name, key=key, canonical=canonical))
        )
    progress(len(LANGUAGES), len(LANGUAGES) + 1)
    _write_release(round_, evaluation, found, reports, actor=actor, at=at)
    return round_


@transaction.atomic
def _write_release(
    round_: Round,
    evaluation: Evaluation,
    found: Mapping[str, Any],
    reports: list[tuple[ChartLanguage, bytes]],
    *,
    actor: User | None,
    at: datetime,
) -> None:
    move(ROUND, "release", Round.objects.filter(pk=round_.pk, settings_stamp=evaluation.settings_stamp), released_at=at)
    papers = [
        Report(evaluation=evaluation, language=lang, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), made_at=at)
        for lang, pdf in reports
    ]
    Report.objects.bulk_create(papers)
    lines = evidence.lines(shown_by(round_, found), at=at, source_sha256=evaluation.sha256)
    entry = journal.record(
        "release_round", actor=actor, at=at, subject=f"round:{round_.pk}", covers=[*papers, *lines],
        after={"evaluation": evaluation.version, "sha256": evaluation.sha256, "reports": len(reports)},
    )  # fmt: skip
    evidence.record(lines, entry=entry)
    round_.refresh_from_db()


def shown_by(round_: Round, found: Mapping[str, Any]) -> Iterator[evidence.Shown]:
    """What the round has shown about each laboratory that the register knows, for each measurand of the catalogue."""
    institution = dict(
        Identity.objects.filter(participation__round=round_, institution__isnull=False).values_list(
            "participation__code", "institution_id"
        )
    )
    for measurand, of in zip(round_.measurands.order_by("position"), measurands_of(found), strict=True):
        if measurand.parameter_id is None or measurand.matrix_id is None:
            continue
        for score in of["scores"]:
            if score["laboratory"] in institution:
                yield evidence.Shown(
                    institution_id=institution[score["laboratory"]], parameter_id=measurand.parameter_id,
                    matrix_id=measurand.matrix_id, kind="proficiency_result", version=1,
                    payload=_payload(round_, of, score), occurred_on=round_.performed_on,
                    source=f"round:{round_.pk}:{measurand.position}", disclosed_to_id=round_.commissioned_by_id,
                )  # fmt: skip


def _payload(round_: Round, of: Mapping[str, Any], score: Mapping[str, Any]) -> dict[str, Any]:
    assigned = of["assigned_value"]
    return {
        "round": round_.number, "result": score["result"], "unit": of["unit"] or "", "score_kind": of["score_used"],
        "score": score[of["score_used"]], "zeta": score["zeta"], "e_n": score["e_n"], "signal": score["signal"],
        "assigned_value": assigned["value"], "u_assigned": assigned["u"], "sigma_pt": of["sigma_pt"]["value"],
        "n": of["counts"]["scored"], "method": assigned["method"],
        "engine": f"{of['engine']['name']} {of['engine']['version']}",
    }  # fmt: skip


@transaction.atomic
def confirm_retest(
    *, institution: Institution, parameter: Parameter, matrix: Matrix, reason: str, visitor: Visitor, at: datetime
) -> None:
    """Give a suspended item back: the authority to which the failed result was disclosed confirms that the retest passed.

    Raises PermissionError for whoever is no regulator, NotAllowedNow when nothing is suspended, no later result has passed or
    no reason is given (SAMR 2023 No. 13, art. 20).
    """
    if visitor.user is None or visitor.authority is None:
        raise PermissionError("only a regulator confirms a retest")
    today = timezone.localdate(at)
    held = capability(institution, parameter, matrix, on=today, known_on=today, evidence=visible_to(visitor)).suspended
    check_retest(held, reason)
    assert held is not None and held.passed is not None
    payload = {"failed": held.failed.id, "passed": held.passed.id, "round": held.passed.round, "reason": reason.strip()}
    shown = evidence.Shown(
        institution_id=institution.pk, parameter_id=parameter.pk, matrix_id=matrix.pk, kind="retest_confirmed", version=1,
        payload=payload, occurred_on=today, source=f"retest:{held.failed.id}"[:64], disclosed_to_id=visitor.authority.pk,
    )  # fmt: skip
    lines = evidence.lines([shown], at=at, source_sha256=hashlib.sha256(canonical_json(payload)).hexdigest())
    entry = journal.record(
        "confirm_retest", actor=visitor.user, at=at, subject=f"evidence:{lines[0].pk}", covers=lines,  # to whom it is disclosed
        reason=reason.strip(), after=payload,
    )  # fmt: skip
    try:
        with transaction.atomic():
            evidence.record(lines, entry=entry)
    except IntegrityError:
        raise NotAllowedNow(CONFIRMED_MEANWHILE) from None
