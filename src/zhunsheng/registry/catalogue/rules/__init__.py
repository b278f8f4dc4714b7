"""Values and dates in, verdicts out: standard numbers, CAS numbers, the state of a standard on a day, names to search by."""

from zhunsheng.foundation.bilingual import Text


class CannotEnter(Exception):
    """The catalogue does not take an entry, with the sentence why and what mends it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason
