"""What a finding is known by: a digest of its facts; pure."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from zhunsheng.foundation.signing import canonical_json


def digest_of(kind: str, facts: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON (RFC 8785) of the kind and the facts: another fact, another digest."""
    return sha256(canonical_json({"finding": kind, "facts": dict(facts)})).hexdigest()
