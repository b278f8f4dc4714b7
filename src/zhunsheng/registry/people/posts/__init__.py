"""Posts of those who sign in: who invites to a post, gives one, ends one.

What a user may do on the platform follows from the posts held on the day, so whoever keeps these keeps the keys.
"""
