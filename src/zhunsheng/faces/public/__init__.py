"""What anyone may look at without signing in: checking a report, and (later) institutions and bulletins."""
