"""What the sign-in pages, written as Django templates, need of the house."""
