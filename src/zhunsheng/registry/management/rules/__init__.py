"""What must be shown, and whether it was: values and dates in, states with reasons out; pure."""
