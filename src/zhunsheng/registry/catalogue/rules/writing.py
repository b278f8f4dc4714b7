"""How differently the same name is typed; pure."""

import re
import unicodedata

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\ufe58\ufe63\uff0d\u30fc"), "-")


def clean(text: str) -> str:
    """Half-width, without invisible characters, every dash a hyphen, single spaces."""
    narrow = unicodedata.normalize("NFKC", text.translate(DASHES)).translate(INVISIBLE).translate(DASHES)
    return re.sub(r"\s+", " ", narrow).strip()


def same(text: str) -> str:
    """What two names are compared by: clean and without case."""
    return clean(text).casefold()
