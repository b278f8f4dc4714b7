"""The secrets of second factors as the database keeps them: sealed with a key of the installation that is not in the database.

Whoever gets hold of a backup or reads the tables has no code from it. AES-256-GCM (NIST SP 800-38D) with a nonce of its own for each
secret, under a key made by HKDF-SHA-256 (RFC 5869) from the text in the key file.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "sealed-1:"
"""What every sealed secret begins with; no TOTP secret (base32) and no seed of recovery codes (hexadecimal) does."""
PURPOSE = b"zhunsheng second factors"
NONCE_BYTES = 12


class CannotOpen(ValueError):
    """A secret that was sealed with another key, or was changed since."""


def sealed(secret: str) -> str:
    """A secret as the database keeps it."""
    nonce = os.urandom(NONCE_BYTES)
    return MARK + base64.b64encode(nonce + _cipher().encrypt(nonce, secret.encode(), PURPOSE)).decode()


def opened(kept: str) -> str:
    """The secret behind what the database keeps. Raises CannotOpen; also for one in clear, which nobody of ours has written."""
    if not is_sealed(kept):
        raise CannotOpen("it is not sealed")
    try:
        content = base64.b64decode(kept.removeprefix(MARK), validate=True)
        return _cipher().decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], PURPOSE).decode()
    except (InvalidTag, ValueError) as fault:
        raise CannotOpen("it was sealed with another key, or changed since") from fault


def is_sealed(kept: str) -> bool:
    return kept.startswith(MARK)


def _cipher() -> AESGCM:
    made = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE).derive(settings.FACTOR_KEY.encode())
    return AESGCM(made)
