"""The commands on offers."""

from __future__ import annotations

from pathlib import Path

from tests.vigie.support import vigie_here

OFFER = "name: Robots\nfit:\n- {criterion: naf, in: ['28'], points: 30}\nterritory: ['25']\n"


def test_an_offer_is_saved_shown_changed_and_taken_back(file: Path, tmp_path: Path) -> None:
    written = tmp_path / "robots.yaml"
    written.write_text(OFFER, "utf-8")
    options = ("--config", str(file))
    assert vigie_here("offers", "save", str(written), "--author", "Léa", *options).stdout == "Robots: version 1\n"
    assert vigie_here("offers", "save", str(written), *options).stdout == "Robots: nothing changed\n"
    shown = vigie_here("offers", "show", "Robots", *options).stdout
    written.write_text(shown.replace("'25'", "'38'").replace("- 28", "- 29"), "utf-8")
    assert "version 2" in vigie_here("offers", "save", str(written), "--note", "Isère", *options).stdout
    assert "version 3 is version 1 again" in vigie_here("offers", "restore", "Robots", "1", *options).stdout
    assert vigie_here("offers", "show", "Robots", *options).stdout == shown
    history = vigie_here("offers", "history", "Robots", *options).stdout
    assert "Léa" in history
    assert "Isère" in history
    assert "Robots" in vigie_here("offers", "list", *options).stdout
    assert vigie_here("offers", "retire", "Robots", *options).returncode == 0
    answer = vigie_here("offers", "show", "Robots", *options)
    assert (answer.returncode, answer.stderr) == (1, "vigie: there is no offer 'Robots'; there is none\n")


def test_an_offer_reaches_those_it_is_given_to(file: Path, tmp_path: Path) -> None:
    written = tmp_path / "robots.yaml"
    written.write_text(OFFER, "utf-8")
    options = ("--config", str(file))
    for who in ("zoe", "ann"):
        vigie_here("reps", "add", f"{who}@x.example", *options)
    assert "no rep has it yet" in vigie_here("offers", "save", str(written), *options).stdout
    assert "nobody" in vigie_here("offers", "list", *options).stdout
    refused = vigie_here("reps", "set", "ann@x.example", "--offer", "Robots", *options)
    assert "vigie: the offer 'Robots' is not given to ann@x.example" in refused.stderr
    given = vigie_here("offers", "give", "Robots", "ann@x.example", *options)
    assert given.stdout == "Robots: given to 1 more, 1 in all\n"
    assert "given to 1 more, 2 in all" in vigie_here("offers", "give", "Robots", "--everyone", *options).stdout
    taken = vigie_here("offers", "take", "Robots", "ann@x.example", *options)
    assert taken.stdout == "Robots: taken from 1, 1 have it\n"
    assert "zoe@x.example" in vigie_here("offers", "list", *options).stdout
    for wrong in ((), ("ann@x.example", "--everyone"), ("bob@x.example",)):
        assert vigie_here("offers", "give", "Robots", *wrong, *options).returncode in (1, 2)


def test_a_bad_offer_changes_nothing_and_names_the_key(file: Path, tmp_path: Path) -> None:
    written = tmp_path / "robots.yaml"
    written.write_text("name: Robots\nfamilies: {grow: 2}\n", "utf-8")
    answer = vigie_here("offers", "save", str(written), "--config", str(file))
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"vigie: {written}: offer 'Robots': families: there is no 'grow'")


def test_a_change_is_tried_before_it_is_saved(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "offer.yaml"
    other.write_text("{name: Robots, territory: ['25']}", "utf-8")
    done = vigie_here("offers", "try", str(other), "--config", str(file))
    assert done.returncode == 0, done.stderr
    assert "hot today: 0 → 0" in done.stdout
    assert "Robots" not in vigie_here("offers", "list", "--config", str(file)).stdout
