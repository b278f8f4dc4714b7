"""What is done. Each activity leaves evidence; none imports another."""
