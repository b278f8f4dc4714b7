"""Keys of fixed seeds, and a small real document: made by Typst, with its data attached, and sealed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
import typst
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zhunsheng.foundation.signing import SigningKey, canonical_json, seal_pdf

DATA = {"schema": "zhunsheng-evaluation/1", "title": "水泥 Cement 2024", "scores": [{"laboratory": "L04", "z": -4.69}]}
FACTS = {"报告编号": "PT-2024-017", "Laboratory": "L04", "z": "-4.69"}
SOURCE = """
#set document(title: "Evaluation", date: datetime(year: 2024, month: 5, day: 1))
#set page(width: 80mm, height: 40mm, margin: 5mm)
#set text(lang: "en", size: 9pt)
#pdf.attach("evaluation.json", relationship: "data", mime-type: "application/json", description: "Evaluation")
= Evaluation
Laboratory L04: z = -4.69
"""


def compile_pdf(folder: Path, standard: Literal["1.7", "a-3a"]) -> bytes:
    (folder / "evaluation.json").write_bytes(canonical_json(DATA))
    (folder / "evaluation.typ").write_text(SOURCE, encoding="utf-8")
    pdf = typst.compile(str(folder / "evaluation.typ"), pdf_standards=standard)
    assert isinstance(pdf, bytes)
    return pdf


@pytest.fixture(scope="session")
def issuer() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture(scope="session")
def stranger() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return compile_pdf(tmp_path_factory.mktemp("document"), "1.7")


@pytest.fixture(scope="session")
def archive_document(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same as PDF/A-3a: tagged, with associated files."""
    return compile_pdf(tmp_path_factory.mktemp("archive"), "a-3a")


@pytest.fixture(scope="session")
def facts() -> dict[str, str]:
    return dict(FACTS)


@pytest.fixture(scope="session")
def sealed(document: bytes, issuer: SigningKey) -> bytes:
    return seal_pdf(document, key=issuer, facts=FACTS)
