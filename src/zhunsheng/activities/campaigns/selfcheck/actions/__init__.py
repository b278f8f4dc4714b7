"""The verbs of the self-check, the only writers."""
