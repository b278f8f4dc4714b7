"""The pages on which files are sent into the registers: regulators for their area, laboratories for themselves."""
