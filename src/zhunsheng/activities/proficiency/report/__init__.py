"""The papers of a released round beyond its summary: one report for each laboratory, made once, signed, kept.

Needs the released evaluation, the provider's key, and typesetting. The evidence is written by the release, not here.
"""
