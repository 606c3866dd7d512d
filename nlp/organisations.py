"""Names of companies that no register has, told by the words around them: a kind of company before, or a verb after."""

from __future__ import annotations

import re
from collections.abc import Iterator

from companies.evidence import BEFORE_COMPANY, DOES_BUSINESS
from companies.folding import fold_text, name_key
from companies.name_frequency import CommonWords, known_words
from companies.names import ARTICLES
from nlp.dates import CALENDAR

_WORD = r"(?:[A-ZÀ-Ý][\w’'&.-]*[\wà-ÿ]|[A-ZÀ-Ý]|\d+[A-Z]\w*)"
_NAME = re.compile(rf"{_WORD}(?:(?: (?:&|et|de|du|des|de la) | |-){_WORD}){{0,4}}")
_OPENING = re.compile(r"(?:^|[:.!?«»\"“”]\s*|\n)(?:(?:Le|La|Les|L['’]|The) ?)?$")
_CONTEXT = 60  # characters
_LEAST = 3  # letters


def _is_known_otherwise(name: str) -> bool:
    """Whether a name is that of a place, a person, a day, or begins with a word that texts often have."""
    key = name_key(name)
    words = key.split()
    marks = known_words().marks(key)
    if len(key) < _LEAST or known_words().is_place(key) or marks & (CommonWords.COMMON | CommonWords.PLACE):
        return True
    if words[0] in CALENDAR or words[0] in ARTICLES:
        return True
    if len(words) == 1:
        return bool(marks & (CommonWords.WORD | CommonWords.FIRST_NAME))
    return bool(known_words().marks(words[0]) & (CommonWords.FIRST_NAME | CommonWords.COMMON))


def unknown_companies(sentence: str) -> Iterator[tuple[int, int]]:
    """The offsets of names in a sentence that are likely of companies, whether or not a register has them."""
    for match in _NAME.finditer(sentence):
        name = match[0].removesuffix("'s").removesuffix("’s").rstrip(".'’")
        start, end = match.start(), match.start() + len(name)
        before = fold_text(sentence[max(0, start - _CONTEXT) : start])
        if BEFORE_COMPANY.search(before):
            if len(name_key(name)) >= _LEAST and not known_words().is_place(name_key(name)):
                yield start, end
        elif (
            _OPENING.search(sentence[max(0, start - 6) : start])
            and DOES_BUSINESS.match(fold_text(sentence[end : end + _CONTEXT]))
            and not _is_known_otherwise(name)
        ):
            yield start, end
