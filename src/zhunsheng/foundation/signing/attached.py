"""The files attached to a PDF, read from whatever arrives, with limits."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

import pikepdf
from pikepdf.settings import set_qpdf_limits

MAX_PDF = 64 * 1024 * 1024
MAX_ATTACHED = 64 * 1024 * 1024
MAX_ENTRIES = 64

# Process-wide, as the library has it: no stream of structure may unpack to more, no damaged file may warn for ever.
set_qpdf_limits(flate_max_memory=64 * 1024 * 1024, doc_max_warnings=1000)


@dataclass(frozen=True, slots=True)
class Attached:
    """The attachments of a PDF by name; `readable` is False where the file could not be parsed as a PDF at all."""

    readable: bool
    streams: dict[str, Any]
    pdf: pikepdf.Pdf | None = None  # the streams live no longer than the document they belong to

    def get(self, name: str) -> bytes | None:
        """The content of the attachment, or None if it is missing, too large, or packed in an unusual way."""
        stream = self.streams.get(name)
        try:
            return None if stream is None else _content(stream)
        except Exception:  # a hostile file may make the parser raise anything
            return None


def read_attached(pdf: bytes) -> Attached:
    """The attachments of `pdf`; never raises."""
    try:
        document = pikepdf.open(BytesIO(pdf))
        return Attached(True, attached_streams(document), document)
    except Exception:  # a hostile file may make the parser raise anything
        return Attached(False, {})


def attached_streams(document: pikepdf.Pdf) -> dict[str, Any]:
    """The embedded file streams by name, the first 64 of them; entries without a stream are left out."""
    streams = {}
    for name in islice(document.attachments, MAX_ENTRIES):
        try:
            streams[name] = document.attachments[name].get_file().obj
        except Exception:  # noqa: S112 - one broken entry does not hide the others
            continue
    return streams


def _content(stream: Any) -> bytes | None:
    raw = stream.read_raw_bytes()
    if "/Filter" not in stream:
        return bytes(raw)
    # Chains of filters and predictors are where unpacking bombs hide, and no issued file has them.
    if stream.Filter not in (pikepdf.Name.FlateDecode, pikepdf.Array([pikepdf.Name.FlateDecode])):
        return None
    return None if "/DecodeParms" in stream else inflate(raw, at_most=MAX_ATTACHED)


def inflate(data: bytes, *, at_most: int) -> bytes | None:
    """What the zlib stream `data` (RFC 1950) unpacks to, or None if it is damaged, followed by more, or too large."""
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(data, at_most + 1)
    except zlib.error:
        return None
    if len(content) > at_most or not unpacker.eof or unpacker.unused_data:
        return None
    return content
