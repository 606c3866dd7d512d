"""Why a name is thought to be a company's, in the reader's language."""

from __future__ import annotations

from signals.wording import SignalWords


def evidence(what: str, words: SignalWords) -> str:
    """A reason of the linker's (as `Signal.link_reasons` has it) in words."""
    _ = words.translations.gettext
    return {
        "ticker": _("its ticker in the text"),
        "domain": _("the name is its web domain"),
        "company words beside": _("words of companies beside the name"),
        "named as a place": _("named as a place"),
        "a capital that any word has there": _("a capital that any word has there"),
        "one of several before it": _("“a” or “an” before it"),
        "an article before it": _("an article before it"),
        "a product's number follows": _("a product's number follows"),
        "in quotation marks": _("in quotation marks"),
        "in the title": _("in the title"),
        "a place too": _("a place has that name too"),
        "common words": _("common words of the language"),
        "a first name too": _("a first name too"),
        "a word of many names": _("a word of many names"),
        "a person's name too": _("a person's name too"),
        "words of the language": _("words of the language"),
        "several words": _("a name of several words"),
        "one word in a text without capitals": _("one word in a text without capitals"),
        "part of a longer name": _("part of a longer name"),
        "part of a person's name": _("part of a person's name"),
        "its legal form beside": _("its legal form beside"),
        "another legal form beside": _("another legal form beside"),
        "SIREN in the text": _("its SIREN number in the text"),
        "web site in the text": _("its web site in the text"),
        "one of its people in the text": _("one of its people in the text"),
        "its city in the text": _("its city in the text"),
        "its department in the text": _("its department in the text"),
        "another department in the text": _("another department in the text"),
        "its activity in the text": _("its activity in the text"),
        "another activity in the text": _("another activity in the text"),
        "its size": _("its size"),
        "listed": _("it is listed"),
        "followed": _("somebody follows it"),
        "closed": _("it trades no more"),
        "in a list of companies": _("in a list of companies"),
        "another of its names in the text": _("another of its names in the text"),
        "another one's city in the text": _("another one's city in the text"),
        "another one's own name": _("it is the own name of another one"),
        "a party to the event": _("something happens to it that happens to companies"),
        "named more than once": _("named more than once"),
        "a person of that name in the text": _("a person of that name in the text"),
        "a name that the press knows": _("the press often writes of a company of that name"),
        "a small namesake": _("the press often writes of a large company of that name"),
        "before the name of a product": _("before the name of a product"),
        "a person said so": _("a user said so of this text"),
        "confirmed elsewhere": _("a user said so of another text"),
        "a name of many companies": _("a name of many companies"),
    }.get(what, what)
