"""Restore a backup: beside the database there is, verified there, and only then put in its place, in one step."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from zhunsheng.faces.backups import CannotBackUp, archive, postgresql, sqlite
from zhunsheng.faces.backups.settling import replaced
from zhunsheng.faces.public.checking import trusted_keys
from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.journal.restorations import is_unsettled


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    verified: str
    """what the verification said"""
    sound: bool
    keys_from_backup: bool
    """the machine had no key, so the backup vouched for itself"""
    kept: str
    """where the database that was there before is kept; nothing if there was none"""
    keys: list[str]
    """secret keys that were put in place"""
    settled: bool
    """the restore is journaled; else that is done at the next start"""


def is_in_use() -> bool:
    """Would a restore replace anything?"""
    return sqlite.is_in_use() if connection.vendor == "sqlite" else postgresql.is_in_use()


def target_name() -> str:
    """What the database is called that would be replaced."""
    return sqlite.path_of().name if connection.vendor == "sqlite" else postgresql.name_of()


def acts_to_be_lost(backup: Path) -> int | None:
    """How many acts of the database there is the backup's checkpoint does not cover; None where it cannot say. Raises CannotBackUp."""
    old = replaced(archive.manifest_of(backup)["checkpoint"])
    return None if old is None else len(old["beyond"])


def restore(
    backup: Path, *, at: datetime, with_keys: bool = False, accept_damage: bool = False, revoke_tokens: bool = False
) -> Restored:
    """Put a backup in place of the database there is, which is kept beside. Raises CannotBackUp, and then nothing was changed."""
    manifest = archive.manifest_of(backup)
    if manifest["engine"] != connection.vendor:
        raise CannotBackUp(_other_engine(manifest["engine"]))
    manifest["replaced"] = replaced(manifest["checkpoint"]) if is_in_use() else None
    manifest |= {"at": at.isoformat(), "revoke_tokens": revoke_tokens}
    stamp = f"{at:%Y%m%d%H%M%S}_{secrets.token_hex(3)}"
    with tempfile.TemporaryDirectory(prefix="zhunsheng-restore-") as place:
        keys = _keys_to_place(backup, manifest, Path(place)) if with_keys else {}
        manifest["factor_key"] = next((new for path, new in keys.items() if path.name == "factor-key"), None)
        trusted, own = _trusted(backup, manifest, Path(place))
        if connection.vendor == "sqlite":
            sound, said, kept = _sqlite(backup, manifest, trusted, stamp, accept_damage)
        else:
            sound, said, kept = _postgresql(backup, manifest, trusted, stamp, accept_damage, Path(place))
        for path, source in keys.items():
            _put_key(source, path, stamp)
    return Restored(said, sound, not own, kept, [path.name for path in keys], not is_unsettled())


Outcome = tuple[bool, str, str]


def _sqlite(backup: Path, manifest: Mapping[str, Any], trusted: list[Path], stamp: str, accept_damage: bool) -> Outcome:
    sqlite.path_of().parent.mkdir(parents=True, exist_ok=True)
    sqlite.forget_unfinished()
    beside = sqlite.beside(stamp)
    try:
        archive.take_out(backup, sqlite.FILE, beside, manifest)
        sqlite.check(beside)
        sqlite.mark(beside, _request(manifest))
        sound, said = _examined(sqlite.address(beside), manifest, trusted, accept_damage)
        sqlite.fold_up(beside)
        kept = sqlite.switch(beside, stamp)
    finally:
        sqlite.forget_unfinished()
    return sound, said, str(kept) if kept else ""


def _postgresql(
    backup: Path, manifest: Mapping[str, Any], trusted: list[Path], stamp: str, accept_damage: bool, place: Path
) -> Outcome:
    postgresql.forget_unfinished()
    dump = place / postgresql.FILE
    archive.take_out(backup, postgresql.FILE, dump, manifest)
    was_used = is_in_use()
    try:
        beside = postgresql.put_beside(dump, stamp)
        postgresql.mark(beside, _request(manifest))
        sound, said = _examined(postgresql.address(beside), manifest, trusted, accept_damage)
        kept = postgresql.switch(beside, stamp)
    finally:
        postgresql.forget_unfinished()
    if not was_used:
        postgresql.drop(kept)
    return sound, said, kept if was_used else ""


