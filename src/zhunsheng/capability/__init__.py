"""What is known: the ledger of evidence, and what it says on a date."""
