from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.download import DownloadFailed, download
from tests.support.press import Answer, Press


def fetch(press: Press, folder: Path, path: str = "/dump.csv", *, allow_loopback: bool = True) -> Path:
    return download(press.address + path, folder, user_agent="Vigie/test", allow_loopback=allow_loopback)


def test_a_file_comes_with_its_date_and_again_only_when_it_changed(press: Press, tmp_path: Path) -> None:
    day = {"Last-Modified": "Mon, 02 Nov 2026 06:00:00 GMT"}
    press.answers["/dump.csv"] = Answer(b"siren\n" * 500_000, headers=day)
    press.answers["/moved"] = Answer(status=302, headers={"Location": "/dump.csv"})
    file = fetch(press, tmp_path)
    assert (file.name, file.stat().st_size) == ("dump.csv", 3_000_000)
    assert datetime.fromtimestamp(file.stat().st_mtime, UTC) == datetime(2026, 11, 2, 6, tzinfo=UTC)
    press.answers["/dump.csv"] = Answer(status=304)
    assert fetch(press, tmp_path).stat().st_size == 3_000_000
    assert press.asked[-1][1]["If-Modified-Since"] == "Mon, 02 Nov 2026 06:00:00 GMT"
    press.answers["/dump.csv"] = Answer(b"siren\n1\n")
    assert fetch(press, tmp_path, "/moved").read_bytes() == b"siren\n1\n"
    assert not list(tmp_path.rglob("*.part"))


def test_what_fails_is_named_and_keeps_what_was_there(press: Press, tmp_path: Path) -> None:
    press.answers["/dump.csv"] = Answer(b"siren\n")
    file = fetch(press, tmp_path)
    press.answers["/dump.csv"] = Answer(status=500)
    with pytest.raises(DownloadFailed, match="the server answered 500"):
        fetch(press, tmp_path)
    press.answers["/dump.csv"] = Answer(b"short", headers={"Content-Length": "900"})
    with pytest.raises(DownloadFailed, match="cannot be downloaded"):
        fetch(press, tmp_path)
    press.answers["/file"] = Answer(status=302, headers={"Location": "file:///etc/hostname"})
    with pytest.raises(DownloadFailed):
        fetch(press, tmp_path, "/file")
    assert file.read_bytes() == b"siren\n"


def test_private_addresses_are_refused_before_anything_is_sent(press: Press, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="private address"):
        fetch(press, tmp_path, allow_loopback=False)
    assert press.asked == []
