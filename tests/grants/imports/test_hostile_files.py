"""Files that are broken or meant to break us: refused with a sentence, in little time and little memory."""

import io
import resource
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grants.imports.errors import FileRefused
from grants.imports.prepared import prepare
from grants.imports.readers import MOST_BYTES
from grants.imports.readers import archive as archives
from tests.grants.imports.lists import as_csv, as_json, as_workbook, cells, read

MEGABYTE = 1_000_000
ROOT = Path(__file__).resolve().parents[3]


def refusal(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        read(content)
    return str(refused.value)


def bomb(size: int) -> bytes:
    """A workbook whose sheet unpacks to so many bytes of spaces."""
    result = io.BytesIO(as_workbook([cells()]))
    with (
        zipfile.ZipFile(result, "a", zipfile.ZIP_DEFLATED) as target,
        target.open("xl/worksheets/sheet2.xml", "w", force_zip64=False) as sheet,
    ):
        for _ in range(size // MEGABYTE):
            sheet.write(b" " * MEGABYTE)
    return result.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    content = bomb(1000 * MEGABYTE)
    assert len(content) < 2 * MEGABYTE
    tracemalloc.start()
    begun = time.perf_counter()
    assert refusal(content) == archives.TOO_MUCH
    taken = time.perf_counter() - begun
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken < 0.5  # a hundredth of a second by itself; the bound is for a busy machine
    assert peak < 5 * MEGABYTE


def test_each_limit_holds_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    small = bomb(200 * MEGABYTE)
    assert refusal(small) == archives.TOO_MUCH  # by its ratio: it is below the other limits
    monkeypatch.setattr(archives, "MOST_RATIO", 10_000)
    assert refusal(small) == archives.TOO_MUCH  # by its longest row
    plain = as_workbook([cells()])
    assert len(read(plain)) == 1
    for name in ("MOST_UNPACKED", "MOST_PARTS", "MOST_DIRECTORY_BYTES", "MOST_OTHER"):
        with monkeypatch.context() as lower:
            lower.setattr(archives, name, 5)
            assert refusal(plain) == archives.TOO_MUCH, name


def test_a_bomb_costs_a_process_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb(1000 * MEGABYTE))
    program = (
        "import resource, sys\n"
        "from grants.imports.errors import FileRefused\n"
        "from grants.imports.prepared import prepare\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n"
        "    prepare(open(sys.argv[1], 'rb'), fund_given=False)\n"
        "except FileRefused:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert int(done.stdout) < 10_000, "kilobytes"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0


def test_a_header_that_lies_about_the_size() -> None:
    content = bytearray(bomb(50 * MEGABYTE))
    truth = struct.pack("<L", 50 * MEGABYTE)
    assert content.count(truth) >= 1
    lied = bytes(content).replace(truth, struct.pack("<L", 1000))
    tracemalloc.start()
    assert refusal(lied) == archives.DAMAGED
    assert tracemalloc.get_traced_memory()[1] < 10 * MEGABYTE
    tracemalloc.stop()


def test_a_bomb_of_many_small_parts() -> None:
    result = io.BytesIO(as_workbook([cells()]))
    with zipfile.ZipFile(result, "a") as target:
        for number in range(archives.MOST_PARTS):
            target.writestr(f"xl/media/{number}", b"")
    assert refusal(result.getvalue()) == archives.TOO_MUCH


def test_a_row_that_would_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LONGEST_ROW", 3_000_000)
    sheet = b"<worksheet><sheetData><row>" + b"<c><v>1</v></c>" * 400_000 + b"</row></sheetData></worksheet>"
    content = _with_part(as_workbook([cells()]), "xl/worksheets/sheet2.xml", sheet)
    assert refusal(content) == archives.TOO_MUCH


def _with_part(content: bytes, name: str, data: bytes) -> bytes:
    result = io.BytesIO(content)
    with zipfile.ZipFile(result, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr(name, data)
    return result.getvalue()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook(share: float) -> None:
    content = as_workbook([cells()])
    assert refusal(content[: int(len(content) * share)]) == archives.DAMAGED


def test_a_damaged_workbook() -> None:
    content = bytearray(as_workbook([cells(id=f"{n}") for n in range(300)]))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as book:
        sheet = book.getinfo("xl/worksheets/sheet1.xml")
    for place in range(sheet.header_offset + 200, sheet.header_offset + sheet.compress_size, 37):
        content[place] ^= 0xFF
    assert refusal(bytes(content)) == archives.DAMAGED


def changed(content: bytes, **parts: Callable[[bytes], bytes]) -> bytes:
    """The workbook with parts rewritten, each named by the end of its path without its ending."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
        for part in source.infolist():
            rewrite = parts.get(Path(part.filename).stem.strip("[]"), lambda data: data)
            target.writestr(part.filename, rewrite(source.read(part)))
    return result.getvalue()


@pytest.mark.parametrize("part", ["sheet1", "workbook", "styles", "Content_Types"])
def test_parts_that_are_cut_off(part: str) -> None:
    content = as_workbook([cells()])
    assert refusal(changed(content, **{part: lambda data: data[: len(data) // 2]})) == archives.DAMAGED


STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>From the table</t></si></sst>'
IN_PLACE, IN_TABLE = (
    b'<c r="B2" t="inlineStr"><is><t>Holiday club</t></is></c>',
    b'<c r="B2" t="s"><v>0</v></c>',
)


def with_table_of_strings(strings: bytes, place: bytes = b"0") -> bytes:
    """A workbook as Excel writes it: a title stands in the table of strings."""
    declared = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/></Types>'
    )

    def moved(data: bytes) -> bytes:
        assert IN_PLACE in data
        return data.replace(IN_PLACE, IN_TABLE.replace(b"0", place))

    content = changed(
        as_workbook([cells()]), sheet1=moved, Content_Types=lambda data: data.replace(b"</Types>", declared)
    )
    return _with_part(content, "xl/sharedStrings.xml", strings)


def test_the_table_of_strings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(with_table_of_strings(STRINGS))[0].title == "From the table"  # type: ignore[union-attr]
    assert refusal(with_table_of_strings(STRINGS[:-20])) == archives.DAMAGED
    assert refusal(with_table_of_strings(STRINGS, place=b"7")) == archives.DAMAGED
    monkeypatch.setattr(archives, "MOST_SINGLE_STRINGS", 10)
    assert (
        refusal(with_table_of_strings(STRINGS.replace(b"</sst>", b"<si/>" * 10 + b"</sst>")))
        == archives.TOO_MUCH
    )


def test_macros() -> None:
    assert refusal(_with_part(as_workbook([cells()]), "xl/vbaProject.bin", b"x")) == archives.MACROS
    assert (
        refusal(_with_part(as_workbook([cells()]), "xl/macrosheets/sheet1.xml", b"<x/>")) == archives.MACROS
    )


def test_a_document_type() -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert refusal(_with_part(as_workbook([cells()]), "xl/extra.xml", entity)) == archives.DOCTYPE
    wide = entity.decode().encode("utf-16")
    assert refusal(_with_part(as_workbook([cells()]), "xl/extra.xml", wide)) == archives.DOCTYPE


def test_links_to_other_workbooks_are_no_trouble() -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    assert len(read(_with_part(as_workbook([cells()]), "xl/externalLinks/externalLink1.xml", link))) == 1


def test_a_file_of_40_megabytes_is_not_read() -> None:
    class Untouched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("read")

    big = Untouched(b" " * 40 * MEGABYTE)
    with pytest.raises(FileRefused, match=r"40\.0 MB\. Files up to 35 MB are taken: split it"):
        prepare(big, fund_given=False)
    assert MOST_BYTES == 35 * MEGABYTE


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf  \n", "The file is empty."),
        (b"%PDF-1.7 and so on", "The file is a PDF."),
        (b"<html><body>Not found</body></html>", "a web page"),
        (b"\x1f\x8b\x08 and so on", "a compressed file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "Save it as .xlsx without a password"),
        (b"PK\x03\x04 and so on", archives.DAMAGED),
        (b"Identifier,Title\x00\x00\x00", "not a text file"),
        (b"PKB reference,Title", "The file has no column for Identifier"),
        (b"just words", "The file has no column for Identifier"),
        (b'{"grants": [', "not whole JSON"),
        (b'{"grants": [{"id": "1", ]}', "not whole JSON"),
        (b'{"data": {"grants": [{"id": "1"}]}}', "no list of grants"),
        (b'{"grants": {}}', "no list of grants"),
        (b'{"licence": []}', "no list of grants"),
        (b"[1, 2]", "no column for"),
        (b'{"grants": [{"id": "\xff"}]}', "not whole JSON"),
        (b"[" * 20, "not whole JSON"),
        (b"[" * 100_000, "no list of grants"),
        (b'{"grants": [' + b'{"a":' * 100_000, "no list of grants"),
        (b'[{"a": [' + b"1," * 60_000, "no list of grants"),
        (b'{"grants": [{"amountAwarded": ' + b"9" * 5_000 + b"}]}", "over 1,000 digits"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_list(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_a_zip_that_is_no_workbook() -> None:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as target:
        target.writestr("grants.csv", as_csv([cells()]))
    assert refusal(result.getvalue()) == archives.NOT_EXCEL


def test_a_quotation_mark_that_is_not_closed() -> None:
    rows = as_csv([cells(id=str(number)) for number in range(2_000)])
    assert "A quotation mark may not be closed" in refusal(rows.replace(b"Holiday club", b'"Holiday club', 1))


def test_a_character_that_no_text_has_is_named_by_its_line() -> None:
    content = as_csv([cells(id=str(number)) for number in range(50)])
    assert "Line 41 of the file holds a character" in refusal(
        content.replace(b"\r\n39,Holi", b"\r\n39,Ho\0li")
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_json_in_utf_16(encoding: str) -> None:
    content = as_json([cells()]).decode().encode(encoding)
    assert refusal(content) == "The file is JSON in UTF-16. Save it in UTF-8 and import that."


def test_a_strict_workbook() -> None:
    usual, strict = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    content = changed(as_workbook([cells()]), workbook=lambda data: data.replace(usual, strict))
    assert refusal(content) == archives.STRICT


@pytest.mark.parametrize("content", [b'{"grants": []}', b"[]", b'{"version": "1.1", "grants": [{}]}'])
def test_an_empty_list_has_no_rows(content: bytes) -> None:
    with prepare(io.BytesIO(content), fund_given=False) as prepared:
        assert prepared.count == 0
        assert prepared.remarks == ["The list in the file has no rows: there is nothing to import."]


def test_json_cut_off_in_the_middle() -> None:
    content = as_json([cells(id=str(number)) for number in range(500)])
    assert "not whole JSON" in refusal(content[: len(content) // 2])


def test_numbers_without_end_in_json() -> None:
    for number in (b"1e999999999", b"-1e400", b"9" * 900):
        found = read(as_json([cells(amount=7654321)]).replace(b"7654321", number))
        assert "The amount is" in found[0].message  # type: ignore[union-attr]
