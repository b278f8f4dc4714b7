"""People: who they are, which posts they hold where and when, what they are authorised for.

What a user may do on the platform follows from the posts held on the day. Needs institutions and accounts; leaves no
evidence itself, but its dated authorisations are gates of decisions.
"""
