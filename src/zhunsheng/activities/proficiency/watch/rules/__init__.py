"""What is looked at in the results of a round; pure."""
