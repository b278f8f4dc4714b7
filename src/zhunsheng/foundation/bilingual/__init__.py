"""Every word in both languages, at one place.

A sentence that a person will read is a `Text`: its English and its Chinese stand side by side in the source, so that
neither can be forgotten and a reviewer sees both. `str(text)` gives the language of the moment (`using`, or the request's).
Needs nothing; leaves no evidence.
"""

from zhunsheng.foundation.bilingual.text import LANGUAGES, Language, Text, join, language, t, using

__all__ = ["LANGUAGES", "Language", "Text", "join", "language", "t", "using"]
