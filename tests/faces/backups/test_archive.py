"""The backup file: what is no backup is refused with a sentence, and nothing leaves it under a name of its own choice."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from zhunsheng.faces.backups import CannotBackUp
from zhunsheng.faces.backups.archive import manifest_of, take_out, write


def made(directory: Path, **files: bytes) -> Path:
    paths = {}
    for name, content in files.items():
        paths[name.replace("__", "/").replace("_", ".")] = directory / name
        (directory / name).write_bytes(content)
    write(directory / "b.tar", {"engine": "sqlite"}, paths)
    return directory / "b.tar"


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    backup = made(tmp_path, database_sqlite3=b"data", keys__signing=b"secret")
    manifest = manifest_of(backup)
    assert [one["name"] for one in manifest["files"]] == ["database.sqlite3", "keys/signing"]
    take_out(backup, "database.sqlite3", tmp_path / "out", manifest)
    assert (tmp_path / "out").read_bytes() == b"data" and (tmp_path / "out").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"x" * 5000, b"\x00" * 20480])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.tar").write_bytes(content)
    with pytest.raises(CannotBackUp) as refusal:
        manifest_of(tmp_path / "b.tar")
    assert "not a backup" in refusal.value.reason.en and "不是本程序的备份文件" in refusal.value.reason.zh


@pytest.mark.parametrize("said", [[], {"schema": "other"}, {"schema": 1}])
def test_another_manifest_is_refused(tmp_path: Path, said: Any) -> None:
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        content = json.dumps(said).encode()
        head = tarfile.TarInfo("manifest.json")
        head.size = len(content)
        tar.addfile(head, io.BytesIO(content))
    with pytest.raises(CannotBackUp):
        manifest_of(tmp_path / "b.tar")


def test_a_changed_file_is_not_taken_out(tmp_path: Path) -> None:
    backup = made(tmp_path, database_sqlite3=b"data")
    backup.write_bytes(backup.read_bytes().replace(b"data", b"dada"))
    with pytest.raises(CannotBackUp, match="damaged"):
        take_out(backup, "database.sqlite3", tmp_path / "out", manifest_of(backup))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["../escaped", "/etc/passwd", "keys/../../x", "keys/.hidden", "other"])
def test_no_other_name_is_taken_out(tmp_path: Path, name: str) -> None:
    backup = made(tmp_path, database_sqlite3=b"data")
    manifest = manifest_of(backup)
    manifest["files"].append({"name": name, "size": 4, "sha256": "0" * 64})
    with pytest.raises(CannotBackUp):
        take_out(backup, name, tmp_path / "out", manifest)


def test_a_link_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"elsewhere")
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        content = json.dumps(
            {"schema": "zhunsheng-backup/1", "files": [{"name": "database.sqlite3", "size": 0, "sha256": ""}]}
        ).encode()
        head = tarfile.TarInfo("manifest.json")
        head.size = len(content)
        tar.addfile(head, io.BytesIO(content))
        link = tarfile.TarInfo("database.sqlite3")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "target")
        tar.addfile(link)
    with pytest.raises(CannotBackUp):
        take_out(tmp_path / "b.tar", "database.sqlite3", tmp_path / "out", manifest_of(tmp_path / "b.tar"))


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write(tmp_path / "b.tar", {}, {"database.sqlite3": tmp_path / "missing"})
    assert list(tmp_path.iterdir()) == []
