"""How far the imports of files are."""

from __future__ import annotations

from sqlalchemy.orm import Session

from store.tables import Import


def line_of(session: Session, file: str) -> int:
    """The line up to which an import that was cut off got; 0 when none was."""
    begun = session.get(Import, file)
    return begun.line if begun else 0


def advance(session: Session, file: str, line: int) -> None:
    """Everything up to a line is in, with the transaction that says so."""
    begun = session.get(Import, file)
    if begun:
        begun.line = line
    else:
        session.add(Import(file=file, line=line))


def finish(session: Session, file: str) -> None:
    """The whole file is in: next time it is read from its beginning."""
    begun = session.get(Import, file)
    if begun:
        session.delete(begun)
