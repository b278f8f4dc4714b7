"""The engine needs NumPy and SciPy and nothing else: no Django, no optional extra."""

from __future__ import annotations

import subprocess
import sys

BLOCKED = ("django", "zhunsheng", "numba", "matplotlib", "pandas", "typst", "python_calamine", "statsmodels")
PROGRAM = f"""
import sys
for name in {BLOCKED!r}:
    sys.modules[name] = None
import intercomp
found = intercomp.algorithm_a([10.1, 10.3, 9.9, 10.0, 14.0])
assert found.status == "converged", found
assert intercomp.signals(intercomp.z([10.1, 14.0], 10.0, 1.0)).tolist() == ["acceptable", "action"]
outside = {{name.split(".")[0] for name in sys.modules if sys.modules[name] is not None}}
print(*sorted(outside & set({BLOCKED!r})))
"""


def test_the_engine_imports_and_works_without_the_platform_or_any_extra() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == ""
