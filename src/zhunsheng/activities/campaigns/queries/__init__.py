"""The questions asked of a campaign's tables."""
