"""What all stand on. Each room is named for a thing; nothing lies loose at this level."""
