"""Lists as files: CSV, XLSX and JSON lines, none of which a spreadsheet takes for a program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Literal

import xlsxwriter
from fastapi import Response
from fastapi.responses import StreamingResponse

Format = Literal["csv", "xlsx", "jsonl"]
Cell = str | int | float | bool | date | None
MOST = 10_000  # rows
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text, with a quotation mark before what a spreadsheet would take for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_BEGINS_A_FORMULA) else text


def _plain(cell: Cell) -> str | int | float | bool | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def _csv(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Lines of RFC 4180, after a mark by which spreadsheets know UTF-8."""
    yield "\ufeff"
    for row in (heading, *rows):
        line = io.StringIO()
        cells = map(_plain, row)
        csv.writer(line).writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
        yield line.getvalue()


def _jsonl(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(dict(zip(heading, map(_plain, row), strict=True)), ensure_ascii=False) + "\n"


def _xlsx(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A sheet whose texts are texts, whatever they begin with; times are UTC."""
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(made, options) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, heading, book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime | date):
                    sheet.write_datetime(number, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(number, place, cell[:32_767])
                elif cell is not None:
                    sheet.write(number, place, cell)
    return made.getvalue()


def table(name: str, kind: Format, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The file to be downloaded as `name` with the ending of its kind. Its headings are keys, in English."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    if kind == "xlsx":
        return Response(_xlsx(heading, rows), media_type=_KINDS[kind], headers=headers)
    write = _csv if kind == "csv" else _jsonl
    return StreamingResponse(write(heading, rows), media_type=_KINDS[kind], headers=headers)
