"""The verbs of preparation, the only writers."""
