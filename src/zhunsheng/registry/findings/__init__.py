"""Findings: what the registers taken together give reason to look at, and what a person found when looking.

A finding is computed, never stored: one person with posts in two institutions, one serial number in two institutions. What is
stored is that somebody settled it, with the digest of its facts: when a fact changes the digest is another one, and the finding is
open again. Needs people and equipment; leaves no evidence about capabilities itself.
"""
