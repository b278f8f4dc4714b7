"""Backups: one file that holds the database as it was at a moment, says what it is, and is examined before it replaces anything.

`archive` is the file; `sqlite` and `postgresql` know how a database is copied while it is in use, put back beside the one there
is, and switched to in one step; `taking` and `restoring` are the two verbs; `examine` is the program that verifies a restored
database before the switch; `settling` is what such a database is told before it goes on, `revived` what came alive again in it.
Kept files lie in the database, so they are in it.
"""

from zhunsheng.foundation.bilingual import Text

NOT_IN_BACKUPS = ("django_session", "usersessions_usersession")
"""Tables whose rows stay where they are: who is signed in is nothing to keep, and whoever reads a backup could go on as them."""


class CannotBackUp(Exception):
    """A backup that cannot be taken, or one that cannot be restored; `.reason` says why and what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason
