"""From what reps search for and sell to what the index is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from companies.criteria import TREES, plain_code
from companies.folding import name_key
from index.query import SearchIndex
from index.signals import Asked, SignalQuery
from leads.conditions import Condition
from leads.keywords import KeywordFilter
from leads.offers import Offer
from signals.types import Taxonomy
from watch.searches import Search
from watch.watchlists import Content


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=max(1, day.year - years))
    except ValueError:  # the 29th of February
        return day.replace(year=max(1, day.year - years), day=28)


def asked(condition: Condition, today: date) -> Asked:
    """A condition as the index is asked; an age is asked as days of creation."""
    if condition.criterion == "age":
        # Of age n are those created more than n + 1 years ago at the earliest, n years ago at the latest.
        low = None if condition.max is None else _years_before(today, int(condition.max) + 1).toordinal() + 1
        high = None if condition.min is None else _years_before(today, -int(-condition.min // 1)).toordinal()
        if not condition.unknown and high is None:
            high = today.toordinal()
        return Asked("created_on", low=low, high=high, unknown=condition.unknown)
    values = frozenset(map(plain_code, condition.values)) if condition.criterion in TREES else condition.values
    return Asked(condition.criterion, frozenset(values), condition.min, condition.max, condition.unknown)


def query_of(search: Search, today: date) -> SignalQuery:
    """A search as every back-end answers it; the impact is not in the index."""
    since = [day for day in (search.since, today - timedelta(days=search.days - 1) if search.days else None) if day]
    return SignalQuery(
        text=search.text,
        families=frozenset(search.families),
        types=frozenset(search.types),
        criteria=tuple(asked(one, today) for one in search.criteria),
        places=frozenset(search.territory),
        since=max(since, default=None),
        until=search.until,
        least_confidence=search.confidence,
    )


def queries_of(content: Content, today: date) -> list[SignalQuery]:
    """What a watchlist asks of signals on companies that need not be on it; any of the queries will do."""
    found = [SignalQuery(text=_typed(word)) for word in content.keywords]
    if content.people:
        found.append(SignalQuery(people=frozenset(content.people)))
    if content.search:
        found.append(query_of(content.search, today))
    return found


def _typed(word: str) -> str:
    """A keyword as a search has it: `robot*` is a beginning, several words stand in a row."""
    plain = word.replace('"', " ").strip()
    return plain if plain.endswith("*") and " " not in plain else f'"{plain.rstrip("*")}"'


def keyword_filter(index: SearchIndex, offer: Offer, taxonomy: Taxonomy, since: date) -> KeywordFilter | None:
    """The signals whose articles may have a word of an offer, of those that may count; None when it has no words.

    They are of its territory, of a type that it weighs, and published since then or undated.
    """
    if not offer.keywords:
        return None
    weighed = (name for name in taxonomy.types if offer.factor(taxonomy.family_of(name).family, name))
    all_of = SignalQuery(types=frozenset(weighed), places=frozenset(offer.territory), since=since, undated=True)

    def having(words: Sequence[str]) -> set[int]:
        if not all_of.types:
            return set()
        return {one.signal for word in words for one in index.find(replace(all_of, text=_loosely(word)))}

    wanted = having(offer.keywords.include) if offer.keywords.include else None
    return KeywordFilter(wanted, having(offer.keywords.exclude))


def _loosely(word: str) -> str:
    """A search that finds whatever has a keyword, and more: its words anywhere, without those that may stand apart.

    An `&` is an `et` to keywords, and none to the index; nor are the letters of elisions.
    """
    words = name_key(word).split()
    if word.endswith("*"):
        words[-1] += "*"
    words = [one for one in words if one != "et"] or words
    return " ".join([one for one in words if len(one) > 1] or words)
