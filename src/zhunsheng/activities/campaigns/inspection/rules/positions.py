"""Where a phone says that it was: kept as it said, as a geo URI (RFC 5870) in WGS 84 with its uncertainty in metres; pure."""

import re

from zhunsheng.foundation.bilingual import Text, t

LONGEST = 80
DECIMAL = r"\d{1,3}(?:\.\d{1,17})?"
GEO = re.compile(
    rf"geo:(?P<latitude>-?{DECIMAL}),(?P<longitude>-?{DECIMAL})(?:;u=(?P<uncertainty>\d{{1,7}}(?:\.\d{{1,17}})?))?"
)


def is_position(said: str) -> bool:
    """Is it a place on the earth, written as a phone writes it?"""
    found = GEO.fullmatch(said)
    if found is None or len(said) > LONGEST:
        return False
    return abs(float(found["latitude"])) <= 90 and abs(float(found["longitude"])) <= 180


def position_words(said: str) -> Text | None:
    """Latitude, longitude and by how many metres they may be off, in the phone's own figures; None where it said nothing."""
    found = GEO.fullmatch(said)
    if found is None:
        return None
    place = t("{a}, {b}", "{a}，{b}", a=found["latitude"], b=found["longitude"])
    if not found["uncertainty"]:
        return place
    return t("{p} (± {m} m)", "{p}（± {m} m）", p=place, m=found["uncertainty"])
