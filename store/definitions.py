"""What the words of leads mean in this house, as managers wrote it; each change is kept."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.tables import Definition


def current(session: Session) -> dict[str, Definition]:
    """What was written last of each term; an empty text: as it is everywhere."""
    last = select(func.max(Definition.id)).group_by(Definition.term)
    query = select(Definition).where(Definition.id.in_(last))
    return {one.term: one for one in session.scalars(query.order_by(Definition.term))}


def write(session: Session, term: str, text: str, author: str) -> bool:
    """Say what a term means from now on. Whether that is new."""
    there = current(session).get(term)
    if (there.text if there else "") == text:
        return False
    session.add(Definition(term=term, text=text, author=author))
    session.flush()
    return True
