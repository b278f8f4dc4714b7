"""Rectification (整改): how an institution puts a finding right, who verifies it, and whether it helped.

Needs inspections and the draw (for chance that anybody can check). It leaves the outcome of a finding as evidence about the items
that the finding concerns; a finding about the system as a whole concerns no single item, and its outcome stays here.
"""
