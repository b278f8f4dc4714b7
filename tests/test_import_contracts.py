"""Every import contract is seen to catch a deliberate violation; none is there for show."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]

SECOND_ACTIVITY = {"src/zhunsheng/activities/sharing/__init__.py": '"""Another activity."""\n'}
VIOLATIONS: dict[str, list[tuple[str, str]]] = {
    "hourglass": [
        ("src/zhunsheng/registry/catalogue/models.py", "from zhunsheng.capability.evidence import kinds"),
        ("src/zhunsheng/capability/evidence/kinds.py", "from zhunsheng.capability.profile import queries"),
        ("src/zhunsheng/foundation/journal/rules.py", "from zhunsheng.registry.institutions import rules"),
        ("src/zhunsheng/decisions/eligibility/queries.py", "from zhunsheng.activities.proficiency import states"),
        ("src/zhunsheng/activities/proficiency/queries.py", "from zhunsheng.decisions.eligibility import models"),
        ("engine/src/intercomp/errors.py", "from zhunsheng.foundation import bilingual"),
    ],
    "activities-apart": [
        ("src/zhunsheng/activities/sharing/states.py", "from zhunsheng.activities.proficiency import states"),
        ("src/zhunsheng/activities/proficiency/states.py", "from zhunsheng.activities import sharing"),
    ],
    "inside-a-domain": [
        ("src/zhunsheng/activities/proficiency/models.py", "from zhunsheng.activities.proficiency import queries"),
        ("src/zhunsheng/capability/evidence/models.py", "from zhunsheng.capability.evidence import access"),
        ("src/zhunsheng/decisions/eligibility/queries.py", "from zhunsheng.decisions.eligibility import actions"),
        ("src/zhunsheng/registry/people/states.py", "from zhunsheng.registry.people import queries"),
        ("src/zhunsheng/faces/jobs/models.py", "from zhunsheng.faces.jobs import actions"),
    ],
    "inside-campaigns": [
        ("src/zhunsheng/activities/campaigns/odds/__init__.py", "a_room_without_a_place = True"),
    ],
    "inside-proficiency": [
        ("src/zhunsheng/activities/proficiency/queries.py", "from zhunsheng.activities.proficiency.plan import models"),
        ("src/zhunsheng/activities/proficiency/plan/queries.py", "from zhunsheng.activities.proficiency.enrol import models"),
    ],
    "inside-registry": [
        ("src/zhunsheng/registry/institutions/rules.py", "from zhunsheng.registry.people import states"),
        ("src/zhunsheng/registry/equipment/models.py", "from zhunsheng.registry.people import models"),
    ],
    "inside-foundation": [
        ("src/zhunsheng/foundation/bilingual/text.py", "from zhunsheng.foundation import calendar"),
        ("src/zhunsheng/foundation/journal/rules.py", "from zhunsheng.foundation import attachments"),
        ("src/zhunsheng/foundation/odds/__init__.py", "a_room_without_a_place = True"),
    ],
    "pure-rules": [
        ("src/zhunsheng/registry/institutions/rules.py", "from django.db.models import Q"),
        ("src/zhunsheng/decisions/eligibility/rules.py", "from zhunsheng.registry.institutions.models import Institution"),
        ("src/zhunsheng/faces/jobs/states.py", "from zhunsheng.foundation.calendar import validity"),
    ],
    "pure-foundation": [
        ("src/zhunsheng/foundation/bilingual/text.py", "from django.utils import translation"),
        ("src/zhunsheng/foundation/signing/__init__.py", "import django"),
        ("src/zhunsheng/foundation/spreadsheets/__init__.py", "from zhunsheng.foundation.accounts.models import User"),
        ("src/zhunsheng/foundation/typesetting/__init__.py", "from django.conf import settings"),
    ],
    "engine-alone": [
        ("engine/src/intercomp/errors.py", "import django"),
        ("engine/src/intercomp/errors.py", "import zhunsheng"),
    ],
    "faces-on-top": [
        ("src/zhunsheng/foundation/accounts/adapter.py", "from zhunsheng.faces import navigation"),
        ("src/zhunsheng/settings.py", "from zhunsheng.faces import templating"),
    ],
}  # fmt: skip
CASES = [(contract, *violation) for contract, those in VIOLATIONS.items() for violation in those]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the two packages and the contracts, with a second activity in it."""
    for source in ("src/zhunsheng", "engine/src/intercomp"):
        shutil.copytree(
            ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("static", "templates", "__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path, text in SECOND_ACTIVITY.items():
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def lint_imports(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo", *arguments],
        cwd=tree, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": f"{tree / 'src'}:{tree / 'engine/src'}", "COLUMNS": "200"},
    )  # fmt: skip


def test_the_tree_keeps_every_contract(tree: Path) -> None:
    done = lint_imports(tree)
    assert done.returncode == 0, done.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


def test_every_contract_has_its_violation() -> None:
    assert VIOLATIONS.keys() == {contract["id"] for contract in CONTRACTS}


@pytest.mark.parametrize(("contract", "path", "line"), CASES)
def test_a_violation_is_caught(tree: Path, contract: str, path: str, line: str) -> None:
    where = tree / path
    where.parent.mkdir(exist_ok=True)
    with where.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint_imports(tree, "--contract", contract)
    assert done.returncode == 1
    assert "0 kept, 1 broken" in done.stdout, done.stdout + done.stderr
    assert where.parent.name in done.stdout