def _examined(address: str, manifest: Mapping[str, Any], trusted: list[Path], accept_damage: bool) -> tuple[bool, str]:
    """Verify the journal of the database at that address. Raises CannotBackUp for a damaged one, unless that is accepted."""
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-m", "zhunsheng.faces.backups.examine", *map(str, trusted)],
        env={**os.environ, "ZHUNSHENG_DATABASE_URL": address, "ZHUNSHENG_VAR": str(settings.VAR), **_factor_key(manifest)},
        input=json.dumps({"checkpoint": manifest["checkpoint"]}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = done.stdout.strip() or done.stderr.strip()[-2000:]
    if done.returncode and not accept_damage:
        raise CannotBackUp(_not_sound(said))
    return done.returncode == 0, said


def _request(manifest: Mapping[str, Any]) -> str:
    return json.dumps({name: manifest[name] for name in ("made_at", "at", "replaced", "revoke_tokens")})


def _factor_key(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The key from the backup that second factors will be opened with once it is put in place."""
    path = manifest["factor_key"]
    return {"ZHUNSHENG_FACTOR_KEY": path.read_text().strip()} if path else {}


def _trusted(backup: Path, manifest: Mapping[str, Any], place: Path) -> tuple[list[Path], bool]:
    """Files of the keys to trust: this machine's own; where it has none, those in the backup, and then that is said."""
    own = trusted_keys()
    names = [one["name"] for one in manifest["files"] if one["name"].startswith("public-keys/")]
    found = []
    for n, key in enumerate(own):
        found.append(place / f"own-{n}.pem")
        found[-1].write_bytes(key.pem())
    for n, name in enumerate([] if own else names):
        found.append(place / f"theirs-{n}.pem")
        archive.take_out(backup, name, found[-1], manifest)
    return found, bool(own) or not names


def _keys_to_place(backup: Path, manifest: Mapping[str, Any], place: Path) -> dict[Path, Path]:
    """Where each secret key of the backup belongs, and where it was taken out to; those that are there already are left alone.

    Raises CannotBackUp where another key lies in its place and the site is in use: it may be the only one that something was
    signed with. Those of a site that was only just installed are worth nothing yet.
    """
    if not any(one["name"].startswith("keys/") for one in manifest["files"]):
        raise CannotBackUp(t("This backup was taken without keys.", "该备份不含密钥。"))
    wanted = {}
    for one in manifest["files"]:
        if one["name"].startswith("keys/"):
            name = one["name"].removeprefix("keys/")
            target = settings.SIGNING_KEY if name == settings.SIGNING_KEY.name else settings.VAR / name
            archive.take_out(backup, one["name"], place / f"secret-{name}", manifest)
            wanted[target] = place / f"secret-{name}"
    differing = {
        path: new for path, new in wanted.items() if not path.exists() or path.read_bytes() != new.read_bytes()
    }
    if (others := [path for path in differing if path.exists()]) and is_in_use():
        raise CannotBackUp(_another_key(others[0]))
    return differing


def _put_key(source: Path, target: Path, stamp: str) -> None:
    """Put a key in its place; what lay there, with the public half beside it, is set aside and not lost."""
    for old in (target, target.with_name(f"{target.stem}.pub.pem")):
        if old.exists():
            old.rename(old.with_name(f"{old.name}.before-restore-{stamp}"))
    shutil.copy(source, target)
    target.chmod(0o600)


def _other_engine(engine: str) -> Text:
    return t(
        "This backup is of {theirs}, the site is set up for {ours}. Set ZHUNSHENG_DATABASE_URL to a database of that kind.",
        "该备份来自 {theirs}，而本站配置的是 {ours}。请将 ZHUNSHENG_DATABASE_URL 设为同类数据库。",
        theirs=engine,
        ours=connection.vendor,
    )


def _not_sound(said: str) -> Text:
    return t(
        "The backup does not verify; nothing was changed. With --accept-damage it is restored all the same.\n{said}",
        "该备份未通过核验；未作任何改动。如仍要恢复，请加 --accept-damage。\n{said}",
        said=said,
    )


def _another_key(path: Path) -> Text:
    return t(
        "{path} is another key than the one in the backup. Move it away first, and keep it: documents may be signed with it.",
        "{path} 与备份中的密钥不同。请先将其移到别处并妥善保存：可能有文件由它签名。",
        path=path,
    )
