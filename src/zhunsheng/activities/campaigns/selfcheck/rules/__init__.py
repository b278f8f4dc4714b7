"""What may be answered, when a self-check can be submitted, what the registers say beforehand, what a checklist file holds; pure."""
