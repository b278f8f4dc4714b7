"""The compiled search of Algorithm A gives what NumPy gives; run as Python, so that it is tested without Numba too."""

from __future__ import annotations

import intercomp
import numpy as np
import pytest
from intercomp import compiled, robust


def test_the_compiled_search_equals_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(21)
    table = np.round(random.normal(10, 1, (400, 17)), 1)
    table[random.random(table.shape) < 0.15] += 9
    table[random.random(table.shape) < 0.05] = np.nan
    table[0] = 10.0
    table[1, 1:] = np.nan
    monkeypatch.setattr(robust, "compiled_search", lambda: None)
    plain = intercomp.algorithm_a(table)
    monkeypatch.setattr(robust, "compiled_search", lambda: compiled._search)
    quick = intercomp.algorithm_a(table)
    assert quick.status.tolist() == plain.status.tolist()
    assert set(plain.status.tolist()) == {"converged", "degenerate", "too-few"}
    assert quick.mean == pytest.approx(plain.mean, rel=1e-12, nan_ok=True)
    assert quick.sd == pytest.approx(plain.sd, rel=1e-11, nan_ok=True)


def test_machine_code_equals_python_where_numba_is_installed() -> None:
    pytest.importorskip("numba")
    search = compiled.compiled_search()
    assert search is not None
    rows = np.sort(np.random.default_rng(22).normal(size=(50, 21)), axis=1)
    arguments = (rows, np.full(50, 20), 1.134, 1.5, 20)
    for quick, plain in zip(search(*arguments), compiled._search(*arguments), strict=True):
        assert quick == pytest.approx(plain, rel=1e-12)
