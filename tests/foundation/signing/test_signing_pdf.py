"""A sealed PDF: valid as issued, altered whatever was done to it, and never a crash."""

from __future__ import annotations

import hashlib
import random
import subprocess
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import AttachedFileSpec, Name

from zhunsheng.foundation.signing import (
    ClaimError,
    JsonError,
    SealError,
    SigningKey,
    Verdict,
    canonical_json,
    qr_claim,
    seal_pdf,
    sign1,
    verify_pdf,
)
from zhunsheng.foundation.signing.attached import MAX_ATTACHED, MAX_PDF, read_attached
from zhunsheng.foundation.signing.claims import DOCUMENT_TYPE, DocumentClaim


def claim_of(pdf: bytes) -> bytes:
    claim = read_attached(pdf).get("claim.cose")
    assert claim is not None
    return claim


def saved_anew(pdf: bytes, change: Callable[[pikepdf.Pdf], None] = lambda _: None, **options) -> bytes:
    """What an editor leaves: opened, changed, every object written again, attachments carried over as they were."""
    options = {"compress_streams": False} | options
    buffer = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        change(document)
        document.save(buffer, **options)
    return buffer.getvalue()


def attach(name: str, content: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments[name] = AttachedFileSpec(
            document, content, filename=name, description="", mime_type="", creation_date="", mod_date=""
        )

    return change


def detach(name: str) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        del document.attachments[name]

    return change


def forged_page(document: pikepdf.Pdf) -> None:
    page = document.pages[0]
    page.Contents = document.make_stream(page.Contents.read_bytes() + b"\nq 0 0 0 rg 10 10 40 12 re f Q\n")


def assert_speaks_both(verdict: Verdict) -> None:
    assert any("\u4e00" <= c <= "\u9fff" for c in verdict.reason.zh)
    assert verdict.reason.en.isascii() and verdict.reason.en.endswith(".")


# What is issued


def test_sealed_document_is_valid(sealed: bytes, issuer: SigningKey, stranger: SigningKey, facts: dict) -> None:
    verdict = verify_pdf(sealed, [stranger.public, issuer.public])
    assert (verdict.outcome, verdict.facts, verdict.kid) == ("valid", facts, issuer.public.kid.hex())
    assert list(verdict.facts) == list(facts)
    assert verdict.json == read_attached(sealed).get("evaluation.json")
    assert issuer.public.fingerprint() in verdict.reason.en


def test_same_input_gives_the_same_bytes(document: bytes, sealed: bytes, issuer: SigningKey, facts: dict) -> None:
    time.sleep(1.1)  # a date that slipped in would show
    assert seal_pdf(document, key=issuer, facts=facts) == sealed


def test_claim_binds_the_file_around_itself(sealed: bytes, issuer: SigningKey) -> None:
    # The rule of the format, followed with nothing but find and SHA-256.
    claim = claim_of(sealed)
    offset = sealed.index(claim)
    zeroed = sealed[:offset] + bytes(len(claim)) + sealed[offset + len(claim) :]
    assert sealed.count(claim) == 1
    assert hashlib.sha256(zeroed).digest() in claim
    assert hashlib.sha256(verify_pdf(sealed, [issuer.public]).json or b"").digest() in claim


def test_sealing_keeps_the_structure(archive_document: bytes, issuer: SigningKey, facts: dict) -> None:
    with pikepdf.open(BytesIO(seal_pdf(archive_document, key=issuer, facts=facts))) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert bool(pdf.Root.MarkInfo.Marked) and "/StructTreeRoot" in pdf.Root
        assert b"pdfaid" in pdf.Root.Metadata.read_bytes()
        assert [str(file.F) for file in pdf.Root.AF] == ["evaluation.json", "claim.cose"]
        claim = pdf.attachments["claim.cose"].get_file().obj
        assert "/Filter" not in claim and "/CheckSum" not in claim.Params
        assert str(claim.Params.ModDate) == "D:20240501000000Z"


def test_claim_is_an_associated_file_even_if_it_is_the_only_one(document: bytes, issuer: SigningKey) -> None:
    with (
        pikepdf.open(BytesIO(document)) as before,
        pikepdf.open(BytesIO(seal_pdf(document, key=issuer, facts={}))) as pdf,
    ):
        assert "/AF" not in before.Root
        assert [str(file.F) for file in pdf.Root.AF] == ["claim.cose"]


def test_another_reader_finds_text_tags_and_attachments(
    document: bytes, sealed: bytes, issuer: SigningKey, tmp_path: Path
) -> None:
    def run(*command: str) -> str:
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    (tmp_path / "document.pdf").write_bytes(document)
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    assert "Tagged:          yes" in run("pdfinfo", "sealed.pdf")
    assert run("pdftotext", "sealed.pdf", "-") == run("pdftotext", "document.pdf", "-") != ""
    run("pdfdetach", "-saveall", "sealed.pdf")
    assert (tmp_path / "claim.cose").read_bytes() == claim_of(sealed)
    assert (tmp_path / "evaluation.json").read_bytes() == verify_pdf(sealed, [issuer.public]).json


def test_other_name_of_the_data_is_bound_too(document: bytes, issuer: SigningKey) -> None:
    pdf = saved_anew(document, attach("report.json", b'{"a":1}'))
    sealed = seal_pdf(pdf, key=issuer, facts={}, attachment_name="report.json")
    assert verify_pdf(sealed, [issuer.public]).json == b'{"a":1}'
    swapped = saved_anew(sealed, attach("report.json", b'{"a":2}'))
    assert "report.json" in verify_pdf(swapped, [issuer.public]).reason.zh


# What is done to it


def test_every_byte_flipped(sealed: bytes, issuer: SigningKey) -> None:
    claim = claim_of(sealed)
    start = sealed.index(claim)
    kid = start + claim.index(issuer.public.kid)
    payload, signature = kid + 17, start + len(claim) - 66  # behind the key id and the empty header; before 58 40
    flipped = bytearray(sealed)
    for at in range(len(sealed)):
        flipped[at] ^= 1 + at % 255
        verdict = verify_pdf(bytes(flipped), [issuer.public])
        flipped[at] = sealed[at]
        if not start <= at < start + len(claim):
            assert verdict.outcome == "altered" and verdict.facts, at
        elif kid <= at < kid + 16:
            assert verdict.outcome == "cannot_tell" and verdict.kid != issuer.public.kid.hex(), at
        elif payload + 3 <= at < signature or at >= signature + 2:
            assert verdict.outcome == "altered" and not verdict.facts and verdict.json is None, at
        else:  # the framing: some flips leave another envelope that the trusted key never signed, the rest leave none
            assert verdict.outcome in ("altered", "cannot_tell") and not verdict.facts, at


def test_page_changed_under_intact_attachments(sealed: bytes, issuer: SigningKey, facts: dict) -> None:
    forged = saved_anew(sealed, forged_page)
    assert claim_of(forged) == claim_of(sealed)
    verdict = verify_pdf(forged, [issuer.public])
    assert (verdict.outcome, verdict.facts) == ("altered", facts)
    assert verdict.json == verify_pdf(sealed, [issuer.public]).json
    assert "do not rely on the pages" in verdict.reason.en and "请勿采信页面" in verdict.reason.zh
    assert_speaks_both(verdict)


def test_page_changed_and_the_file_laid_out_as_before(sealed: bytes, issuer: SigningKey) -> None:
    offset = sealed.index(claim_of(sealed))
    forged = sealed.replace(b"/MediaBox [ 0 0 226.77165", b"/MediaBox [ 0 0 126.77165")
    assert forged != sealed and forged.index(claim_of(forged)) == offset
    verdict = verify_pdf(forged, [issuer.public])
    assert verdict.outcome == "altered" and "bytes of the file were changed" in verdict.reason.en


def test_data_swapped(sealed: bytes, issuer: SigningKey) -> None:
    verdict = verify_pdf(saved_anew(sealed, attach("evaluation.json", b'{"z":0}')), [issuer.public])
    assert verdict.outcome == "altered" and verdict.json is None
    assert "evaluation.json were changed" in verdict.reason.en and "已被改动" in verdict.reason.zh


def test_data_removed(sealed: bytes, issuer: SigningKey) -> None:
    verdict = verify_pdf(saved_anew(sealed, detach("evaluation.json")), [issuer.public])
    assert verdict.outcome == "altered" and "missing" in verdict.reason.en


@pytest.mark.parametrize("compressed", [False, True])
def test_merely_saved_anew(compressed: bool, sealed: bytes, issuer: SigningKey) -> None:
    verdict = verify_pdf(saved_anew(sealed, compress_streams=compressed, qdf=not compressed), [issuer.public])
    assert verdict.outcome == "altered" and "written anew" in verdict.reason.en


def test_bytes_appended(sealed: bytes, issuer: SigningKey) -> None:
    for more in (b"\n", b"\x00" * 1000, sealed):
        verdict = verify_pdf(sealed + more, [issuer.public])
        assert verdict.outcome == "altered"
        assert f"{len(more)} bytes were appended" in verdict.reason.en and f"{len(more)} 字节" in verdict.reason.zh


def test_page_replaced_by_an_incremental_update(sealed: bytes, issuer: SigningKey) -> None:
    with pikepdf.open(BytesIO(sealed)) as document:
        number, generation = document.pages[0].Contents.objgen
        size, root = int(document.trailer.Size), document.Root.objgen
    previous = int(sealed.rsplit(b"startxref", 1)[1].split()[0])
    content = b"0 1 0 rg 0 0 500 500 re f"
    update = b"%d %d obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, generation, len(content), content)
    table = b"xref\n%d 1\n%010d %05d n \n" % (number, len(sealed), generation)
    trailer = b"trailer\n<</Size %d /Root %d %d R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    forged = sealed + update + table + trailer % (size, *root, previous, len(sealed) + len(update))
    with pikepdf.open(BytesIO(forged)) as shown:
        assert shown.pages[0].Contents.read_bytes() == content  # a reader shows the forged page
    verdict = verify_pdf(forged, [issuer.public])
    assert verdict.outcome == "altered" and "appended" in verdict.reason.en


def test_cut_short(sealed: bytes, issuer: SigningKey) -> None:
    end = sealed.index(claim_of(sealed)) + len(claim_of(sealed))
    for length in (end, (end + len(sealed)) // 2, len(sealed) - 1):
        verdict = verify_pdf(sealed[:length], [issuer.public])
        assert verdict.outcome == "altered" and str(len(sealed)) in verdict.reason.en


def test_bytes_put_before(sealed: bytes, issuer: SigningKey) -> None:
    assert verify_pdf(b"%" + sealed, [issuer.public]).outcome == "altered"


def test_random_edits_are_never_valid(sealed: bytes, issuer: SigningKey) -> None:
    draw = random.Random(13528)
    for _ in range(300):
        at, length = draw.randrange(len(sealed)), draw.randrange(1, 60)
        edited = sealed[:at] + draw.randbytes(draw.randrange(60)) + sealed[at + length :]
        verdict = verify_pdf(edited, [issuer.public])
        assert edited == sealed or verdict.outcome != "valid"
        assert_speaks_both(verdict)


# Claims that belong elsewhere


def test_unknown_key_is_named(sealed: bytes, issuer: SigningKey, stranger: SigningKey) -> None:
    verdict = verify_pdf(sealed, [stranger.public])
    assert (verdict.outcome, verdict.kid, verdict.facts) == ("cannot_tell", issuer.public.kid.hex(), {})
    assert verdict.json is None
    assert "--trust" in verdict.reason.en and issuer.public.fingerprint() in verdict.reason.zh
    assert_speaks_both(verdict)


def test_sealed_again_by_another_after_a_change(sealed: bytes, issuer: SigningKey, stranger: SigningKey) -> None:
    stripped = saved_anew(saved_anew(sealed, forged_page), detach("claim.cose"))
    verdict = verify_pdf(seal_pdf(stripped, key=stranger, facts={}), [issuer.public])
    assert (verdict.outcome, verdict.kid) == ("cannot_tell", stranger.public.kid.hex())


def test_claim_of_another_document(document: bytes, sealed: bytes, issuer: SigningKey) -> None:
    other = saved_anew(document, attach("claim.cose", claim_of(sealed)))
    assert verify_pdf(saved_anew(other, forged_page), [issuer.public]).outcome == "altered"


def test_two_claims(sealed: bytes, document: bytes, issuer: SigningKey, stranger: SigningKey) -> None:
    foreign = claim_of(seal_pdf(document, key=stranger, facts={"z": "0.1"}))
    verdict = verify_pdf(saved_anew(sealed, attach("second.cose", foreign)), [issuer.public])
    assert (verdict.outcome, verdict.kid) == ("altered", issuer.public.kid.hex())
    verdict = verify_pdf(saved_anew(document, attach("claim.cose", foreign)), [issuer.public])
    assert verdict.outcome == "cannot_tell"
    second = claim_of(seal_pdf(document, key=issuer, facts={"z": "0.1"}))
    both = saved_anew(sealed, attach("second.cose", second), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    verdict = verify_pdf(saved_anew(both), [issuer.public])
    assert verdict.outcome == "altered" and "2 claims" in verdict.reason.en and "2 份" in verdict.reason.zh
    assert_speaks_both(verdict)


@pytest.mark.parametrize(
    ("field", "value"), [("offset", 0), ("offset", 2**32 - 1), ("length", 0), ("length", 2**32 - 1), ("size", 0)]
)
def test_trusted_claim_with_wrong_numbers(field: str, value: int, sealed: bytes, issuer: SigningKey) -> None:
    claim = claim_of(sealed)
    data = read_attached(sealed).get("evaluation.json")
    numbers = {"offset": sealed.index(claim), "length": len(claim), "size": len(sealed)} | {field: value}
    signed = DocumentClaim(
        file_sha256=hashlib.sha256(sealed.replace(claim, bytes(len(claim)))).digest(),
        json_name="evaluation.json",
        json_sha256=hashlib.sha256(data or b"").digest(),
        facts={"报告编号": "PT-2024-017", "Laboratory": "L04", "z": "-4.69"},
        **numbers,
    )
    forged = sealed.replace(claim, sign1(signed.encode(), issuer, content_type=DOCUMENT_TYPE))
    assert len(forged) == len(sealed)
    assert verify_pdf(forged, [issuer.public]).outcome == "altered"


def test_attached_claim_of_another_kind(document: bytes, issuer: SigningKey, facts: dict) -> None:
    kinds = {
        "damaged": b"\xd2\x84not a claim",
        "empty": b"",
        "code": qr_claim(facts, bytes(32), issuer).encode(),
        "letter": sign1(b"a letter", issuer, content_type="text/plain"),
        "claim without fields": sign1(b"\xa0", issuer, content_type=DOCUMENT_TYPE),
    }
    for content in kinds.values():
        verdict = verify_pdf(saved_anew(document, attach("claim.cose", content)), [issuer.public])
        assert verdict.outcome == "cannot_tell" and verdict.facts == {}
        assert_speaks_both(verdict)


# Not a sealed PDF at all


def zeros(size: int) -> bytes:
    """A zlib stream that unpacks to `size` zero bytes."""
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(bytes(2**20)) for _ in range(size // 2**20)] + [packer.flush()])


def bomb(name: str, pdf: bytes) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        attach(name, b"")(document)
        document.attachments[name].get_file().obj.write(zeros(MAX_ATTACHED + 2**20), filter=Name.FlateDecode)

    return saved_anew(pdf, change)


def cross_reference_bomb() -> bytes:
    table = zeros(300 * 2**20)
    header = b"<</Type/XRef/W[1 4 2]/Size 40000000/Root 2 0 R/Filter/FlateDecode/Length %d>>" % len(table)
    return b"%PDF-1.7\n1 0 obj\n" + header + b"\nstream\n" + table + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


def catalog(body: bytes, objects: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog" + body + b">>\nendobj\n" + objects + b"trailer\n<</Root 1 0 R/Size 9>>\n"
    )


LOOP = b"2 0 obj\n<</Kids[2 0 R 3 0 R]>>\nendobj\n3 0 obj\n<</Kids[2 0 R]/Limits[(a)(z)]>>\nendobj\n"
HEAD = b"\xd2\x84\x58\x3a\xa3\x01\x27\x03\x78\x22" + DOCUMENT_TYPE.encode() + b"\x04\x50"
HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "words": lambda _: b"dear customer",
    "header alone": lambda _: b"%PDF-1.7\n",
    "header and noise": lambda _: b"%PDF-1.7\n" + random.Random(1).randbytes(5000),
    "null bytes": lambda _: bytes(100_000),
    "password": lambda pdf: saved_anew(pdf, encryption=pikepdf.Encryption(user="u", owner="o")),
    "name tree that loops": lambda _: catalog(b"/Names<</EmbeddedFiles 2 0 R>>", LOOP),
    "attachment without a stream": lambda _: catalog(b"/Names<</EmbeddedFiles<</Names[(claim.cose)<<>>]>>>>"),
    "attachment that is a number": lambda _: catalog(b"/Names<</EmbeddedFiles<</Names[(claim.cose) 5]>>>>"),
    "attachment under a number": lambda _: catalog(b"/Names<</EmbeddedFiles<</Names[5(claim.cose)]>>>>"),
    "names odd in number": lambda _: catalog(b"/Names<</EmbeddedFiles<</Names[(claim.cose)]>>>>"),
    "root that is a number": lambda _: b"%PDF-1.7\n1 0 obj\n5\nendobj\ntrailer\n<</Root 1 0 R>>\n",
    "root that is itself": lambda _: b"%PDF-1.7\n1 0 obj\n1 0 R\nendobj\ntrailer\n<</Root 1 0 R>>\n",
    "arrays nested 100000 deep": lambda _: catalog(b"/A " + b"[" * 100_000 + b"]" * 100_000),
    "cross-references that loop": lambda _: catalog(b"") + b"xref\n0 0\ntrailer\n<</Prev 50>>\nstartxref\n50\n%%EOF",
    "claim that unpacks beyond the limit": lambda pdf: bomb("claim.cose", pdf),
    "cross-references that unpack to 300 MB": lambda _: cross_reference_bomb(),
    "heads of claims without bodies": lambda _: b"%PDF-1.7\n" + HEAD * 50_000,
    "over 64 MB": lambda _: b"%PDF-1.7\n" + bytes(MAX_PDF),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_cannot_tell_and_does_not_crash(name: str, document: bytes, issuer: SigningKey) -> None:
    pdf = HOSTILE[name](document)
    verdict = verify_pdf(pdf, [issuer.public])
    assert (verdict.outcome, verdict.facts, verdict.json) == ("cannot_tell", {}, None)
    assert_speaks_both(verdict)
    with pytest.raises(SealError):
        seal_pdf(pdf, key=issuer, facts={})


def test_data_that_unpack_beyond_the_limit_are_not_unpacked(sealed: bytes, issuer: SigningKey) -> None:
    verdict = verify_pdf(bomb("evaluation.json", sealed), [issuer.public])
    assert verdict.outcome == "altered" and "missing or unreadable" in verdict.reason.en


def test_false_heads_before_the_claim_do_not_make_it_valid(sealed: bytes, issuer: SigningKey) -> None:
    assert verify_pdf(HEAD * 100 + sealed, [issuer.public]).outcome == "altered"


def test_never_sealed_says_so(document: bytes, issuer: SigningKey) -> None:
    verdict = verify_pdf(document, [issuer.public])
    assert verdict.outcome == "cannot_tell" and verdict.kid is None
    assert "No signed claim" in verdict.reason.en and "未附签名声明" in verdict.reason.zh


def test_too_large_says_so(issuer: SigningKey) -> None:
    verdict = verify_pdf(b"%PDF-1.7\n" + bytes(MAX_PDF), [issuer.public])
    assert "The file has 65 MB; files of up to 64 MB" in verdict.reason.en and "64 MB" in verdict.reason.zh


def test_no_pdf_says_so(issuer: SigningKey) -> None:
    assert "not a PDF" in verify_pdf(b"PK\x03\x04 a workbook", [issuer.public]).reason.en


# What is not sealed


def test_sealed_once_only(sealed: bytes, issuer: SigningKey) -> None:
    with pytest.raises(SealError, match="sealed already"):
        seal_pdf(sealed, key=issuer, facts={})
    with pytest.raises(SealError, match="sealed already"):
        seal_pdf(saved_anew(sealed, compress_streams=True), key=issuer, facts={})


def test_data_missing(document: bytes, issuer: SigningKey) -> None:
    with pytest.raises(SealError, match=r"no attached file other\.json"):
        seal_pdf(document, key=issuer, facts={}, attachment_name="other.json")


def test_data_not_in_canonical_form(document: bytes, issuer: SigningKey) -> None:
    with pytest.raises(SealError, match="canonical"):
        seal_pdf(saved_anew(document, attach("evaluation.json", b'{"a": 1}')), key=issuer, facts={})
    with pytest.raises(JsonError, match="twice"):
        seal_pdf(saved_anew(document, attach("evaluation.json", b'{"a":1,"a":2}')), key=issuer, facts={})
    pdf = saved_anew(document, attach("evaluation.json", canonical_json({"figure": 1e17})))
    assert verify_pdf(seal_pdf(pdf, key=issuer, facts={}), [issuer.public]).json == b'{"figure":100000000000000000}'


def test_facts_that_cannot_be_compared(document: bytes, issuer: SigningKey) -> None:
    with pytest.raises(ClaimError, match="cannot be signed"):
        seal_pdf(document, key=issuer, facts={"a": "two\nlines"})


def test_what_is_attached_must_be_what_the_caller_meant(document: bytes, issuer: SigningKey) -> None:
    with pytest.raises(SealError, match="not what was to be attached"):
        seal_pdf(document, key=issuer, facts={}, data=b"{}")
