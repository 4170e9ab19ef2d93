"""Published lists as rows of cells: CSV, JSON and Excel, opened with care and read one row at a time."""

from grants.imports.readers.opening import MOST_BYTES, open_list
from grants.imports.readers.rows import MOST_ROWS, PublishedList, Row

__all__ = ["MOST_BYTES", "MOST_ROWS", "PublishedList", "Row", "open_list"]
