"""The daily summary to who looks after the sources: which of them there is something to tell of, in their language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage

from digests.headers import address, one_line, shortened
from digests.mail import envelope
from leads.wording import Words
from store.health import Problem, problems
from store.tables import Rep, Source

_MOST = 30  # sources that are named
_LONGEST = 300
_IS_READ = ("moved", "validators", "malformed", "page")
Troubled = tuple[Source, list[Problem]]


def said(problem: Problem, words: Words) -> str:
    """A problem of a source in a reader's language; what servers answered stays as it was noted."""
    _ = words.translations.gettext
    day = words.day(problem.since.date()) if problem.since else ""
    told = shortened(one_line(problem.words), _LONGEST)
    text = {
        "asleep": _("Gone, and not read any more since {day}: {words}"),
        "blocked": _("Blocked: {words}"),
        "empty": _("Nothing can be read in it: {words}"),
        "limited": _("Put off until tomorrow: its host was asked as often as a day allows"),
        "certificate": _(
            "No encrypted connection: the server's certificate is not valid. Open the address in a browser; if it warns"
            " there too, tell the publisher."
        ),
        "unknown_host": _("The name of its host is not known: see whether the address is still right."),
        "unreachable": _("The server refuses the connection. If it stays so, see whether the address is still right."),
        "slow": _("The server does not answer in time. It is tried again by itself."),
        "redirects": _("The address leads in a circle: give the address that a browser shows at the end."),
        "large": _("The answer is too large to be a list of articles: give the address of a feed."),
        "silent": _("Silent: nothing new since {day}"),
        "moved": _("Since {day} its address leads for good to {words}"),
        "validators": _(
            "It said that nothing had changed though it had, on {day}: it is asked for the whole each time"
        ),
        "malformed": _("Read as far as it goes: {words}"),
        "page": _("A page of it could not be read: {words}"),
    }.get(problem.kind, "{words}")
    text = text.format(day=day, words=told)
    if problem.times > 1:
        often = _("{times} times in a row").format(times=words.number(problem.times))
        text += f" ({often})"
    return text


def troubled(sources: Sequence[Source], now: datetime) -> list[Troubled]:
    """The sources of which there is something to tell, those that give nothing first."""
    found = [(source, problems(source, now)) for source in sources]
    return sorted((one for one in found if one[1]), key=lambda one: (one[1][0].kind in _IS_READ, one[0].name))


def message(
    rep: Rep, sources: Sequence[Source], now: datetime, words: Words, sender: Address, page: str
) -> EmailMessage:
    """The mail on all sources that are read; `page` is the address where they can be looked after."""
    _, count = words.translations.gettext, words.translations.ngettext
    told = troubled(sources, now)
    heading = count(
        "There is something to tell of {troubled} source of {sources}",
        "There is something to tell of {troubled} sources of {sources}",
        len(told),
    ).format(troubled=words.number(len(told)), sources=words.number(len(sources)))
    lines = [heading, ""]
    for source, wrong in told[:_MOST]:
        lines += [one_line(source.name), *(f"  {said(one, words)}" for one in wrong), f"  {source.url}", ""]
    if len(told) > _MOST:
        more = count("and {others} other source", "and {others} other sources", len(told) - _MOST)
        lines += [more.format(others=words.number(len(told) - _MOST)), ""]
    to, about = address(rep.email, rep.name), _("Vigie: {news}").format(news=heading)
    mail = envelope(sender, to, about, f"summary {rep.email} {now:%Y-%m-%d %H}", now)
    mail.set_content("\n".join([*lines, page, ""]), cte="quoted-printable")
    return mail
