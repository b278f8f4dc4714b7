"""What a plan must say, and what it can foresee, pure."""
