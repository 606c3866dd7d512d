"""From bytes to text, as browsers do: what bytes are counts more than what a label says that they are. Pure."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

import ftfy
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

_XML_LABEL = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
_HEAD = 16_384  # bytes in which a page says its own encoding
_WESTERN = {"cp1252", "utf-8", "ascii"}  # the labels that bytes wear unasked
_TWICE = re.compile(r"[ÃÂ][\x80-\xbf‚-›€]|â€|Ã[ -]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _western(error: UnicodeError) -> tuple[str, int]:
    """The bytes that are no UTF-8, as windows-1252; the five that this has no letter for are left out."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "ignore"), error.end


codecs.register_error("western", _western)


def _labels(body: bytes, content_type: str) -> list[str]:
    """What the document itself and then the header say that the encoding is, as Python's names."""
    head = body[:_HEAD]
    own = _XML_LABEL.match(head.lstrip()) or _XML_LABEL.search(head[:300])
    said = [own[1].decode("ascii") if own else None, html_body_declared_encoding(head)]
    named = [resolve_encoding(label) for label in (*said, http_content_type_encoding(content_type)) if label]
    return [name for name in named if name]


def to_text(body: bytes, content_type: str) -> str:
    """The text of a page or a feed.

    A byte-order mark counts first, then whether it is UTF-8; else the first label, in the document and then in the
    header, that is of another family of letters than those of the West. What is left is UTF-8 with single bytes of
    windows-1252, or windows-1252 throughout. Control characters are left out.
    """
    mark, length = read_bom(body)
    if mark and length:
        text = body[len(length) :].decode(mark, "replace")
    else:
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            labels = [name for name in _labels(body, content_type) if name not in _WESTERN]
            text = body.decode(labels[0], "replace") if labels else body.decode("utf-8", "western")
    return _CONTROLS.sub("", text)


def from_json(text: str | bytes) -> Any:
    """What JSON says, without halves of characters (lone surrogates, RFC 8259, 8.2), which are no text.

    Raises ValueError and RecursionError.
    """
    value = json.loads(text, strict=False)
    written = json.dumps(value, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.loads(written.encode("utf-8", "ignore"))
    return value


def mended(text: str) -> str:
    """A text that was once taken for windows-1252 though it was UTF-8 (`usine dâ€™Ã©tÃ©`), as it was written."""
    return ftfy.fix_encoding(text) if _TWICE.search(text) else text
