"""A quick look at one round: assigned value, σ_pt and scores as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from intercomp.assigned_value import AssignedValue, assigned_by
from intercomp.errors import InputError
from intercomp.inputs import as_scalar
from intercomp.round_file import Measurand, Reported
from intercomp.scores import e_n, signals, u_is_negligible, z, z_prime, zeta
from intercomp.sigma_pt import SigmaPt, sigma_from
from intercomp.small_samples import FEW_FOR_CONSENSUS, score_ceiling


@dataclass(frozen=True, slots=True)
class Choice:
    """How to evaluate: a method by name, or a value; u of a value; the mass fraction for Horwitz."""

    assigned: str = "algorithm-a"
    u_assigned: float | None = None
    sigma: str = "algorithm-a"
    mass_fraction: float | None = None


def look(measurand: Measurand, choice: Choice) -> Iterator[str]:
    """Lines to print. Raises InputError on data or choices that cannot be taken, Degenerate where there is no spread."""
    reported = measurand.results
    values = np.array([one.value for one in reported], dtype=np.float64)
    if values.size == 0:
        raise InputError("results", "there is none to evaluate", "give at least one result that is a number")
    assigned, sigma = _assigned(values, choice), _sigma(values, choice)
    if measurand.name:
        yield f"{measurand.name}{f' ({measurand.unit})' if measurand.unit else ''}"
    yield f"assigned value  {assigned.value:.6g}  {_of_u(assigned)}  by {assigned.method}"
    yield f"sigma_pt        {sigma.value:.6g}  by {sigma.method}"
    yield ""
    yield from _table(reported, values, assigned, sigma)
    yield from _notes(measurand, assigned, sigma, values.size)


def _of_u(assigned: AssignedValue) -> str:
    return "u unknown" if assigned.u is None else f"u = {assigned.u:.3g}"


def _as_number(text: str) -> float | None:
    try:
        return as_scalar(text, "value")
    except InputError:
        return None


def _assigned(values: Any, choice: Choice) -> AssignedValue:
    given = _as_number(choice.assigned)
    if given is not None:
        return AssignedValue(given, choice.u_assigned, "given", None)
    found = assigned_by(values, choice.assigned)
    if choice.u_assigned is None:
        return found
    return AssignedValue(found.value, choice.u_assigned, found.method, found.n)


def _sigma(values: Any, choice: Choice) -> SigmaPt:
    given = _as_number(choice.sigma)
    if given is not None:
        return SigmaPt(as_scalar(choice.sigma, "sigma", positive=True), "given")
    x_pt = _assigned(values, choice).value
    return sigma_from(values, choice.sigma, x_pt=x_pt, mass_fraction=choice.mass_fraction)


def _table(reported: list[Reported], values: Any, assigned: AssignedValue, sigma: SigmaPt) -> Iterator[str]:
    plain = assigned.u is None or u_is_negligible(assigned.u, sigma.value)
    scores = (
        z(values, assigned.value, sigma.value) if plain else z_prime(values, assigned.value, sigma.value, assigned.u)
    )
    extra = _with_uncertainty(reported, values, assigned)
    width = max(len(one.laboratory) for one in reported)
    head = ["laboratory".ljust(max(width, 10)), "result".rjust(12), ("z" if plain else "z'").rjust(8)]
    yield "  ".join(head + [name.rjust(8) for name in extra] + ["signal"])
    for place, one in enumerate(reported):
        cells = [one.laboratory.ljust(max(width, 10)), one.text[:12].rjust(12), f"{scores[place]:8.2f}"]
        cells += ["".rjust(8) if np.isnan(column[place]) else f"{column[place]:8.2f}" for column in extra.values()]
        yield "  ".join([*cells, str(signals(scores[place]))])


def _with_uncertainty(reported: list[Reported], values: Any, assigned: AssignedValue) -> dict[str, Any]:
    """ζ and E_n of the laboratories that gave an uncertainty; no columns where nobody did or u(x_pt) is unknown."""
    u = np.array([one.u if one.u is not None else (one.U or np.nan) / one.k for one in reported])
    if assigned.u is None or np.isnan(u).all():
        return {}
    U = np.array([one.U if one.U is not None else (one.u or np.nan) * one.k for one in reported])
    return {"zeta": zeta(values, u, assigned.value, assigned.u), "E_n": e_n(values, U, assigned.value, 2 * assigned.u)}


def _notes(measurand: Measurand, assigned: AssignedValue, sigma: SigmaPt, n: int) -> Iterator[str]:
    """What a careful reader must be told."""
    yield ""
    for one in measurand.left_out:
        yield f"left out: row {one.row}, {one.laboratory}, {one.text or '(blank)'} — {one.left_out}"
    if several := [f"{name} ({len(rows)})" for name, rows in measurand.replicates.items() if len(rows) > 1]:
        yield f"note: rows of one laboratory were averaged: {', '.join(several)}"
    if sigma.method != "given" and sigma.method != "horwitz":
        yield "note: sigma_pt was taken from these results, so the scores are relative to this round"
    if assigned.u is not None and not u_is_negligible(assigned.u, sigma.value):
        yield "note: u(x_pt) is not below 0.3 sigma_pt, so z' was taken (ISO 13528:2022, 9.2.1)"
    if assigned.method != "given" and n < FEW_FOR_CONSENSUS:
        yield f"note: {n} results are few for a consensus (ISO 13528:2022, 5.4)"
    if assigned.method == "mean" and sigma.method == "sd":
        yield f"note: with mean and SD of {n} results no |z| can exceed {score_ceiling(n):.2f}"
