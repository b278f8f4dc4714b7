"""Several files that appear together, or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def write_together(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write all files under draft names and flush them, then give them their names; the directory is made.

    Where writing fails (disk full, no permission) no file changes and no draft stays. Raises OSError.
    """
    directory.mkdir(parents=True, exist_ok=True)
    drafts: dict[Path, Path] = {}
    try:
        for name, content in files.items():
            draft = directory / f".{name}.{secrets.token_hex(6)}"
            drafts[draft] = directory / name
            _write_flushed(draft, content)
        for draft, final in drafts.items():
            draft.replace(final)
    finally:
        for draft in drafts:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()


def _write_flushed(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
