"""Addresses of articles, brought to the one form that identifies an article. Pure."""

from __future__ import annotations

import base64
import re
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit, urlunsplit

_TRACKING = ("utm_", "at_medium", "at_campaign", "at_custom", "xtor", "_hs", "ns_", "wt_mc", "wt_zmc", "pk_", "mtm_")
_TRACKING_NAMES = frozenset(
    [
        "fbclid",
        "gclid",
        "gbraid",
        "wbraid",
        "dclid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_ga",
        "_gl",
        "cmpid",
        "s_cid",
        "ncid",
        "cmp",
        "hsctatracking",
        "sref",
        "trk",
        "spm",
        "ito",
        "xtref",
        "smid",
        "smtyp",
        "ocid",
        "icid",
        "ref_src",
        "ref_url",
        "__twitter_impression",
        "guccounter",
    ]
)
_REDIRECTORS = {
    ("google.com", "/url"): ("url", "q"),
    ("bing.com", "/news/apiclick.aspx"): ("url",),
    ("l.facebook.com", "/l.php"): ("u",),
    ("lm.facebook.com", "/l.php"): ("u",),
    ("linkedin.com", "/redir/redirect"): ("url",),
    ("vk.com", "/away.php"): ("to",),
    ("out.reddit.com", "/"): ("url",),
    ("youtube.com", "/redirect"): ("q",),
    ("slack-redir.net", "/link"): ("url",),
}
_AMP_CACHE = re.compile(r"^/[a-z]+/(s/)?(?=[\w-]+(?:\.[\w-]+)+(?:/|$))")
_GOOGLE_NEWS = re.compile(r"/(?:articles|read)/([\w-]{20,})=*$")
_SAFE_LINKS = ".safelinks.protection.outlook.com"
_YAHOO = re.compile(r"/RU=([^/]+)")
_PRINTED = re.compile(rb"[\x21-\x7e]+")
_LONGEST = 2000
_SAFE = "%/:=&?~#+!$,;'@()*[]|"  # what stands in addresses as it is
_NO_PART = re.compile(  # where readers came from, or what is on every page
    r"(?:rss|feed|atom|xml|top|haut|main|content|contenu|lire|more|comment\w*|commentaires?|respond|disqus_thread)"
    r"(?:-\d+)?$|:~:|(?:ref|source|src|origin|from|via|echobox)=",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}


def _behind_redirector(host: str, path: str, query: str) -> str | None:
    """The address that a redirector's own holds: empty when it should hold one, None when it is no redirector."""
    if f".{host}".endswith(".cdn.ampproject.org") or (host == "google.com" and path.startswith("/amp/")):
        found = _AMP_CACHE.match(path)
        scheme = "https" if found and found[1] else "http"
        return None if found is None else f"{scheme}://{path[found.end() :]}" + (f"?{query}" if query else "")
    if host == "news.google.com":
        return _in_google_news(path)
    if host == "r.search.yahoo.com":
        found = _YAHOO.search(path)
        return unquote(found[1]) if found else None
    parameters = ("url",) if host.endswith(_SAFE_LINKS) else _REDIRECTORS.get((host, path))
    if not parameters:
        return None
    values = parse_qs(query)
    return next((values[name][0] for name in parameters if name in values), "")


def _in_google_news(path: str) -> str | None:
    """The article's address where that of Google News holds it: a protocol buffer whose fourth field it is."""
    found = _GOOGLE_NEWS.search(path)
    if found is None:
        return None
    try:
        packed = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except ValueError:
        return None
    at = packed.find(b"\x22")
    if at < 0 or len(packed) < at + 3:
        return None
    length, start = packed[at + 1], at + 2
    if length >= 0x80:  # a number of two bytes, the lower seven bits first
        length, start = (length & 0x7F) | packed[at + 2] << 7, at + 3
    address = _PRINTED.match(packed[start : start + length])
    return address[0].decode() if address and address[0].startswith((b"https://", b"http://")) else None


def _is_tracking(pair: str) -> bool:
    name = pair.strip().lower()
    return name.startswith(_TRACKING) or name.partition("=")[0] in _TRACKING_NAMES


def canonical(address: str) -> str | None:
    """The article's address: http or https, no fragment, no tracking parameters, no redirector or AMP cache in front.

    The order and spelling of the other parameters stay as given. None when it is not a fetchable web address.
    """
    address = "".join(address.split()) if "\n" in address else address.strip()
    if len(address) > _LONGEST:
        return None
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _PORTS or not host or " " in host or parts.username is not None:
        return None
    target = _behind_redirector(host.removeprefix("www."), parts.path, parts.query)
    if target is not None:
        return canonical(target)
    kept = [pair for pair in parts.query.split("&") if pair.strip() and not _is_tracking(pair)]
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, _PORTS[parts.scheme.lower()]):
        netloc += f":{port}"
    path = quote(parts.path or "/", safe=_SAFE)
    return urlunsplit((parts.scheme.lower(), netloc, path, "&".join(kept).strip(), ""))


def typed(address: str) -> str | None:
    """The canonical form of an address that a person typed, with https in front where they left it out."""
    return canonical(address if "://" in address else f"https://{address}")


def absolute(base: str, address: str | None) -> str | None:
    """The canonical form of an address that stands on a page or in a feed at `base`; None when it is none.

    Where it begins with a host and the scheme is forgotten, it is one of the web.
    """
    try:
        address = (address or "").strip()
        if address.startswith(("www.", f"{urlsplit(base).hostname}/")):
            address = f"//{address}"
        return canonical(urljoin(base, address)) if address else None
    except ValueError:
        return None


def absolute_part(base: str, address: str | None) -> str | None:
    """As `absolute`, with the fragment where it may name an article that is a part of the page."""
    found = absolute(base, address)
    fragment = (address or "").strip().partition("#")[2]
    if found is None or not fragment or _NO_PART.match(fragment) or all(map(_is_tracking, fragment.split("&"))):
        return found
    return f"{found}#{quote(fragment, safe=_SAFE)}"


def is_front_page(address: str) -> bool:
    """Whether an address is that of a site's front page."""
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query
