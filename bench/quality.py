"""Writes docs/quality.md: how often signals are right, on labelled texts that nobody here wrote.

    python -m bench.quality FOLDER

FOLDER holds the labelled sets named below as JSON lines; a set that is not there is said to be missing.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from nlp.evaluation import Report, evaluate
from nlp.events import VERSION
from vigie.quality import COLUMNS, false_alarms, judged, rows_of

SETS = {
    "headlines/fr_gold_dev.jsonl": "French headlines, labelled blind by three readers",
    "events/fr_en_pages_gold_dev.jsonl": "Short articles, French and some English, labelled blind by two readers",
    "events/fr_funding_slugs.jsonl": "French fund-raising headlines recovered from addresses (no accents or capitals)",
    "events/fr_bodacc_notices.jsonl": "French legal notices of insolvency proceedings",
    "events/en_layoffs_slugs.jsonl": "English headlines on lay-offs recovered from addresses",
    "events/en_sentifm.jsonl": "English sentences of financial news",
    "events/en_twitter_financial_topics.jsonl": "English financial tweets; labels mapped from topics",
}
_TARGET = Path(__file__).parents[1] / "docs" / "quality.md"
_INTRODUCTION = """# How often Vigie is right

Each family of signals against labelled texts that nobody of the project wrote, bad figures included. Nothing of these
texts is in the project, and no rule or weight was fitted to them sentence by sentence; they are development sets all
the same, so expect a little less on texts of your own.

*Right*: the family is required by the labels and was found. *Wrong*: found, though the labels neither require nor
accept it. *Missed*: required and not found. A family that a label merely accepts counts neither way. A false alarm is
a text without any business event in which one was found. `–` stands where there is nothing to count.

In the first two sets people read every text for all nine families. In the others the labels are mechanical: the
source's own topic mapped to families, which says nothing of other events in the same text. Their recall is worth more
than their precision.

`vigie evaluate FILE.jsonl` gives the same table for labels of your own: a JSON object a line with `id`, `text`,
`signals` (families 1 to 9 that must be found), and if wanted `title`, `lang`, `loose` (families that may be found) and
`negative` (true: no business event).
"""


def _table(report: Report) -> list[str]:
    head, *rows = ("| " + " | ".join(cells) + " |" for cells in (COLUMNS, *rows_of(report)))
    return [head, "|---|" + "---:|" * (len(COLUMNS) - 1), *rows]


def _section(name: str, title: str, file: Path) -> list[str]:
    lines = [f"## {title}", "", f"`{name}`", ""]
    if not file.exists():
        return [*lines, "Not measured: the set was not there.", ""]
    for language, report in evaluate(one for _, one in judged(str(file))).items():
        if language not in ("all", "fr", "en"):
            continue
        said = "All" if language == "all" else {"fr": "French", "en": "English"}[language]
        lines += [f"{said}: {report.texts} texts, {false_alarms(report)}.", "", *_table(report), ""]
    return lines


def main(folder: Path) -> None:
    """Measure every set of a folder and write the page."""
    measured = f"Measured on {datetime.now(UTC):%Y-%m-%d}, version `{VERSION}`: phrase rules alone, no trained model."
    lines = [_INTRODUCTION, measured, ""]
    for name, title in SETS.items():
        lines += _section(name, title, folder / name)
    _TARGET.write_text("\n".join(lines).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
