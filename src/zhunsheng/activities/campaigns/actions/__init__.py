"""The verbs of a campaign, the only writers."""
