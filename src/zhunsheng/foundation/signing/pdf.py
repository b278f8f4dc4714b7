"""A PDF that carries the proof of itself: every byte of the file is bound by one attached claim.

The claim is an attached file, `claim.cose`, stored unpacked. It holds the SHA-256 of the whole file with its own bytes
zeroed, where those bytes stand, and the SHA-256 of the attached data. No page, no word and no figure can change without
the file's hash changing, and verifying needs no understanding of PDF: a file that a parser reads in two ways still has
one hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import pikepdf
from pikepdf import AttachedFileSpec, Name, ObjectStreamMode, StreamDecodeLevel

from zhunsheng.foundation.bilingual import Text, join, t
from zhunsheng.foundation.signing import cose
from zhunsheng.foundation.signing.attached import MAX_PDF, Attached, attached_streams, read_attached
from zhunsheng.foundation.signing.canonical import canonical_json, parse_strict
from zhunsheng.foundation.signing.claims import DOCUMENT_TYPE, DocumentClaim
from zhunsheng.foundation.signing.keys import PublicKey, SigningKey
from zhunsheng.foundation.signing.verdict import ClaimError, SigningError, Verdict

CLAIM_NAME = "claim.cose"
MAX_CANDIDATES = 8
_BEST_FIRST = ("valid", "altered", "cannot_tell")
_NO_DATE = "D:19700101000000Z"


class SealError(SigningError):
    """A PDF that cannot be sealed."""


def seal_pdf(
    pdf: bytes,
    *,
    key: SigningKey,
    facts: dict[str, str],
    attachment_name: str = "evaluation.json",
    data: bytes | None = None,
) -> bytes:
    """`pdf` with a claim attached that binds all its bytes and the canonical JSON attached under `attachment_name`.

    `data` is what the caller attached, straight from `canonical_json`: it need not be proved canonical once more. The same
    input gives the same bytes. Raises SealError where the file is no PDF, is encrypted, sealed already, over
    64 MB or lacks the JSON; ClaimError where the facts are too long; JsonError where the attachment is no JSON.
    """
    data = _data_to_bind(pdf, attachment_name, data)
    blank = DocumentClaim(bytes(32), 0, 0, 0, attachment_name, hashlib.sha256(data).digest(), dict(facts))
    length = len(_signed(blank, key))
    placeholder = hashlib.shake_256(pdf).digest(length)
    drafted = _with_claim(pdf, placeholder, attachment_name)
    offset = _only_place(drafted, placeholder)
    digest = _digest_around(drafted, offset, length)
    claim = replace(blank, file_sha256=digest, offset=offset, length=length, size=len(drafted))
    sealed = drafted[:offset] + _signed(claim, key) + drafted[offset + length :]
    return _verified(sealed, key)


def verify_pdf(pdf: bytes, trusted: Sequence[PublicKey]) -> Verdict:
    """Whether `pdf` is, byte for byte, a file that one of the `trusted` keys sealed; never raises."""
    if len(pdf) > MAX_PDF:
        return _cannot_tell(_too_large(len(pdf)))
    attached = read_attached(pdf)
    claims = _claims_in(pdf, attached)
    if not claims:
        return _cannot_tell(_why_no_claim(pdf, attached))
    verdicts = [_judge(claim, pdf, attached, trusted) for claim in claims]
    best = min(verdicts, key=lambda verdict: _BEST_FIRST.index(verdict.outcome))
    return best if len(claims) == 1 or best.outcome == "valid" else _among_several(best, len(claims))


# --- sealing ---------------------------------------------------------------------------------------------------------


def _data_to_bind(pdf: bytes, name: str, expected: bytes | None) -> bytes:
    if len(pdf) > MAX_PDF - 2 * cose.MAX_COSE:
        raise SealError(_too_large(len(pdf)))
    attached = read_attached(pdf)
    if not attached.readable or (attached.pdf is not None and attached.pdf.is_encrypted):
        raise SealError(t("This is not a PDF that can be sealed.", "该文件不是可以加签的 PDF。"))
    if CLAIM_NAME in attached.streams or _claims_in(pdf, attached):
        raise SealError(t("This PDF is sealed already.", "该 PDF 已经加签。"))
    data = attached.get(name)
    if data is None:
        raise SealError(t("The PDF has no attached file {name}.", "PDF 中没有附件 {name}。", name=name))
    if expected is not None and data != expected:
        raise SealError(
            t("The attached {name} is not what was to be attached.", "附件 {name} 与应附内容不符。", name=name)
        )
    if expected is None and canonical_json(parse_strict(data)) != data:
        raise SealError(
            t(
                "The attached {name} is not canonical JSON (RFC 8785).",
                "附件 {name} 不是规范化 JSON（RFC 8785）。",
                name=name,
            )
        )
    return data


def _signed(claim: DocumentClaim, key: SigningKey) -> bytes:
    return cose.sign1(claim.encode(), key, content_type=DOCUMENT_TYPE)


def _with_claim(pdf: bytes, content: bytes, beside: str) -> bytes:
    """`pdf` with `content` attached unpacked, all other streams as they were."""
    with pikepdf.open(BytesIO(pdf)) as document:
        document.attachments[CLAIM_NAME] = _claim_file(document, content, beside)
        buffer = BytesIO()
        document.save(
            buffer,
            deterministic_id=True,
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.preserve,
        )
    return buffer.getvalue()


def _claim_file(document: pikepdf.Pdf, content: bytes, beside: str) -> AttachedFileSpec:
    spec = AttachedFileSpec(
        document,
        content,
        filename=CLAIM_NAME,
        description="Signed claim / 签名声明",
        mime_type="application/cose",
        creation_date="",
        mod_date=_date_of(document, beside),
    )
    spec.obj.AFRelationship = Name.Supplement  # which also makes it an associated file of the document, as PDF/A-3 asks
    del spec.get_file().obj.Params["/CheckSum"]  # it would be that of the placeholder
    return spec


def _date_of(document: pikepdf.Pdf, name: str) -> str:
    """The date of the data goes on to the claim: the moment of sealing would make two runs differ."""
    parameters = attached_streams(document)[name].get("/Params")
    return str(parameters.get("/ModDate", _NO_DATE)) if isinstance(parameters, pikepdf.Dictionary) else _NO_DATE


def _only_place(data: bytes, placeholder: bytes) -> int:
    if data.count(placeholder) != 1:
        raise SealError(t("The claim could not be placed in the PDF.", "签名声明无法写入 PDF。"))
    return data.index(placeholder)


def _verified(sealed: bytes, key: SigningKey) -> bytes:
    verdict = verify_pdf(sealed, [key.public])
    if verdict.outcome != "valid":
        raise SealError(
            t("The sealed file does not verify: {reason}", "加签后的文件未通过验证：{reason}", reason=verdict.reason)
        )
    return sealed


# --- verifying -------------------------------------------------------------------------------------------------------


def _digest_around(data: bytes, offset: int, length: int) -> bytes:
    """SHA-256 of `data` with the bytes offset … offset + length zeroed."""
    view, digest = memoryview(data), hashlib.sha256()
    digest.update(view[:offset])
    digest.update(bytes(length))
    digest.update(view[offset + length :])
    return digest.digest()


def _claims_in(pdf: bytes, attached: Attached) -> list[bytes]:
    """The claims that stand in the bytes, however broken the PDF around them, and the one attached under its name."""
    found = cose.find_all(pdf, DOCUMENT_TYPE, at_most=MAX_CANDIDATES)
    named = attached.get(CLAIM_NAME)
    return list(dict.fromkeys([*found, named] if named is not None else found))


def _judge(envelope: bytes, pdf: bytes, attached: Attached, trusted: Sequence[PublicKey]) -> Verdict:
    try:
        opened = cose.open1(envelope, trusted)
        claim = DocumentClaim.decode(opened)
    except ClaimError as error:
        return error.verdict()
    data = attached.get(claim.json_name)
    intact = data is not None and hashlib.sha256(data).digest() == claim.json_sha256
    faults = [*_faults_of_file(claim, envelope, pdf), *_faults_of_data(claim, data, intact)]
    reason = _altered(faults, claim, intact) if faults else _valid(opened.key)
    kid = opened.key.kid.hex()
    return Verdict("altered" if faults else "valid", reason, claim.facts, kid, data if intact else None)


def _faults_of_file(claim: DocumentClaim, envelope: bytes, pdf: bytes) -> list[Text]:
    """How the bytes of the file differ from those that were signed; empty if they do not."""
    offset, length = claim.offset, claim.length
    if length != len(envelope) or pdf[offset : offset + length] != envelope:
        return [t("the file was written anew after it was sealed", "文件在加签后被重新写过")]
    if _digest_around(pdf[: claim.size], offset, length) != claim.file_sha256:
        return [_content_differs(claim, len(pdf))]
    if len(pdf) > claim.size:
        return [
            t(
                "{n} bytes were appended after it was sealed",
                "加签之后，文件末尾被追加了 {n} 字节",
                n=len(pdf) - claim.size,
            )
        ]
    return []


def _content_differs(claim: DocumentClaim, size: int) -> Text:
    if size == claim.size:
        return t("bytes of the file were changed after it was sealed", "文件的字节在加签之后被改动")
    return t(
        "the file has {size} bytes and had {signed} when it was sealed",
        "文件现有 {size} 字节，加签时为 {signed} 字节",
        size=size,
        signed=claim.size,
    )


def _faults_of_data(claim: DocumentClaim, data: bytes | None, intact: bool) -> list[Text]:
    if intact:
        return []
    if data is None:
        return [
            t(
                "the attached data {name} are missing or unreadable",
                "附件数据 {name} 缺失或无法读取",
                name=claim.json_name,
            )
        ]
    return [t("the attached data {name} were changed", "附件数据 {name} 已被改动", name=claim.json_name)]


def _cannot_tell(reason: Text) -> Verdict:
    return Verdict("cannot_tell", reason, {}, None, None)


# --- the words -------------------------------------------------------------------------------------------------------


def _valid(key: PublicKey) -> Text:
    return t(
        "This is, byte for byte, the file that the trusted key {kid} sealed: pages and attached data are unaltered.",
        "该文件与受信任的密钥 {kid} 加签时逐字节一致：页面与附件数据均未改动。",
        kid=key.fingerprint(),
    )


def _altered(faults: list[Text], claim: DocumentClaim, intact: bool) -> Text:
    return t(
        "A trusted key sealed this document, but this is not the file that was sealed: {faults}. {rest}",
        "受信任的密钥曾对该文件加签，但现在的文件已非加签时的文件：{faults}。{rest}",
        faults=join(faults),
        rest=_what_to_do(claim, intact),
    )


def _what_to_do(claim: DocumentClaim, intact: bool) -> Text:
    if not intact:
        return t("Do not rely on it; ask the issuer for the original.", "请勿采信，并向签发方索取原件。")
    return t(
        "The attached data {name} are still those that were signed, so what changed are the pages or other parts: do "
        "not rely on the pages; ask the issuer for the original.",
        "附件数据 {name} 仍与签名一致，改动发生在页面或其他部分：请勿采信页面内容，并向签发方索取原件。",
        name=claim.json_name,
    )


def _among_several(best: Verdict, count: int) -> Verdict:
    reason = t(
        "{reason} The file carries {n} claims; an issued file carries one.",
        "{reason}文件中有 {n} 份签名声明，而签发的文件只应有一份。",
        reason=best.reason,
        n=count,
    )
    return Verdict(best.outcome, reason, best.facts, best.kid, best.json)


def _why_no_claim(pdf: bytes, attached: Attached) -> Text:
    if b"%PDF-" not in pdf[:1024]:
        return t(
            "This is not a PDF file. Choose the PDF as the issuer sent it.",
            "这不是 PDF 文件。请选择签发方发来的 PDF 原件。",
        )
    if not attached.readable:
        return t(
            "This PDF is damaged or protected by a password, and no claim can be found in it. Ask the issuer for the "
            "original file.",
            "该 PDF 已损坏或设有口令，无法从中找到签名声明。请向签发方索取原件。",
        )
    return t(
        "No signed claim is attached to this PDF: it was never sealed, or was printed or saved anew, which drops the "
        "claim. Ask the issuer for the original file.",
        "该 PDF 未附签名声明：可能从未加签，或经重新打印、另存而丢失。请向签发方索取原件。",
    )


def _too_large(size: int) -> Text:
    return t(
        "The file has {size} MB; files of up to {most} MB are sealed and verified.",
        "文件大小为 {size} MB；加签与验证仅支持不超过 {most} MB 的文件。",
        size=-(-size // 2**20),
        most=MAX_PDF // 2**20,
    )
