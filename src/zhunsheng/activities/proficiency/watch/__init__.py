"""Watching a round: what in its results honest measurement seldom makes. A hit is a question for a person, never a verdict.

Needs the results by code and the engine's forensic tests. Writes nothing and leaves no evidence: a person does, or does not, ask.
"""
