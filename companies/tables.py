"""Tables as registers and spreadsheets save them: text, plain, gzipped or zipped, or a spreadsheet's own file.

Text is read as a stream, in any usual encoding and separator: memory does not grow with the file.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from companies.recognition import HEAD_WITHIN, head_of
from companies.spreadsheets import is_spreadsheet, list_rows
from store.characters import cleaned
from store.errors import Invalid

LONGEST_LINE = 1_000_000
"""Characters; a longer line is refused, and never held in memory."""

_SEPARATORS = ",;\t|"
_SAMPLE = 65_536  # bytes by which the encoding is told
_FALLBACK = "vigie.cp1252"
_ENCRYPTED = 1  # of the flags of a file in an archive
_LOOKED_AT = 20  # lines of a record
_CHECKED = 1 << 20  # bytes at a time


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode what is not UTF-8 as Windows-1252, whose five unused codes are left out."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="ignore"), error.end


codecs.register_error(_FALLBACK, _as_cp1252)


@dataclass(frozen=True)
class Line:
    """A record of a table: the line it begins on, counted from 1, and its values, or why it cannot be read."""

    number: int
    values: list[str]
    error: str = ""


def place_of(columns: Sequence[str], name: str) -> int:
    """Where a column stands; one past the last where the table leaves it out."""
    return columns.index(name) if name in columns else len(columns)


class Table:
    """An open table: its columns, the line of its headings, and its records from first to last.

    The headings are those of its first line, or below a title (`companies.recognition.head_of`).
    """

    separator = ""

    def __init__(self, first: Line, records: Iterator[Line]) -> None:
        """Find the headings in the first line and those after it."""
        self._records = records
        self.sample = list(islice(records, HEAD_WITHIN))
        above = head_of([first.values, *(line.values for line in self.sample)])
        if above > 0:
            first, self.sample = self.sample[above - 1], self.sample[above:]
        self.columns, self.head_line = [cleaned(name).strip() for name in first.values], first.number
        self._first = first

    @property
    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return 1.0

    def without_headings(self) -> None:
        """Take the line of the headings for a record: there are none."""
        self.sample.insert(0, self._first)
        self.columns = [""] * max(len(line.values) for line in self.sample)

    def __iter__(self) -> Iterator[Line]:
        """The records that are not empty."""
        yield from self.sample
        yield from self._records


class TextTable(Table):
    """A table of text."""

    def __init__(self, file: Path, raw: BinaryIO, text: io.TextIOBase, size: int) -> None:
        """Read the head. Raises `Invalid` when there is none."""
        self._raw, self._size, self._text = raw, size, text
        self._read = self._refused = 0
        head = self._head()
        if head[:4].lower() == "sep=" and len(head.strip()) == len("sep=") + 1:
            self.separator = head[4]
            head = self._head()
        else:
            self.separator = max(_SEPARATORS, key=head.count)
        if not head.strip():
            raise Invalid(f"{file}: the file is empty; its first line must name the columns")
        first = Line(self._read, next(csv.reader([head], delimiter=self.separator)))
        self._width = len(first.values)
        self._taken: list[str] = []  # the lines of the record that is read
        self._pending: deque[str] = deque()
        super().__init__(first, self._parsed())

    def _head(self) -> str:
        self._read += 1
        return self._text.readline(LONGEST_LINE).lstrip("\ufeff")

    @property
    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return min(self._raw.tell() / self._size, 1.0) if self._size else 1.0

    def _lines(self) -> Iterator[str]:
        """The lines; of one that is too long nothing but a line break, and its number is kept."""
        while line := self._pending.popleft() if self._pending else self._text.readline(LONGEST_LINE):
            if len(line) >= LONGEST_LINE and not line.endswith("\n"):
                while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                    pass
                self._refused += 1
                line = "\n"
            self._taken.append(line)
            yield line

    def _is_open(self, values: Sequence[str]) -> bool:
        """Whether a record of several lines is none: a stray quote made one of lines that are records themselves."""
        if len(values) == self._width and '"' in self._taken[-1]:
            return False
        inner = self._taken[1 : _LOOKED_AT + 1]
        whole = sum(len(values) == self._width for values in csv.reader(inner, delimiter=self.separator, quoting=3))
        return whole * 2 > len(inner)

    def _parsed(self) -> Iterator[Line]:
        reader = csv.reader(self._lines(), delimiter=self.separator)
        number, refused = self._read + 1, 0
        while True:
            number += len(self._taken)
            self._taken.clear()
            values, wrong = list[str](), ""
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                wrong = f"a value is not closed or too long ({error})"
            if len(self._taken) > 1 and (wrong or self._is_open(values)):
                yield Line(number, [], "a quote is opened in it and not closed; the lines after it are read")
                self._pending.extendleft(reversed(self._taken[1:]))
                del self._taken[1:]
                reader = csv.reader(self._lines(), delimiter=self.separator)
            elif wrong:
                yield Line(number, [], wrong)
            elif self._refused > refused:
                refused = self._refused
                yield Line(number, [], f"the line has more than {LONGEST_LINE:,} characters")
            elif any(values):
                yield Line(number, values if all(map(str.isascii, values)) else [cleaned(one) for one in values])


class SheetTable(Table):
    """A table of a spreadsheet, of which the sheet with the list is read."""

    def __init__(self, file: Path) -> None:
        """Read the whole sheet. Raises `Invalid`."""
        lines = (Line(number, row) for number, row in enumerate(list_rows(file), 1) if any(map(str.strip, row)))
        first = next(lines, None)
        if first is None:
            raise Invalid(f"{file}: the spreadsheet is empty")
        super().__init__(first, lines)


def _unpacked(file: Path, raw: BinaryIO, stack: ExitStack) -> BinaryIO:
    """The bytes of the table in a file, taken out of its archive. Raises `Invalid`."""
    start = raw.read(4)
    raw.seek(0)
    if start[:2] == b"\x1f\x8b":
        return cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=raw)))
    if start != b"PK\x03\x04":
        return raw
    archive = stack.enter_context(zipfile.ZipFile(raw))
    inside = [one for one in archive.namelist() if one.lower().endswith((".csv", ".txt", ".tsv"))]
    if len(inside) != 1:
        found = ", ".join(inside) or "none"
        raise Invalid(f"{file}: one table is expected in the archive, found: {found}; unpack it and give one file")
    if archive.getinfo(inside[0]).flag_bits & _ENCRYPTED:
        raise Invalid(f"{file}: the archive is protected by a password; unpack it and give the file itself")
    return cast(BinaryIO, stack.enter_context(archive.open(inside[0])))


def check_archive(file: Path) -> None:
    """Read an archive to its end, whose check sum stands there: half of a damaged one would be taken for whole.

    Raises `Invalid` when it is damaged.
    """
    with ExitStack() as stack, _readable(file):
        raw: BinaryIO = stack.enter_context(file.open("rb"))
        inside = raw if is_spreadsheet(file) else _unpacked(file, raw, stack)
        while inside is not raw and inside.read(_CHECKED):
            pass


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Invalid(f"{file}: no such file") from None
    except (EOFError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile) as error:
        raise Invalid(f"{file}: the archive is damaged ({error}); fetch it again, nothing of it was taken") from None
    except (OSError, NotImplementedError) as error:
        raise Invalid(f"{file}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _encoding(sample: bytes) -> str:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # a character cut at the end is no mistake
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


@contextmanager
def open_table(file: Path) -> Iterator[Table]:
    """Open a table. Raises `Invalid` naming the file, when it cannot be read or is no table."""
    with ExitStack() as stack, _readable(file):
        try:
            if is_spreadsheet(file):
                yield SheetTable(file)
                return
            raw: BinaryIO = stack.enter_context(file.open("rb"))
            plain = io.BufferedReader(cast(io.RawIOBase, _unpacked(file, raw, stack)), _SAMPLE)
            encoding = _encoding(plain.peek(_SAMPLE))
            errors = _FALLBACK if encoding != "utf-16" else "strict"
            text = io.TextIOWrapper(plain, encoding=encoding, errors=errors, newline="")
            yield TextTable(file, raw, text, file.stat().st_size)
        except UnicodeError as error:
            raise Invalid(f"{file}: not {encoding} text, though it begins so ({error}); save it as UTF-8") from None
