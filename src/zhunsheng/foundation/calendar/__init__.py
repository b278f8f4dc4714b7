"""Days: when something holds, and which days are worked, as people count them.

The working calendar is a table of exceptions from Monday to Friday: days off and make-up days. Years that have been announced
come with the software (`years.csv`); people add the next one, and what they change is never overwritten. A year without
a table is counted by weekdays, and whoever shows such a count says so. Needs accounts and the journal; leaves no evidence.
"""
