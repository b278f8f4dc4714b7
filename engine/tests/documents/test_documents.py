"""The documents of the engine say what the engine does: outputs are compared, the methods are printed anew."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import intercomp
import pytest
from intercomp.verify import cases_of, verify

ENGINE = Path(__file__).parents[2]
DOCUMENTS = ENGINE.parent / "docs" / "engine"


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"engine_tools_{name}", ENGINE / "tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", [DOCUMENTS / "tutorial.md", ENGINE / "README.md"], ids=["tutorial", "README"])
def test_every_block_of_python_prints_what_the_page_shows(page: Path) -> None:
    text = page.read_text("utf-8")
    assert tool("tutorial").with_outputs(text) == text
    assert "```python" in text


def test_the_page_of_methods_is_that_of_the_docstrings() -> None:
    assert (DOCUMENTS / "methods.md").read_text("utf-8") == tool("methods").page()


def test_every_public_name_has_a_docstring_of_its_own() -> None:
    things = [(name, thing) for entries in tool("methods").public().values() for name, thing in entries]
    assert len(things) > 150
    assert [name for name, thing in things if not (thing.__doc__ or "").strip()] == []
    assert [name for name, thing in things if (thing.__doc__ or "").startswith(f"{name}(")] == []


def test_every_name_the_readme_recommends_exists() -> None:
    table = (ENGINE / "README.md").read_text("utf-8").split("## What to use when")[1].split("## What it promises")[0]
    names = [name.removeprefix("intercomp.") for name in re.findall(r"`([\w.]+)`", table)]
    assert len(names) > 60
    for name in names:
        assert hasattr(intercomp, name) or importlib.util.find_spec(f"intercomp.{name}"), name


def test_the_case_that_the_page_on_validation_shows_is_one_and_holds() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", (DOCUMENTS / "validation.md").read_text("utf-8"), re.S)
    record = verify(cases_of(json.dumps(json.loads(example)).encode(), "validation.md"))
    assert (record.passed, record.failed, record.uncovered) == (1, 0, 0)
