"""The rules of people: identity numbers, and when an authorisation counts."""

from zhunsheng.registry.people.rules.identity import (
    identity_check_character,
    identity_faults,
    identity_hash,
    masked,
    normalised,
)

__all__ = ["identity_check_character", "identity_faults", "identity_hash", "masked", "normalised"]
