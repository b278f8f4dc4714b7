"""The verbs of a round’s plan, the only writers."""
