"""The rules of a campaign; values and dates in, verdict with reason out, neither Django nor a clock."""
