"""The states of sources and mails, in the reader's language."""

from __future__ import annotations

from signals.localization import Format
from store.tables import Source


def health(source: Source, words: Format) -> str:
    """When a source was last read, and whether it could be."""
    _ = words.translations.gettext
    if not source.active:
        return _("is read no more")
    if source.fetched_at is None:
        return _("could not be read yet") if source.error else _("not read yet")
    said = words.age(source.fetched_at)
    return _("{when}, then failing").format(when=said) if source.error else said


def mail_state(state: str, words: Format) -> str:
    """What became of a mail."""
    _ = words.translations.gettext
    return {
        "waiting": _("waits to be sent"),
        "sending": _("is being sent"),
        "sent": _("sent"),
        "refused": _("refused by the mail server"),
        "failed": _("given up"),
    }.get(state, state)
