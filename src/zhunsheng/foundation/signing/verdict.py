"""What a verification answers, and the one exception of this room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from zhunsheng.foundation.bilingual import Text

Outcome = Literal["valid", "altered", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a document or a code: the outcome, why, and what a trusted key signed.

    outcome: "valid", "altered" (a trusted key signed something, and this is not it) or "cannot_tell".
    facts:   the signed facts in the issuer's order; empty unless a trusted key's signature over them holds.
    kid:     the key the claim names, 32 hexadecimal digits; None where there is no readable claim.
    json:    the attached data, only ever when their SHA-256 is the signed one, also if the pages around them changed.
    """

    outcome: Outcome
    reason: Text
    facts: dict[str, str]
    kid: str | None
    json: bytes | None


class SigningError(Exception):
    """A refusal with a sentence for a person; every error of this room is one."""

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class ClaimError(SigningError):
    """A claim that cannot be taken at its word, and the verdict that this alone leads to."""

    def __init__(self, message: Text, *, outcome: Outcome = "cannot_tell", kid: bytes | None = None) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.kid = kid

    def verdict(self) -> Verdict:
        return Verdict(self.outcome, self.message, {}, self.kid.hex() if self.kid else None, None)
