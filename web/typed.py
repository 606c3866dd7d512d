"""What people type into forms: days and amounts, in their language."""

from __future__ import annotations

from datetime import date

from companies.values import figure
from leads.wording import Words
from store.errors import Invalid


def euros(typed: str, words: Words) -> float | None:
    """An amount as it was typed. Raises `Invalid`."""
    try:
        return figure(typed.replace("." if words.language == "fr" else ",", ""))
    except ValueError:
        said = words.translations.gettext("“{typed}” is no number of euros.")
        raise Invalid(said.format(typed=typed)) from None


def day(typed: str, words: Words) -> date | None:
    """A day as a browser sends it; nothing is none. Raises `Invalid`."""
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid(words.translations.gettext("“{typed}” is no day.").format(typed=typed)) from None
