"""in: a file that a user brings: CSV, Excel, Parquet, Stata or SPSS.

out: its rows as they were written, at once or batch by batch, or what is wrong with it.
"""

from riskaudit.incoming.headings import missing_columns
from riskaudit.incoming.tables import READERS, IncomingTable, open_table, read_table
from riskaudit.incoming.text import ragged_rows

__all__ = ["READERS", "IncomingTable", "missing_columns", "open_table", "ragged_rows", "read_table"]
