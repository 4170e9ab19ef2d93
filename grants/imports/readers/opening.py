"""What kind of file it is, by its content, and the reader for it. One that is too big is refused before it is read."""

import os
import re
from typing import BinaryIO

from grants.imports.errors import FileRefused
from grants.imports.readers.json_rows import read_json
from grants.imports.readers.rows import PublishedList, at_most
from grants.imports.readers.text_rows import read_text
from grants.imports.readers.workbook_rows import read_workbook

MOST_BYTES = 35_000_000

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_WIDE_JSON = re.compile(rb"(?:\xff\xfe|\xfe\xff)?(?:\s\0|\0\s)*(?:[{\[]\0|\0[{\[])")
_NOT_LISTS = {
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    b"{\\rtf": "a text document",
    b"<": "a web page or XML",
}


def open_list(file: BinaryIO, *, fund_given: bool) -> PublishedList:
    """The rows of a published list. Raises FileRefused, now or while the rows are read, with what to do.

    `fund_given` says that the file need not name a fund or a funder.
    """
    size = file.seek(0, os.SEEK_END)
    if size > MOST_BYTES:
        raise FileRefused(
            f"The file has {size / 1_000_000:,.1f} MB. Files up to {MOST_BYTES // 1_000_000} MB are taken: split it."
        )
    file.seek(0)
    start = file.read(512)
    file.seek(0)
    content = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content:
        raise FileRefused("The file is empty. Check that it was saved or downloaded whole.")
    if start.startswith(_OLD_OFFICE):
        raise FileRefused(
            "The file is an old Excel workbook (.xls), or protected by a password. Save it as .xlsx without a "
            "password and import that."
        )
    if _WIDE_JSON.match(start):
        raise FileRefused("The file is JSON in UTF-16. Save it in UTF-8 and import that.")
    if start.startswith(_ZIP):
        found = read_workbook(file, fund_given=fund_given)
    elif content[:1] in (b"{", b"[") and not content.startswith(b"{\\rtf"):
        found = read_json(file, fund_given=fund_given)
    else:
        for sign, what in _NOT_LISTS.items():
            if content.startswith(sign):
                raise FileRefused(
                    f"The file is {what}. Import a list as CSV, Excel (.xlsx) or 360Giving JSON."
                )
        found = read_text(file, fund_given=fund_given)
    return found._replace(rows=at_most(found.rows))
