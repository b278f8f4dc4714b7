"""Scopes: which institution is approved to determine what, in what, by which method, from when to when.

Needs institutions, the catalogue and equipment. A suspension after a failed proficiency test is never stored here: it is
derived from evidence by `capability.profile`.
"""
