from __future__ import annotations

import lxml.html
import pytest

from crawlers.titles import headline


@pytest.mark.parametrize(
    ("head", "headlines", "said", "title"),
    [
        (
            "<title>Amblard ouvre une usine | La Gazette</title>",
            ["Amblard ouvre une usine"],
            "",
            "Amblard ouvre une usine",
        ),
        (
            "<title>Amblard s'agrandit - La Gazette</title>",
            ["La Gazette", "Amblard s'agrandit à Firminy"],
            "",
            "Amblard s'agrandit à Firminy",
        ),
        ("<title>Une usine | La Gazette</title>", ["La Gazette"], "Une usine | La Gazette", "Une usine"),
        ('<meta property="og:site_name" content="Gazette">', [], "Une usine - Gazette", "Une usine"),
        ("<title>Une usine - Firminy</title>", ["Nos offres d'emploi"], "Une usine : Firminy", "Une usine"),
        ("", [], "Vente-éclair : l'usine", "Vente-éclair : l'usine"),
        (
            "<title>Amb\xadlard ouvre une usine</title>",
            ["Amb\xadlard   ouvre <em>une</em> usine"],
            "",
            "Amblard ouvre une usine",
        ),
    ],
)
def test_the_headline_is_what_readers_see_without_the_site(
    head: str, headlines: list[str], said: str, title: str
) -> None:
    body = "".join(f"<h1>{one}</h1>" for one in headlines) + "<p>x</p>"
    root = lxml.html.document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    assert headline(root, said) == title
