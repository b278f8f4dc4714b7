"""What a study says about the items: every figure comes from the engine; pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import intercomp
from intercomp import homogeneity, homogeneity_guide35, stability

from zhunsheng.activities.proficiency.prepare.states import Outcome

ENGINE = f"intercomp {intercomp.__version__}"
Values = Sequence[Sequence[float]]
_HOMOGENEITY: Mapping[str, Outcome] = {
    "sufficient": "passed", "sufficient by the expanded criterion": "expanded", "not sufficient": "failed",
    "no criterion": "undecided",
}  # fmt: skip
_STABILITY: Mapping[str, Outcome] = {
    "stable": "passed", "stable within the uncertainty of the means": "expanded", "not stable": "failed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with all that is needed to check it by hand; figures that could not be computed are None."""

    outcome: Outcome
    figures: dict[str, float | int | None]
    u: float
    method: str
    n: int


def judge_homogeneity(units: Values, sigma: float | None) -> Judged:
    """s_s ≤ 0.3 σ_pt, else by the expanded criterion s_s ≤ √c; u(hom) = max(s_bb, u*_bb). Raises intercomp.InputError.

    ISO 13528:2022, B.2, B.3; ISO Guide 35:2017, 7.7. Without σ_pt the figures stand and the verdict is open.
    """
    found, table = homogeneity(units, sigma), homogeneity_guide35(units)
    named = ("g", "m", "mean", "s_x", "s_w", "s_s", "f", "f_crit", "p", "cochran_C", "cochran_critical_1", "cochran_item",
             "limit", "factor_1", "factor_2", "sqrt_c")  # fmt: skip
    figures = {name: _plain(getattr(found, name)) for name in named}
    of_table = ("ms_between", "ms_within", "s_bb", "u_bb_star", "u_hom")
    figures |= {name: _plain(getattr(table, name)) for name in of_table}
    return Judged(
        _HOMOGENEITY[str(found.verdict)],
        figures,
        float(table.u_hom),
        f"{found.edition}, B.2; {table.edition}",
        _count(units),
    )


def judge_stability(first: Values, second: Values, sigma: float | None) -> Judged:
    """|ȳ_1 - ȳ_2| ≤ 0.3 σ_pt, else with 2√(u_1² + u_2²) added; u(stab) = |ȳ_1 - ȳ_2|/√3. Raises intercomp.InputError.

    ISO 13528:2022, B.5. u(stab) takes the value to lie anywhere within the difference of that at the beginning (GUM, 4.3.7).
    The means and their difference do not depend on σ_pt, so that any will do where it is not known yet.
    """
    found = stability(first, second, 1.0 if sigma is None else sigma)
    named = ("mean_1", "mean_2", "u_1", "u_2", "difference")
    criteria = ("criterion", "criterion_expanded") if sigma is not None else ()
    figures = {name: _plain(getattr(found, name)) for name in (*named, *criteria)}
    u = float(found.difference) / math.sqrt(3)
    figures |= {"g_1": len(first), "g_2": len(second), "u_stab": u}
    outcome: Outcome = "undecided" if sigma is None else _STABILITY[str(found.verdict)]
    return Judged(outcome, figures, u, f"{found.edition}, B.5", _count(first) + _count(second))


def _plain(figure: Any) -> float | int | None:
    value = figure.item() if hasattr(figure, "item") else figure
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _count(units: Values) -> int:
    return sum(map(len, units))
