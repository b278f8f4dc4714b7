"""The pages of offices: providers of proficiency tests run their rounds, authorities ask and read. Views fetch, call one verb, render."""
