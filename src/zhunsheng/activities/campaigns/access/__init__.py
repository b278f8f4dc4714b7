"""Who may do what in a campaign, and who may see it."""
