"""Why a draw is not made: a sentence with what mends it."""

from zhunsheng.foundation.bilingual import Text


class DrawRefused(ValueError):
    """The draw cannot be made as it was asked for; nothing was done."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason
