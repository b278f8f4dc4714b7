"""When two serial numbers are the same; pure."""

import unicodedata


def serial_key(serial: str) -> str:
    """A serial number without case, spaces and signs, full-width forms as half-width ones: what two plates are compared by."""
    return "".join(c for c in unicodedata.normalize("NFKC", serial).upper() if c.isalnum())
