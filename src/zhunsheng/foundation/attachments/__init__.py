"""Files that people hand in, kept as received, with a hash. The database holds them, so they stand or fall with the act.

What is only uploaded for a look waits as a draft, which is discarded by its uploader or after a day: what is kept is kept
for ever, and results with names on them must not be unless they became something.

Needs accounts; leaves no evidence itself, but evidence points to the hash.
"""
