"""A mail scanner that follows every link (case 37), with the commands, a mail server and the pages."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from aiosmtpd.controller import Controller
from sqlalchemy import select

from store.database import Database
from store.tables import Feedback, Rep
from tests.digests.support import Inbox
from tests.support.data import needs_case
from tests.support.node import free_port
from tests.support.press import Answer, serving
from tests.vigie.support import vigie_here


@contextmanager
def pages(config: Path, port: int) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "vigie", "serve", "--config", str(config)])
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{port}/")
            break
        except httpx.TransportError:
            time.sleep(0.1)
    yield
    process.terminate()
    process.wait(timeout=20)


def test_following_every_link_ends_nothing_and_one_click_does(tmp_path: Path) -> None:
    case = needs_case("37-unsubscribe-by-get")
    box, smtp, web, config = Inbox(), free_port(), free_port(), tmp_path / "config.yaml"
    controller = Controller(box, hostname="127.0.0.1", port=smtp)
    controller.start()
    with serving() as press:
        feed = (case / "feed.rss").read_text("utf-8")
        press.answers["/feed"] = Answer(feed.encode(), "application/rss+xml")
        config.write_text(
            f"data: {tmp_path / 'var'}\nsources: [{{url: '{press.address}/feed', name: Doubs, language: fr}}]\n"
            f"crawl: {{allow_loopback: true, delay_seconds: 0, retries: 0, follow_articles: false}}\n"
            f"mail: {{host: 127.0.0.1, port: {smtp}, security: none, fresh_days: 365}}\n"
            f"web: {{port: {web}, url: 'http://127.0.0.1:{web}'}}\n",
            "utf-8",
        )

        def run(*arguments: str) -> str:
            done = vigie_here(*arguments, "--config", str(config))
            assert done.returncode == 0, done.stderr
            return done.stdout

        def tell_more(number: int) -> None:
            item = f"<item><guid>n{number}</guid><link>http://doubs.example/n{number}</link>"
            item += f"<title>La fonderie Arguel lève {number + 2} millions d'euros</title><description/>"
            item += f"<pubDate>Fri, {20 + number} Nov 2026 09:00:00 +0100</pubDate></item>"
            press.answers["/feed"] = Answer(feed.replace("</channel>", f"{item}</channel>").encode())
            database = Database(f"sqlite:///{tmp_path / 'var/vigie.db'}")
            with database.session() as session:
                session.connection().exec_driver_sql("UPDATE source SET due_at = '2020-01-01 00:00:00.000000'")
            database.close()
            run("collect", "--once")
            run("analyse")

        run("companies", "import", str(case / "companies.csv"))
        run("reps", "add", "rep@example.org")
        run("reps", "watch", "rep@example.org", "FONDERIE ARGUEL")
        run("collect", "--once")
        run("analyse")
        run("digest")
        (mail,) = box.mails()
        one_click = str(mail["List-Unsubscribe"]).strip(" <>")
        html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
        links = [link for link in re.findall(r'href="([^"]+)"', html) if f":{web}/" in link]
        assert len(links) >= 2  # an opinion, and the end of these mails
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        with pages(config, web), httpx.Client(follow_redirects=True) as scanner:
            for link in [*links, one_click] * 2:
                for method in ("GET", "HEAD"):
                    assert scanner.request(method, link.replace("&amp;", "&")).status_code < 500
            assert 'method="post"' in scanner.get(one_click).text
            database = Database(f"sqlite:///{tmp_path / 'var/vigie.db'}")
            with database.session() as session:
                assert session.scalars(select(Feedback)).all() == []
                assert session.scalars(select(Rep.subscribed)).all() == [True]
            database.close()
            tell_more(1)
            run("digest")
            assert len(box.raw) == 2
            wrong = one_click[:-1] + ("A" if one_click[-1] != "A" else "B")
            assert scanner.post(wrong, data={"List-Unsubscribe": "One-Click"}).status_code in range(400, 500)
            for _ in range(2):
                answer = httpx.post(one_click, data={"List-Unsubscribe": "One-Click"})
                assert answer.status_code == 200
                tell_more(2)
                assert "unsubscribed" in run("digest")
                assert len(box.raw) == 2
    controller.stop()
