"""The claim on paper: a QR code with the facts and the signature in it, not a link to somewhere."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Sequence
from io import BytesIO

import base45
import segno
import zxingcpp
from PIL import Image

from zhunsheng.foundation.bilingual import Text, t
from zhunsheng.foundation.signing import cose
from zhunsheng.foundation.signing.attached import inflate
from zhunsheng.foundation.signing.claims import QR_TYPE, QrClaim
from zhunsheng.foundation.signing.keys import PublicKey, SigningKey
from zhunsheng.foundation.signing.verdict import ClaimError, SigningError, Verdict

PREFIX = "ZS1:"
MAX_TEXT = 1451  # what a QR code of version 25, level M holds: about the densest that a telephone reads from paper
MAX_IMAGE_BYTES = 16 * 1024 * 1024
MAX_IMAGE_PIXELS = 25_000_000
_IMAGE_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


class ImageError(SigningError):
    """An image that is too large or cannot be read."""


def qr_claim(facts: dict[str, str], json_sha256: bytes, key: SigningKey) -> str:
    """The text of a QR code: "ZS1:" and the base45 (RFC 9285) of the zlib stream of a COSE_Sign1 over the facts.

    Raises ClaimError where the facts are too long for a code that can be read from paper, ValueError for a digest that
    is not 32 bytes.
    """
    signed = cose.sign1(QrClaim(json_sha256, dict(facts)).encode(), key, content_type=QR_TYPE)
    text = PREFIX + base45.b45encode(zlib.compress(signed, 9)).decode("ascii")
    if len(text) > MAX_TEXT:
        raise ClaimError(
            t(
                "The facts are too long for a QR code: {n} characters, at most {most}.",
                "事实过长，无法放入二维码：{n} 个字符，最多 {most} 个。",
                n=len(text),
                most=MAX_TEXT,
            )
        )
    return text


def verify_qr(text: str, trusted: Sequence[PublicKey]) -> Verdict:
    """Whether the facts in a QR code were signed by one of the `trusted` keys; never raises.

    The verdict is about the facts, not about how they were packed: two zlib streams of one claim are both valid.
    """
    try:
        opened = cose.open1(_unpacked(text.strip("\r\n\t")), trusted)
        claim = QrClaim.decode(opened)
    except ClaimError as error:
        return error.verdict()
    return Verdict("valid", _valid(opened.key), claim.facts, opened.key.kid.hex(), None)


def qr_svg(text: str) -> str:
    """The QR code as an SVG element, black on white, one unit a module, with the quiet zone of four (ISO/IEC 18004)."""
    buffer = BytesIO()
    _code(text).save(buffer, kind="svg", border=4, light="#fff", xmldecl=False, nl=False)
    return buffer.getvalue().decode("utf-8")


def qr_png(text: str, *, scale: int = 6) -> bytes:
    """The QR code as a PNG, `scale` pixels a module."""
    buffer = BytesIO()
    _code(text).save(buffer, kind="png", border=4, scale=scale)
    return buffer.getvalue()


def read_qr(image_bytes: bytes) -> list[str]:
    """The texts of the QR codes in a PNG, JPEG, WebP, BMP, GIF or TIFF image; empty if there are none.

    Raises ImageError for an image over 16 MB or 25 million pixels, or one that cannot be read.
    """
    if len(image_bytes) > MAX_IMAGE_BYTES:
        raise ImageError(_image_too_large())
    image = _grey(image_bytes)
    return [code.text for code in zxingcpp.read_barcodes(image, formats=_QR)]


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m")


def _grey(image_bytes: bytes) -> Image.Image:
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(BytesIO(image_bytes), formats=_IMAGE_FORMATS) as image,
        ):
            if image.width * image.height > MAX_IMAGE_PIXELS:  # told by the header, before anything is unpacked
                raise ImageError(_image_too_large())
            return image.convert("L")
    except ImageError:
        raise
    except Exception as error:  # decoders of images raise anything on hostile input
        raise ImageError(
            t(
                "The image cannot be read. Send a photograph or scan as PNG or JPEG.",
                "图像无法读取。请提供 PNG 或 JPEG 格式的照片或扫描件。",
            )
        ) from error


def _unpacked(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise ClaimError(_not_ours())
    if len(text) > MAX_TEXT:
        raise ClaimError(_damaged())
    try:
        packed = base45.b45decode(text[len(PREFIX) :])
    except ValueError as error:
        raise ClaimError(_damaged()) from error
    signed = inflate(packed, at_most=cose.MAX_COSE)
    if signed is None:
        raise ClaimError(_damaged())
    return signed


def _valid(key: PublicKey) -> Text:
    return t(
        "The trusted key {kid} signed exactly these facts. Compare them one by one with the paper: what differs, or is "
        "not listed here, is not vouched for.",
        "受信任的密钥 {kid} 对以下各项事实签过名。请与纸面逐项核对：凡不一致或此处未列出的内容，均不在签名保证之内。",
        kid=key.fingerprint(),
    )


def _not_ours() -> Text:
    return t(
        "This code is not a signed claim (it does not begin with ZS1:). Scan the code on the report itself.",
        "该二维码不是签名声明（未以 ZS1: 开头）。请扫描报告上的二维码。",
    )


def _damaged() -> Text:
    return t(
        "The code was not read completely. Scan it again, flat and in good light; if that fails, ask the issuer for "
        "the file.",
        "二维码读取不完整。请在光线充足处放平后重新扫描；若仍不成功，请向签发方索取电子文件。",
    )


def _image_too_large() -> Text:
    return t(
        "The image is too large: at most {mb} MB and {mp} million pixels. Send a smaller one.",
        "图像过大：最多 {mb} MB、{mp} 百万像素。请提供较小的图像。",
        mb=MAX_IMAGE_BYTES // 2**20,
        mp=MAX_IMAGE_PIXELS // 1_000_000,
    )
