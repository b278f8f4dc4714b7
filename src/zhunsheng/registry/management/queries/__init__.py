"""The questions asked of lived rules and risk classes, set-based."""
