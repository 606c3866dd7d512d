"""The characters of what comes in: those that nobody sees are left out, and there is one kind of space. Pure.

For all text that is stored, compared or searched: what people type has none of them, so what has would not be found.
"""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u2060-\u2064\ufeff"  # soft hyphen, zero width, marks of direction
    "\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"  # but what joins two emoji to one
)
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")


def cleaned(text: str) -> str:
    """A text with composed letters (NFC), plain spaces and line breaks, and without what nobody sees."""
    if text.isascii() and text.isprintable():
        return text
    text = _SPACE.sub(" ", _BREAK.sub("\n", _UNSEEN.sub("", text)))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
