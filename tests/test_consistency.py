"""What must hold for the tree as a whole, whoever adds to it."""

import ast
import os
import re
import string
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from jinja2 import Environment, nodes

from zhunsheng.faces.cli.states import diagrams
from zhunsheng.foundation.statechart import Machine

ROOT = Path(__file__).parent.parent
PACKAGES = (ROOT / "src/zhunsheng", ROOT / "engine/src/intercomp")
NOT_OURS = {".git", ".venv", ".hypothesis", "var", "__pycache__", "node_modules", "dist"}


def files(*suffixes: str, below: tuple[Path, ...] = (ROOT,)) -> Iterator[Path]:
    for top in below:
        for directory, subdirectories, names in os.walk(top):
            subdirectories[:] = [
                d for d in subdirectories if d not in NOT_OURS and not d.endswith(("_cache", ".egg-info"))
            ]
            yield from (Path(directory, name) for name in names if name.endswith(suffixes or ("",)))


# Models and addresses


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration() -> None:
    ours = [app.label for app in apps.get_app_configs() if app.name.startswith("zhunsheng.")]
    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=0)  # leaves by SystemExit if one has


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, before + str(entry.pattern))
        else:
            yield before + str(entry.pattern), entry


def test_every_address_has_a_name_and_no_name_two_addresses() -> None:
    named: dict[str, list[str]] = {}
    for address, pattern in addresses(get_resolver()):
        if address.startswith("accounts/"):
            continue  # allauth's own
        assert pattern.name, f"{address} has no name"
        named.setdefault(pattern.name, []).append(address)
    assert {name: those for name, those in named.items() if len(those) > 1} == {}


# Packages and files


def code_directories() -> set[Path]:
    return {path.parent for path in files(".py", below=PACKAGES) if path.parent.name != "migrations"}


@pytest.mark.parametrize("directory", sorted(code_directories()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_package_says_what_it_is_about(directory: Path) -> None:
    start = directory / "__init__.py"
    assert start.exists(), f"{directory.relative_to(ROOT)} has no __init__.py, so the import contracts do not see it"
    assert ast.get_docstring(ast.parse(start.read_text(encoding="utf-8")))


MACHINES = [b"/" + b"work/", b"deb." + b"debian", b"pypi.org" + b"/simple", b"registry." + b"npmjs"]
"""In two pieces each, so that this file does not name them."""


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name.decode()}"
        for path in files()
        for name in MACHINES
        if name in path.read_bytes()
    ]
    assert found == []


# Both languages

Pair = tuple[str, str, str]
"""Where it stands, the English, the Chinese."""
HAN = r"[一-鿿“”《》「」（）]"
HALF_WIDTH = re.compile(
    rf"{HAN}\s*[,;:?!]|(?:[,;?!]|(?<![A-Za-z0-9]):)\s*{HAN}|(?<={HAN})\((?=[^)]*{HAN})|{HAN}\.(?:\s|$)"
)


def pairs_in_code(path: Path) -> Iterator[Pair]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        given: dict[str | None, ast.expr]
        if isinstance(node, ast.Call) and called(node) in {"t", "Text"}:
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            sentences = [*node.args[:2]] if len(node.args) > 1 else [given.get("en"), given.get("zh")]
        elif isinstance(node, ast.Dict):
            given = {
                str(key.value): value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            sentences = [given.get("en"), given.get("zh")]
        else:
            continue
        where = f"{path.relative_to(ROOT)}:{node.lineno}"
        hidden = any(isinstance(one, ast.JoinedStr) for one in sentences)
        assert not (hidden and isinstance(node, ast.Call) and called(node) == "t"), (
            f"{where}: an f-string hides its words"
        )
        en, zh = (one.value if isinstance(one, ast.Constant) else None for one in sentences)
        if isinstance(en, str) and isinstance(zh, str):
            yield where, en, zh


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def pairs_in_page(path: Path) -> Iterator[Pair]:
    for node in Environment(autoescape=True).parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name == "t":
            en, zh = (one.value if isinstance(one, nodes.Const) else None for one in node.args[:2])
            if isinstance(en, str) and isinstance(zh, str):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", en, zh


def all_pairs() -> Iterator[Pair]:
    for path in files(".py", below=(PACKAGES[0],)):
        yield from pairs_in_code(path)
    for path in files(".html", ".txt", below=(PACKAGES[0] / "faces/templates",)):
        yield from pairs_in_page(path)


def placeholders(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def test_every_sentence_stands_in_both_languages_with_the_same_placeholders() -> None:
    pairs = list(all_pairs())
    assert len(pairs) > 100
    assert [where for where, en, zh in pairs if bool(en.strip()) != bool(zh.strip())] == []
    assert [f"{where}: {en} | {zh}" for where, en, zh in pairs if placeholders(en) != placeholders(zh)] == []


def test_chinese_is_written_with_chinese_punctuation() -> None:
    assert [f"{where}: {zh}" for where, _, zh in all_pairs() if HALF_WIDTH.search(zh)] == []


@pytest.mark.parametrize(
    ("zh", "caught"),
    [
        ("第 3 行,结果", True), ("第 3 行，结果", False), ("结果(重复)", True), ("结果（重复）", False), ("结果 (mg/kg)", False),
        ("请重试.", True), ("请重试。", False), ("1,000 个结果", False), ("k = 2, U = 0.1", False), ("何时?", True),
        ("应以 ZS1: 开头", False),
    ],
)  # fmt: skip
def test_the_punctuation_test_knows_what_it_looks_for(zh: str, caught: bool) -> None:
    assert bool(HALF_WIDTH.search(zh)) is caught


# State machines


def machines() -> list[Machine]:
    """Every machine of every states.py."""
    modules = [
        import_module(".".join(path.relative_to(ROOT / "src").with_suffix("").parts))
        for path in files("states.py", below=(PACKAGES[0],))
        if path.parent.name != "cli"
    ]
    return [thing for module in modules for thing in vars(module).values() if isinstance(thing, Machine)]


def test_the_manual_shows_the_states_as_they_are() -> None:
    shown = (ROOT / "docs/reference/states.md").read_text(encoding="utf-8")
    assert shown == diagrams(), "call `make docs`: docs/reference/states.md is not what `zhunsheng states` prints"


def test_the_manual_forgets_no_machine() -> None:
    assert len(machines()) >= 2
    assert [str(machine.subject) for machine in machines() if machine.mermaid() not in diagrams()] == []


@pytest.mark.parametrize("machine", machines(), ids=lambda machine: machine.subject.en)
def test_a_machine_is_whole(machine: Machine) -> None:
    """Each word is said once, each arrow starts and ends at a state, each state can be reached, each has its owner."""
    for words in ([s.name for s in machine.states.values()], [v.name for v in machine.transitions.values()]):
        assert len(set(words)) == len(words)
    assert all(state.owner.en and state.owner.zh for state in machine.states.values())
    assert all({verb.target, *verb.sources} <= machine.states.keys() for verb in machine.transitions.values())
    assert {machine.initial, *(verb.target for verb in machine.transitions.values())} == machine.states.keys()
