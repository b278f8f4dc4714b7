"""The verbs of the collection."""
