"""The rules of a summary; pure."""
