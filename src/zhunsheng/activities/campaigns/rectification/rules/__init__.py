"""The rules of rectification: by when, what a report says, who verifies, which are looked at again; pure."""
