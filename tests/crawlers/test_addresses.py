from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from crawlers.addresses import canonical

ARTICLE = "https://www.gazette.example/eco/usine?id=5"


def google_news(address: str, more: bytes = b"") -> str:
    length = len(address)
    size = bytes([length]) if length < 0x80 else bytes([length & 0x7F | 0x80, length >> 7])
    packed = b"\x08\x13\x22" + size + address.encode() + more
    return "https://news.google.com/rss/articles/" + base64.urlsafe_b64encode(packed).decode().rstrip("=") + "?oc=5"


@pytest.mark.parametrize(
    ("address", "article"),
    [
        (ARTICLE + "&utm_source=x&UTM_medium=y&fbclid=z&xtor=RSS-1&_ga=1.2", ARTICLE),
        (ARTICLE + "&ref=une&cmpid2=5", ARTICLE + "&ref=une&cmpid2=5"),
        ("https://www.google.com/amp/s/www.gazette.example/eco/usine?id=5", ARTICLE),
        ("https://www-gazette-example.cdn.ampproject.org/c/s/www.gazette.example/eco/usine?id=5", ARTICLE),
        ("https://cdn.ampproject.org/v/s/www.gazette.example/eco/usine?id=5", ARTICLE),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.gazette.example%2Feco%2Fusine%3Fid%3D5&h=AT0", ARTICLE),
        ("https://eur01.safelinks.protection.outlook.com/?data=x&url=" + quote(ARTICLE, safe=""), ARTICLE),
        ("https://r.search.yahoo.com/_ylt=A/RV=2/RU=" + quote(ARTICLE, safe="") + "/RK=2/RS=x-", ARTICLE),
        ("https://out.reddit.com/?token=A&url=" + quote(ARTICLE, safe=""), ARTICLE),
        (google_news(ARTICLE), ARTICLE),
        (google_news(ARTICLE, b"\xd2\x01\x05https"), ARTICLE),
        (google_news(ARTICLE + "&a=" + "b" * 150), ARTICLE + "&a=" + "b" * 150),
        ("https://www.google.com/url?url=file:///etc/hostname", None),
        ("https://www.google.com/url?rct=j", None),
    ],
)
def test_the_article_is_found_behind_trackers_caches_and_redirectors(address: str, article: str | None) -> None:
    assert canonical(address) == article


def test_an_address_of_google_news_that_does_not_hold_the_article_stays() -> None:
    closed = "https://news.google.com/rss/articles/CBMiAU_yqLMfXQ0aG9yZSBwYXMgZGUgY2libGU"
    assert canonical(closed + "?oc=5") == closed + "?oc=5"
    assert canonical("https://news.google.com/rss/search?q=usine") == "https://news.google.com/rss/search?q=usine"
