"""A digest as a mail: text and HTML, in the rep's language."""

from __future__ import annotations

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from digests.digest import Digest
from digests.headers import address, one_line, shortened
from digests.links import Links
from digests.morning import LINES, part_names
from leads.wording import Words
from watch.selection import Part

_SUBJECT_COMPANY = 60
_SILENT = 8  # names
_POLICY = SMTP.clone(max_line_length=76)  # so that no encoded word passes the 75 characters of RFC 2047


def _web(url: str) -> str:
    """The address when it is one of the web; anything else that a feed may hold becomes no link."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


@lru_cache(maxsize=4)
def templates_of(room: str) -> Environment:
    """The templates of a room: HTML is escaped, a value that is missing is an error."""
    made = Environment(
        loader=PackageLoader(room),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"web": _web, "shortened": shortened}
    return made


def subject(digest: Digest, words: Words) -> str:
    """One line: how many news at whom."""
    _, count = words.translations.gettext, words.translations.ngettext
    if not digest.sections:
        return _("Vigie: nothing new on {day}").format(day=words.day(digest.day))
    first = shortened(one_line(digest.sections[0].company.name), _SUBJECT_COMPANY)
    others = len(digest.sections) - 1
    said = count("{news} news item at {company}", "{news} news items at {company}", digest.news)
    if others:
        said += " " + count("and {others} other company", "and {others} other companies", others)
    return _("Vigie: {news}").format(news=said.format(news=digest.news, company=first, others=others))


def _heading(digest: Digest, words: Words) -> str:
    _, count = words.translations.gettext, words.translations.ngettext
    if not digest.news:
        return _("Nothing new")
    companies = len(digest.sections)
    news = count("{news} news item", "{news} news items", digest.news)
    where = count("at {companies} company", "at {companies} companies", companies)
    return f"{news} {where}".format(news=digest.news, companies=companies)


def _nothing(digest: Digest, words: Words) -> str:
    _, count = words.translations.gettext, words.translations.ngettext
    if not digest.coverage.watched:
        return _("You follow no company yet: ask your administrator to fill your watchlist.")
    said = count(
        "Nothing new was published about the company you follow.",
        "Nothing new was published about the {watched} companies you follow.",
        digest.coverage.watched,
    )
    return said.format(watched=digest.coverage.watched)


def _missed(digest: Digest, words: Words) -> str:
    since = digest.coverage.missed_since
    if since is None:
        return ""
    said = words.translations.gettext("No digest has left since {day}: this one tells what was published since then.")
    return said.format(day=words.day(since))


def _titles(words: Words) -> dict[Part, str]:
    _ = words.translations.gettext
    return {"hot": _("Hot leads"), "watched": _("On your lists"), "potential": _("Potential leads")}


def _others(digest: Digest, words: Words) -> str:
    number = len(digest.sections) - LINES
    said = words.translations.ngettext("and {others} other company below", "and {others} other companies below", number)
    return said.format(others=words.number(number))


def _footer(digest: Digest, words: Words) -> list[str]:
    _, count = words.translations.gettext, words.translations.ngettext
    read, failing = digest.coverage, digest.coverage.failing
    lines = []
    articles = count("{articles} article read", "{articles} articles read", read.articles)
    sources = count("from {sources} source", "from {sources} sources", read.sources)
    said = _("{articles} {sources} since your last digest.").format(articles=articles, sources=sources)
    lines.append(said.format(articles=read.articles, sources=read.sources))
    if failing:
        said = count("{failing} source could not be read.", "{failing} sources could not be read.", failing)
        lines.append(said.format(failing=failing))
    if read.silent:
        names = ", ".join(map(one_line, read.silent[:_SILENT]))
        others = len(read.silent) - _SILENT
        if others > 0:
            names += count(" and {others} other", " and {others} others", others).format(others=others)
        lines.append(_("No source has named in 30 days: {names}.").format(names=names))
    lines.append(_("Only dated news is told here; each sentence stands in the article it links to."))
    return lines


def _held(digest: Digest, words: Words) -> str:
    """How much the mail has no room for; empty when it has."""
    count = words.translations.ngettext
    said = count(
        "{more} more news item is held back: see it", "{more} more news items are held back: see them", digest.more
    )
    return said.format(more=words.number(digest.more)) if digest.more else ""


def parts(digest: Digest, words: Words, links: Links) -> tuple[str, str]:
    """The digest as text and as HTML with its styles inlined, as mail programs need them."""
    shared = {
        "digest": digest,
        "titles": _titles(words),
        "names": part_names(words),
        "lines": LINES,
        "others": _others(digest, words),
        "said_volume": words.volume_of,
        "language": words.language,
        "day": words.day(digest.day),
        "subject": subject(digest, words),
        "heading": _heading(digest, words),
        "nothing": _nothing(digest, words),
        "missed": _missed(digest, words),
        "held": _held(digest, words),
        "held_at": links.held,
        "footer": _footer(digest, words),
        "feedback": lambda item: links.feedback(digest.rep.id, item.signal_id),
        "take": lambda section: links.take(digest.rep.id, section.items[0].signal_id),
        "unsubscribe": links.unsubscribe(digest.rep.id),
        "_": words.translations.gettext,
    }
    text = templates_of("digests").get_template("digest.txt.j2").render(shared)
    html = templates_of("digests").get_template("digest.html.j2").render(shared)
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    return text, inliner.inline(html)


def envelope(sender: Address, to: Address, about: str, key: str, now: datetime) -> EmailMessage:
    """A mail with its headers and no content; its Message-ID is the same for the same key."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"], mail["To"], mail["Subject"] = sender, to, about
    mail["Date"] = format_datetime(now.astimezone(UTC))
    mail["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{sender.domain or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def message(digest: Digest, words: Words, sender: Address, links: Links, now: datetime) -> EmailMessage:
    """The mail to the digest's rep. Its Message-ID is the same whenever the same signals are told the same day."""
    text, html = parts(digest, words, links)
    told = ",".join(str(signal.id) for signal in digest.signals)
    to = address(digest.rep.email, digest.rep.name)
    mail = envelope(sender, to, subject(digest, words), f"{digest.rep.email} {digest.day} {told}", now)
    mail["List-Unsubscribe"] = f"<{links.unsubscribe(digest.rep.id)}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail


def trial(sender: Address, to: str, words: Words, now: datetime) -> bytes:
    """A mail that says that mails arrive."""
    _ = words.translations.gettext
    mail = envelope(sender, address(to), _("Vigie: mails arrive"), f"{to} {now}", now)
    mail.set_content(_("This mail was sent to see whether mails of Vigie arrive. They do."), cte="quoted-printable")
    return mail.as_bytes()
