"""Units that say a mass fraction, which the Horwitz function needs."""

from __future__ import annotations

import unicodedata

_FRACTION_OF_ONE = {
    "kg/kg": 1.0, "g/g": 1.0, "%": 1e-2, "g/100g": 1e-2, "cg/g": 1e-2, "g/kg": 1e-3, "mg/g": 1e-3, "‰": 1e-3,
    "mg/100g": 1e-5, "mg/kg": 1e-6, "\u03bcg/g": 1e-6, "ug/g": 1e-6, "ppm": 1e-6, "\u03bcg/kg": 1e-9, "ug/kg": 1e-9,
    "ng/g": 1e-9, "ppb": 1e-9, "ng/kg": 1e-12, "pg/g": 1e-12, "ppt": 1e-12,
}  # fmt: skip


def fraction_of_one(unit: str | None) -> float | None:
    """How much one unit is as a dimensionless mass fraction (mg/kg → 1e-6); None where it is no mass fraction."""
    if unit is None:
        return None
    return _FRACTION_OF_ONE.get("".join(unicodedata.normalize("NFKC", unit).split()))
