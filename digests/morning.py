"""Why to call a company, so short that a table of the morning has room for it."""

from __future__ import annotations

from collections.abc import Sequence

from digests.items import Item
from leads.wording import Words
from watch.selection import Part

LINES = 10
"""Companies of the table; the others stand below it only."""
_WORDS = 12


def part_names(words: Words) -> dict[Part, str]:
    """What a company of each part of a mail is called."""
    _ = words.translations.gettext
    return {"hot": _("hot"), "watched": _("on a list"), "potential": _("potential")}


def why(items: Sequence[Item], words: Words) -> str:
    """What happened at a company in twelve words at most, what weighs most first."""
    said = words.translations.gettext("{event}: {detail}")
    told: list[str] = []
    for item in items:
        first = said.format(event=item.labels[0], detail=item.detail) if item.detail else item.labels[0]
        for text in (first, *item.labels[1:]):
            if text not in told and len(" ".join((*told, text)).split()) <= _WORDS:
                told.append(text)
    return " · ".join(told) or " ".join(items[0].labels[0].split()[:_WORDS])
