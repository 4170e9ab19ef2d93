"""CSV: in UTF-8, in UTF-16 or as Windows writes it; separated by commas, semicolons, tabs or bars."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from grants.imports.errors import FileRefused
from grants.imports.readers.quotes import holds_a_row
from grants.imports.readers.rows import HEADINGS_WITHIN, Line, PublishedList, best_headings, table_rows

DELIMITERS = ",;\t|"
CHUNK = 1 << 20
LOOKED_AT, MOSTLY = 512, 0.9
LONGEST_CELL = 1_000_000
UTF_8, WINDOWS, FROM_WINDOWS = "utf-8-sig", "cp1252", "from_windows"

csv.field_size_limit(LONGEST_CELL)  # the usual 131,072 is less than a long report in one cell


class Shape(NamedTuple):
    """How many cells a row of the list has, and which field stands where."""

    width: int
    places: Mapping[str, int]


def read_text(file: BinaryIO, *, fund_given: bool) -> PublishedList:
    """The rows of a CSV file. The row number is the one that a spreadsheet shows."""
    encoding = _encoding(file)
    delimiter = max(DELIMITERS, key=lambda sign: len(_shape(file, encoding, sign).places))
    shape = _shape(file, encoding, delimiter)
    found = table_rows(_lines(file, encoding, delimiter, shape), fund_given=fund_given)
    if encoding == WINDOWS:
        found.remarks.append(
            "Some of the file is not in UTF-8, so that was read as Windows text. Check names with accents, and pound "
            "signs."
        )
    return found


def _encoding(file: BinaryIO) -> str:
    """UTF-16 by its mark or its zeros; else UTF-8 if the whole file is that; else Windows."""
    file.seek(0)
    start = file.read(LOOKED_AT)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in start:
        return _wide(start)
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, line = UTF_8, 1
    file.seek(0)
    while chunk := file.read(CHUNK):
        if b"\0" in chunk:
            line += chunk[: chunk.index(b"\0")].count(b"\n")
            raise FileRefused(
                f"Line {line:,} of the file holds a character that no text has (NUL). Take it out, or save the list "
                "anew."
            )
        line += chunk.count(b"\n")
        encoding = encoding if encoding == WINDOWS else _tried(decoder, chunk)
    return encoding if encoding == WINDOWS else _tried(decoder, b"", final=True)


def _tried(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> str:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return WINDOWS
    return UTF_8


def _wide(start: bytes) -> str:
    """UTF-16 without its mark: of headings in English every second byte is zero."""
    for encoding, zeros, letters in (
        ("utf-16-le", start[1::2], start[::2]),
        ("utf-16-be", start[::2], start[1::2]),
    ):
        if zeros.count(0) > len(zeros) * MOSTLY and not letters.count(0):
            return encoding
    raise FileRefused("The file is not a text file. Import a list as CSV, Excel (.xlsx) or 360Giving JSON.")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """What is not UTF-8, as Windows writes it: one line pasted in from elsewhere does not spoil all others."""
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101 the reader only decodes
    return error.object[error.start : error.end].decode(WINDOWS, "replace"), error.end


codecs.register_error(FROM_WINDOWS, _as_windows)


def _shape(file: BinaryIO, encoding: str, delimiter: str) -> Shape:
    """What the best of the first lines names when it is split at this sign."""
    first: list[Line] = []
    with suppress(FileRefused):  # said once the sign is known
        first.extend(islice(_lines(file, encoding, delimiter), HEADINGS_WITHIN))
    at, headings = best_headings(first)
    return Shape(len(first[at][1]) if first else 0, {name: place for place, name, _ in headings.columns})


def _lines(file: BinaryIO, encoding: str, delimiter: str, shape: Shape | None = None) -> Iterator[Line]:
    """The lines with their numbers; with `shape` those are refused that hold others inside quotation marks."""
    file.seek(0)
    kept: Any = _Kept(file)
    known, otherwise = (UTF_8, FROM_WINDOWS) if encoding == WINDOWS else (encoding, "replace")
    text = io.TextIOWrapper(kept, encoding=known, errors=otherwise, newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = read = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if (
                shape is not None
                and reader.line_num > read + 1
                and holds_a_row(cells, *shape, delimiter=delimiter)
            ):
                raise FileRefused(
                    f"A quotation mark opens in row {number}, and other rows stand inside it. Take it out, or close it "
                    "in the same cell."
                )
            read = reader.line_num
            yield number, cells
    except csv.Error as error:
        raise FileRefused(_not_csv(number + 1, str(error))) from None


def _not_csv(row: int, error: str) -> str:
    if "field larger than" in error:
        return (
            f"A cell of row {row} has more than {LONGEST_CELL:,} characters. Shorten it; if it is not so long, a "
            "quotation mark opens there and does not close."
        )
    if "end of data" in error:
        return f"A quotation mark may not be closed in row {row}: the file ends inside it. Close it, or take it out."
    return (
        f"Row {row} cannot be read as CSV ({error}). A quotation mark may not be closed there, or text stands after "
        "one: write quotation marks inside a cell twice."
    )


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
