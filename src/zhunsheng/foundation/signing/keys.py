"""Ed25519 keys in files: made once, kept private, named by the hash of what they are."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing.verdict import SigningError

KID_LENGTH = 16
MAX_KEY_FILE = 16 * 1024


class KeyFileError(SigningError):
    """A key file that is missing, broken, or holds another kind of key."""


class KeyFileWarning(UserWarning):
    """A key file that works but is kept carelessly."""


def printable(kid: bytes) -> str:
    """A key id in groups of four hexadecimal digits, as it is read out over the telephone."""
    digits = kid.hex()
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key (RFC 8032, 5.1.5): its 32 raw bytes."""

    raw: bytes

    @classmethod
    def load(cls, path: Path) -> PublicKey:
        """The public key in a PEM file, public (SPKI) or private (PKCS#8). Raises KeyFileError."""
        pem = _read(path)
        if b"PRIVATE KEY" in pem:
            return cls.of(_private(pem, path).public_key())
        key = _parsed(lambda: serialization.load_pem_public_key(pem), path)
        if not isinstance(key, Ed25519PublicKey):
            raise _wrong_algorithm(path)
        return cls.of(key)

    @classmethod
    def of(cls, key: Ed25519PublicKey) -> PublicKey:
        return cls(key.public_bytes_raw())

    @property
    def kid(self) -> bytes:
        """The key id: the first 16 bytes of the SHA-256 of the raw key."""
        return hashlib.sha256(self.raw).digest()[:KID_LENGTH]

    def fingerprint(self) -> str:
        """The key id for people: "4f1a 22b0 …", eight groups of four hexadecimal digits."""
        return printable(self.kid)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):  # ValueError: 32 bytes that are no point of the curve
            return False
        return True

    def pem(self) -> bytes:
        """The key as an SPKI PEM file."""
        return Ed25519PublicKey.from_public_bytes(self.raw).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


class SigningKey:
    """An Ed25519 private key."""

    __slots__ = ("_private", "public")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = PublicKey.of(private.public_key())

    def __repr__(self) -> str:
        return f"SigningKey({self.public.fingerprint()})"

    @classmethod
    def load(cls, path: Path) -> SigningKey:
        """The key in a PKCS#8 PEM file; warns where others can read the file. Raises KeyFileError."""
        key = cls(_private(_read(path), path))
        _warn_if_exposed(path)
        return key

    @classmethod
    def load_or_make(cls, path: Path) -> SigningKey:
        """The key at `path`, made there (mode 0600) if there is none, its public key beside it as <name>.pub.pem.

        Two processes that start at once end with the same key. Raises KeyFileError.
        """
        if not path.exists():
            _create(path, _pkcs8(Ed25519PrivateKey.generate()), mode=0o600)
        key = cls.load(path)
        _publish(key.public, path.with_name(f"{path.stem}.pub.pem"))
        return key

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature (RFC 8032, 5.1.6)."""
        return self._private.sign(message)


def _publish(public: PublicKey, path: Path) -> None:
    if not path.exists():
        _create(path, public.pem(), mode=0o644)
    if PublicKey.load(path) != public:
        # Overwriting it could destroy the only copy of the key that older documents are verified with.
        raise KeyFileError(
            t(
                "{path} holds another key than the private key beside it. Keep it for documents sealed earlier: "
                "move it away, and the right one is written at the next start.",
                "{path} 与旁边的私钥不是一对。以前签发的文件还要靠它验证，请先移到别处保存；"
                "下次启动时会写出正确的公钥。",
                path=path,
            )
        )


def _create(path: Path, data: bytes, *, mode: int) -> None:
    """Write a whole file or none; if another process was first, its file stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_new(draft, data, mode)
        draft.chmod(mode)  # the public half may be read by all, whatever the program's umask
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # unlike rename, link never replaces a file that is there already
    except OSError as error:
        raise _unusable(path, error) from error
    finally:
        draft.unlink(missing_ok=True)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_KEY_FILE + 1)
    except OSError as error:
        raise _unusable(path, error) from error
    if len(data) > MAX_KEY_FILE:
        raise _broken(path)
    return data


def _private(pem: bytes, path: Path) -> Ed25519PrivateKey:
    key = _parsed(lambda: serialization.load_pem_private_key(pem, password=None), path)
    if not isinstance(key, Ed25519PrivateKey):
        raise _wrong_algorithm(path)
    return key


def _parsed(load: Callable[[], Any], path: Path) -> Any:
    try:
        return load()
    except TypeError as error:  # what the library raises for a PEM that wants a password
        raise _locked(path) from error
    except UnsupportedAlgorithm as error:
        raise _wrong_algorithm(path) from error
    except ValueError as error:
        raise _broken(path) from error


def _pkcs8(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _warn_if_exposed(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        text = t(
            "{path} can be read by others on this machine (mode {mode}). Run: chmod 600 {path}",
            "本机其他用户可以读取 {path}（权限 {mode}）。请执行：chmod 600 {path}",
            path=path,
            mode=f"{mode:04o}",
        )
        warnings.warn(text.both(), KeyFileWarning, stacklevel=3)


def _unusable(path: Path, error: OSError) -> KeyFileError:
    return KeyFileError(
        t(
            "The key file {path} cannot be used: {cause}.",
            "密钥文件 {path} 无法使用：{cause}。",
            path=path,
            cause=_cause(error),
        )
    )


def _cause(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        return t("there is no such file", "文件不存在")
    if isinstance(error, PermissionError):
        return t("this program may not read or write there", "本程序没有读写权限")
    if isinstance(error, IsADirectoryError | NotADirectoryError):
        return t("a folder stands where a file should, or the reverse", "该处应为文件却是文件夹，或相反")
    return t("the system reports error {n}", "系统报告错误 {n}", n=f"{error.errno} ({error.strerror})")


def _broken(path: Path) -> KeyFileError:
    return KeyFileError(
        t(
            "{path} is not a readable key file. It should be a PEM file that begins with "
            "-----BEGIN PUBLIC KEY----- or -----BEGIN PRIVATE KEY-----; ask for it again, or restore it from a backup.",
            "{path} 不是可读的密钥文件。它应为 PEM 格式，以 -----BEGIN PUBLIC KEY----- 或 "
            "-----BEGIN PRIVATE KEY----- 开头；请重新索取，或从备份恢复。",
            path=path,
        )
    )


def _wrong_algorithm(path: Path) -> KeyFileError:
    return KeyFileError(
        t(
            "{path} holds a key of another algorithm. An Ed25519 key is needed.",
            "{path} 中的密钥属于其他算法，此处需要 Ed25519 密钥。",
            path=path,
        )
    )


def _locked(path: Path) -> KeyFileError:
    return KeyFileError(
        t(
            "{path} is protected by a password. A key that signs unattended is stored without one, mode 0600.",
            "{path} 设有口令。用于自动签名的密钥须以无口令方式保存，文件权限设为 0600。",
            path=path,
        )
    )
