"""Who exists: institutions, people, equipment, the catalogue of what can be tested, and scopes."""
