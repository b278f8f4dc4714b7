"""What holds for parcels; pure."""
