"""The commands on watchlists."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from store import outbox
from store.base import utcnow
from store.database import Database
from store.tables import Company, Document, Mail, Signal, Source, Watchlist
from tests.vigie.support import vigie_here

REP = "lea@example.org"


@pytest.fixture
def filled(file: Path, tmp_path: Path) -> Path:
    """A configuration whose database has a rep, two companies, a sure signal and one that is not, of yesterday."""
    table = tmp_path / "companies.csv"
    table.write_text("name,department\nOrvanne,25\nTavel,38\nSorel,38\nBrume,38\n", "utf-8")
    assert vigie_here("companies", "import", str(table), "--config", str(file)).returncode == 0
    assert vigie_here("reps", "add", REP, "--config", str(file)).returncode == 0
    database = Database(f"sqlite:///{tmp_path / 'var/vigie.db'}")
    with database.session() as session:
        source = Source(url="http://x/feed", name="Presse")
        for name, sure in (("Orvanne", 0.9), ("Tavel", 0.5)):
            company = session.scalars(select(Company).where(Company.name == name)).one()
            day = utcnow() - timedelta(days=1)
            document = Document(
                source=source, url=f"http://x/{name}", title=f"{name} embauche", text="", published_at=day
            )
            session.add(document)
            session.flush()
            outbox.add(session, [document.id])
            signal = Signal(document=document, company=company, type="hiring", families=["growing"], status="done")
            signal.sentence, signal.start, signal.end, signal.slots = document.title, 0, 5, {"person": ["Zoé Gall"]}
            signal.published_at, signal.confidence, signal.link_confidence, signal.version = day, sure, 1.0, "v"
            session.add(signal)
    database.close()
    return file


def run(file: Path, *arguments: str, code: int = 0) -> str:
    done = vigie_here(*arguments, "--config", str(file))
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def digest(file: Path) -> str:
    run(file, "digest")
    newest = max((file.parent / "var/outbox").glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)
    return newest.with_suffix(".html").read_text("utf-8")


def test_what_a_list_holds_back_is_listed_and_let_through(filled: Path) -> None:
    assert "stories in 90 days: 1" in run(filled, "watchlists", "add", REP, "Clients", "Orvanne", "Tavel")
    run(filled, "watchlists", "save", REP, "Clients", "--confidence", "0.7", "--type", "hiring")
    assert "confidence: 0.7" in run(filled, "watchlists", "list", REP)
    held = run(filled, "watchlists", "held", REP)
    assert "1 held back" in held
    assert "Tavel" in held
    assert "Orvanne" not in held
    first = digest(filled)
    assert "Orvanne embauche" in first
    assert "Tavel embauche" not in first
    number = held.split("│")[1].strip()
    run(filled, "watchlists", "release", REP, number)
    assert "0 held back" in run(filled, "watchlists", "held", REP)
    second = digest(filled)
    assert "Tavel embauche" in second
    assert "Orvanne embauche" not in second
    assert "there is no signal 999" in run(filled, "watchlists", "release", REP, "999", code=1)


def test_a_muted_list_tells_nothing_until_it_is_let(filled: Path) -> None:
    run(filled, "watchlists", "add", REP, "", "Orvanne")
    for quiet, loud in ((("mute",), ("mute", "--off")), (("snooze", "3"), ("snooze", "0"))):
        run(filled, "watchlists", quiet[0], REP, "", *quiet[1:])
        assert "1 held back" in run(filled, "watchlists", "held", REP)
        run(filled, "watchlists", loud[0], REP, "", *loud[1:])
        assert "0 held back" in run(filled, "watchlists", "held", REP)
    run(filled, "watchlists", "save", REP, "", "--type", "funding")
    assert "Orvanne embauche" not in digest(filled)
    run(filled, "watchlists", "save", REP, "", "--type", "")
    assert "Orvanne embauche" in digest(filled)


def test_a_saved_search_and_people_are_told_and_grow_a_list(filled: Path) -> None:
    said = run(filled, "find", "embauche", "--place", "25", "--save", "Doubs", "--rep", REP, "--grows")
    assert "signals: 1, companies: 1" in said
    assert "Doubs" in run(filled, "watchlists", "list", REP)
    assert "follows 2 companies" in run(filled, "watchlists", "add", REP, "Doubs", "Sorel")
    run(filled, "watchlists", "save", REP, "Gens", "--person", "zoe gall", "--confidence", "0.1")
    mail = digest(filled)
    assert "Orvanne embauche" in mail
    assert "Tavel embauche" in mail
    run(filled, "watchlists", "drop", REP, "Doubs", "Sorel")
    run(filled, "watchlists", "remove", REP, "Doubs")
    assert "has no list 'Doubs'; there are 'Gens'" in run(filled, "watchlists", "mute", REP, "Doubs", code=1)


def test_a_table_of_companies_is_added_whole_or_not_at_all(filled: Path, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("société;ville\nOrvanne;Dole\nTavel;\n", "utf-8")
    assert "2 added" in run(filled, "watchlists", "add", REP, "", "--csv", str(table))
    table.write_text("Sorel\nBrume\nNobody\n", "utf-8")
    assert "mine.csv: nothing was added: line 3" in run(
        filled, "watchlists", "add", REP, "", "--csv", str(table), code=2
    )
    table.write_text("Sorel\nBrume\n", "utf-8")
    assert "2 added; lea@example.org follows 4" in run(filled, "watchlists", "add", REP, "", "--csv", str(table))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--delivery", "soon"), "delivery"),
        (("--quiet", "25:00-07:00"), "quiet"),
        (("--type", "hirings"), "there is no type 'hirings'"),
        (("--confidence", "7"), "confidence"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(filled: Path, options: tuple[str, ...], said: str) -> None:
    assert said in run(filled, "watchlists", "save", REP, "x", *options, code=2)
    database = Database(f"sqlite:///{filled.parent / 'var/vigie.db'}")
    with database.session() as session:
        assert session.scalars(select(Watchlist)).all() == []
    database.close()


def test_a_rep_chooses_when_and_how(filled: Path) -> None:
    said = run(filled, "reps", "set", REP, "--at", "06:15", "--zone", "America/New_York", "--days", "tue")
    assert "06:15 E" in said
    run(filled, "reps", "set", REP, "--most", "5", "--when-empty", "none", "--unsubscribed")
    assert "unsubscribed" in run(filled, "reps", "list")
    assert "next digest" in run(filled, "reps", "set", REP, "--subscribed")
    for wrong in (("--at", "7h"), ("--zone", "Paris"), ("--days", "lundi"), ("--when-empty", "maybe")):
        assert wrong[1] in run(filled, "reps", "set", REP, *wrong, code=2)
    assert "there is no offer 'x'" in run(filled, "reps", "set", REP, "--offer", "x", code=1)
    assert "06:15 tue" in run(filled, "reps", "list").replace("\n", " ")


def test_a_mail_that_came_back_is_noted(filled: Path, tmp_path: Path) -> None:
    digest(filled)
    database = Database(f"sqlite:///{filled.parent / 'var/vigie.db'}")
    with database.session() as session:
        message_id = session.scalars(select(Mail.message_id)).one()
    database.close()
    notice = tmp_path / "notice.eml"
    notice.write_text(
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n--x\n\nSorry.\n'
        "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n"
        f"--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\nSubject: x\n--x--\n",
        "utf-8",
    )
    assert "1 mail in a row" in run(filled, "mails", "bounce", str(notice))
    shown = run(filled, "mails", "list")
    assert "refused" in shown
    notice.write_text("Subject: I am away\n\nBack soon.\n", "utf-8")
    assert "no notice that" in run(filled, "mails", "bounce", str(notice), code=2)
