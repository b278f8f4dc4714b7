"""The verbs of a campaign’s plan, the only writers."""
