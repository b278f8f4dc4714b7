"""The questions asked over all stages of a campaign; a constant number of queries each."""
