"""What is decided, from evidence, with an explanation a person can check by hand."""
