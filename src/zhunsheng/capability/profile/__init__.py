"""What the ledger says of a laboratory's capabilities on a date. Asks, never writes.

Gates (certificate, scope, calibration, signatory) are facts of the registry on that date; points come from evidence.
Needs evidence and the registry.
"""
