"""The rules of inspections: who may go, what a finding says, what proves it, what may be decided; pure."""
