"""The backup file: a tar with a manifest first, that names size and SHA-256 of each of the others; pure of Django."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from zhunsheng.faces.backups import CannotBackUp
from zhunsheng.foundation.bilingual import Text, t

SCHEMA = "zhunsheng-backup/1"
MANIFEST = "manifest.json"
ALLOWED = re.compile(r"database\.(sqlite3|dump)|(public-keys|keys)/[A-Za-z0-9][A-Za-z0-9._-]*")
"""Names that a backup may hold: whatever else a file claims to be one holds is not taken out."""
LARGEST_MANIFEST = 1 << 20
PIECE = 1 << 20


def write(target: Path, facts: Mapping[str, Any], files: Mapping[str, Path]) -> dict[str, Any]:
    """Write a backup of these files under `target`, mode 0600, whole or not at all; return its manifest. Raises OSError."""
    manifest = {"schema": SCHEMA, **facts, "files": [_entry(name, path) for name, path in files.items()]}
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w") as tar:
                said = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
                head = tarfile.TarInfo(MANIFEST)
                head.size, head.mode = len(said), 0o600
                tar.addfile(head, io.BytesIO(said))
                for name, path in files.items():
                    tar.add(path, arcname=name, recursive=False)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _entry(name: str, path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return {"name": name, "size": path.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def manifest_of(backup: Path) -> dict[str, Any]:
    """What a backup says it is. Raises CannotBackUp for a file that is none."""
    try:
        with tarfile.open(backup, "r:") as tar:
            head = tar.next()
            stream = tar.extractfile(head) if head and head.name == MANIFEST and head.size < LARGEST_MANIFEST else None
            found: dict[str, Any] = json.loads(stream.read()) if stream else {}
    except (OSError, tarfile.TarError, ValueError) as fault:
        raise CannotBackUp(_no_backup(backup)) from fault
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise CannotBackUp(_no_backup(backup))
    return found


def take_out(backup: Path, name: str, to: Path, manifest: Mapping[str, Any]) -> None:
    """Write one file of a backup to `to`, flushed to the disk. Raises CannotBackUp unless size and SHA-256 are those promised."""
    promised = next((one for one in manifest["files"] if one["name"] == name), None)
    if promised is None or not ALLOWED.fullmatch(name):
        raise CannotBackUp(_damaged(backup, name))
    try:
        with tarfile.open(backup, "r:") as tar:
            member = tar.getmember(name)
            source = tar.extractfile(member) if member.isreg() and member.size == promised["size"] else None
            if source is None:
                raise CannotBackUp(_damaged(backup, name))
            with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                sha256 = _copied(source, stream)
    except (tarfile.TarError, KeyError, EOFError) as fault:
        raise CannotBackUp(_damaged(backup, name)) from fault
    if sha256 != promised["sha256"]:
        to.unlink()
        raise CannotBackUp(_damaged(backup, name))


def _copied(source: Any, stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
        stream.write(piece)
    stream.flush()
    os.fsync(stream.fileno())
    return digest.hexdigest()


def _no_backup(path: Path) -> Text:
    return t(
        "{path} is not a backup of this program, or it is damaged at its beginning.",
        "{path} 不是本程序的备份文件，或其开头已损坏。",
        path=path,
    )


def _damaged(path: Path, name: str) -> Text:
    return t(
        "{name} in {path} is not what was backed up: the file is damaged or cut off. Take another backup.",
        "{path} 中的 {name} 与备份时不符：文件已损坏或不完整。请换用另一份备份。",
        name=name,
        path=path,
    )
