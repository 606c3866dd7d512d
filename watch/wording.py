"""Why something is not told, in the reader's language."""

from __future__ import annotations

from signals.localization import Format
from watch.watchlists import Reason


def why_held(reason: Reason, words: Format) -> str:
    """Why something is held back."""
    _ = words.translations.gettext
    return {
        "mute": _("the list is muted"),
        "company_mute": _("the company is muted"),
        "snooze": _("the list is snoozed"),
        "confidence": _("less sure than the list asks for"),
        "impact": _("smaller than the list asks for"),
        "unsure": _("not sure enough that it happened"),
        "rumour": _("a rumour"),
        "company": _("not sure that it is this company"),
        "quota": _("the mail was full"),
    }[reason]
