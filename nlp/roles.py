"""Who does what in an event: its subject, the two sides of a deal, and who is only named in passing.

Roles are those of the labelling guide: subject, acquirer, target, seller, investor, partner, merger_party, customer,
supplier. A company named as a source, adviser, client or rival of the one it happens to has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from companies.folding import fold_text
from companies.linker import Mention
from nlp.events import Event

_CONTEXT = 60  # characters
_ARTICLE = r"(?:(?:le|la|l'|les|du|des|the|its|son|sa|ses|un|une|a|an)\s*)?(?:[\w'-]+ ){0,3}"
# What leads to a source, an adviser, a client, a rival, or a former employer.
_PASSING = re.compile(
    "|".join(
        (
            r"\b(?:(?:selon|d'apres|according to|told|declare a|confie a)",
            r"(?:interroges?|cite|rapporte) par|reported by",
            r"(?:analystes? (?:de|d'|chez)|analysts? (?:at|from|with)|economiste (?:de|chez))",
            r"(?:(?:avocat|conseil|cabinet)s?(?: (?:de|d'))?|conseillee? par|advised by|accompagnee? par)",
            r"consulte(?:e|s|es)? par|, (?:affirme|assure|indique|rapporte|revele|ecrit|croit savoir)",
            r"(?:son|sa|ses|leur|its|their) (?:fournisseur|supplier|client|customer)",
            r"(?:client|fournisseur|sous-traitant|concurrent|rival|voisin|distributeur|prestataire|revendeur)e?s?"
            r"(?: \w+)? (?:de|d'|du)",
            r"(?:customer|supplier|rival|competitor|contractor|client|subcontractor)s? (?:of|to|for)",
            r"face a|comme|a l'instar de|contrairement a|a cote de|like|unlike|such as",
            r"ex-\w+ (?:de|d'|du)|debauchee? (?:de|d'|du|chez)|debauche (?:le|la|l')\s?\w+ (?:de|d'|du|chez)",
            r"l?ancien(?:ne)?s? [\w' -]{0,24}?(?:de|d'|du|chez)|former(?:ly)? [\w' -]{0,24}?(?:of|at|from|with)",
            r"passee? par|venue? de|transfuge de|apres [\w' ]{0,30}?chez|previously [\w' ]{0,30}?(?:at|with)",
            r"veteran of)\s*(?:le |la |l'|the )?",
        )
    )
    + r"$|\bex-$"
)
# The owner, or the maker of the film: only in passing when another company is named.
_LESSER = re.compile(
    r"\b(?:filiales?|marques?|divisions?|branches?|subsidiary|arm|unit)(?: [\w-]+)? (?:de|d'|du|of)\s*$|\bagence\s+$"
)
_PUBLISHER = re.compile(r" [-–|] [^-–|]{2,30}$")
_BY = re.compile(rf"(?P<doing>[\w'&-]+)\s+(?:par|by)\s+{_ARTICLE}$")
_BOUGHT = re.compile(
    r"(?:rachet|repris|absorb|acquis|acquired|bought|over|up|detenu|vendu|cede|sold|convoit|approche|control)\w*"
)
_AGENCY = re.compile(r"(?:moody|fitch|standard & poor|s&p|dbrs|scope|ethifinance)")
_TO = re.compile(rf"\b(?:a|au|aux|to|au profit de|en faveur de)\s+{_ARTICLE}$")
_LED_BY = re.compile(rf"\b(?:mene(?:e)? par|aupres de|aupres d'|avec|led by|from|backed by|par|by)\s*{_ARTICLE}$")
_AT = re.compile(
    rf"\b(?:chez|de|d'|du|au sein de|a la tete de|dirige|preside|rejoint|at|of|joins|to lead)\s*{_ARTICLE}$"
)
_AGAINST = re.compile(rf"\b(?:contre|attaque|poursuit|assigne|accuse|against|sues?|suing|accuses?)\s+{_ARTICLE}$")
_PASSIVE = re.compile(
    r"\b(?:rachete|repris|reprise|absorbe|acquis|acquired|bought|taken over|snapped up|detenu|vendu|cede|sold)e?s?\b"
    r"[^.;,]{0,40}?\b(?:par|by)\b|\b(?:giron|pavillon|controle)\b|\b(?:sold|vendue?|cedee?) (?:to|a|au)\b|\bse vend a\b"
)
_MERGER = re.compile(r"\b(?:fusion\w*|merg\w+|rapprochement)\b")
_INVESTS = re.compile(
    r"\b(?:invest\w* (?:dans|in)|entre(?:nt)? au capital|mise(?:nt)? sur|backs|stake in|buys into|round in)\b"
)
_TAKEN = re.compile(
    rf"\b(?:passe(?:nt)? (?:a|chez|sous)|revien(?:t|nent) a|hands of|devien(?:t|nent)|repris\w* par)\s*{_ARTICLE}$"
)
_CHOSEN = re.compile(
    r"\b(?:choisi\w*|selectionn\w*|retien\w*|commande(?:nt)?|achete\w*|confi\w+|attribu\w*|fait confiance|opte pour|"
    r"picks?|selects?|chooses?|ordered|awards?|taps|buys?|bought)\b"
)


@dataclass(frozen=True)
class Party:
    """A company's part in an event; `event` is the event as this side tells it (an acquisition is also a sale)."""

    mention: Mention
    role: str
    event: Event


