"""The manual says of every role what the table says."""

from pathlib import Path

from zhunsheng.faces.cli.roles import page
from zhunsheng.registry.people.states import NAMES

SHOWN = Path(__file__).parents[3] / "docs/reference/roles.md"


def test_the_manual_shows_the_roles_as_they_are() -> None:
    assert SHOWN.read_text(encoding="utf-8") == page(), "call `make docs`: docs/reference/roles.md is not up to date"


def test_the_manual_forgets_no_post() -> None:
    assert [post for post, name in NAMES.items() if name.en not in page() or name.zh not in page()] == []
