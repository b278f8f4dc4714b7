"""Summary (总结通报): who finished what, what self-checks had said beside what was found, and whether the campaign helped.

Reads the rooms before it and keeps no table of its own.
"""
