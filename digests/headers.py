"""What may stand in the headers of a mail."""

from __future__ import annotations

import re
import unicodedata
from email.headerregistry import Address

from store.errors import Invalid

_ADDRESS = re.compile(r"[^@\s<>,;\"()\[\]\\]+@[^@\s<>,;\"()\[\]\\]+")


def address(email: str, name: str = "") -> Address:
    """A mail address. Raises `Invalid` when it is none, so that nothing else gets into a header."""
    if not _ADDRESS.fullmatch(email) or not email.isascii():
        raise Invalid(f"{email!r} is not a mail address of the form name@host in ASCII letters")
    return Address(one_line(name), addr_spec=email)


def one_line(text: str) -> str:
    """Text for a header: no line break or control character, no doubled blank."""
    return " ".join("".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text).split())


def shortened(text: str, length: int) -> str:
    """The text, cut between characters with an ellipsis when it is longer; a letter keeps its accents."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    while text[len(cut)] == "\u200d" or unicodedata.category(text[len(cut)]) in ("Mn", "Me") or cut.endswith("\u200d"):
        cut = cut[:-1]
    return cut.rstrip() + "…"
