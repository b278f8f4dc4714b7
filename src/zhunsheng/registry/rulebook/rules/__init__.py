"""The rulebook as values: what a version says, which pack holds on a day, what changed between two packs; pure."""
