"""What can be said of an institution's entry from its words alone: codes, certificate numbers, names; without database or clock."""

from zhunsheng.registry.institutions.rules.uscc import (
    ORGANISATION_WEIGHTS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
    UsccParts,
    organisation_check_character,
    organisation_code,
    uscc_check_character,
    uscc_faults,
    uscc_parts,
)

__all__ = [
    "ORGANISATION_WEIGHTS",
    "USCC_ALPHABET",
    "USCC_WEIGHTS",
    "UsccParts",
    "organisation_check_character",
    "organisation_code",
    "uscc_check_character",
    "uscc_faults",
    "uscc_parts",
]
