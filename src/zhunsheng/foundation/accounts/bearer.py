"""Secrets that open a door to whoever bears them: made once, shown once, kept only as a digest; pure."""

import hashlib
import secrets

BYTES = 32
SHOWN = 8
"""How many characters of a secret are kept in clear, so that its owner can tell one from another."""


def new_secret(mark: str) -> str:
    """256 random bits in URL-safe letters behind a mark that says what they are for (`zsa_…`)."""
    return f"{mark}_{secrets.token_urlsafe(BYTES)}"


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal. A plain hash is enough: nobody can guess 256 random bits, so there is nothing to slow down."""
    return hashlib.sha256(secret.encode()).hexdigest()


def beginning(secret: str) -> str:
    """What may be shown of a secret ever after."""
    return secret[: secret.index("_") + 1 + SHOWN]
