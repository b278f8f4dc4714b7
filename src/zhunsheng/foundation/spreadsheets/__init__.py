"""Tables people send and tables we send back (.csv, .xlsx): read without trust, written without surprises.

Reading keeps every cell as text with its reference, so that a fault can name the row and the column. Writing gives the
same bytes for the same table and never turns text into a formula or a link. What was uploaded is read in a process of its
own with little memory and little time (`guarded`). No Django; leaves no evidence.
"""

from zhunsheng.foundation.spreadsheets.csv_writing import harmless, unguarded, write_csv
from zhunsheng.foundation.spreadsheets.faults import BadFile, Fault
from zhunsheng.foundation.spreadsheets.forms import FormColumn, write_form
from zhunsheng.foundation.spreadsheets.guarded import Piece, Reading, read_guarded
from zhunsheng.foundation.spreadsheets.reading import read_table
from zhunsheng.foundation.spreadsheets.sheet_xml import CellValue
from zhunsheng.foundation.spreadsheets.table import LIMITS, Cell, Limits, Row, Table, column_letters
from zhunsheng.foundation.spreadsheets.writing import Sheet, write_xlsx

__all__ = [
    "LIMITS",
    "BadFile",
    "Cell",
    "CellValue",
    "Fault",
    "FormColumn",
    "Limits",
    "Piece",
    "Reading",
    "Row",
    "Sheet",
    "Table",
    "column_letters",
    "harmless",
    "read_guarded",
    "read_table",
    "unguarded",
    "write_csv",
    "write_form",
    "write_xlsx",
]
