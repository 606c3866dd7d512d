from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.encodings import mended, to_text
from crawlers.feeds import read

NOW = datetime(2026, 11, 25, tzinfo=UTC)
WORDS = "L’équipementier Électrolor – 2 M€ : un cœur préservé"
RUSSIAN = "Открытие завода"


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (WORDS.encode(), "text/html", WORDS),
        (WORDS.encode(), "text/html; charset=iso-8859-1", WORDS),
        (b"\xef\xbb\xbf" + WORDS.encode(), "text/html; charset=koi8-r", WORDS),
        (WORDS.encode("utf-16"), "text/html", WORDS),
        (WORDS.encode("cp1252"), "text/html; charset=utf-8", WORDS),
        (WORDS.encode("cp1252"), "", WORDS),
        (WORDS.encode() + b" \xe9t\xe9", "text/html; charset=utf-8", WORDS + " été"),
        (
            b'<?xml version="1.0" encoding="KOI8-R"?>' + RUSSIAN.encode("koi8-r"),
            "text/html; charset=iso-8859-1",
            RUSSIAN,
        ),
        (b'<meta charset="windows-1251">' + RUSSIAN.encode("cp1251"), "text/html; charset=utf-8", RUSSIAN),
        (RUSSIAN.encode("cp1251"), "text/html; charset=windows-1251", RUSSIAN),
        ("œuvre : 2 €".encode("iso8859-15"), "text/html; charset=iso-8859-15", "œuvre : 2 €"),
        (b'<?xml version="1.0" encoding="martian"?>' + WORDS.encode("cp1252"), "text/html; charset=venus", WORDS),
        (b"a\x00b\x07c\x81d", "", "abcd"),
    ],
)
def test_what_bytes_are_counts_more_than_their_label(body: bytes, content_type: str, text: str) -> None:
    assert to_text(body, content_type).endswith(text)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("l’usine dâ€™Ã©tÃ©", "l’usine d’été"),
        ("L’Ã‰cole Â« ici Â»", "L’École « ici »"),
        (WORDS, WORDS),
        ("PÃO DE AÇÚCAR ET ÂGE", "PÃO DE AÇÚCAR ET ÂGE"),
    ],
)
def test_text_that_was_taken_for_another_encoding_is_mended(wrong: str, right: str) -> None:
    assert mended(wrong) == right


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("declared", ["", ' encoding="utf-8"', ' encoding="ISO-8859-1"', ' encoding="martian"'])
@pytest.mark.parametrize(
    "content_type", ["application/rss+xml", "text/html; charset=iso-8859-1", "text/xml; charset=UTF-8"]
)
def test_a_feed_is_read_whatever_it_says_of_its_encoding(encoding: str, declared: str, content_type: str) -> None:
    item = f"<item><title>{WORDS}</title><link>https://gazette.example/a</link></item>"
    body = f'<?xml version="1.0"{declared}?><rss version="2.0"><channel>{item}</channel></rss>'.encode(encoding)
    found = read(body, url="https://gazette.example/rss", content_type=content_type, now=NOW)
    assert [entry.title for entry in found.entries] == [WORDS]


def test_a_feed_whose_namespaces_are_missing_or_that_begins_with_blanks_is_read() -> None:
    item = "<item><title>Une usine</title><link>/a</link><dc:creator>Zoé</dc:creator><media:x/></item>"
    body = f"\n  <?xml version='1.0'?><rss version='2.0'><channel>{item}</channel></rss>".encode()
    (entry,) = read(body, url="https://gazette.example/rss", content_type="text/html", now=NOW).entries
    assert (entry.title, entry.url) == ("Une usine", "https://gazette.example/a")


def test_the_paper_that_an_aggregator_puts_after_a_title_is_left_out() -> None:
    source = '<source url="https://gazette.example">La Gazette</source>'
    item = f"<item><title>Une usine - La Gazette</title><link>https://a.example/1</link>{source}</item>"
    body = f"<rss version='2.0'><channel>{item}</channel></rss>".encode()
    (entry,) = read(body, url="https://a.example/rss", content_type="", now=NOW).entries
    assert entry.title == "Une usine"
