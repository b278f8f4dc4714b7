"""Days: when something holds, as people count it.

Needs nothing; leaves no evidence. (Working days with make-up days will live here too.)
"""
