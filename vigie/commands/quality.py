"""`vigie classify` and `vigie evaluate`: texts from files as JSON lines, and how often what is found is right."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from companies import bearers
from companies.linker import open_linker
from nlp.evaluation import Counts, Judged, Report, evaluate
from nlp.extract import Extractor
from signals.rules import default_extractor, default_rules
from signals.texts import Row, classify, families_found, judge, read_rows
from signals.told import judge_told, register_of
from signals.types import default_taxonomy
from store.database import Database
from store.errors import Invalid
from vigie.commands.options import ConfigOption
from vigie.console import fail, out
from vigie.opening import opened
from vigie.settings import DEFAULT_FILE, Settings

Finder = Callable[[Row], Mapping[int, float]]
COLUMNS = ("family", "precision", "recall", "F1", "right", "wrong", "missed")


@contextmanager
def _lines(file: str) -> Iterator[TextIO]:
    """A file's lines, or standard input for `-`. Raises `Invalid` naming the file when it cannot be read as UTF-8."""
    if file == "-":
        yield sys.stdin
        return
    try:
        opened = Path(file).open(encoding="utf-8-sig")  # noqa: SIM115 (only opening may say that the file is missing)
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror}") from None
    with opened:
        try:
            yield opened
        except UnicodeDecodeError as error:
            raise Invalid(f"{file}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def classify_lines(settings: Settings, database: Database, file: str, out: TextIO) -> list[Invalid]:
    """Write a line of events for each row as soon as it is read; returns what was wrong with the other lines."""
    extractor, linker = default_extractor(embedding=settings.nlp.embedding), open_linker(database, settings.data)
    refused = []
    with _lines(file) as lines, database.reading() as session:
        register = bearers.Register(session)
        for row in read_rows(lines, file):
            if isinstance(row, Invalid):
                refused.append(row)
            else:
                out.write(json.dumps(classify(row, extractor, linker, register), ensure_ascii=False) + "\n")
                out.flush()
    return refused


def found_by_vigie(row: Row, *, embedding: bool = True) -> Mapping[int, float]:
    """The families that the product finds in a text, with their confidence."""
    return families_found(row, default_extractor(embedding=embedding), default_taxonomy())


def found_published(row: Row, *, embedding: bool = True) -> Mapping[int, float]:
    """Those that are sure enough to be told to reps."""
    sure, names = default_extractor(embedding=embedding).confidence, default_taxonomy().names
    found = found_by_vigie(row, embedding=embedding)
    return {n: value for n, value in found.items() if sure.is_published(names[n], value)}


def found_by_rules(row: Row) -> Mapping[int, float]:
    """The families that the phrase rules find without the model."""
    alone = Extractor(default_rules(), {}, {})
    return families_found(row, alone, default_taxonomy())


def rows_in(file: str) -> Iterator[Row]:
    """The rows of a file. Raises `Invalid` at the first bad line."""
    with _lines(file) as lines:
        for row in read_rows(lines, file):
            if isinstance(row, Invalid):
                raise row
            yield row


def _judged(file: str, judging: Callable[[list[Row]], list[tuple[Row, Judged]]]) -> list[tuple[Row, Judged]]:
    """The labelled rows of a file, judged. Raises `Invalid` at the first bad line, and where there is none."""
    rows = list(rows_in(file))
    if not rows:
        raise Invalid(f"{file}: there is no row in it")
    try:
        return judging(rows)
    except Invalid as error:
        raise Invalid(f"{file}: {error}") from None


def judged(file: str, finder: Finder = found_by_vigie) -> list[tuple[Row, Judged]]:
    """The labelled rows of a file with what is found in them. Raises `Invalid` at the first bad line."""
    return _judged(file, lambda rows: [(row, judge(row, finder(row))) for row in rows])


def told_of(rows: Sequence[Row], others: Sequence[Path] = (), *, embedding: bool = True) -> list[tuple[Row, Judged]]:
    """The labelled rows with what a rep would be told of them, from a register of their companies and some others."""
    with register_of(rows, others) as register:
        return judge_told(rows, register, default_extractor(embedding=embedding), default_taxonomy())


def ratio(value: float | None) -> str:
    """A ratio with two digits, or a dash."""
    return "–" if value is None else f"{value:.2f}"


def _cells(name: str, counts: Counts) -> tuple[str, ...]:
    return (
        name,
        *(ratio(one) for one in (counts.precision, counts.recall, counts.f1)),
        *(str(one) for one in (counts.tp, counts.fp, counts.fn)),
    )


def rows_of(report: Report) -> list[tuple[str, ...]]:
    """The report as a table's rows, with `COLUMNS`: right are true positives, wrong false ones, missed negatives."""
    families = default_taxonomy().names
    rows = [_cells(f"{number} {families[number]}", report.families[number]) for number in sorted(report.families)]
    return [*rows, _cells("all (micro)", report.micro)]


def false_alarms(report: Report) -> str:
    """Macro F1 and the false alarms, in a sentence."""
    said = f"macro F1 {ratio(report.macro_f1)}"
    if report.negatives:
        rate = 1000 * report.false_alarms / report.negatives
        said += f"; false alarms on {report.false_alarms} of {report.negatives} texts without an event ({rate:.0f} ‰)"
    if report.misplaced:
        said += f"; told of a company that the labels do not name: {report.misplaced}"
    if report.calibration.error is not None:
        said += f"; calibration error {ratio(report.calibration.error)}"
    return said


def show_report(file: str, rows: list[tuple[Row, Judged]], out: Console, *, mistakes: int) -> None:
    """Print the report of each language and, if asked, the first mistakes with their texts."""
    for language, report in evaluate(one for _, one in rows).items():
        table = Table(COLUMNS[0], title=f"{Path(file).name}, {language}: {report.texts} texts")
        for name in COLUMNS[1:]:
            table.add_column(name, justify="right")
        for cells in rows_of(report):
            table.add_row(*cells)
        out.print(table)
        out.print(false_alarms(report), highlight=False)
    shown = [(row, one) for row, one in rows if one.wrong or one.missed][:mistakes]
    for row, one in shown:
        why = f"{one.id}: wrong {sorted(one.wrong) or '–'}, missed {sorted(one.missed) or '–'}: "
        out.print(Text.assemble((why, "yellow"), row.whole[:300].replace("\n", " | ")), soft_wrap=True)


def classify_texts(
    file: Annotated[str, typer.Argument(help="JSON lines: id, text, if known title, lang, date; - is a pipe.")],
    config: ConfigOption = DEFAULT_FILE,
) -> None:
    """Write the events of each text as a JSON line: families, type, status, sentence, offsets, slots, companies."""
    with opened(config) as (settings, database):
        refused = classify_lines(settings, database, file, sys.stdout)
    for error in refused:
        fail(str(error))
    if refused:
        raise typer.Exit(Invalid.exit_code)


def evaluate_texts(
    files: Annotated[list[str], typer.Argument(help="JSON lines as for classify, with signals, loose and negative.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, a key for each file.")] = False,
    mistakes: Annotated[int, typer.Option(min=0, help="How many mistakes to show with their texts.")] = 0,
    published: Annotated[
        bool, typer.Option("--published", help="Only what is sure enough to be told to reps.")
    ] = False,
    told: Annotated[
        bool, typer.Option("--told", help="Only what reps are told: published, and on a company that is linked.")
    ] = False,
    register: Annotated[
        list[Path] | None, typer.Option(help="With --told: a list of other companies, among which they are told apart.")
    ] = None,
    by_words: Annotated[
        bool, typer.Option("--by-words", help="As with `nlp.embedding: off`, without the meaning of texts.")
    ] = False,
) -> None:
    """Say how often the families found are right: precision, recall, F1 and counts against labelled texts.

    With --told, against a register of the companies that the labels name (`companies`, each with a `name`) and those
    of the files given; a family that is told of another company is wrong.
    """
    if register and not told:
        raise Invalid("--register says among which companies those of the labels are told apart; it needs --told")
    finder = partial(found_published if published else found_by_vigie, embedding=not by_words)
    if told:
        found = {
            file: _judged(file, lambda rows: told_of(rows, register or (), embedding=not by_words)) for file in files
        }
    else:
        found = {file: judged(file, finder) for file in files}
    if as_json:
        reports = {
            file: {language: report.as_dict() for language, report in evaluate(one for _, one in rows).items()}
            for file, rows in found.items()
        }
        sys.stdout.write(json.dumps(reports, ensure_ascii=False, indent=1) + "\n")
        return
    for file, rows in found.items():
        show_report(file, rows, out, mistakes=mistakes)
