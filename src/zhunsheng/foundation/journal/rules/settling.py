"""The table that stands in a database from when a backup was restored into it until the restore is journaled; pure.

It is no model: only a restored database has it, from before its tables are brought up to date, and it goes with the act.
"""

UNSETTLED = "restore_unsettled"
