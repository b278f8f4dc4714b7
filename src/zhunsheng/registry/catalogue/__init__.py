"""The catalogue: what can be tested (parameters, in matrices), how (methods), and by which edition of which standard.

A standard's state is asked as of a day and as known on a day; a row that was wrong is superseded, never changed. Needs institutions
(who may write here); scopes, rounds and evidence point here, so that all speak of the same thing.
"""
