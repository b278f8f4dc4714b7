"""Who vouches for a document, and whether it is still the one that was vouched for.

A report goes out as a PDF that carries a signed claim over every byte of itself and over the attached data; a paper
carries the key facts and their signature in a QR code. Anyone who has the issuer's public key verifies both without a
network, a clock or this platform's database, and is answered with a `Verdict`: valid, altered, or cannot tell, always
with the reason in both languages. Needs a key file and nothing else; leaves no evidence. What a valid verdict does not
say: that the figures are right, or when they were signed. Formats: COSE_Sign1 (RFC 9052) with Ed25519, canonical JSON
(RFC 8785), base45 (RFC 9285).
"""

from zhunsheng.foundation.signing.canonical import JsonError, canonical_json, parse_strict
from zhunsheng.foundation.signing.cose import Opened, open1, sign1
from zhunsheng.foundation.signing.keys import KeyFileError, KeyFileWarning, PublicKey, SigningKey
from zhunsheng.foundation.signing.pdf import SealError, seal_pdf, verify_pdf
from zhunsheng.foundation.signing.qr import ImageError, qr_claim, qr_png, qr_svg, read_qr, verify_qr
from zhunsheng.foundation.signing.verdict import ClaimError, Outcome, SigningError, Verdict

__all__ = [
    "ClaimError",
    "ImageError",
    "JsonError",
    "KeyFileError",
    "KeyFileWarning",
    "Opened",
    "Outcome",
    "PublicKey",
    "SealError",
    "SigningError",
    "SigningKey",
    "Verdict",
    "canonical_json",
    "open1",
    "parse_strict",
    "qr_claim",
    "qr_png",
    "qr_svg",
    "read_qr",
    "seal_pdf",
    "sign1",
    "verify_pdf",
    "verify_qr",
]
