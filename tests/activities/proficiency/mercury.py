"""Mercury in feed (ISO 13528:2022, E.4, Tables E.6 and E.7) as an evaluation document, and rounds of other sizes made from it."""

from __future__ import annotations

import random
from typing import Any

import intercomp

_REPORTED = """
L04 0.013 0.003 2|L05 0.013 0.007 2|L23 0.0135 0.00108 1.732|L02 0.014 0.004 2|L15 0.014 0.0005 2|L06 0.016 0.003 2
L09 0.017 0.008 2|L26 0.019 0.003 2|L12 0.0239 0.0036 2|L03 0.037 0.013 2|L29 0.039 0.007 2|L07 0.04 0.008 2
L21 0.04 0.03 2|L25 0.04 0.01 2|L16 0.0424 0.008 2|L08 0.044 0.007 2|L10 0.045 0.007 2|L24 0.045 0.005 2
L18 0.046 0.007 2|L28 0.049 0.0072 2|L01 0.053 0.007 2
"""
X_PT, U_XPT, SIGMA = 0.044, 0.0041, 0.0066


def score(number: int, laboratory: str, result: str, uncertainty: str | None, k: str | None) -> dict[str, Any]:
    """One laboratory as the evaluation document holds it."""
    x, U = float(result), None if uncertainty is None else float(uncertainty)
    u = None if U is None else U / float(k or 2)
    z_prime = float(intercomp.z_prime(x, X_PT, SIGMA, U_XPT))
    return {
        "laboratory": laboratory,
        "code": None,
        "result": result,
        "replicates": None,
        "uncertainty": uncertainty,
        "k": k,
        "k_assumed": False,
        "method": None,
        "rows": [number + 1],
        "value": x,
        "u": u,
        "U": U,
        "z": float(intercomp.z(x, X_PT, SIGMA)),
        "z_prime": z_prime,
        "zeta": None if u is None else float(intercomp.zeta(x, u, X_PT, U_XPT)),
        "e_n": None if U is None else float(intercomp.e_n(x, U, X_PT, 2 * U_XPT)),
        "signal": "acceptable" if abs(z_prime) <= 2 else "warning" if abs(z_prime) < 3 else "action",
    }


def mercury() -> dict[str, Any]:
    """The 21 laboratories of the standard, and one that reported a limit."""
    rows = [row.split() for row in _REPORTED.replace("\n", "|").split("|") if row]
    scores = [score(n, *row) for n, row in enumerate(rows, start=1)]
    left_out = {
        "row": 30,
        "laboratory": "L27",
        "result": "<0.01",
        "code": "censored",
        "reason": "The result is a limit, not a number; it cannot be scored.",
        "reason_zh": "结果为限值而非数值\uff0c无法评分。",
    }
    return document(scores) | {"left_out": [left_out]}


def document(scores: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """The document around some scores."""
    counts = {signal: sum(row["signal"] == signal for row in scores) for signal in ("acceptable", "warning", "action")}
    return {
        "schema": "zhunsheng-evaluation/1",
        "title": None,
        "input_sha256": "9f" * 32,
        "engine": {"name": "intercomp", "version": "0.1.0"},
        "measurand": "总汞 Total mercury",
        "item": None,
        "unit": "mg/kg",
        "assigned_value": {"value": X_PT, "u": U_XPT, "u_method": "given", "method": "given", "n": None},
        "sigma_pt": {"value": SIGMA, "method": "given"},
        "score_used": "z_prime",
        "u_limit": 0.3 * SIGMA,
        "scores": scores,
        "left_out": [],
        "counts": {"laboratories": len(scores), "scored": len(scores)} | counts,
        "statistics": {},
        "notes": [],
    } | changes


def round_of(n: int, name: str = "L{i:04}") -> dict[str, Any]:
    """A round of n laboratories, every seventh without an uncertainty, every fortieth far away."""
    chance = random.Random(n)
    scores = []
    for i in range(1, n + 1):
        x = chance.gauss(X_PT, SIGMA) if i % 40 else chance.choice([0.2, 0.001])
        U = None if i % 7 == 0 else f"{abs(chance.gauss(0.007, 0.002)):.4f}"
        scores.append(score(i, name.format(i=i), f"{x:.4f}", U, None if U is None else "2"))
    return document(scores)
