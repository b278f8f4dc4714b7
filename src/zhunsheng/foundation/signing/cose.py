"""One signature around one payload: COSE_Sign1 (RFC 9052, 4.2), Ed25519 only, in one exact form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cbor2

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import cbor
from zhunsheng.foundation.signing.keys import KID_LENGTH, PublicKey, SigningKey, printable
from zhunsheng.foundation.signing.verdict import ClaimError

ALG, CONTENT_TYPE, KID = 1, 3, 4  # header labels (RFC 9052, 3.1)
EDDSA = -8  # RFC 9053, 2.2
SIGN1_TAG = 18
SIGNATURE_LENGTH = 64
MAX_COSE = 16 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A payload whose signature by a trusted key holds."""

    payload: bytes
    content_type: str
    key: PublicKey


@dataclass(frozen=True, slots=True)
class _Envelope:
    protected: bytes
    payload: bytes
    signature: bytes
    content_type: str
    kid: bytes


def sign1(payload: bytes, key: SigningKey, *, content_type: str) -> bytes:
    """`payload` signed by `key`, its content type and the key id signed with it (RFC 9052, 4.4).

    The length depends on the lengths of payload and content type alone.
    """
    protected = _protected(content_type, key.public.kid)
    signature = key.sign(_to_be_signed(protected, payload))
    return _written(_Envelope(protected, payload, signature, content_type, key.public.kid))


def open1(cose: bytes, trusted: Sequence[PublicKey]) -> Opened:
    """The payload of `cose`, after its signature by one of the `trusted` keys has been verified.

    Raises ClaimError with outcome "cannot_tell" for a damaged envelope or a key that is not trusted, and "altered"
    where the envelope names a trusted key and the signature does not hold.
    """
    envelope = _envelope(cose)
    key = next((key for key in trusted if key.kid == envelope.kid), None)
    if key is None:
        raise ClaimError(_unknown(envelope.kid, len(trusted)), kid=envelope.kid)
    if not key.verifies(envelope.signature, _to_be_signed(envelope.protected, envelope.payload)):
        raise ClaimError(_forged(envelope.kid), outcome="altered", kid=envelope.kid)
    return Opened(envelope.payload, envelope.content_type, key)


def find_all(data: bytes, content_type: str, *, at_most: int) -> list[bytes]:
    """Every well-formed envelope of `content_type` anywhere in `data`; the first `at_most` places are tried."""
    head, found, at = _head(content_type), [], -1
    for _ in range(at_most):
        at = data.find(head, at + 1)
        if at < 0:
            break
        cose = _first(data[at : at + MAX_COSE])
        if cose is not None:
            found.append(cose)
    return found


def _first(data: bytes) -> bytes | None:
    try:
        _, end = cbor.decode_first(data)
        _envelope(data[:end])
    except (cbor.CborError, ClaimError):
        return None
    return data[:end]


def _head(content_type: str) -> bytes:
    """The bytes that every envelope of `content_type` begins with: all up to the key id."""
    blank = cbor2.CBORTag(SIGN1_TAG, [_protected(content_type, bytes(KID_LENGTH)), {}, b"", b""])
    return cbor.encode(blank).partition(bytes(KID_LENGTH))[0]


def _protected(content_type: str, kid: bytes) -> bytes:
    return cbor.encode({ALG: EDDSA, CONTENT_TYPE: content_type, KID: kid})


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", protected, b"", payload])


def _envelope(cose: bytes) -> _Envelope:
    """The parts of `cose`, refusing every form but the one that `sign1` writes."""
    envelope = _parts(cose) if len(cose) <= MAX_COSE else None
    if envelope is None or _written(envelope) != cose:
        raise ClaimError(_damaged())
    return envelope


def _written(envelope: _Envelope) -> bytes:
    # One algorithm, one key id, nothing unsigned: what a header does not carry cannot be confused (RFC 9052, 3.1).
    protected = _protected(envelope.content_type, envelope.kid)
    return cbor.encode(cbor2.CBORTag(SIGN1_TAG, [protected, {}, envelope.payload, envelope.signature]))


def _parts(cose: bytes) -> _Envelope | None:
    try:
        match cbor.decode(cose):
            case cbor2.CBORTag(tag=18, value=[bytes() as protected, _, bytes() as payload, bytes() as signature]):
                content_type, kid = _header(protected)
            case _:
                return None
    except cbor.CborError:
        return None
    whole = len(kid) == KID_LENGTH and len(signature) == SIGNATURE_LENGTH
    return _Envelope(protected, payload, signature, content_type, kid) if whole else None


def _header(protected: bytes) -> tuple[str, bytes]:
    match cbor.decode(protected):
        case {3: str() as content_type, 4: bytes() as kid}:
            return content_type, kid
        case _:
            raise cbor.CborError("header")


def _damaged() -> Text:
    return t(
        "There is a claim, but it is damaged and cannot be read. Ask the issuer for the file or the code again.",
        "签名声明已损坏，无法读取。请向签发方重新索取该文件或二维码。",
    )


def _unknown(kid: bytes, trusted: int) -> Text:
    return t(
        "Signed with the key {kid}, which is not among the {n} trusted keys, so nothing can be said. Ask the issuer "
        "for its public key file (.pub.pem), compare the fingerprint by telephone, and pass the file with --trust.",
        "由密钥 {kid} 签名，但它不在受信任的 {n} 个公钥之中，因此无法判断。请向签发方索取其公钥文件（.pub.pem），"
        "通过电话核对指纹，再用 --trust 指定该文件。",
        kid=printable(kid),
        n=trusted,
    )


def _forged(kid: bytes) -> Text:
    return t(
        "The claim names the trusted key {kid}, but the signature does not hold: the claim was altered or forged. "
        "Do not rely on it; ask the issuer for the original.",
        "签名声明标明由受信任的密钥 {kid} 签发，但签名不成立：声明已被改动或系伪造。请勿采信，并向签发方索取原件。",
        kid=printable(kid),
    )
