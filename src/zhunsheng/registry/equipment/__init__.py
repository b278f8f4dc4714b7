"""Equipment: instruments and their calibrations with dates.

Needs institutions. "In date on the day of use" is a gate of decisions.
"""