class _Sentence:
    """An event's sentence with its mentions and what stands before each."""

    def __init__(self, event: Event, mentions: Sequence[Mention]) -> None:
        self.event = event
        self.text = fold_text(event.sentence)
        publisher = _PUBLISHER.search(event.sentence)
        end = event.start + publisher.start() if publisher and len(mentions) > 1 else event.end
        inside = [one for one in mentions if event.start <= one.start < end]
        # A company of the title, when the sentence names none, is taken as it is.
        self.parties = [one for one in inside if not _PASSING.search(self.before(one))] if inside else list(mentions)
        greater = [one for one in self.parties if not _LESSER.search(self.before(one))]
        self.parties = greater or self.parties

    def before(self, mention: Mention) -> str:
        """The folded words that lead to a mention."""
        start = mention.start - self.event.start
        return fold_text(self.event.sentence[max(0, start - _CONTEXT) : start]) if start > 0 else ""

    def led_by(self, pattern: re.Pattern[str]) -> list[Mention]:
        """The mentions that stand after a phrase."""
        return [one for one in self.parties if pattern.search(self.before(one))]

    def buyers(self) -> list[Mention]:
        """Who stands after "bought by", or after "by" and the name of what is bought."""
        ends = {fold_text(one.text).split()[-1] for one in self.parties}
        found = ((one, _BY.search(self.before(one))) for one in self.parties)
        return [one for one, by in found if by and (_BOUGHT.fullmatch(by["doing"]) or by["doing"] in ends)]

    def without(self, *left_out: Mention) -> list[Mention]:
        """The other mentions; several of the same companies count as one."""
        gone = {one.company_ids for one in left_out}
        return [one for one in self.parties if one.company_ids not in gone]

    @property
    def nearest(self) -> Mention | None:
        """Who is named last before the trigger, else first after it."""
        return _nearest(self.parties, self.event.at[0])


def _nearest(mentions: Sequence[Mention], at: int) -> Mention | None:
    before = [one for one in mentions if one.start < at]
    return before[-1] if before else mentions[0] if mentions else None


def _as(event: Event, kind: str) -> Event:
    """The event as another side of it tells it."""
    return replace(event, type=kind, families=tuple(dict.fromkeys((event.family, *event.families))))


def _only(sentence: _Sentence) -> list[Party]:
    nearest = sentence.nearest
    return [Party(nearest, "subject", sentence.event)] if nearest else []


def _merging(sentence: _Sentence, event: Event) -> list[Party]:
    """The two that merge; none where the sentence tells of no merger."""
    return [Party(one, "merger_party", event) for one in _first_two(sentence)] if _MERGER.search(sentence.text) else []


def _acquisition(sentence: _Sentence) -> list[Party]:
    """Who buys stands before the verb and who is bought after it, or the other way round when the verb is passive."""
    event, text = sentence.event, sentence.text
    target = _as(event, "acquired")
    merging = _merging(sentence, target)
    if len(merging) > 1:
        return merging
    buyers = sentence.buyers()
    if buyers:
        bought = _nearest(sentence.without(buyers[0]), event.at[0])
        sold = [Party(bought, "target", target)] if bought else []
        return [Party(buyers[0], "acquirer", event), *sold]
    before = [one for one in sentence.parties if one.start < event.at[0]]
    after = sentence.without(*before)
    left, right = before[-1:], after[:1]
    if _PASSIVE.search(text):
        left, right = right, left
    return [Party(one, "acquirer", event) for one in left] + [Party(one, "target", target) for one in right]


def _acquired(sentence: _Sentence) -> list[Party]:
    """Who is bought is told first; who buys, after "by" or "to", or as the other one."""
    event = sentence.event
    if merging := _merging(sentence, event):
        return merging
    buyers = sentence.buyers() or sentence.led_by(_TO)
    bought = _nearest(sentence.without(*buyers[:1]), event.at[0])
    sides = [Party(bought, "target", event)] if bought else []
    return sides + [Party(one, "acquirer", _as(event, "acquisition")) for one in buyers[:1]]


