from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import Invalid
from vigie.settings import load

ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    file = folder / "config.yaml"
    file.write_text(text, "utf-8")
    return file


def test_the_shipped_file_is_valid() -> None:
    assert load(ROOT / "config.yaml").database_url == "sqlite:///var/vigie.db"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("langage: fr", "unknown key 'langage'"),
        ("store: {adress: x}", "unknown key 'store.adress'"),
        ("language: de", "key 'language'"),
        ("data: [1]", "key 'data'"),
        ("a: b: c", "line 1"),
        ("- one", "not a list"),
        ("1: x", "key 1"),
        ("a: \x07", "not valid YAML"),
        ("schedule: {digest_days: friday}", "key 'schedule.digest_days': days: 'friday': write daily"),
        ("schedule: {digest_at: '7h'}", "key 'schedule.digest_at'"),
        ("schedule: {time_zone: Paris}", "key 'schedule.time_zone': there is no such time zone"),
        ("mail: {sender: nobody}", "key 'mail.sender'"),
        ("search: {engine: solr}", "key 'search.engine'"),
        ("search: {hosts: [search.example.org]}", "key 'search.hosts.0'"),
        ("search: {hosts: []}", "key 'search.hosts'"),
        ("mail: {password: [secret]}", "key 'mail.password'"),
        ("offers: [{name: a}, {name: a}]", "the offer 'a' is there twice"),
        ("offers: [{name: a, families: {x: 1}}]", "there is no 'x'"),
        ("offers: [{name: a, fit: [{criterion: naf, points: 1}]}]", "key 'offers.0.fit.0'"),
    ],
)
def test_a_bad_key_or_value_is_one_line_that_names_it(tmp_path: Path, text: str, named: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(Invalid) as caught:
        load(file)
    message = str(caught.value)
    assert named in message
    assert message.startswith(str(file))
    assert "\n" not in message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no such file"):
        load(tmp_path / "none.yaml")


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    settings = load(written(tmp_path, "mail: {password: sesame}"))
    assert "sesame" not in repr(settings)
    with pytest.raises(Invalid) as caught:
        load(written(tmp_path, "mail: {password: [sesame]}"))
    assert "sesame" not in str(caught.value)
    with pytest.raises(Invalid, match="at least 32 characters") as caught:
        load(written(tmp_path, "web: {secret: sesame}"))
    assert "sesame" not in str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_LANGUAGE", "en")
    monkeypatch.setenv("VIGIE_STORE__URL", "sqlite:///elsewhere.db")
    settings = load(written(tmp_path, "language: fr"))
    assert (settings.language, settings.database_url) == ("en", "sqlite:///elsewhere.db")
