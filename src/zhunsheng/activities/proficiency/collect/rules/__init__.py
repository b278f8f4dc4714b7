"""The pure rules of the collection."""
