"""Writes the vectors beside this file anew (`python make.py`), when a format has changed; the keys are for tests only.

Every vector that is refused for its form is properly signed, so that nothing but the form can refuse it.
"""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import base45
import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HERE = Path(__file__).parent
ISSUER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
DOCUMENT, QR = "application/vnd.zhunsheng.document", "application/vnd.zhunsheng.qr"
ORDER = 2**252 + 27742317777372353535851937790883648493  # of the group (RFC 8032, 5.1)
FACTS = {"报告编号": "PT-2024-017", "Laboratory": "L04", "z": "-4.69"}


def kid(key: Ed25519PrivateKey) -> bytes:
    from hashlib import sha256

    return sha256(key.public_key().public_bytes_raw()).digest()[:16]


def dumps(value: Any) -> bytes:
    return cbor2.dumps(value)


def head(key: Ed25519PrivateKey = ISSUER, **changes: Any) -> bytes:
    labels = {"alg": 1, "content_type": 3, "kid": 4}
    values = {"alg": -8, "content_type": DOCUMENT, "kid": kid(key)} | changes
    return dumps({labels[name]: value for name, value in values.items() if value is not None})


def signature(protected: bytes, payload: bytes, key: Ed25519PrivateKey, context: str = "Signature1", aad: bytes = b""):
    return key.sign(dumps([context, protected, aad, payload]))


def sign(payload: bytes, protected: bytes | None = None, key: Ed25519PrivateKey = ISSUER) -> list[Any]:
    protected = head(key) if protected is None else protected
    return [protected, {}, payload, signature(protected, payload, key)]


def tagged(parts: list[Any], tag: int = 18) -> bytes:
    return dumps(cbor2.CBORTag(tag, parts))


def document_payload(**changes: Any) -> bytes:
    fields = {
        "version": 1,
        "file": bytes(range(32)),
        "offset": (5000).to_bytes(4, "big"),
        "length": (300).to_bytes(4, "big"),
        "size": (9000).to_bytes(4, "big"),
        "name": "evaluation.json",
        "json": bytes(range(32, 64)),
        "facts": FACTS,
    } | changes
    return dumps(dict(enumerate(fields.values(), start=1)))


def qr_payload(**changes: Any) -> bytes:
    return dumps(
        dict(enumerate(({"version": 1, "json": bytes(range(32)), "facts": FACTS} | changes).values(), start=1))
    )


def qr_text(packed: bytes) -> str:
    return "ZS1:" + base45.b45encode(packed).decode()


