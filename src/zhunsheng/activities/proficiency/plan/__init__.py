"""The plan of a round: items and what is determined in them, the days, the rules of judging, what participants are promised.

Needs the round itself and the catalogue. All later rooms stand on it. A plan shows nothing about what a laboratory can measure,
so it leaves no evidence.
"""
