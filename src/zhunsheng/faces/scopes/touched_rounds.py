"""Open rounds that a change of a standard touches: asked of the rounds that the visitor may see, and of the scopes, which are public."""

from collections.abc import Sequence
from dataclasses import dataclass

from zhunsheng.activities.proficiency.access import open_rounds_seen_by
from zhunsheng.activities.proficiency.models import RoundMeasurand
from zhunsheng.activities.proficiency.queries import mapped_measurands
from zhunsheng.faces.middleware import VisitedRequest
from zhunsheng.registry.scopes.queries.watch import Touched, items_tested_by


@dataclass(frozen=True, slots=True)
class TouchedRound:
    """A change, and something that a round measures by a method that rests on the standard."""

    change: Touched
    measurand: RoundMeasurand


def rounds_touched(request: VisitedRequest, found: Sequence[Touched]) -> list[TouchedRound]:
    """In the order of the changes; two queries. Nothing for whoever coordinates no open round."""
    measured = mapped_measurands(open_rounds_seen_by(request.visitor)) if request.visitor.provider else []
    items = {(one.parameter_id, one.matrix_id) for one in measured}
    methods = {method.pk for change in found for method in change.methods}
    named = items_tested_by(methods, items, on=request.today, known_on=request.today)  # type: ignore[arg-type]
    return [
        TouchedRound(change, one)
        for change in found
        for one in measured
        if any((one.parameter_id, one.matrix_id) in named.get(method.pk, ()) for method in change.methods)
    ]
