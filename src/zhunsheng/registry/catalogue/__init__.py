"""The catalogue: what can be tested (parameters, in matrices) and how (methods).

Needs nothing of the registry; scopes, rounds and evidence point here, so that all speak of the same thing.
"""
