"""Take a backup: the database as it is at one moment, the public keys that its signatures need, the newest checkpoint."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from zhunsheng import __version__
from zhunsheng.faces.backups import archive, postgresql, sqlite
from zhunsheng.faces.public.checking import trusted_keys
from zhunsheng.foundation.journal.sequencing import newest_checkpoint

SECRETS = ("secret-key", "identity-key", "factor-key")
"""Files of VAR, beside the signing key, without which a restored site is another one."""


def take(target: Path, *, at: datetime, with_keys: bool) -> tuple[Path, dict[str, Any]]:
    """Back the site up into a file, or into a directory under a name with the date; return the file and its manifest.

    Raises CannotBackUp, OSError.
    """
    if target.is_dir():
        target = target / f"zhunsheng-{at:%Y%m%d-%H%M%S}.tar"
    engine = sqlite if connection.vendor == "sqlite" else postgresql
    newest = newest_checkpoint()  # asked before the copy, which then has at least so much
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backing-up-", dir=target.parent) as place:  # mode 0700
        copy = Path(place) / engine.FILE
        engine.copy_to(copy)
        files = {engine.FILE: copy, **dict(_public_keys(Path(place))), **(dict(_secret_keys()) if with_keys else {})}
        facts = {
            "made_at": at.isoformat(), "version": __version__, "engine": connection.vendor,
            "checkpoint": newest.note if newest else None,
        }  # fmt: skip
        return target, archive.write(target, facts, files)


def _public_keys(place: Path) -> Iterator[tuple[str, Path]]:
    """The keys that this site's signatures are verified with, each under its own id."""
    for key in trusted_keys():
        path = place / f"{key.kid.hex()}.pem"
        path.write_bytes(key.pem())
        yield f"public-keys/{path.name}", path


def _secret_keys() -> Iterator[tuple[str, Path]]:
    for path in (settings.SIGNING_KEY, *(settings.VAR / name for name in SECRETS)):
        if path.exists():
            yield f"keys/{path.name}", path
