from __future__ import annotations

import lxml.html
import pytest

from crawlers.access import access_of, forbids_copies, token


@pytest.mark.parametrize(
    ("values", "forbids"),
    [
        ((), False),
        (("noarchive",), True),
        (("noindex, NoArchive",), True),
        (("nocache",), True),
        (("nosnippet, nofollow",), False),
        (("otherbot: noarchive",), False),
        (("otherbot: noindex", "noarchive"), True),
        (("vigie: noarchive",), True),
        (("Vigie: nofollow, noarchive",), True),
        (("noindex, unavailable_after: 25 Jun 2027 15:00:00 GMT, noarchive",), True),
        (("max-snippet: 20, noarchive",), True),
        (("unavailable_after: 25 Jun 2027 15:00:00 GMT",), False),
    ],
)
def test_no_copy_is_kept_where_a_header_asks_for_none(values: tuple[str, ...], forbids: bool) -> None:
    assert forbids_copies(values, "vigie") is forbids


@pytest.mark.parametrize(
    ("head", "access"),
    [
        ("", "open"),
        ('<meta name="robots" content="max-image-preview:large">', "open"),
        ('<meta name="robots" content="index, noarchive">', "no_archive"),
        ('<meta name="VIGIE" content="noarchive">', "no_archive"),
        ('<meta name="googlebot" content="noarchive">', "open"),
        ('<meta property="article:content_tier" content="locked">', "paywalled"),
        ('<meta property="article:content_tier" content="free">', "open"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>',
            "paywalled",
        ),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>',
            "paywalled",
        ),
        ('<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":true}</script>', "open"),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"x"},{"@type":["Article"],'
            '"isAccessibleForFree":"http://schema.org/False"}]}</script>',
            "paywalled",
        ),
    ],
)
def test_a_page_says_itself_what_may_be_kept_of_it(head: str, access: str) -> None:
    page = lxml.html.document_fromstring(f"<html><head>{head}</head><body><p>Un texte.</p></body></html>")
    assert access_of(page, "vigie") == access


@pytest.mark.parametrize(
    ("user_agent", "name"), [("Vigie/0.1 (self-hosted news reader)", "vigie"), ("Lecteur de presse", "lecteur")]
)
def test_a_robot_is_named_by_its_product(user_agent: str, name: str) -> None:
    assert token(user_agent) == name
