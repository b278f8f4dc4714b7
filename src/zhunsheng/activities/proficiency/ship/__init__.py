"""Items on their way: a parcel for each participant, its labels and pack list, what came of it, and what replaces it.

Needs the codes with their addresses, the gate and the variants of preparation, and the calendar. Leaves no evidence.
"""
