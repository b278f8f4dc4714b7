"""COSE_Sign1 in one exact form, and the claims inside: the shipped vectors, every bit flipped, a second verifier."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from zhunsheng.foundation.signing import ClaimError, PublicKey, SigningKey, cbor, open1, sign1, verify_qr
from zhunsheng.foundation.signing.claims import DOCUMENT_TYPE, QR_TYPE, DocumentClaim, check_facts
from zhunsheng.foundation.signing.cose import find_all

VECTORS = Path(__file__).parent / "vectors"


def vectors(name: str, field: str) -> list:
    rows = json.loads((VECTORS / name).read_text(encoding="utf-8"))["vectors"]
    return [pytest.param(row[field], row["outcome"], id=row["name"]) for row in rows]


def outcome_of_opening(cose: bytes, trusted: list[PublicKey]) -> str:
    try:
        open1(cose, trusted)
    except ClaimError as refusal:
        return refusal.outcome
    return "valid"


@pytest.mark.parametrize("name", ["envelopes.json", "documents.json", "codes.json"])
def test_vectors_are_of_the_key_used_here(name: str, issuer: SigningKey) -> None:
    assert json.loads((VECTORS / name).read_text(encoding="utf-8"))["trusted_ed25519"] == issuer.public.raw.hex()


@pytest.mark.parametrize(("cose", "outcome"), vectors("envelopes.json", "cose"))
def test_envelope(cose: str, outcome: str, issuer: SigningKey) -> None:
    assert outcome_of_opening(bytes.fromhex(cose), [issuer.public]) == outcome


@pytest.mark.parametrize(("payload", "outcome"), vectors("documents.json", "payload"))
def test_document_claim(payload: str, outcome: str, issuer: SigningKey) -> None:
    opened = open1(sign1(bytes.fromhex(payload), issuer, content_type=DOCUMENT_TYPE), [issuer.public])
    if outcome == "valid":
        assert DocumentClaim.decode(opened).encode().hex() == payload
    else:
        with pytest.raises(ClaimError) as refusal:
            DocumentClaim.decode(opened)
        assert refusal.value.verdict().outcome == outcome


@pytest.mark.parametrize(("text", "outcome"), vectors("codes.json", "text"))
def test_code(text: str, outcome: str, issuer: SigningKey) -> None:
    verdict = verify_qr(text, [issuer.public])
    assert verdict.outcome == outcome
    assert (outcome == "valid") or verdict.facts == {}


def test_document_claim_under_another_content_type_is_refused(issuer: SigningKey) -> None:
    claim = DocumentClaim(bytes(32), 5000, 300, 9000, "evaluation.json", bytes(32), {})
    opened = open1(sign1(claim.encode(), issuer, content_type=QR_TYPE), [issuer.public])
    with pytest.raises(ClaimError, match="not a claim of the kind expected"):
        DocumentClaim.decode(opened)


def test_newer_version_asks_for_an_update(issuer: SigningKey) -> None:
    opened = open1(sign1(cbor.encode({1: 2, "new": "form"}), issuer, content_type=DOCUMENT_TYPE), [issuer.public])
    with pytest.raises(ClaimError, match=r"version 2.*Update the program"):
        DocumentClaim.decode(opened)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        ("a201000100", "Duplicate map key"),
        ("9fff", "indefinite"),
        ("5fff", "indefinite"),
        ("818181818100", "depth"),
        ("d82361612a", "semantic tag 35"),
        ("d81c81d81d00", "semantic tag 29"),
        ("c249010000000000000000", "semantic tag 2"),
        ("1801", "shortest"),
        ("fb3ff0000000000000ff", "trailing"),
        ("18", "premature end"),
        ("", "premature end"),
        ("62c328", "text string"),
    ],
)
def test_cbor_of_another_form_is_refused_for_its_own_reason(data: str, cause: str) -> None:
    with pytest.raises(cbor.CborError, match=cause):
        cbor.decode(bytes.fromhex(data))


def test_search_for_envelopes_ends_after_so_many_places(issuer: SigningKey) -> None:
    good = sign1(b"payload", issuer, content_type=DOCUMENT_TYPE)
    head = good[: good.index(issuer.public.kid)]
    assert find_all(head * 7 + good + good, DOCUMENT_TYPE, at_most=9) == [good, good]
    assert find_all(head * 8 + good, DOCUMENT_TYPE, at_most=8) == []


def test_layout_byte_for_byte(issuer: SigningKey) -> None:
    # RFC 9052, 4.2 and 4.4, written out by hand
    kid = issuer.public.kid
    protected = b"\xa3" + b"\x01\x27" + b"\x03\x63a/b" + b"\x04\x50" + kid
    to_be_signed = b"\x84" + b"\x6aSignature1" + b"\x58" + bytes([len(protected)]) + protected + b"\x40" + b"\x42hi"
    expected = b"\xd2\x84\x58" + bytes([len(protected)]) + protected + b"\xa0" + b"\x42hi" + b"\x58\x40"
    assert sign1(b"hi", issuer, content_type="a/b") == expected + issuer.sign(to_be_signed)


def test_openssl_verifies_the_same_signature(tmp_path: Path, issuer: SigningKey) -> None:
    cose = sign1(b"hi", issuer, content_type="a/b")
    protected = cose[4 : 4 + cose[3]]
    message = b"\x84\x6aSignature1\x58" + bytes([len(protected)]) + protected + b"\x40\x42hi"
    for name, content in (("key", issuer.public.pem()), ("message", message), ("signature", cose[-64:])):
        (tmp_path / name).write_bytes(content)
    command = "openssl pkeyutl -verify -pubin -inkey key -rawin -in message -sigfile signature"
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True).returncode == 0
    (tmp_path / "message").write_bytes(message[:-1] + b"o")
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True).returncode != 0


def test_every_bit_flipped_is_refused(issuer: SigningKey, facts: dict[str, str]) -> None:
    claim = DocumentClaim(bytes(32), 5000, 300, 9000, "evaluation.json", bytes(32), facts)
    cose = sign1(claim.encode(), issuer, content_type=DOCUMENT_TYPE)
    kid_at, payload_at = cose.index(issuer.public.kid), cose.index(claim.encode())
    for at in range(len(cose)):
        for bit in range(8):
            flipped = bytearray(cose)
            flipped[at] ^= 1 << bit
            outcome = outcome_of_opening(bytes(flipped), [issuer.public])
            if kid_at <= at < kid_at + 16:
                assert outcome == "cannot_tell"
            elif payload_at <= at < payload_at + len(claim.encode()) or at >= len(cose) - 64:
                assert outcome == "altered"
            else:
                assert outcome != "valid"


def test_every_cut_is_refused(issuer: SigningKey) -> None:
    cose = sign1(b"payload", issuer, content_type="a/b")
    assert {outcome_of_opening(cose[:end], [issuer.public]) for end in range(len(cose))} == {"cannot_tell"}


def test_opened_names_the_key_among_several(issuer: SigningKey, stranger: SigningKey) -> None:
    opened = open1(sign1(b"payload", issuer, content_type="a/b"), [stranger.public, issuer.public])
    assert (opened.payload, opened.content_type, opened.key) == (b"payload", "a/b", issuer.public)


def test_unknown_key_is_named_with_the_way_out(issuer: SigningKey, stranger: SigningKey) -> None:
    with pytest.raises(ClaimError) as refusal:
        open1(sign1(b"payload", stranger, content_type="a/b"), [issuer.public])
    verdict = refusal.value.verdict()
    assert (verdict.outcome, verdict.kid) == ("cannot_tell", stranger.public.kid.hex())
    for words in (verdict.reason.en, verdict.reason.zh):
        assert stranger.public.fingerprint() in words and "--trust" in words


@pytest.mark.parametrize(
    "facts",
    [
        {f"fact {n}": "x" for n in range(33)},
        {"": "x"},
        {"n" * 65: "x"},
        {"a": "x" * 513},
        {"a": "two\nlines"},
        {"a": "\u202eabc"},
        {"a": "\ud800"},
        {"a": 1.5},
    ],
    ids=["33 facts", "no name", "long name", "long value", "line break", "override", "surrogate", "number"],
)
def test_facts_that_a_person_could_not_compare_are_not_signed(facts: dict[str, str]) -> None:
    with pytest.raises(ClaimError):
        check_facts(facts)


def test_facts_too_long_together_are_not_signed() -> None:
    facts = {f"fact {n}": "字" * 500 for n in range(20)}
    with pytest.raises(ClaimError, match="too long together"):
        DocumentClaim(bytes(32), 0, 0, 0, "evaluation.json", bytes(32), facts).encode()
