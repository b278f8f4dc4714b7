"""A made-up national network of any size, the same for the same seed: to measure with, and to show a full house.

Every institution says 示范 (sample) in its name. Rows are written in bulk, one journal row for each table; evidence goes through
its verb. It enters an empty database only.
"""
