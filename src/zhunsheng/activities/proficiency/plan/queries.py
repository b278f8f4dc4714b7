"""The questions asked of plans, a constant number of queries each."""

from collections.abc import Sequence

from intercomp import SIGMA_METHODS

from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.plan.models import Item, Promise
from zhunsheng.activities.proficiency.plan.rules.foreseeing import Design, Foreseen, foresee
from zhunsheng.activities.proficiency.plan.rules.planning import Planned, lacking
from zhunsheng.activities.proficiency.rules.reported_values import read_value
from zhunsheng.foundation.bilingual import Text


def promise_of(round_: Round) -> Promise | None:
    """The newest confidentiality statement of a round: what whoever enrols now accepts."""
    return Promise.objects.filter(round=round_).order_by("-version").first()


def items_of(round_: Round) -> list[Item]:
    """The items of a round in their order."""
    return list(Item.objects.filter(round=round_).select_related("matrix").order_by("position"))


def measurands_of(round_: Round) -> list[RoundMeasurand]:
    """What is determined, in its order, with its place in the catalogue and the methods allowed; two queries."""
    found = RoundMeasurand.objects.filter(round=round_).select_related("parameter", "matrix").order_by("position")
    return list(found.prefetch_related("allowed__method"))


def lacking_of(round_: Round) -> list[Text]:
    """What the plan of a round still lacks before it can be announced."""
    promise = promise_of(round_)
    planned = [Planned(str(one), bool(one.parameter_id), bool(one.matrix_id)) for one in measurands_of(round_)]
    return lacking(promise.text if promise else None, [one.code for one in items_of(round_)], planned)


def foreseen_of(round_: Round, measurands: Sequence[RoundMeasurand]) -> list[Foreseen]:
    """What the plan cannot do, or does worse than one may think, measurand by measurand."""
    return foresee(design_of(round_, one) for one in measurands)


def told_once(foreseen: Sequence[Foreseen]) -> list[tuple[Text, bool, str]]:
    """What is foreseen, each sentence once with the measurands that it is about; what cannot work comes first."""
    about: dict[tuple[Text, bool], list[str]] = {}
    for one in foreseen:
        about.setdefault((one.said, one.stops), []).append(one.measurand)
    told = [(said, stops, "; ".join(names)) for (said, stops), names in about.items()]
    return sorted(told, key=lambda one: not one[1])


def design_of(round_: Round, one: RoundMeasurand) -> Design:
    """The settings that hold for a measurand: its own, else the round's."""
    assigned, sigma = one.assigned or round_.assigned, one.sigma or round_.sigma
    return Design(
        name=str(one), expected=round_.plan.expected, assigned=number_in(assigned),
        u=number_in(one.u_assigned if one.assigned else one.u_assigned or round_.u_assigned), sigma=number_in(sigma),
        sigma_is_sd=sigma == "sd" and sigma in SIGMA_METHODS, step=number_in(one.step),
    )  # fmt: skip


def number_in(text: str) -> float | None:
    """The number that a setting gives; None where it names a method or says nothing."""
    value = read_value(text)
    return float(value.number) if value.kind == "number" else None
