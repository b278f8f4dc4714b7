"""The questions asked of campaigns, who takes part, what is done; each a constant number of queries."""
