"""The questions asked of watched rounds, a constant number of queries each."""
