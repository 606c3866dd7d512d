"""Reading an issue of the BODACC as the DILA publishes it: XML, or an archive of it, to the records of the API.

The issues stand at https://echanges.dila.gouv.fr/OPENDATA/BODACC/ under the Licence Ouverte, one archive (`.taz`) a
day and part: PCL (insolvency), RCS-A (creations and sales), RCS-B (changes) and BILAN (accounts). Those of a past year
stand in one archive of archives. A page that links to them can be a source. The formats are those of the
DILA's schemas of each part.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from datetime import UTC
from io import BytesIO
from typing import Any

from lxml import etree

from crawlers.addresses import absolute
from crawlers.day_words import days_in
from crawlers.markup import xml_parser

_PARTS = {  # the root of each part's XML: the letter in its notices' numbers, and the family of its notices
    "PCL_REDIFF": ("A", "collective"),
    "RCS-A_IMMAT": ("A", "immatriculation"),
    "RCS_A_IMMAT": ("A", "immatriculation"),
    "RCS-B_REDIFF": ("B", "modification"),
    "RCS_B_REDIFF": ("B", "modification"),
    "Bilan_XML_Rediff": ("C", "dpc"),
}
_ISSUE = re.compile(rb"\b(?:PCL|RCS-[AB]|BILAN)_BX[ABC](\d{8})\.(?:taz|tar|tar\.gz|tgz|xml)\b")
_LINK = re.compile(rb"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_ARCHIVE = b"ustar"
_ARCHIVE_AT = 257  # where a tar archive has its name, by POSIX
_MOST_BYTES = 200 * 1024 * 1024  # of the files in an archive
_MOST_DEEP = 3  # archives in archives
_FORMER = ("precedentProprietairePM", "precedentExploitantPM")


class Broken(ValueError):
    """A body that begins like an issue or an archive of it and cannot be read; says why."""


def is_archive(body: bytes) -> bool:
    """Whether a body is a tar archive that is not packed."""
    return body[_ARCHIVE_AT : _ARCHIVE_AT + len(_ARCHIVE)] == _ARCHIVE


def looks_like_bulletin(body: bytes) -> bool:
    """Whether a body is an archive, or XML whose root is that of a part of the bulletin."""
    return is_archive(body) or any(f"<{root}".encode() in body[:4096] for root in _PARTS)


def named_by(body: bytes, *, url: str) -> list[str]:
    """The addresses of the issues that a page names, the newest first."""
    found: dict[str, bytes] = {}
    for link in _LINK.findall(body):
        if (issue := _ISSUE.search(link)) and (address := absolute(url, link.decode("ascii", "replace"))):
            found.setdefault(address, issue[1])
    return sorted(found, key=lambda address: (found[address], address), reverse=True)


def is_issue(address: str) -> bool:
    """Whether an address is that of an issue."""
    return bool(_ISSUE.search(address.encode()))


def names_issues(body: bytes) -> bool:
    """Whether a page has links to issues."""
    return any(_ISSUE.search(link) for link in _LINK.findall(body))


def records(body: bytes) -> list[dict[str, Any]]:
    """The notices of an issue or an archive, as the API gives them. Raises Broken."""
    if not is_archive(body):
        return list(_of_xml(body))
    return [record for issue in _members(body, _MOST_DEEP) for record in _of_xml(issue)]


def _members(body: bytes, deep: int, room: int = _MOST_BYTES) -> Iterator[bytes]:
    """The XML files of an archive, and of the archives in it; what is neither is passed over."""
    try:
        with tarfile.open(fileobj=BytesIO(body)) as archive:
            for member in archive:
                name = member.name.lower()
                if not member.isfile() or not name.endswith((".xml", ".taz", ".tar", ".tar.gz", ".tgz")):
                    continue
                room -= member.size
                if room < 0:
                    raise Broken(f"the archive holds more than {_MOST_BYTES // 1024**2} MB")
                file = archive.extractfile(member)
                inner = file.read() if file else b""
                if name.endswith(".xml"):
                    yield inner
                elif deep:
                    yield from _members(inner, deep - 1, room)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Broken(f"the archive cannot be read: {error}") from error


def _of_xml(body: bytes) -> Iterator[dict[str, Any]]:
    try:
        root = etree.fromstring(body, xml_parser())
    except etree.XMLSyntaxError as error:
        raise Broken(f"the issue is no XML: {error}") from error
    part = _PARTS.get(root.tag) if root is not None else None
    if root is None or part is None:
        return
    day = _day(root.findtext("dateParution"))
    for notice in root.iterfind("annonces/annonce" if part[1] == "collective" else "listeAvis/avis"):
        if record := _record(notice, part, _text(root, "parution"), day):
            yield record


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _text(element: etree._Element, path: str) -> str:
    return _plain(element.findtext(path))


def _day(text: str | None) -> str | None:
    """A day as ISO 8601, from itself, from `12/03/2026` or in French words; None when it is none of them."""
    day = next(days_in(_plain(text).replace("/", "-"), UTC), None)
    return day.date().isoformat() if day else None


def _record(notice: etree._Element, part: tuple[str, str], issue: str, day: str | None) -> dict[str, Any] | None:
    """A notice under the names of the API; None when it takes another one back, or has no number."""
    letter, family = part
    number = _text(notice, "numeroAnnonce")
    if not (number and issue) or notice.find("typeAnnonce/annulation") is not None:
        return None
    person = notice.find("personnes/personne")
    who = notice if person is None else person
    judgment, deposit, act = notice.find("jugement"), notice.find("depot"), notice.find("acte")
    kind = next((one for one in ("vente", "creation") if notice.find(f"acte/{one}") is not None), family)
    return {
        "id": f"{letter}{issue}{number}",
        "dateparution": day,
        "familleavis": "radiation" if notice.find("radiationAuRCS") is not None else kind,
        "numerodepartement": _text(notice, "numeroDepartement"),
        "tribunal": _text(notice, "tribunal"),
        "commercant": _name(who),
        "registre": _siren(who),
        "ville": next((_text(place, "ville") for place in who.iter("france", "adresse") if _text(place, "ville")), ""),
        "listeprecedentproprietaire": {"personne": [_person(one) for one in notice.iter(*_FORMER)]},
        "jugement": {} if judgment is None else _fields(judgment),
        "depot": {} if deposit is None else _fields(deposit),
        "modificationsgenerales": {"descriptif": _text(notice, "modificationsGenerales/descriptif")},
        "acte": {} if act is None else {"descriptif": _text(act, "*/descriptif")},
    }


def _fields(element: etree._Element) -> dict[str, str | None]:
    said: dict[str, str | None] = {str(child.tag): _plain(child.text) for child in element}
    return said | {name: _day(said[name]) for name in ("date", "dateCloture") if name in said}


def _name(who: etree._Element) -> str:
    """The name of a company, or else of the person who trades; the first of several."""
    for path in (".//denomination", ".//denominationEIRL", ".//nomCommercial"):
        if found := _text(who, path):
            return found
    return f"{_text(who, './/nom')} {_text(who, './/prenom')}".strip()


def _siren(who: etree._Element) -> str:
    return _text(who, ".//numeroIdentificationRCS") or _text(who, ".//numeroIdentification")


def _person(who: etree._Element) -> dict[str, Any]:
    return {"denomination": _name(who), "numeroImmatriculation": {"numeroIdentification": _siren(who)}}
