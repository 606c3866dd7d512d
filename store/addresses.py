"""Which addresses are one: what stands at them differs in form only, for a telephone or a browser. Pure."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

_FORMS = ("www.", "m.", "mobile.", "amp.", "www.m.", "m.www.", "amp.www.")  # of a host
_ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
_AMP_PATH = re.compile(r"^/amp(?=/.)|/amp(?=/?$)|\.amp(?=(?:\.html?)?$)", re.IGNORECASE)
_AMP_QUERY = re.compile(r"^(?:amp(?:=(?:1|true)?)?|outputtype=amp|mode=amp|_format=amp)$", re.IGNORECASE)
_SESSION_PATH = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_NO_ARTICLE = re.compile(  # parameters that say where a reader came from, or which reader it is
    r"^(?:(?:ref|source|src|origine?|from|via|partner)=(?:rss|feed|flux(?:-?rss)?|atom|twitter|facebook|linkedin|"
    r"e?mail|newsletter|whatsapp|google-?news|app)|(?:phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken)=.*)$",
    re.IGNORECASE,
)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PORTS = {"http": 80, "https": 443}


def _host(name: str) -> str:
    """A host without the part that names the form in which it is shown."""
    for form in sorted(_FORMS, key=len, reverse=True):
        if name.startswith(form) and "." in name[len(form) :]:
            return name[len(form) :]
    return name


def _unescaped(found: re.Match[str]) -> str:
    """An escape as RFC 3986, 6.2.2 writes it: none of a sign that needs none, else in capitals."""
    sign = chr(int(found[0][1:], 16))
    return sign if sign in _UNRESERVED else found[0].upper()


def _ascii(host: str) -> str:
    """A host as the name service knows it (RFC 5891)."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def identity(url: str) -> str:
    """What addresses of one article have in common: no scheme, no `www.`, no form for telephones, sorted parameters.

    Where a reader came from, and the number of a reader's session, are no part of it. A fragment is: it stands only in
    addresses of articles that are parts of one page (`crawlers.parts`). Raises ValueError for what is no address.
    """
    parts = urlsplit(url)
    host = _host(_ascii((parts.hostname or "").lower().rstrip(".")))
    if parts.port not in (None, _PORTS.get(parts.scheme.lower())):
        host += f":{parts.port}"
    path = _ESCAPED.sub(_unescaped, _SESSION_PATH.sub("", parts.path))
    path = _AMP_PATH.sub("", path).rstrip("/")
    given = (_ESCAPED.sub(_unescaped, pair) for pair in parts.query.split("&"))
    pairs = sorted(pair for pair in given if pair and not (_AMP_QUERY.match(pair) or _NO_ARTICLE.match(pair)))
    return f"{host}{path}" + (f"?{'&'.join(pairs)}" if pairs else "") + (f"#{parts.fragment}" if parts.fragment else "")


def number(url: str) -> int:
    """The number of an address, of 64 bits, the same for all that are one by `identity`.

    Two of a million articles share one with a chance of 1 in 37 million.
    """
    try:
        name = identity(url)
    except ValueError:
        name = url
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
