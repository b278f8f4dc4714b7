"""What the pages of scopes and of the catalogue share, whichever face they are opened from: their addresses, lists, bulk acts.

The public searches, an authority and an institution look after what is theirs; who may do what stands in `registry/scopes/access.py`.
"""
