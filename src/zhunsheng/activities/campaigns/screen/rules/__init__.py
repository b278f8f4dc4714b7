"""What is read from logs and what is asked of them: frames in, hits with their rows out; no tables, no clock."""
