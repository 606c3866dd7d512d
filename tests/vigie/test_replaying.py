from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, select

from store.database import Database
from store.tables import Document, Signal
from tests.crawlers.test_kinds import page
from tests.support.press import Press, serving
from tests.vigie.support import vigie_here


def test_a_replay_shows_then_applies_what_the_kept_pages_tell(tmp_path: Path) -> None:
    file = tmp_path / "vigie.yaml"
    file.write_text(
        f"language: en\ndata: {tmp_path / 'var'}\ncrawl: {{allow_loopback: true, delay_seconds: 0, retries: 0}}\n"
    )
    with serving() as press:
        _collected(press, file)
    database = Database(f"sqlite:///{tmp_path / 'var' / 'vigie.db'}")
    with database.session() as session:  # as if an older version had taken out less of the page, and known less
        kept = session.scalars(select(Document.text)).one()
        session.scalars(select(Document)).one().text = kept[:20]
        session.execute(delete(Signal))
    shown = vigie_here("replay", "--since", "2020-01-01", "--config", str(file))
    assert shown.returncode == 0, shown.stderr
    assert "1 articles read again, 1 tell something else" in shown.stdout
    assert "Nothing is changed" in shown.stdout
    with database.session() as session:
        assert session.scalars(select(Signal)).all() == []
        assert session.scalars(select(Document.text)).one() == kept[:20]
    applied = vigie_here("replay", "--since", "2020-01-01", "--apply", "--limit", "0", "--config", str(file))
    assert "cannot be read" not in applied.stderr
    assert "Nothing is changed" not in applied.stdout
    with database.session() as session:
        assert session.scalars(select(Document.text)).one() == kept
        assert all(one.quiet for one in session.scalars(select(Signal)).all())
        assert session.scalars(select(Signal.type)).all()
    database.close()


def _collected(press: Press, file: Path) -> None:
    press.answers["/cp/1"] = page("Amblard ouvre une usine à Firminy", "2026-03-05T09:30:00+01:00")
    url = press.rss("/rss", ("/cp/1", "Amblard ouvre une usine à Firminy"))
    for command in (("sources", "add", url), ("collect", "--once"), ("analyse",)):
        answer = vigie_here(*command, "--config", str(file))
        assert answer.returncode == 0, answer.stderr
