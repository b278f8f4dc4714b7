"""The questions asked of rounds, a constant number of queries each."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from zhunsheng.activities.proficiency.models import (
    Correction,
    Download,
    Evaluation,
    Exclusion,
    Identity,
    Participation,
    Report,
    Round,
    RoundMeasurand,
)
from zhunsheng.activities.proficiency.rules.coding import by_code, laboratories_of
from zhunsheng.activities.proficiency.rules.exclusions import Said, standing
from zhunsheng.activities.proficiency.rules.results_file import ResultsFile, read_results, same
from zhunsheng.activities.proficiency.rules.rounds import NOT_COLLECTED, CannotDo
from zhunsheng.activities.proficiency.rules.settings import Settings, Written, in_force
from zhunsheng.foundation.bilingual import Text
from zhunsheng.registry.institutions.models import Institution
from zhunsheng.registry.institutions.queries import family_ids


def latest_evaluation(round_: Round) -> Evaluation | None:
    """The newest evaluation of a round."""
    return round_.evaluations.order_by("-version").first()


def issued_evaluation(round_: Round) -> Evaluation | None:
    """The newest evaluation that was released: what participants see, whatever is evaluated meanwhile."""
    return round_.evaluations.filter(reports__isnull=False).order_by("-version").first()


def corrections_of(round_: Round) -> list[Correction]:
    """The corrigenda of a round, the newest first."""
    found = Correction.objects.filter(evaluation__round=round_).select_related("evaluation", "replaces", "by")
    return list(found.order_by("-number"))


def downloads_of(evaluation: Evaluation) -> list[Download]:
    """Who took reports of an evaluation away, and when; one query."""
    found = Download.objects.filter(report__evaluation=evaluation).select_related("report", "by", "by__person")
    return list(found.defer("report__pdf").order_by("at", "pk"))


def document(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation document; its laboratories are codes."""
    parsed: dict[str, Any] = json.loads(bytes(evaluation.document))
    return parsed


def needs_evaluation(round_: Round, evaluation: Evaluation | None) -> bool:
    """Has something changed since the newest evaluation (or is there none)?"""
    return evaluation is None or evaluation.settings_stamp != round_.settings_stamp


def needing_evaluation(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Of these, the rounds with results whose newest evaluation is missing or older than results and settings."""
    newest = Evaluation.objects.filter(round=OuterRef("pk")).order_by("-version").values("settings_stamp")[:1]
    with_results = rounds.filter(Q(state__in=("collected", "evaluated")) | Q(state="released") & ~Q(correcting=""))
    found = with_results.annotate(evaluated=Subquery(newest))
    return found.filter(Q(evaluated=None) | ~Q(evaluated=F("settings_stamp")))


def identities(visible: QuerySet[Identity]) -> dict[str, tuple[Text, UUID | None]]:
    """Code → name and institution, of the identities that the asker may see (`access.identities_visible_to`)."""
    return {
        row.participation.code: (
            row.institution.name if row.institution else Text(en=row.name, zh=row.name),
            row.institution_id,
        )
        for row in visible.select_related("participation", "institution")
    }


def mapped_measurands(rounds: QuerySet[Round]) -> list[RoundMeasurand]:
    """What these rounds measure, as far as it is an item of the catalogue; one query."""
    mapped = RoundMeasurand.objects.filter(round__in=rounds, parameter__isnull=False, matrix__isnull=False)
    return list(mapped.select_related("round", "parameter", "matrix").order_by("round__number", "round", "position"))


def own_code(round_: Round, laboratory: Institution) -> str | None:
    """The code under which a laboratory took part."""
    return (
        Participation.objects.filter(round=round_, identity__institution__in=family_ids(laboratory))
        .values_list("code", flat=True)
        .first()
    )


def codes_of(round_: Round) -> list[str]:
    """The codes of a round in their order; before they are drawn there are none."""
    return list(Participation.objects.filter(round=round_).order_by("code").values_list("code", flat=True))


def reports_of(round_: Round) -> dict[str, Report]:
    """The released reports of a round's newest evaluation, by language, without their bytes."""
    return {
        report.language: report
        for report in Report.objects.filter(evaluation__round=round_).defer("pdf").order_by("evaluation__version")
    }


@dataclass(frozen=True, slots=True)
class Preview:
    """What will happen when a results file becomes a round."""

    results: ResultsFile
    matched: list[tuple[str, Institution]]
    unknown: list[str]


def preview(results: ResultsFile) -> Preview:
    """Look the laboratories of a results file up in the register."""
    names = laboratories_of(results)
    known = match_laboratories(names.values())
    return Preview(
        results=results,
        matched=[(name, known[name]) for name in names.values() if name in known],
        unknown=[name for name in names.values() if name not in known],
    )


def match_laboratories(names: Iterable[str]) -> dict[str, Institution]:
    """Institutions of the register by the name (either language) or unified social credit code written in a file.

    A name that two institutions bear matches neither: a guess here would put one laboratory's score in another's record.
    """
    names = list(dict.fromkeys(names))
    found: dict[str, list[Institution]] = {}
    for start in range(0, len(names), 300):  # SQLite takes 999 variables in a statement
        part = names[start : start + 300]
        for one in Institution.objects.filter(Q(name_zh__in=part) | Q(name_en__in=part) | Q(uscc__in=part)):
            for key in {one.name_zh, one.name_en, one.uscc} & set(part):
                found.setdefault(str(key), []).append(one)
    return {name: those[0] for name, those in found.items() if len(those) == 1}


def settings_of(round_: Round) -> list[Settings]:
    """The settings that hold for each measurand, in their order: the one place that knows. Raises SettingsError."""
    of_round = Written(round_.assigned, round_.u_assigned, round_.sigma)
    rows = round_.measurands.order_by("position")
    return [
        in_force(of_round, Written(m.assigned, m.u_assigned, m.sigma, m.u_hom, m.u_stab), score=round_.score)
        for m in rows
    ]


def said_of_exclusions(round_: Round) -> list[Exclusion]:
    """Every result taken out of the statistics or put back, the newest last."""
    return list(round_.exclusions.select_related("measurand", "participation", "by"))


def excluded_in(round_: Round) -> list[dict[str, str]]:
    """For each measurand in its order: code and reason of the results that are out of the statistics now."""
    place = {pk: i for i, pk in enumerate(round_.measurands.order_by("position").values_list("pk", flat=True))}
    said = [
        Said(place[one.measurand_id] if one.measurand_id else None, one.participation.code, one.out, one.reason)
        for one in round_.exclusions.select_related("participation")
    ]
    return standing(said, len(place))


def coded_results(round_: Round) -> ResultsFile:
    """The results of a round as the statistics take them: by code, in the order of the codes."""
    if round_.attachment is None:
        raise CannotDo(NOT_COLLECTED)
    results = read_results(bytes(round_.attachment.content), round_.attachment.name)
    if round_.coded:
        codes = Participation.objects.filter(round=round_).values_list("code", flat=True)
        return by_code(results, {same(code): code for code in codes})
    rows = Identity.objects.filter(participation__round=round_).values_list("name", "participation__code")
    return by_code(results, {same(name): code for name, code in rows})
