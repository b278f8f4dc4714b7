"""Lived rules (制度落实), and the credit-risk class: how a laboratory keeps the rules, and how the authority classes it.

Which records a management system must show, how often and by when, is dated data (`data/requirements.toml`) with its basis
in the rulebook; the records that were really made are entered by the quality manager. What is missing is seen by the quality
manager at once, by the regulator only after the days of grace. The risk class A to D is the authority's; the laboratory sees
it from its publication on. Needs institutions, people, the rulebook; leaves no evidence: neither is about a capability.
"""
