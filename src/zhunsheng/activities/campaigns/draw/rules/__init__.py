"""The draw: which laboratories are inspected and by whom, by a chance that anyone can compute again; pure.

What is hashed, byte for byte, stands in docs/reference/draw.md; whoever changes a rule here changes the format's number there.
"""
