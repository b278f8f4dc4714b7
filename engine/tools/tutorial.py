"""Run the Python blocks of a tutorial and print beneath each what it prints: python engine/tools/tutorial.py FILE.md"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

_BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<output>.*?)```\n)?", re.S)


def with_outputs(page: str) -> str:
    """The page with its blocks run in one namespace, top to bottom, each followed by its output as a text block."""
    namespace: dict[str, object] = {"__name__": "tutorial"}

    def run(block: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block["code"], "tutorial", "exec"), namespace)  # noqa: S102 -- the page is ours
        told = f"\n```text\n{printed.getvalue()}```\n" if printed.getvalue() else ""
        return f"```python\n{block['code']}```\n{told}"

    return _BLOCK.sub(run, page)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_outputs(path.read_text("utf-8")), "utf-8")
