"""CBOR that has one form only: definite lengths, no duplicate keys, shortest integers (RFC 8949, 4.2)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import cbor2

MAX_DEPTH = 4


class CborError(ValueError):
    """Bytes that are not CBOR in the one form accepted."""


def _refuse(*_: Any) -> Any:
    raise CborError("tag")


# The tags that the library would turn into dates, big numbers, patterns, shared and cyclic objects.
_REFUSED = dict.fromkeys((0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 100, 256, 258, 260, 261, 1004, 43000), _refuse)


def encode(value: Any) -> bytes:
    """`value` in CBOR; maps keep the order they come in."""
    return cbor2.dumps(value)


def decode(data: bytes) -> Any:
    """The value of `data`, which must be exactly what `encode` would write for it. Raises CborError."""
    value, end = decode_first(data)
    if end != len(data):
        raise CborError("trailing bytes")
    return value


def decode_first(data: bytes) -> tuple[Any, int]:
    """The first value in `data`, and where it ends. Raises CborError."""
    stream = BytesIO(data)
    decoder = cbor2.CBORDecoder(
        stream,
        semantic_decoders=_REFUSED,
        read_size=1,  # so that the stream stands exactly behind the value
        max_depth=MAX_DEPTH,
        allow_indefinite=False,
        allow_duplicate_keys=False,
    )
    try:
        value = decoder.decode()
        again = cbor2.dumps(value)
    except (cbor2.CBORError, UnicodeError) as error:
        raise CborError(str(error)) from error
    if again != data[: stream.tell()]:
        raise CborError("not in the shortest form")
    return value, len(again)
