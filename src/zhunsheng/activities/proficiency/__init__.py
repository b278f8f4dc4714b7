"""Proficiency testing: many laboratories measure the same item, and each learns how far off it was.

A round opens, takes results until its deadline, is evaluated (ISO 13528) and reported (ISO/IEC 17043). Needs the registry
for who takes part and `intercomp` for every figure. Leaves, for each laboratory and measurand, one piece of evidence:
the score with all that it was computed from.
"""
