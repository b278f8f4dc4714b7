"""The journal: one row per act, with who, when, why, and a digest over all that the act touched.

Rows are append-only in the database itself (`append_only`). The verb writes its row in its own transaction, so an act
without a row, or a row without an act, cannot be. Needs signing (canonical JSON); is itself the trace of all evidence.
"""
