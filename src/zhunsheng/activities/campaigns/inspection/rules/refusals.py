"""Why a verb of this room is refused: a sentence with what mends it."""

from zhunsheng.foundation.bilingual import Text


class InspectionRefused(ValueError):
    """It cannot be done as it was asked for; nothing was done."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason
