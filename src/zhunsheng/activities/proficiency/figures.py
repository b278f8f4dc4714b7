"""Computed figures as a reader sees them: never more digits than mean something."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def score(value: float | None) -> str:
    """A score with two decimals and a true minus sign; a dash where there is none."""
    if value is None:
        return "–"
    shown = f"{value:.2f}"
    return "0.00" if shown == "-0.00" else shown.replace("-", "−")


def last_place(value: float, digits: int) -> int:
    """The power of ten of the last of `digits` significant digits."""
    return Decimal(repr(value)).adjusted() - digits + 1


def measured(value: float, u: float | None, sigma: float) -> tuple[str, str | None]:
    """A value and its standard uncertainty, both to two significant digits of u; where u is unknown, of sigma / 10."""
    if u:
        place = last_place(u, 2)
        return at_place(value, place), at_place(u, place)
    return no_longer_than(value, last_place(sigma, 3) if sigma else -6), None


def significant(value: float, digits: int) -> str:
    """At most `digits` significant digits; a shorter figure stays short."""
    return no_longer_than(value, last_place(value, digits)) if value else "0"


def no_longer_than(value: float, place: int) -> str:
    """The figure rounded at 10^place, or as it is where it ends before."""
    exact = Decimal(repr(value)).normalize()
    exponent = exact.as_tuple().exponent
    return at_place(value, max(place, exponent if isinstance(exponent, int) else place))


def at_place(value: float, place: int) -> str:
    """The figure rounded half to even at 10^place, in powers of ten where zeros would only count places."""
    rounded = Decimal(repr(value)).quantize(Decimal((0, (1,), place)), rounding=ROUND_HALF_EVEN)
    exponent = rounded.adjusted()
    if rounded and (place > 3 or exponent < -5):
        mantissa = rounded.scaleb(-exponent)
        return _minus(f"{mantissa:f}") + "×10" + str(exponent).translate(_SUPERSCRIPT)
    return _minus(f"{rounded:f}" if place <= 0 else f"{int(rounded)}")


def _minus(text: str) -> str:
    return text.replace("-", "−")


def shortened(name: str, most: int = 36) -> str:
    """A long name with its middle replaced by …: names of laboratories differ at their ends. A Han character is 2 wide."""
    if width(name) <= most:
        return name
    head, tail, rest = "", "", list(name)
    while rest:
        from_head = width(head) <= width(tail)
        character = rest.pop(0 if from_head else -1)
        if width(head) + width(tail) + width(character) > most - 1:
            break
        head, tail = (head + character, tail) if from_head else (head, character + tail)
    return f"{head}…{tail}"


def width(text: str) -> int:
    """How wide a text stands, in half-widths of a Han character."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
