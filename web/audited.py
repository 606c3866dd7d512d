"""What the audit trail says that somebody did, in the reader's language."""

from __future__ import annotations

from leads.wording import Words


def did(action: str, words: Words) -> str:
    """An action of the audit trail in words; as it is kept where there are none."""
    _ = words.translations.gettext
    return {
        "sign_in": _("signed in"),
        "lock": _("was locked out"),
        "password": _("set a password"),
        "start": _("began the installation"),
        "user": _("changed a user"),
        "invite": _("invited a user"),
        "role": _("changed a role"),
        "reset": _("reset a password"),
        "disable": _("disabled a user"),
        "enable": _("enabled a user"),
        "contacts": _("took contacts in"),
        "erase": _("erased a person"),
        "contact": _("wrote down a contact"),
        "contact drop": _("took a contact out"),
        "watch": _("watched a company"),
        "unwatch": _("watched a company no more"),
        "mute": _("muted a company"),
        "unmute": _("let a company tell again"),
        "not this company": _("corrected a company"),
        "definition": _("said what a word means"),
        "threshold": _("set from when on a type is told"),
        "verdict": _("judged a signal"),
        "whom a name stands for": _("said whom a name stands for"),
        "lead": _("worked on a lead"),
        "profile": _("said how somebody sells"),
        "away": _("said when they are away"),
        "list": _("changed a list"),
        "list add": _("put companies on a list"),
        "list drop": _("took a company off a list"),
        "list quiet": _("made a list quiet"),
        "list remove": _("removed a list"),
        "digest": _("changed the digest"),
        "release": _("released a signal"),
        "offer": _("changed an offer"),
        "source": _("added a source"),
        "source drop": _("dropped a source"),
        "read": _("read a source"),
        "retry": _("let something be tried again"),
        "mail test": _("tried the mails"),
        "import": _("imported companies"),
        "token": _("made a token"),
        "token remove": _("removed a token"),
    }.get(action, action)
