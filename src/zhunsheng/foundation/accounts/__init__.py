"""Who may sign in: users, passwords, the second factor.

What a user may do follows from the posts that the person holds (`registry.people`), not from flags here.
Needs bilingual; leaves no evidence.
"""
