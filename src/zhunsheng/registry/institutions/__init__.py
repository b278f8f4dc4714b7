"""Institutions: laboratories, providers of proficiency tests, authorities; their certificates with validity.

Needs nothing of the registry; leaves no evidence itself, but a certificate is a gate of decisions.
"""
