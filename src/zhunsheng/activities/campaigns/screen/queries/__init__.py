"""The questions asked of screens, and the registers as frames."""
