"""Our two-language sentences where Django wants a string."""

from django.core.exceptions import ValidationError
from django.utils.functional import lazystr

from zhunsheng.foundation.bilingual import Text, t

__all__ = ["fault", "words"]


def words(en: str, zh: str, /, **values: object) -> str:
    """A label or help text: it answers in the reader's language whenever it is shown."""
    lazy: str = lazystr(t(en, zh, **values))  # type: ignore[assignment]
    return lazy


def fault(text: Text) -> ValidationError:
    """A complaint about what was filled in, in the reader's language whenever it is shown."""
    return ValidationError(lazystr(text))
