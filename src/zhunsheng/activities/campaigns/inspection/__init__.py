"""Inspection (督查): a visit by at least two officers, what they found with the proof of it, and what was decided about it.

Needs the registry, the rulebook and the draw; what a screen suspected or a self-check said is handed in by faces. The room leaves
no evidence itself: what became of a finding is known when it was put right, and is recorded by the room of rectification.
"""
