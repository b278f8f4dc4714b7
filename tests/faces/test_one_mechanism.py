"""One mechanism makes the files of lists: no page writes a workbook of its own."""

import re
from pathlib import Path

FACES = Path(__file__).parents[2] / "src/zhunsheng/faces"
FORMS = {"exports.py", "office/screens.py"}
"""What makes files, and what gives empty forms to fill in and wrong rows to mend, which are no lists."""


def writers() -> set[str]:
    """The modules of the faces that write tables themselves or read the kind of file from the address."""
    wanted = re.compile(r"\bwrite_(xlsx|csv)\b|GET\.get\(\"format\"")
    return {
        str(one.relative_to(FACES)) for one in FACES.rglob("*.py") if wanted.search(one.read_text(encoding="utf-8"))
    }


def test_no_list_writes_its_own_file() -> None:
    assert writers() == FORMS
