"""Addresses of articles, brought to the one form that identifies an article. Pure."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

_TRACKING = ("utm_", "at_medium", "at_campaign", "fbclid", "gclid", "mc_cid", "mc_eid", "xtor", "dclid", "msclkid")
_REDIRECTORS = {("google.com", "/url"): ("url", "q"), ("bing.com", "/news/apiclick.aspx"): ("url",)}
_LONGEST = 2000
_PORTS = {"http": 80, "https": 443}


def _behind_redirector(host: str, path: str, query: str) -> str | None:
    parameters = _REDIRECTORS.get((host.removeprefix("www."), path))
    if not parameters:
        return None
    values = parse_qs(query)
    return next((values[name][0] for name in parameters if name in values), "")


def canonical(address: str) -> str | None:
    """The article's address: http or https, no fragment, no tracking parameters, no redirector in front.

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
    target = _behind_redirector(host, parts.path, parts.query)
    if target is not None:
        return canonical(target)
    pairs = ((pair, pair.strip().lower()) for pair in parts.query.split("&"))
    kept = [pair for pair, plain in pairs if plain and not plain.startswith(_TRACKING)]
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, _PORTS[parts.scheme.lower()]):
        netloc += f":{port}"
    path = quote(parts.path or "/", safe="%/:=&?~#+!$,;'@()*[]|")
    return urlunsplit((parts.scheme.lower(), netloc, path, "&".join(kept).strip(), ""))
