"""An article that comes back under another address, as when a site is made anew, is a version of the one we have."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from nlp.duplicates import Fingerprint, nearest
from store import documents, text_prints
from store.base import utcnow
from store.sameness import resemblance
from store.tables import Document

_LIKELY, _SURE = 0.8, 0.9  # share of the runs of words: by the fingerprints, and by the texts themselves
_KEPT = timedelta(days=60)
_LOOKED_AT = 3  # texts that are compared word by word
_FIGURE = re.compile(r"\d+")


def fold_in(session: Session, batch: Sequence[Document]) -> list[Document]:
    """Let documents of a batch that are versions of an older one at their host go into that; returns those that stay.

    The older one takes the words of the newer, and is analysed again where these are others. A text with other figures
    is another article: what is published each week in the same words is news each time. So are those that came at
    once under several titles.
    """
    now = utcnow()
    fresh = [document for document in batch if document.state == "collected" and not document.notice]
    by_slot: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for known in text_prints.at_hosts(session, {document.host_slot for document in fresh}, now - _KEPT):
        by_slot[known.host_slot].append((known.document_id, known.signature))
    gone: set[int] = set()
    together = {document.id for document in fresh}
    for document in fresh:
        signature = Fingerprint(document.text).signature()
        if signature is None:
            continue
        older = _older(session, document, signature, by_slot[document.host_slot], together)
        if older is None:
            text_prints.add(session, document.id, document.host_slot, signature)
            by_slot[document.host_slot].append((document.id, signature))
        else:
            gone.add(document.id)
            documents.supersede(session, older, document, now)
    return [document for document in batch if document.id not in gone]


def _older(
    session: Session, document: Document, signature: bytes, others: Sequence[tuple[int, bytes]], together: set[int]
) -> Document | None:
    """The document that a newer one is a version of, if there is one; `together` are those that came with it."""
    for share, place in nearest(signature, [one for _, one in others], _LOOKED_AT):
        if share < _LIKELY:
            return None
        other = session.get(Document, others[place][0])
        if other is None or other.id == document.id:
            continue
        if other.id in together and other.title != document.title:
            continue
        same_figures = _FIGURE.findall(other.text) == _FIGURE.findall(document.text)
        if same_figures and resemblance(other.text, document.text) >= _SURE:
            return other
    return None


def forget_old(session: Session) -> None:
    """Forget the texts that were found too long ago to be looked at."""
    text_prints.forget(session, utcnow() - _KEPT)