def envelopes() -> list[tuple[str, bytes, str]]:
    payload = b"a payload"
    good = sign(payload)
    protected, _, _, sig = good
    r, s = sig[:32], int.from_bytes(sig[32:], "little")
    body = tagged(good)[2:]
    return [
        ("as signed", tagged(good), "valid"),
        ("empty payload", tagged(sign(b"")), "valid"),
        ("payload of 300 bytes", tagged(sign(bytes(300))), "valid"),
        ("key not trusted", tagged(sign(payload, key=STRANGER)), "cannot_tell"),
        (
            "signature of another key under the trusted key id",
            tagged([protected, {}, payload, sign(payload, protected, STRANGER)[3]]),
            "altered",
        ),
        ("trusted signature under another key id", tagged([head(STRANGER), {}, payload, sig]), "cannot_tell"),
        ("payload changed", tagged([protected, {}, b"A payload", sig]), "altered"),
        ("content type changed", tagged([head(content_type=QR), {}, payload, sig]), "altered"),
        ("signature of zeros", tagged([protected, {}, payload, bytes(64)]), "altered"),
        (
            "signature with S + L, the malleable twin",
            tagged([protected, {}, payload, r + (s + ORDER).to_bytes(32, "little")]),
            "altered",
        ),
        ("signature over the bare payload", tagged([protected, {}, payload, ISSUER.sign(payload)]), "altered"),
        (
            "signature made for COSE_Sign",
            tagged([protected, {}, payload, signature(protected, payload, ISSUER, "Signature")]),
            "altered",
        ),
        (
            "signature over other external data",
            tagged([protected, {}, payload, signature(protected, payload, ISSUER, aad=b"x")]),
            "altered",
        ),
        ("no tag", dumps(good), "cannot_tell"),
        ("tag of COSE_Mac0", tagged(good, 17), "cannot_tell"),
        ("tag of COSE_Sign", tagged(good, 98), "cannot_tell"),
        ("tagged twice", dumps(cbor2.CBORTag(18, cbor2.CBORTag(18, good))), "cannot_tell"),
        ("self-described CBOR around it", b"\xd9\xd9\xf7" + tagged(good), "cannot_tell"),
        ("three parts", tagged(good[:3]), "cannot_tell"),
        ("five parts", tagged([*good, b""]), "cannot_tell"),
        ("a map instead of parts", dumps(cbor2.CBORTag(18, dict(enumerate(good)))), "cannot_tell"),
        ("indefinite array", b"\xd2\x9f" + body + b"\xff", "cannot_tell"),
        (
            "indefinite payload",
            b"\xd2\x84" + dumps(protected) + b"\xa0\x5f" + dumps(payload) + b"\xff" + dumps(sig),
            "cannot_tell",
        ),
        (
            "payload length not in the shortest form",
            b"\xd2\x84" + dumps(protected) + b"\xa0\x58\x09" + payload + dumps(sig),
            "cannot_tell",
        ),
        ("tag not in the shortest form", b"\xd8\x12" + tagged(good)[1:], "cannot_tell"),
        ("payload absent", tagged([protected, {}, None, sig]), "cannot_tell"),
        ("payload as text", tagged([protected, {}, "a payload", sig]), "cannot_tell"),
        ("unprotected header holds a key id", tagged([protected, {4: kid(ISSUER)}, payload, sig]), "cannot_tell"),
        ("unprotected header is an array", tagged([protected, [], payload, sig]), "cannot_tell"),
        ("protected header empty", tagged(sign(payload, b"")), "cannot_tell"),
        (
            "protected header is a bare map",
            tagged([{1: -8, 3: DOCUMENT, 4: kid(ISSUER)}, {}, payload, sig]),
            "cannot_tell",
        ),
        ("algorithm ES256", tagged(sign(payload, head(alg=-7))), "cannot_tell"),
        ("algorithm Ed25519 (-19)", tagged(sign(payload, head(alg=-19))), "cannot_tell"),
        ("algorithm as text", tagged(sign(payload, head(alg="EdDSA"))), "cannot_tell"),
        ("no algorithm", tagged(sign(payload, head(alg=None))), "cannot_tell"),
        ("no content type", tagged(sign(payload, head(content_type=None))), "cannot_tell"),
        ("content type as number", tagged(sign(payload, head(content_type=60))), "cannot_tell"),
        ("no key id", tagged(sign(payload, head(kid=None))), "cannot_tell"),
        ("key id of 15 bytes", tagged(sign(payload, head(kid=kid(ISSUER)[:15]))), "cannot_tell"),
        ("key id as text", tagged(sign(payload, head(kid=kid(ISSUER).hex()[:16]))), "cannot_tell"),
        (
            "a critical header besides",
            tagged(sign(payload, dumps({1: -8, 2: [99], 3: DOCUMENT, 4: kid(ISSUER)}))),
            "cannot_tell",
        ),
        ("headers in another order", tagged(sign(payload, dumps({4: kid(ISSUER), 3: DOCUMENT, 1: -8}))), "cannot_tell"),
        ("algorithm twice", tagged(sign(payload, b"\xa4\x01\x27" + head()[1:])), "cannot_tell"),
        ("key id twice", tagged(sign(payload, b"\xa4" + head()[1:] + b"\x04" + dumps(kid(STRANGER)))), "cannot_tell"),
        ("indefinite protected header", tagged(sign(payload, b"\xbf" + head()[1:] + b"\xff")), "cannot_tell"),
        ("bytes behind the protected header", tagged(sign(payload, head() + b"\x00")), "cannot_tell"),
        ("signature of 63 bytes", tagged([protected, {}, payload, sig[:63]]), "cannot_tell"),
        ("signature of 65 bytes", tagged([protected, {}, payload, sig + b"\x00"]), "cannot_tell"),
        ("a byte behind", tagged(good) + b"\x00", "cannot_tell"),
        ("the same again behind", tagged(good) * 2, "cannot_tell"),
        ("no bytes", b"", "cannot_tell"),
        ("over 16 kB", tagged(sign(bytes(17_000))), "cannot_tell"),
        ("nested 400 deep", b"\x81" * 400 + b"\x00", "cannot_tell"),
        ("a length of four exabytes", b"\xd2\x84\x5b" + b"\x3f" + b"\xff" * 7, "cannot_tell"),
        ("an array that holds itself", bytes.fromhex("d81c81d81d00"), "cannot_tell"),
        ("a number with an exponent of 2^60", bytes.fromhex("c5821b0fffffffffffffff01"), "cannot_tell"),
        ("a pattern", bytes.fromhex("d8236128"), "cannot_tell"),
    ]


