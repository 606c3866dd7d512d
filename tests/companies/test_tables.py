"""Tables in every shape that registers and spreadsheets give them."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from companies.tables import LONGEST_LINE, Line, open_table
from store.errors import Invalid

TEXT = 'Raison sociale;Ville\r\n"Câblage « Élan »";Étel\r\n"L’Œil ; Fils";\r\n"Deux\r\nlignes";Metz\r\n'
ROWS = [Line(2, ["Câblage « Élan »", "Étel"]), Line(3, ["L’Œil ; Fils", ""]), Line(4, ["Deux\r\nlignes", "Metz"])]


def read(file: Path) -> tuple[list[str], list[Line]]:
    with open_table(file) as table:
        return table.columns, list(table)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_usual_encoding_is_told(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(TEXT.encode(encoding))
    assert read(file) == (["Raison sociale", "Ville"], ROWS)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_usual_separator_is_told(tmp_path: Path, separator: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text(f"a{separator}b\n1{separator}2\n", "utf-8")
    assert read(file) == (["a", "b"], [Line(2, ["1", "2"])])


def test_a_line_that_names_the_separator_is_no_head(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("\ufeffsep=;\nnom;a,b,c\nx;1\n", "utf-8")
    assert read(file) == (["nom", "a,b,c"], [Line(3, ["x", "1"])])


def test_packed_files_are_unpacked_as_they_are_read(tmp_path: Path) -> None:
    packed, zipped = tmp_path / "t.csv.gz", tmp_path / "t.zip"
    packed.write_bytes(gzip.compress(TEXT.encode()))
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("t.csv", TEXT)
        archive.writestr("readme.md", "no table")
    assert read(packed)[1] == read(zipped)[1] == ROWS
    with open_table(packed) as table:
        list(table)
        assert table.share == 1


def test_a_stray_quote_costs_its_own_line_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    rows = [f"Castelor {number};Lyon;69" for number in range(3000)]
    stray = [*rows[:1000], 'Velmora;"Lyon;69', *rows[1000:2000], 'Voltrix;"Metz', *rows[2000:]]
    file.write_text("\n".join(["nom;ville;dep", *stray]) + "\n", "utf-8")
    lines = read(file)[1]
    assert [line.number for line in lines if line.error] == [1002, 2003]
    assert [line.values[0] for line in lines if not line.error] == [f"Castelor {number}" for number in range(3000)]
    assert [line.number for line in lines] == list(range(2, 3004))


def test_a_value_of_several_lines_is_one(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    address = "12, rue du Port\nBâtiment B\nboîte 4"
    file.write_text(f'nom;adresse;ville\nVelmora;"{address}";Lyon\nCastelor;"x";Metz\n', "utf-8")
    found = [Line(2, ["Velmora", address, "Lyon"]), Line(5, ["Castelor", "x", "Metz"])]
    assert read(file)[1] == found


def test_a_stray_byte_late_in_the_file_keeps_its_letter(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"nom\n" + "é\n".encode() * 50_000 + b"caf\xe9 \x80\n")
    assert read(file)[1][-1].values == ["café €"]


def test_a_line_too_long_is_refused_and_not_held(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    with file.open("wb") as out:
        out.write(b"nom,ville\nA,B\n")
        for _ in range(50):
            out.write(b"x" * LONGEST_LINE)
        out.write(b"\nC,D\n")
    tracemalloc.start()
    rows = read(file)[1]
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(row.number, row.values) for row in rows] == [(2, ["A", "B"]), (3, []), (4, ["C", "D"])]
    assert "characters" in rows[1].error
    assert held < 12 * LONGEST_LINE


def test_a_quote_left_open_costs_lines_and_not_the_file(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("nom,ville\n" + '"A,B\n' + "C,D\n" * 100_000, "utf-8")
    rows = read(file)[1]
    assert rows[0].error
    assert rows[0].number == 2
    assert rows[-1].values == ["C", "D"]


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"PK\x03\x04nothing", b"\x1f\x8bnothing", "nom\nx".encode("utf-16")[:-1]]
)
def test_what_is_no_table_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(content)
    with pytest.raises(Invalid, match=r"t\.csv"):
        read(file)


def test_an_archive_of_several_tables_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", TEXT)
        archive.writestr("b.csv", TEXT)
    with pytest.raises(Invalid, match=r"a\.csv, b\.csv"):
        read(file)
