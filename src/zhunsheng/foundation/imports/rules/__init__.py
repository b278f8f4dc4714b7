"""The rules of imports: which row is the header, what a cell says, what Excel did to it."""
