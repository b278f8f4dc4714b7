"""The ledger: what each activity has shown about what a laboratory can measure. Append-only, in the database itself.

A correction is a new row that supersedes an old one. Each row says what it is about (institution × parameter × matrix),
when it was true and when it became known, where it comes from (with a hash), who may see it, and which act wrote it.
Needs the registry and the journal; everything that is decided rests on it.
"""
