"""The questions asked of preparation, a constant number of queries each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from zhunsheng.activities.proficiency.models import Participation, Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import Item
from zhunsheng.activities.proficiency.plan.queries import items_of, measurands_of, number_in
from zhunsheng.activities.proficiency.prepare.models import Assignment, Opening, Seal, Study, Verdict, Waiver
from zhunsheng.activities.proficiency.prepare.rules.gate import Gate, Standing, may_ship
from zhunsheng.activities.proficiency.prepare.rules.reading import Known
from zhunsheng.activities.proficiency.prepare.rules.sealing import may_see
from zhunsheng.activities.proficiency.prepare.states import KINDS, Kind
from zhunsheng.activities.proficiency.rules.reported_values import fold
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.bilingual import Text, t


def sigma_of(round_: Round, one: RoundMeasurand) -> str:
    """σ_pt as far as it is known before the results: the measurand's own, else the round's; empty where it comes of the data."""
    written = one.sigma or round_.sigma
    number = number_in(written)
    return written if number is not None and number > 0 else ""


@dataclass(frozen=True, slots=True)
class Respect:
    """All that is known about one measurand in one respect."""

    measurand: RoundMeasurand
    kind: Kind
    study: Study | None
    verdict: Verdict | None
    waiver: Waiver | None
    standing: Standing


def name_of(one: RoundMeasurand) -> Text:
    """What is determined, as the catalogue calls it, else as the round does."""
    return one.parameter.name if one.parameter is not None else Text(en=one.name, zh=one.name)


def shown_name(one: RoundMeasurand) -> Text:
    """Item and measurand, as a person tells them apart."""
    return t("{i} {m}", "{i} {m}", i=one.item, m=name_of(one))


def measurands_in_order(round_: Round) -> list[RoundMeasurand]:
    """What is determined, with its place in the catalogue; one query."""
    return list(round_.measurands.select_related("parameter").order_by("position"))


def overview(round_: Round) -> list[dict[Kind, Respect]]:
    """Every measurand in every respect, in their order; three queries beside the measurands'."""
    measurands = measurands_in_order(round_)
    verdicts = _newest_verdicts(round_)
    waivers = {(one.measurand_id, one.kind, one.verdict_id): one for one in _waivers(round_)}
    latest = {key: one.study for key, one in verdicts.items()}
    return [
        {kind: _known(round_, one, kind, verdicts.get((one.pk, kind)), latest, waivers) for kind in KINDS}
        for one in measurands
    ]


def _newest_verdicts(round_: Round) -> dict[tuple[int, Kind], Verdict]:
    """The newest verdict of the newest study of each measurand; every study has one."""
    found = Verdict.objects.filter(study__measurand__round=round_).select_related("study").defer("study__rows")
    return {(one.study.measurand_id, one.study.kind): one for one in found.order_by("study__version", "number")}


def _waivers(round_: Round) -> QuerySet[Waiver]:
    return Waiver.objects.filter(measurand__round=round_).select_related("by")


def _known(
    round_: Round, one: RoundMeasurand, kind: Kind, verdict: Verdict | None, latest: Mapping[tuple[int, Kind], Study],
    waivers: Mapping[tuple[int, Kind, int | None], Waiver],
) -> Respect:  # fmt: skip
    waiver = waivers.get((one.pk, kind, verdict.pk if verdict else None))
    stale = verdict is not None and (
        verdict.sigma != sigma_of(round_, one)
        or (verdict.against_id is not None and verdict.against_id != latest[one.pk, "homogeneity"].pk)
    )
    standing = Standing(
        shown_name(one), kind, verdict.outcome if verdict else None, waived=waiver is not None, stale=stale,
        other_unit=verdict is not None and verdict.study.unit != one.unit,
    )  # fmt: skip
    return Respect(one, kind, verdict.study if verdict else None, verdict, waiver, standing)


def known_of(round_: Round, measurand: RoundMeasurand, kind: Kind) -> Respect:
    """The same of one measurand in one respect."""
    return next(row[kind] for row in overview(round_) if row[kind].measurand.pk == measurand.pk)


def gate(round_: Round) -> Gate:
    """May the items of a round be shipped, and if not, what is missing? The room that ships asks this."""
    return may_ship([one.standing for row in overview(round_) for one in row.values()])


def names_of(round_: Round) -> list[Known]:
    """The measurands of a round by every name that a table may give them; two queries."""
    return [Known(one.pk, one.item, frozenset(_names(one)), shown_name(one)) for one in measurands_of(round_)]


def _names(one: RoundMeasurand) -> Iterator[str]:
    yield fold(one.name).lower()
    if one.parameter is not None:
        yield from (fold(name).lower() for name in (one.parameter.name_zh, one.parameter.name_en, one.parameter.code))


def studies_of(measurand: RoundMeasurand, kind: Kind) -> list[Study]:
    """Every version of a study, the newest first, with its verdicts; two queries."""
    found = Study.objects.filter(measurand=measurand, kind=kind).select_related("made_by", "attachment")
    return list(found.defer("attachment__content").prefetch_related("verdicts").order_by("-version"))


def varied_items(round_: Round) -> list[Item]:
    """The items that are handed out in variants."""
    return [one for one in items_of(round_) if one.variants > 1]


def assignments(round_: Round) -> QuerySet[Assignment]:
    """The variant that each participant has now, one row for each item."""
    later = Assignment.objects.filter(
        participation=OuterRef("participation"), item=OuterRef("item"), number__gt=OuterRef("number")
    )
    found = Assignment.objects.filter(participation__round=round_).exclude(Exists(later))
    return found.select_related("participation", "item").order_by("participation__code", "item__position")


def unassigned(item: Item) -> list[UUID]:
    """The participations without a variant of an item, in the order of their codes, which chance has drawn."""
    without = Participation.objects.filter(round=item.round_id).exclude(
        Exists(Assignment.objects.filter(participation=OuterRef("pk"), item=item))
    )
    return list(without.order_by("code").values_list("pk", flat=True))


def handed_out(round_: Round) -> dict[UUID, Counter[int]]:
    """How often each variant of each item is handed out now."""
    found: dict[UUID, Counter[int]] = {}
    counted = assignments(round_).order_by().values_list("item", "variant").annotate(n=Count("pk"))
    for item, variant, n in counted.values_list("item", "variant", "n"):
        found.setdefault(item, Counter())[variant] = n
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """One value that may be sealed: a measurand, in each variant of its item; its newest seal, and whether the asker sees the value."""

    measurand: RoundMeasurand
    variant: int
    variants: int
    seal: Seal | None
    opened: Opening | None
    visible: bool


def places(round_: Round, *, asker: User | None, at: datetime) -> list[Place]:
    """What may be sealed in a round, with what is; three queries."""
    variants = {one.code: one.variants for one in items_of(round_)}
    seals = newest_seals(round_)
    return [
        _place(round_, one, variant, variants.get(one.item, 1), seals.get((one.pk, variant)), asker, at)
        for one in measurands_in_order(round_)
        for variant in range(1, variants.get(one.item, 1) + 1)
    ]


def _place(
    round_: Round, one: RoundMeasurand, variant: int, variants: int, seal: Seal | None, asker: User | None, at: datetime
) -> Place:
    is_sealer = seal is not None and asker is not None and seal.sealed_by_id == asker.pk
    visible = seal is not None and may_see(is_sealer=is_sealer, deadline=round_.plan.results_until, at=at)
    opened = getattr(seal, "opening", None) if seal else None
    return Place(one, variant, variants, seal, opened, visible)


def newest_seals(round_: Round) -> dict[tuple[int, int], Seal]:
    """The seal that counts, by measurand and variant."""
    found = Seal.objects.filter(measurand__round=round_).select_related("measurand", "sealed_by", "opening")
    return {(one.measurand_id, one.variant): one for one in found.order_by("version")}


def opened_values(round_: Round) -> dict[tuple[int, int], tuple[str, str]]:
    """Assigned value and its uncertainty by measurand and variant, of the seals that were opened: for the evaluation."""
    found = Seal.objects.filter(measurand__round=round_, opening__isnull=False).order_by("version")
    return {(one.measurand_id, one.variant): (one.assigned, one.u) for one in found}
