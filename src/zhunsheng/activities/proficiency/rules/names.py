"""How two spellings of one name are told from two names."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD])


@lru_cache(maxsize=65_536)
def clean(text: str) -> str:
    """A name without invisible characters and with single spaces, otherwise as written."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())


@lru_cache(maxsize=65_536)
def same(text: str) -> str:
    """What two spellings of one name have in common: width and the two codes of µ do not count; case does."""
    return unicodedata.normalize("NFKC", clean(text))
