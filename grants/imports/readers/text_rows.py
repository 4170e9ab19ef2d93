"""CSV: in UTF-8, in UTF-16 or as Windows writes it; separated by commas, semicolons, tabs or bars."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from grants.imports.errors import FileRefused
from grants.imports.readers.rows import HEADINGS_WITHIN, Line, PublishedList, best_headings, table_rows

DELIMITERS = ",;\t|"
CHUNK = 1 << 20
UTF_8, WINDOWS, FROM_WINDOWS = "utf-8-sig", "cp1252", "from_windows"


def read_text(file: BinaryIO, *, fund_given: bool) -> PublishedList:
    """The rows of a CSV file. The row number is the one that a spreadsheet shows."""
    encoding = _encoding(file)
    delimiter = max(DELIMITERS, key=lambda sign: _headings_with(file, encoding, sign))
    found = table_rows(_lines(file, encoding, delimiter), fund_given=fund_given)
    if encoding == WINDOWS:
        found.remarks.append(
            "Some of the file is not in UTF-8, so that was read as Windows text. Check names with accents, and pound "
            "signs."
        )
    return found


def _encoding(file: BinaryIO) -> str:
    """UTF-16 by its mark; else UTF-8 if the whole file is that; else Windows."""
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            if b"\0" in chunk:
                raise FileRefused(
                    "The file is not a text file. Import a list as CSV, Excel (.xlsx) or 360Giving JSON."
                )
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return WINDOWS
    return UTF_8


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """What is not UTF-8, as Windows writes it: one line pasted in from elsewhere does not spoil all others."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 the reader only decodes
    return error.object[error.start : error.end].decode(WINDOWS, "replace"), error.end


codecs.register_error(FROM_WINDOWS, _as_windows)


def _headings_with(file: BinaryIO, encoding: str, delimiter: str) -> int:
    """How many fields the best of the first lines names when it is split at this sign."""
    try:
        _, headings = best_headings(list(islice(_lines(file, encoding, delimiter), HEADINGS_WITHIN)))
    except FileRefused:
        return 0
    return len(headings.columns)


def _lines(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[Line]:
    file.seek(0)
    kept: Any = _Kept(file)
    known, otherwise = (UTF_8, FROM_WINDOWS) if encoding == WINDOWS else (encoding, "replace")
    text = io.TextIOWrapper(kept, encoding=known, errors=otherwise, newline="")
    reader = csv.reader(text, delimiter=delimiter)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        raise FileRefused(
            f"After row {number} the file cannot be read as CSV ({error}). A quotation mark may not be closed there."
        ) from None


class _Kept(io.BufferedIOBase):
    """A file that a text reader may read and forget without closing it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        """Yes."""
        return True

    def read1(self, size: int | None = -1, /) -> bytes:
        """What is there, at most `size`."""
        return self._file.read(-1 if size is None else size)

    def read(self, size: int | None = -1, /) -> bytes:
        """The same."""
        return self.read1(size)
