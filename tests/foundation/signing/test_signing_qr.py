"""The code on paper: written, printed, read back from an image, and refused when anything in it differs."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ElementTree
import zlib
from io import BytesIO

import base45
import pytest
from PIL import Image

from zhunsheng.foundation.signing import (
    ClaimError,
    ImageError,
    SigningKey,
    qr_claim,
    qr_png,
    qr_svg,
    read_qr,
    verify_qr,
)

DIGEST = bytes(range(32))
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@pytest.fixture(scope="module")
def text(issuer: SigningKey, facts: dict[str, str]) -> str:
    return qr_claim(facts, DIGEST, issuer)


def image_bytes(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def test_facts_come_back_in_the_issuers_order(text: str, issuer: SigningKey, facts: dict[str, str]) -> None:
    verdict = verify_qr(text, [issuer.public])
    assert verdict.outcome == "valid" and verdict.kid == issuer.public.kid.hex()
    assert list(verdict.facts.items()) == list(facts.items())
    assert "Compare" in verdict.reason.en and "核对" in verdict.reason.zh


def test_same_facts_give_the_same_code(text: str, issuer: SigningKey, facts: dict[str, str]) -> None:
    assert qr_claim(facts, DIGEST, issuer) == text and text.startswith("ZS1:")


def test_code_needs_no_more_than_a_small_symbol(text: str) -> None:
    # Capital letters and digits alone, so that the symbol is encoded in its alphanumeric mode.
    assert set(text) <= set(BASE45) and len(text) < 400


def test_unknown_key_cannot_tell(text: str, issuer: SigningKey, stranger: SigningKey) -> None:
    for trusted in ([], [stranger.public]):
        verdict = verify_qr(text, trusted)
        assert (verdict.outcome, verdict.facts, verdict.kid) == ("cannot_tell", {}, issuer.public.kid.hex())
        assert "--trust" in verdict.reason.en and issuer.public.fingerprint() in verdict.reason.zh


def test_every_character_replaced_is_refused(text: str, issuer: SigningKey) -> None:
    outcomes = set()
    for at in range(len(text)):
        for step in (1, 7, 22):
            other = BASE45[(BASE45.index(text[at]) + step) % 45]
            outcomes.add(verify_qr(text[:at] + other + text[at + 1 :], [issuer.public]).outcome)
    assert outcomes <= {"altered", "cannot_tell"}


def test_every_byte_of_the_claim_flipped_is_refused(text: str, issuer: SigningKey) -> None:
    cose = zlib.decompress(base45.b45decode(text[4:]))
    for at in range(len(cose)):
        flipped = cose[:at] + bytes([cose[at] ^ 1 << at % 8]) + cose[at + 1 :]
        packed = "ZS1:" + base45.b45encode(zlib.compress(flipped)).decode()
        assert verify_qr(packed, [issuer.public]).outcome != "valid"


def test_flipped_bit_of_the_packing_never_changes_a_fact(text: str, issuer: SigningKey, facts: dict[str, str]) -> None:
    # Unused bits of a zlib stream may differ and unpack to the same claim; what is signed stays what is shown.
    packed = base45.b45decode(text[4:])
    still_valid = 0
    for at in range(len(packed) * 8):
        flipped = bytearray(packed)
        flipped[at // 8] ^= 1 << at % 8
        verdict = verify_qr("ZS1:" + base45.b45encode(bytes(flipped)).decode(), [issuer.public])
        if verdict.outcome == "valid":
            still_valid += 1
            assert zlib.decompress(bytes(flipped)) == zlib.decompress(packed) and verdict.facts == facts
    assert still_valid < 16


def test_facts_too_long_for_paper_are_refused(issuer: SigningKey) -> None:
    words = "".join(chr(0x4E00 + 37 * n % 9000) for n in range(500))
    with pytest.raises(ClaimError, match="too long for a QR code"):
        qr_claim({"remarks": words}, DIGEST, issuer)


@pytest.mark.parametrize("digest", [b"short", DIGEST.hex(), bytes(64)])
def test_what_is_no_digest_is_never_signed(digest: bytes, issuer: SigningKey, facts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        qr_claim(facts, digest, issuer)


def test_svg_is_one_element_with_a_white_ground(text: str) -> None:
    root = ElementTree.fromstring(qr_svg(text))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "#fff" in qr_svg(text) and qr_svg(text) == qr_svg(text)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_printed_code_is_read_back(kind: str, text: str) -> None:
    with Image.open(BytesIO(qr_png(text))) as image:
        assert read_qr(image_bytes(image.convert("L"), kind)) == [text]


def test_code_is_read_askew_on_a_larger_page(text: str, issuer: SigningKey) -> None:
    with Image.open(BytesIO(qr_png(text, scale=8))) as image:
        page = Image.new("L", (1800, 1400), 255)
        page.paste(
            image.convert("L").rotate(17, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC), (500, 200)
        )
    codes = read_qr(image_bytes(page, "JPEG"))
    assert [verify_qr(code, [issuer.public]).outcome for code in codes] == ["valid"]


def test_two_codes_on_a_page_are_both_read(text: str) -> None:
    with Image.open(BytesIO(qr_png(text))) as left, Image.open(BytesIO(qr_png("https://example.org"))) as right:
        page = Image.new("L", (left.width + right.width + 40, max(left.height, right.height)), 255)
        page.paste(left.convert("L"), (0, 0))
        page.paste(right.convert("L"), (left.width + 40, 0))
    assert set(read_qr(image_bytes(page))) == {text, "https://example.org"}


def test_page_without_a_code_has_none() -> None:
    assert read_qr(image_bytes(Image.new("RGB", (300, 300), "white"))) == []


def png_of_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


HOSTILE = {
    "nothing": b"",
    "words": b"not an image",
    "cut off": image_bytes(Image.effect_noise((400, 400), 50))[:2000],
    "unpacks to ten gigapixels": png_of_size(100_000, 100_000),
    "a little over the limit": png_of_size(5001, 5000),
    "over 16 MB": bytes(16 * 1024 * 1024 + 1),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_image_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(ImageError) as refusal:
        read_qr(HOSTILE[name])
    assert "图像" in refusal.value.message.zh
