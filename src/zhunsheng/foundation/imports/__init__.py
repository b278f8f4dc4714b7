"""Imports: a file of many rows goes into a register; every row is checked, nothing is half done, nothing is doubled.

Knows no register: each one says which columns it has and what a row of them would do (`register.Register`), and this room reads
the file, mends what a spreadsheet program damaged, keeps the failed rows with their reasons, shows what would happen, and
does it: all rows or none, or the good ones. What is applied is one journal row a file (a chunk, row by row), with a digest.

Needs spreadsheets, attachments, the journal; leaves no evidence itself.
"""
