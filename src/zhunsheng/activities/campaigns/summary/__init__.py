"""Summary (总结通报): who finished what, what self-checks had said beside what was found, and whether the campaign helped.

Reads the rooms before it; what it keeps are the bulletins: figures as they were frozen, texts, consents to be named, releases.
"""
