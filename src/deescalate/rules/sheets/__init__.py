"""Decision tables as people write them in spreadsheets and CSV files, a rule a row."""

from deescalate._public import publish
from deescalate.rules.sheets._csv import csv_lines, read_csv
from deescalate.rules.sheets._xlsx import read_xlsx

__all__ = ["csv_lines", "read_csv", "read_xlsx"]

publish(__name__, __all__, globals())
