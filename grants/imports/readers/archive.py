"""A look at a workbook before it is opened: it is a zip, and a small zip can hold very much.

Only the directory and the first bytes of each part are read, so that a bomb is refused in milliseconds. A part that
declares less than it holds is cut off at what it declares, and is refused as damaged.
"""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from grants.imports.errors import FileRefused

MOST_PARTS = 2_000
MOST_DIRECTORY_BYTES = 1_000_000
MOST_UNPACKED = 300_000_000
MOST_STRINGS = 60_000_000  # in bytes; they are held in memory as a whole by whoever reads a workbook
MOST_OTHER = 10_000_000
MOST_SINGLE_STRINGS = 2_000_000
LONGEST_ROW = 8_000_000
MOST_RATIO = 200
RATIO_COUNTS_FROM = 10_000_000
LOOKED_AT = 4096
LONGEST_END = 65_557

DAMAGED = "The workbook is cut off or damaged. Download it again, or open it in Excel and save it anew."
TOO_MUCH = (
    "The workbook unpacks to far more than a list of grants needs. Copy the list to a new one and save that."
)
MACROS = "The workbook holds macros. Save it as an Excel workbook without macros (.xlsx) and import that."
PROTECTED = "The workbook is protected by a password. Save it without one and import that."
DOCTYPE = "The workbook holds a document type, which no spreadsheet program writes. Save it anew in Excel."
STRICT = (
    "The workbook is saved as “Strict Open XML Spreadsheet”. Save it as an ordinary Excel workbook (.xlsx) and import "
    "that."
)
NOT_EXCEL = (
    "The file is not an Excel workbook (.xlsx). Open it in a spreadsheet program and save it as .xlsx."
)

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_MACROS = re.compile(r"vbaproject|/macrosheets/|/vbadata", re.IGNORECASE)
_IS_XML = (".xml", ".rels")
_SHEET = re.compile(r"(?:^|/)worksheets/[^/]+\.xml$", re.IGNORECASE)
_STRINGS = re.compile(r"(?:^|/)sharedstrings\.xml$", re.IGNORECASE)
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_STRING = re.compile(rb"<(?:\w+:)?si[\s>/]")
_STRICT_MARK = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_LONGEST_TAG = 64
CHUNK = 1 << 20
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    struct.error,
)


def inspect_workbook(file: BinaryIO) -> None:
    """Refuse what is no workbook, is damaged, holds macros, or would unpack to too much."""
    _insist_small_directory(file)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _insist_workbook({part.filename for part in parts})
            _insist_moderate(parts)
            for part in parts:
                _insist_plain(archive, part)
    except BROKEN_ZIP:
        raise FileRefused(DAMAGED) from None


def _insist_small_directory(file: BinaryIO) -> None:
    """The end record says how long the directory is; a long one is refused before anything reads it."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_END))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise FileRefused(DAMAGED)
    _, _, _, _, parts, directory_bytes, _, _ = _END.unpack_from(tail, at)
    if parts > MOST_PARTS or directory_bytes > MOST_DIRECTORY_BYTES:
        raise FileRefused(TOO_MUCH)


def _insist_workbook(names: set[str]) -> None:
    if any(_MACROS.search(name) for name in names):
        raise FileRefused(MACROS)
    if "[Content_Types].xml" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise FileRefused(NOT_EXCEL)


def _insist_moderate(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise FileRefused(TOO_MUCH)
    for part in parts:
        if part.flag_bits & 1:
            raise FileRefused(PROTECTED)
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise FileRefused(TOO_MUCH)
        if part.file_size > _most(part.filename):
            raise FileRefused(TOO_MUCH)


def _most(name: str) -> int:
    """How many bytes a part may unpack to: pictures are never read, styles and the like are read whole."""
    if _SHEET.search(name) or not name.lower().endswith(_IS_XML) or "/drawings/" in name:
        return MOST_UNPACKED
    return MOST_STRINGS if _STRINGS.search(name) else MOST_OTHER


def holds_formulas(file: BinaryIO) -> bool:
    """Read every sheet and the table of strings through once; whether a sheet holds a formula.

    Refuses a part that is damaged, and one whose rows or strings would fill the memory of whoever reads it.
    """
    file.seek(0)
    formulas = False
    try:
        with zipfile.ZipFile(file) as archive:
            for part in archive.infolist():
                if _SHEET.search(part.filename):
                    formulas |= _scan_sheet(archive, part)
                elif _STRINGS.search(part.filename):
                    _scan_strings(archive, part)
    except BROKEN_ZIP:
        raise FileRefused(DAMAGED) from None
    return formulas


def _scan_sheet(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    formulas, since_row = False, 0
    for chunk in _chunks(archive, part):
        formulas = formulas or _FORMULA.search(chunk) is not None
        at = None
        for found in _ROW.finditer(chunk):
            at = found
        since_row = len(chunk) - at.end() if at else since_row + len(chunk)
        if since_row > LONGEST_ROW:
            raise FileRefused(TOO_MUCH)
    return formulas


def _scan_strings(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if sum(len(_STRING.findall(chunk)) for chunk in _chunks(archive, part)) > MOST_SINGLE_STRINGS:
        raise FileRefused(TOO_MUCH)


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part piece by piece, each with the end of the one before it, so that no tag is cut in two."""
    with archive.open(part) as content:
        last = b""
        while chunk := content.read(CHUNK):
            yield last + chunk
            last = chunk[-_LONGEST_TAG:]


def _insist_plain(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No document type at the head of an XML part, and no type of workbook that may hold macros or is not read."""
    if not part.filename.lower().endswith(_IS_XML):
        return
    with archive.open(part) as content:
        head = content.read(LOOKED_AT).replace(b"\0", b"")
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise FileRefused(DOCTYPE)
    if part.filename.endswith("workbook.xml") and _STRICT_MARK in head:
        raise FileRefused(STRICT)
    if part.filename == "[Content_Types].xml" and b"macroEnabled" in head:
        raise FileRefused(MACROS)
