"""Is the journal, and all that its acts vouch for, still what was written? Read as a stream, answered with the rows that are not.

`logbook` walks the log leaf by leaf with the acts, the tree and the checkpoints; `acts` compares an act's columns with its bytes; `lists`
the rows that acts wrote for ever with their digests; `reading` reads rows that may hold anything by now; `stored` holds the very text
that SQLite keeps against the one that would be written.
"""

from zhunsheng.foundation.journal.verification.damage import Damage, Found
from zhunsheng.foundation.journal.verification.logbook import verify

__all__ = ["Damage", "Found", "verify"]
