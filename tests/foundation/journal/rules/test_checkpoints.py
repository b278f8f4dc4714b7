"""A checkpoint is a note that any reader of signed notes understands, and nobody changes a character of it unseen."""

import base64
import hashlib
import re
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhunsheng.foundation.journal.rules.checkpoints import BadNote, Statement, opened, read, signed, sources_digest
from zhunsheng.foundation.signing import SigningKey

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
SAID = Statement(
    origin="pt.example.gov.cn/journal", size=3, root=bytes(range(32)), at=datetime(2026, 4, 15, 1, 30, tzinfo=UTC),
    previous=1, settled=9, sources=sources_digest([(1, "entry", "8"), (2, "entry", "9")]),
)  # fmt: skip
NOTE = signed(SAID, KEY)


def test_the_note_is_what_the_manual_shows() -> None:
    assert NOTE.split("\n\n")[0] + "\n" == (
        "pt.example.gov.cn/journal\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nat 2026-04-15T01:30:00+00:00\n"
        f"previous 1\nsettled 9\nsources {hashlib.sha256(b'1 entry 8' + bytes([10]) + b'2 entry 9' + bytes([10])).hexdigest()}\n"
    )
    assert re.fullmatch(r"— pt\.example\.gov\.cn/journal [A-Za-z0-9+/]+=*\n", NOTE.split("\n\n")[1])


def test_a_reader_of_signed_notes_verifies_it() -> None:
    """By the text of the specification alone: C2SP signed-note, Ed25519 signatures."""
    text, line = NOTE.split("\n\n")
    name, encoded = line.removeprefix("— ").rstrip("\n").split(" ")
    raw = base64.b64decode(encoded)
    assert raw[:4] == hashlib.sha256(name.encode() + b"\n\x01" + KEY.public.raw).digest()[:4]
    Ed25519PublicKey.from_public_bytes(KEY.public.raw).verify(raw[4:], (text + "\n").encode())


def test_opened_it_says_what_was_said() -> None:
    assert opened(NOTE, [OTHER.public, KEY.public]) == read(NOTE) == SAID


def test_any_single_character_changed_is_refused() -> None:
    for at, character in enumerate(NOTE):
        for other in {"A", "B", "0", "w", "\n", " ", chr(ord(character) ^ 1), chr(ord(character) ^ 2)} - {character}:
            with pytest.raises(BadNote):
                opened(NOTE[:at] + other + NOTE[at + 1 :], [KEY.public])


def test_any_cut_is_refused() -> None:
    for at in range(len(NOTE)):
        with pytest.raises(BadNote):
            opened(NOTE[:at], [KEY.public])


@pytest.mark.parametrize("trusted", [[], [OTHER.public]])
def test_a_key_that_is_not_trusted_does_not_count(trusted: list) -> None:
    with pytest.raises(BadNote, match=f"any of the {len(trusted)} trusted keys"):
        opened(NOTE, trusted)


@pytest.mark.parametrize("note", ["", "\n\n", "x" * 10_000, "a\nb\nc\nd\ne\nf\ng\n\n", "a\n1\n\x00\n\n"])
def test_what_is_no_note_is_refused_with_a_sentence(note: str) -> None:
    with pytest.raises(BadNote) as refusal:
        read(note)
    assert refusal.value.reason.zh == "它不是可读的检查点"


def test_a_witness_may_add_its_signature() -> None:
    assert opened(NOTE + "— witness.example AAAAAAAA\n", [KEY.public]) == SAID
