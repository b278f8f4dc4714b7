"""Published studies, and the round on which the tests of preparation stand."""

from tests.cast import AT
from zhunsheng.activities.proficiency.models import Round, RoundMeasurand
from zhunsheng.activities.proficiency.prepare.actions.studying import take_studies
from zhunsheng.activities.proficiency.prepare.models import Verdict
from zhunsheng.activities.proficiency.prepare.rules.reading import UnitResults
from zhunsheng.activities.proficiency.prepare.states import Kind
from zhunsheng.foundation.accounts.models import User
from zhunsheng.foundation.attachments.actions import keep

ARSENIC = (
    ("0.185", "0.194"), ("0.187", "0.189"), ("0.182", "0.186"), ("0.188", "0.196"), ("0.191", "0.181"),
    ("0.188", "0.180"), ("0.187", "0.196"), ("0.177", "0.186"), ("0.179", "0.187"), ("0.188", "0.196"),
)  # fmt: skip
"""Arsenic in chocolate, ten units twice (ISO 13528:2022, E.2, Table E.2); σ_pt = 0.02807."""
ARSENIC_LATER = (("0.191", "0.198"), ("0.190", "0.196"))
"""Two units at the end of the round (Table E.3)."""
ARSENIC_SIGMA = "0.02807"
COPPER = (
    ("10.5", "10.4"), ("9.6", "9.5"), ("10.4", "9.9"), ("9.5", "9.9"), ("10.0", "9.7"), ("9.6", "10.1"), ("9.8", "10.4"),
    ("9.8", "10.2"), ("10.8", "10.7"), ("10.2", "10.0"), ("9.8", "9.5"), ("10.2", "10.0"),
)  # fmt: skip
"""Copper in soya flour, twelve units twice (IUPAC harmonized protocol 2006, appendix 1); σ_pt = 1.14."""


def units(values: tuple[tuple[str, ...], ...], group: str = "") -> list[UnitResults]:
    return [UnitResults(str(number), group, one) for number, one in enumerate(values, 1)]


def numbers(values: tuple[tuple[str, ...], ...]) -> list[list[float]]:
    return [[float(text) for text in one] for one in values]


def studied(
    round_: Round,
    kind: Kind,
    actor: User,
    *measurands: RoundMeasurand,
    values: tuple[tuple[str, ...], ...] | None = None,
) -> list[Verdict]:
    """A published study entered for some measurands of a round, else for all."""
    kept = keep(name="study.csv", content=b"as received", actor=actor, at=AT)
    given = units(values or (ARSENIC if kind == "homogeneity" else ARSENIC_LATER))
    found = {one.pk: given for one in measurands or round_.measurands.all()}
    return take_studies(round_, kind, found, attachment=kept, sheet="1", actor=actor, at=AT)
