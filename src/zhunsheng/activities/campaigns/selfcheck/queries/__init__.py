"""The questions asked of self-checks: how one stands, what the registers say, how all of them add up."""
