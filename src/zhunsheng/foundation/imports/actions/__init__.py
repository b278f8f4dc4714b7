"""The verbs of imports: receive a file, check it, apply it, give it up."""

from zhunsheng.foundation.imports.actions.applying import apply, begin_applying
from zhunsheng.foundation.imports.actions.checking import check
from zhunsheng.foundation.imports.actions.receiving import give_up, receive

__all__ = ["apply", "begin_applying", "check", "give_up", "receive"]