def documents() -> list[tuple[str, bytes, str]]:
    payload = document_payload()
    many = {f"fact {n}": "x" for n in range(33)}
    return [
        ("as signed", payload, "valid"),
        ("no facts", document_payload(facts={}), "valid"),
        ("32 facts", document_payload(facts=dict(list(many.items())[:32])), "valid"),
        ("version 2", document_payload(version=2), "cannot_tell"),
        ("version 0", document_payload(version=0), "cannot_tell"),
        ("version true", document_payload(version=True), "cannot_tell"),
        ("version as text", document_payload(version="1"), "cannot_tell"),
        ("a field more", b"\xa9" + payload[1:] + b"\x09\x00", "cannot_tell"),
        ("a field less", b"\xa7" + payload[1 : -len(b"\x08" + dumps(FACTS))], "cannot_tell"),
        ("fields in another order", dumps(dict(reversed(cbor2.loads(payload).items()))), "cannot_tell"),
        ("version twice", b"\xa9\x01\x01" + payload[1:], "cannot_tell"),
        ("an array", dumps(list(cbor2.loads(payload).values())), "cannot_tell"),
        ("indefinite map", b"\xbf" + payload[1:] + b"\xff", "cannot_tell"),
        ("version not in the shortest form", b"\xa8\x01\x18\x01" + payload[3:], "cannot_tell"),
        ("file hash of 31 bytes", document_payload(file=bytes(31)), "cannot_tell"),
        ("file hash as text", document_payload(file="0" * 32), "cannot_tell"),
        ("data hash of 64 bytes", document_payload(json=bytes(64)), "cannot_tell"),
        ("offset as number", document_payload(offset=5000), "cannot_tell"),
        ("offset of 8 bytes", document_payload(offset=bytes(8)), "cannot_tell"),
        ("length as float", document_payload(length=300.0), "cannot_tell"),
        ("name as bytes", document_payload(name=b"evaluation.json"), "cannot_tell"),
        ("facts as array", document_payload(facts=["a", "b"]), "cannot_tell"),
        ("fact that is a number", document_payload(facts={"z": -4.69}), "cannot_tell"),
        ("fact named by a number", document_payload(facts={1: "x"}), "cannot_tell"),
        ("fact without a name", document_payload(facts={"": "x"}), "cannot_tell"),
        ("33 facts", document_payload(facts=many), "cannot_tell"),
        ("a fact of 513 characters", document_payload(facts={"a": "x" * 513}), "cannot_tell"),
        ("a line break in a fact", document_payload(facts={"a": "x\ny"}), "cannot_tell"),
        ("an override of the writing direction in a fact", document_payload(facts={"a": "\u202e1.0"}), "cannot_tell"),
        ("a fact twice", payload[: -len(dumps(FACTS))] + b"\xa2" + b"\x61a\x61x" + b"\x61a\x61y", "cannot_tell"),
        ("a fact that is not UTF-8", payload[: -len(dumps(FACTS))] + b"\xa1\x61a\x62\xff\xfe", "cannot_tell"),
        ("a byte behind", payload + b"\x00", "cannot_tell"),
        ("nothing", b"", "cannot_tell"),
        ("over 12 kB", document_payload(name="x" * 13_000), "cannot_tell"),
    ]


