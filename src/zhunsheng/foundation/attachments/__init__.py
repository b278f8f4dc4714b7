"""Files that people hand in, kept as received, with a hash. The database holds them, so they stand or fall with the act.

Needs accounts; leaves no evidence itself, but evidence points to the hash.
"""
