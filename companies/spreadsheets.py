"""Lists as spreadsheet programs save them: XLSX, XLS and ODS, whichever sheet and row their headings stand in."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from companies.recognition import HEAD_WITHIN, head_of, meant_by
from store.characters import cleaned
from store.errors import Invalid

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what XLS begins with
_ZIP = b"PK\x03\x04"
_INSIDE = ("[Content_Types].xml", "content.xml")
_LARGEST = 1 << 30  # bytes when unpacked
_MIDNIGHT = (0, 0, 0)


def is_spreadsheet(file: Path) -> bool:
    """Whether a file is one of a spreadsheet program. Raises OSError."""
    with file.open("rb") as opened:
        start = opened.read(len(_OLE))
    if start == _OLE:
        return True
    if not start.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return not set(_INSIDE).isdisjoint(archive.namelist())
    except zipfile.BadZipFile:
        return False


def _text(cell: Any) -> str:
    """A cell as a person reads it: a whole number without its point, a day without its hour."""
    if isinstance(cell, str):
        return cell if cell.isascii() else cleaned(cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return (cell.date() if (cell.hour, cell.minute, cell.second) == _MIDNIGHT else cell).isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _sheets(file: Path) -> Iterator[list[list[Any]]]:
    """The rows of each sheet that has some, from the first of the file. Raises `Invalid` when it cannot be read."""
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(file)
    try:
        with CalamineWorkbook.from_path(file) as book:
            for meta in book.sheets_metadata:
                if "WorkSheet" not in str(meta.typ):
                    continue
                if rows := book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False):
                    yield rows
    except CalamineError as error:
        raise Invalid(f"{file}: the spreadsheet cannot be read ({error}); save it anew, or as CSV") from None


def _check_size(file: Path) -> None:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            size = sum(one.file_size for one in archive.infolist())
        if size > _LARGEST:
            raise Invalid(
                f"{file}: the spreadsheet unpacks to {size >> 20:,} MB; save it as CSV, which is read in parts"
            )


def list_rows(file: Path) -> list[list[str]]:
    """The rows of the sheet with the list, as text: the one with the most headings that are known, then with most rows.

    Raises `Invalid`.
    """
    found = list(_sheets(file))
    if not found:
        raise Invalid(f"{file}: the spreadsheet is empty")

    def worth(rows: list[list[Any]]) -> tuple[int, int]:
        first = _as_text(rows[:HEAD_WITHIN])
        head = head_of(first)
        known = len(set(map(meant_by, first[head])) - {None}) if head >= 0 else 0
        return known, len(rows)

    return _as_text(max(found, key=worth))


def _as_text(rows: list[list[Any]]) -> list[list[str]]:
    return [list(map(_text, row)) for row in rows]
