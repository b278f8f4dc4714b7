"""Print docs/engine/methods.md from the docstrings of the engine's public names: python engine/tools/methods.py > …"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import intercomp
from intercomp import charts, forensics, plot, verify

CHAPTERS = [
    ("Robust location and scale", "robust m_estimates pairwise algorithm_s small_samples resampling kernel_density"),
    ("Results beyond a limit", "censored"),
    ("Assigned value", "assigned_value"),
    ("Standard deviation for proficiency assessment", "sigma_pt"),
    ("Scores and whole rounds", "scores evaluation"),
    ("Homogeneity, stability, analysis of variance", "homogeneity stability anova"),
    ("Precision experiments", "precision"),
    ("Categories", "qualitative rater_agreement"),
    (
        "Measurement comparisons",
        "consensus random_effects bayes skew_bayes pool comparison_median subset decision_tree bootstrap_consensus "
        "equivalence drift",
    ),
    ("Uncertainty budgets", "budget"),
    ("Performance over rounds", "trends"),
    ("Questions of patterns", "forensics"),
    ("Charts as data", "charts plot"),
    ("Verification", "verify"),
    ("Errors", "errors"),
]
PACKAGES = (intercomp, import_module("intercomp.budget"), forensics, charts, verify, plot)


def public() -> dict[str, list[tuple[str, Any]]]:
    """Module (below intercomp) → its public functions and classes in the order of their source."""
    found: dict[str, dict[str, Any]] = {}
    for package in PACKAGES:
        for name, thing in vars(package).items():
            module = getattr(thing, "__module__", "") or ""
            if name.startswith("_") or isinstance(thing, ModuleType) or not module.startswith("intercomp."):
                continue
            if inspect.isfunction(thing) or inspect.isclass(thing):
                found.setdefault(module.split(".")[1], {})[f"{module}.{name}"] = thing
    return {module: _in_order(things) for module, things in found.items()}


def _in_order(things: dict[str, Any]) -> list[tuple[str, Any]]:
    def place(entry: tuple[str, Any]) -> tuple[str, int]:
        return entry[1].__module__, inspect.getsourcelines(entry[1])[1]

    return [(full.rsplit(".", 1)[1], thing) for full, thing in sorted(things.items(), key=place)]


def lines() -> Iterator[str]:
    """The page, line by line."""
    yield "# Methods"
    yield ""
    yield f"Every public function and object of `intercomp` {intercomp.__version__}, as its docstring describes it."
    yield "Names without a module stand in `intercomp` itself. This page is printed by `engine/tools/methods.py`."
    offered, told = public(), set()
    for title, modules in CHAPTERS:
        things = [entry for module in modules.split() for entry in offered.get(module, [])]
        told |= set(modules.split())
        yield from ("", f"## {title}")
        for name, thing in things:
            yield from _entry(name, thing)
    rest = sorted(set(offered) - told)
    if rest:
        raise SystemExit(f"no chapter for {', '.join(rest)}: name them in CHAPTERS")


def _entry(name: str, thing: Any) -> Iterator[str]:
    at_top = getattr(intercomp, name, None) is thing
    module = "" if at_top else f"{thing.__module__.removeprefix('intercomp.').split('.')[0]}."
    yield from ("", f"### `{module}{name}`", "")
    if inspect.isfunction(thing):
        yield from ("```text", *_signature(name, thing), "```", "")
    yield from ("```text", *(inspect.getdoc(thing) or "").rstrip().splitlines(), "```")


def _signature(name: str, function: Any) -> list[str]:
    """One line where it fits, else one parameter a line."""
    # annotations are texts to the compiler, and would be shown in quotes
    signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(function)))
    whole = f"{name}{signature}"
    if len(whole) <= 110:
        return [whole]
    parameters, _, result = signature[1:].rpartition(") -> ")
    return [f"{name}(", *(f"    {part.strip()}," for part in _split(parameters)), f") -> {result}"]


def _split(parameters: str) -> list[str]:
    """At the commas that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(parameters):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append(parameters[start:at])
            start = at + 1
    return [*parts, parameters[start:]]


def page() -> str:
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
