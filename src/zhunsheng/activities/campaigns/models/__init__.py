"""The tables of a campaign; so far those of the draw."""

from zhunsheng.activities.campaigns.models.draw import (
    Competence,
    Draw,
    DrawnLaboratory,
    DrawnOfficer,
    FrozenList,
    Interest,
    OfficerNumber,
    Outcome,
)

__all__ = [
    "Competence",
    "Draw",
    "DrawnLaboratory",
    "DrawnOfficer",
    "FrozenList",
    "Interest",
    "OfficerNumber",
    "Outcome",
]
