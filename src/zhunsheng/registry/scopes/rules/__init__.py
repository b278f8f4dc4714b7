"""What makes two rows the same scope line, and what may be done to one; pure."""

import uuid

from zhunsheng.foundation.bilingual import Text

SCOPE_NAMESPACE = uuid.UUID("5d3ff9f0-6f0e-5f0b-9f43-6d0a1a2c7e11")


def series_of(
    *, institution: uuid.UUID, site: int | None, parameter: int, matrix: int, method: int, limits: str = ""
) -> uuid.UUID:
    """The key of a line through all its changes: institution, site, parameter, matrix, method and limits (RFC 9562, 5.5).

    Range, uncertainty, status and validity are what changes; another limitation is another line (one line a product class, say).
    """
    return uuid.uuid5(SCOPE_NAMESPACE, f"{institution}|{site or ''}|{parameter}|{matrix}|{method}|{limits}")


class CannotChange(Exception):
    """A scope line cannot be changed so, with the sentence why and what mends it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason
