"""The pages of laboratories: their results in released rounds, and what the ledger says of their capability."""
