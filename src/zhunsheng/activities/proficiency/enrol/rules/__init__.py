"""When one may enrol, and which codes are drawn; pure."""