def codes() -> list[tuple[str, str, str]]:
    def code(payload: bytes, key: Ed25519PrivateKey = ISSUER, content_type: str = QR) -> bytes:
        return tagged(sign(payload, head(key, content_type=content_type), key))

    good = code(qr_payload())
    packed = zlib.compress(good, 9)
    text = qr_text(packed)
    bare = zlib.compressobj(9, zlib.DEFLATED, -15)
    preset = zlib.compressobj(9, zlib.DEFLATED, 15, zdict=b"Laboratory")
    altered = good.replace(b"-4.69", b"-0.69")
    long = code(qr_payload(facts={f"fact {n}": "x" * 500 for n in range(4)}))
    return [
        ("as signed", text, "valid"),
        ("packed without compression", qr_text(zlib.compress(good, 0)), "valid"),
        ("a line break behind, as scanners add it", text + "\r\n", "valid"),
        ("no facts", qr_text(zlib.compress(code(qr_payload(facts={})))), "valid"),
        ("a fact changed", qr_text(zlib.compress(altered)), "altered"),
        ("key not trusted", qr_text(zlib.compress(code(qr_payload(), STRANGER))), "cannot_tell"),
        (
            "a document claim in a code",
            qr_text(zlib.compress(code(document_payload(), content_type=DOCUMENT))),
            "cannot_tell",
        ),
        (
            "a code's facts called a document claim",
            qr_text(zlib.compress(code(qr_payload(), content_type=DOCUMENT))),
            "cannot_tell",
        ),
        ("a document claim called a code", qr_text(zlib.compress(code(document_payload()))), "cannot_tell"),
        ("version 2", qr_text(zlib.compress(code(qr_payload(version=2)))), "cannot_tell"),
        ("no prefix", text[4:], "cannot_tell"),
        ("prefix of a health certificate", "HC1:" + text[4:], "cannot_tell"),
        ("prefix in small letters", "zs1:" + text[4:], "cannot_tell"),
        ("all in small letters", text.lower(), "cannot_tell"),
        ("a web address", "https://example.org/verify/1", "cannot_tell"),
        ("prefix alone", "ZS1:", "cannot_tell"),
        ("nothing", "", "cannot_tell"),
        ("a character less", text[:-1], "cannot_tell"),
        ("a group of 65536", text[:4] + "GGW" + text[7:], "cannot_tell"),
        ("a character outside base45", text[:10] + "_" + text[11:], "cannot_tell"),
        ("a full-width digit", text[:10] + "\uff11" + text[11:], "cannot_tell"),
        ("bytes behind the stream", qr_text(packed + b"\x00"), "cannot_tell"),
        ("checksum cut off", qr_text(packed[:-4]), "cannot_tell"),
        ("bare deflate", qr_text(bare.compress(good) + bare.flush()), "cannot_tell"),
        ("gzip", qr_text(gzip.compress(good, mtime=0)), "cannot_tell"),
        ("preset dictionary", qr_text(preset.compress(good) + preset.flush()), "cannot_tell"),
        ("packed twice", qr_text(zlib.compress(packed)), "cannot_tell"),
        ("not packed", qr_text(good), "cannot_tell"),
        ("unpacks to 900 kB", qr_text(zlib.compress(bytes(900_000), 9)), "cannot_tell"),
        ("longer than a code can be", qr_text(zlib.compress(long, 0)), "cannot_tell"),
    ]


def write(name: str, about: str, field: str, rows: list[tuple[str, Any, str]]) -> None:
    vectors = [{"name": n, field: v.hex() if isinstance(v, bytes) else v, "outcome": o} for n, v, o in rows]
    trusted = ISSUER.public_key().public_bytes_raw().hex()
    content = {"about": about, "trusted_ed25519": trusted, "vectors": vectors}
    (HERE / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write("envelopes.json", "COSE_Sign1 envelopes in hexadecimal, and what opening them answers", "cose", envelopes())
    write(
        "documents.json",
        "payloads of document claims in hexadecimal, each to be signed by the issuer",
        "payload",
        documents(),
    )
    write("codes.json", "texts of QR codes, and what verifying them answers", "text", codes())
