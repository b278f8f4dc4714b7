"""After the release: a case for each laboratory with unsatisfactory results, retests, appeals, and how scores run over rounds.

Needs the released evaluation, the calendar of working days, and what laboratories entered. Leaves evidence of retests and of their
confirmation; whether an item is suspended is derived from it by `capability.profile`, never stored.
"""
