"""The questions asked of what was entered."""
