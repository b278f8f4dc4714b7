"""What is signed: the claim about a whole document and the claim in a QR code, in a fixed CBOR layout.

Document claim  {1: version, 2: SHA-256 of the file, 3: offset, 4: length, 5: size, 6: name of the attached data,
                 7: SHA-256 of the data, 8: facts}
QR claim        {1: version, 2: SHA-256 of the data, 3: facts}

Facts are a map of text to text in the issuer's order. Offset, length and size are four bytes each, big-endian, so that
the length of a claim does not depend on where in the file it comes to stand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import cbor
from zhunsheng.foundation.signing.cose import Opened
from zhunsheng.foundation.signing.verdict import ClaimError

VERSION = 1
DOCUMENT_TYPE = "application/vnd.zhunsheng.document"
QR_TYPE = "application/vnd.zhunsheng.qr"
DIGEST_LENGTH = 32
MAX_FACTS = 32
MAX_FACT_NAME = 64
MAX_FACT_VALUE = 512
MAX_NAME = 255
MAX_PAYLOAD = 12 * 1024


@dataclass(frozen=True, slots=True)
class DocumentClaim:
    """The file whose SHA-256, with bytes offset … offset + length zeroed, is `file_sha256`, and its attached data."""

    file_sha256: bytes
    offset: int
    length: int
    size: int
    json_name: str
    json_sha256: bytes
    facts: dict[str, str]

    def encode(self) -> bytes:
        """The payload. Raises ClaimError where a fact or the whole is too long."""
        check_facts(self.facts)
        numbers = [n.to_bytes(4, "big") for n in (self.offset, self.length, self.size)]
        return _payload(self.file_sha256, *numbers, self.json_name, self.json_sha256, self.facts)

    @classmethod
    def decode(cls, opened: Opened) -> DocumentClaim:
        """The claim in a verified payload. Raises ClaimError for any other layout."""
        file_sha256, offset, length, size, name, json_sha256, facts = _fields(opened, DOCUMENT_TYPE, 7)
        _require(opened, _digest(file_sha256), _digest(json_sha256), type(name) is str, _facts_stand(facts))
        _require(opened, *(type(n) is bytes and len(n) == 4 for n in (offset, length, size)))
        return cls(file_sha256, _number(offset), _number(length), _number(size), name, json_sha256, dict(facts))


@dataclass(frozen=True, slots=True)
class QrClaim:
    """The facts that a paper carries, and the SHA-256 of the data they were taken from."""

    json_sha256: bytes
    facts: dict[str, str]

    def encode(self) -> bytes:
        """The payload. Raises ClaimError where a fact or the whole is too long, ValueError for another digest."""
        if not _digest(self.json_sha256):
            raise ValueError("json_sha256 must be the 32 bytes of a SHA-256 digest")
        check_facts(self.facts)
        return _payload(self.json_sha256, self.facts)

    @classmethod
    def decode(cls, opened: Opened) -> QrClaim:
        """The claim in a verified payload. Raises ClaimError for any other layout."""
        json_sha256, facts = _fields(opened, QR_TYPE, 2)
        _require(opened, _digest(json_sha256), _facts_stand(facts))
        return cls(json_sha256, dict(facts))


def check_facts(facts: Mapping[str, str]) -> None:
    """At most 32 facts, names of 1–64 and values of up to 512 characters, all printable. Raises ClaimError."""
    if len(facts) > MAX_FACTS:
        raise ClaimError(
            t(
                "{n} facts; at most {most} can be signed.",
                "共 {n} 项事实，最多可签 {most} 项。",
                n=len(facts),
                most=MAX_FACTS,
            )
        )
    for name, value in facts.items():
        if not _fact_stands(name, value):
            raise ClaimError(_bad_fact(name))


def _payload(*fields: Any) -> bytes:
    payload = cbor.encode({1: VERSION, **dict(enumerate(fields, start=2))})
    if len(payload) > MAX_PAYLOAD:
        raise ClaimError(
            t(
                "The facts are too long together: {n} bytes, at most {most}.",
                "全部事实合计过长：{n} 字节，最多 {most} 字节。",
                n=len(payload),
                most=MAX_PAYLOAD,
            )
        )
    return payload


def _fields(opened: Opened, content_type: str, count: int) -> list[Any]:
    _require(opened, opened.content_type == content_type, len(opened.payload) <= MAX_PAYLOAD)
    try:
        value = cbor.decode(opened.payload)
    except cbor.CborError as error:
        raise _unreadable(opened) from error
    _require(opened, isinstance(value, dict) and type(value.get(1)) is int)
    if value[1] > VERSION:
        raise _newer(opened, value[1])
    _require(opened, list(value) == list(range(1, count + 2)), value[1] == VERSION)
    return [value[label] for label in range(2, count + 2)]


def _require(opened: Opened, *conditions: bool) -> None:
    if not all(conditions):
        raise _unreadable(opened)


def _number(four_bytes: bytes) -> int:
    return int.from_bytes(four_bytes, "big")


def _digest(value: object) -> bool:
    return type(value) is bytes and len(value) == DIGEST_LENGTH


def _facts_stand(facts: object) -> bool:
    return isinstance(facts, dict) and len(facts) <= MAX_FACTS and all(_fact_stands(*fact) for fact in facts.items())


def _fact_stands(name: object, value: object) -> bool:
    if type(name) is not str or type(value) is not str:
        return False
    return 0 < len(name) <= MAX_FACT_NAME and len(value) <= MAX_FACT_VALUE and _shows_as_written(name + value)


def _shows_as_written(text: str) -> bool:
    """No control characters, and none that reorder what the eye compares with the paper (UAX #9)."""
    return not any(
        unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        for c in text
    )


def _bad_fact(name: object) -> Text:
    return t(
        'The fact "{name}" cannot be signed: a name has 1 to {name_most} characters, a value up to {value_most}, and '
        "neither holds line breaks or control characters.",
        "事实“{name}”无法签名：名称须为 1 至 {name_most} 个字符，内容不超过 {value_most} 个字符，"
        "且均不得含换行或控制字符。",
        name=str(name)[:MAX_FACT_NAME],
        name_most=MAX_FACT_NAME,
        value_most=MAX_FACT_VALUE,
    )


def _unreadable(opened: Opened) -> ClaimError:
    return ClaimError(
        t(
            "The trusted key {kid} signed this, but it is not a claim of the kind expected here. Ask the issuer how "
            "it was made.",
            "受信任的密钥 {kid} 确有签名，但内容不是此处所需的签名声明。请向签发方了解其来历。",
            kid=opened.key.fingerprint(),
        ),
        kid=opened.key.kid,
    )


def _newer(opened: Opened, version: int) -> ClaimError:
    return ClaimError(
        t(
            "The claim is of version {version}; this program reads versions up to {known}. Update the program and "
            "verify again.",
            "签名声明为第 {version} 版，本程序最高支持第 {known} 版。请更新程序后重新验证。",
            version=version,
            known=VERSION,
        ),
        kid=opened.key.kid,
    )
