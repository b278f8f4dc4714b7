"""The collection of results: what each laboratory enters, submits and has approved by a second person, until the coordinator closes it.

Needs the round, its plan and the codes. It leaves the results file from which the round is evaluated; what a laboratory can
measure is shown by the evaluation, so this room leaves no evidence of its own.
"""