def _divestment(sentence: _Sentence) -> list[Party]:
    """Who sells stands first; what is sold after the verb; who buys after "to"."""
    event = sentence.event
    buyers = sentence.led_by(_TO)[:1]
    sellers = sentence.led_by(_BY)[:1] or [one for one in sentence.without(*buyers) if one.start < event.at[0]][-1:]
    sold = [one for one in sentence.without(*buyers, *sellers) if one.start >= event.at[0]][:1]
    if not sellers and not sold:
        return [replace(party, role="seller") for party in _only(sentence)]
    return [
        *(Party(one, "seller", event) for one in sellers),
        *(Party(one, "target", _as(event, "acquired")) for one in sold),
        *(Party(one, "acquirer", _as(event, "acquisition")) for one in buyers),
    ]


def _funding(sentence: _Sentence) -> list[Party]:
    """Who receives the money; who gives it stands after "from" or "led by", or before "invests in"."""
    event = sentence.event
    investors = sentence.led_by(_LED_BY)
    receivers = sentence.without(*investors)
    if invests := _INVESTS.search(sentence.text):
        later = [one for one in receivers if one.start - event.start >= invests.start()]
        if later:
            investors, receivers = sentence.without(*later), later
    receiver = _nearest(receivers, event.at[0])
    given = [Party(receiver, "subject", event)] if receiver else []
    return given + [Party(one, "investor", event) for one in investors[:3]]


def _contract(sentence: _Sentence) -> list[Party]:
    """Who supplies, and who buys: the other way round when the customer chooses."""
    event = sentence.event
    chosen = _CHOSEN.search(sentence.text)
    two = _first_two(sentence)
    if len(two) < 2:
        return _only(sentence)
    suppliers = sentence.led_by(_BY)
    supplier = two[1] if chosen and not suppliers else two[0]
    customer = next(one for one in two if one is not supplier)
    return [Party(supplier, "supplier" if chosen else "subject", event), Party(customer, "customer", event)]


def _partnership(sentence: _Sentence) -> list[Party]:
    return [Party(one, "partner", sentence.event) for one in _first_two(sentence)]


def _people(sentence: _Sentence) -> list[Party]:
    """An appointment is at the company the post is at, else at the nearest."""
    at = [one for one in sentence.led_by(_AT) if one.start >= sentence.event.at[0]]
    return [Party(at[0], "subject", sentence.event)] if at else _only(sentence)


def _litigation(sentence: _Sentence) -> list[Party]:
    """Who is sued or accused, not who sues."""
    accused = sentence.led_by(_AGAINST)
    return [Party(accused[0], "subject", sentence.event)] if accused else _only(sentence)


def _takeover(sentence: _Sentence) -> list[Party]:
    """Who takes a site over: after "taken over by" or "goes to", else before the verb."""
    takers = sentence.buyers() or sentence.led_by(_TAKEN)
    return [Party(takers[0], "subject", sentence.event)] if takers else _only(sentence)


def _rating(sentence: _Sentence) -> list[Party]:
    """Who is rated, not the agency that rates."""
    sentence.parties = [one for one in sentence.parties if not _AGENCY.match(fold_text(one.text))]
    return _only(sentence)


def _first_two(sentence: _Sentence) -> list[Mention]:
    """The two companies nearest to the trigger, in the order of the text."""
    nearest: dict[tuple[int, ...], Mention] = {}
    for one in sorted(sentence.parties, key=lambda one: abs(one.start - sentence.event.at[0])):
        nearest.setdefault(one.company_ids, one)
    return sorted(list(nearest.values())[:2], key=lambda one: one.start)


_BY_TYPE: dict[str, Callable[[_Sentence], list[Party]]] = {
    "acquisition": _acquisition,
    "acquired": _acquired,
    "divestment": _divestment,
    "funding": _funding,
    "contract_won": _contract,
    "partnership": _partnership,
    "appointment": _people,
    "departure": _people,
    "litigation": _litigation,
    "rating": _rating,
    "site_takeover": _takeover,
}


def parties(event: Event, mentions: Sequence[Mention]) -> list[Party]:
    """The companies an event happens to, with their roles; none when all are named only in passing.

    `mentions` are those of the event's sentence, or of the title when the sentence names none; in the order of the
    text.
    """
    sentence = _Sentence(event, mentions)
    return _BY_TYPE.get(event.type, _only)(sentence) if sentence.parties else []
