"""Functions, courts, procedures and products that a sentence names, as it writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from companies.folding import Folded, fold
from nlp.places import bearers

# What a person is, with the field when the text says it: "directrice financière", "chief operating officer".
_FIELD = (
    r"(?:generale?|deleguee?|adjointe?|executi(?:f|ve)|financi(?:er|ere)|commerciale?|industriel(?:le)?|technique|"
    r"scientifique|juridique|marketing|operationnel(?:le)?|artistique|informatique|regionale?|nationale?|independante?)\b"
)
_OF = (
    r"(?:(?:des|de la|de l'|du|de|en charge (?:des|de la|de l'|du)) ?[a-z]+"
    r"(?: (?:humaines|financieres|publiques|commerciales|exterieures|et (?:des |de la |du |de l')?[a-z]+))?)"
)
_FUNCTIONS = (
    rf"\b(?:co-|vice-)?(?:directeur|directrice)s?(?: {_FIELD}){{0,2}}(?: {_OF})?",
    rf"\b(?:vice-|co-)?president(?:e)?s?(?:-directeur general|-directrice generale)?(?: {_FIELD})?"
    r"(?: du (?:directoire|conseil de surveillance|conseil d'administration|groupe|conseil))?",
    rf"\bsecretaire general(?:e)?(?: {_FIELD})?",
    rf"\b(?:administrateur|administratrice)s?(?: {_FIELD})?",
    rf"\b(?:responsable|chef|cheffe) {_OF}",
    r"\bmembres? du (?:directoire|conseil (?:d'administration|de surveillance)|comite (?:executif|de direction))",
    r"\b(?:pdg|dg|drh|daf|dsi|gerante?|cofondat(?:eur|rice)|fondat(?:eur|rice)|numero deux|patronn?e?)\b",
    r"\b(?:ceo|cfo|coo|cto|cio|cmo|chief [a-z]+(?: [a-z]+)? officer|"
    r"(?:non-executive |executive )?chair(?:man|woman|person)?|"
    r"(?:executive |senior )?vice[ -]president(?: of [a-z]+(?: [a-z]+)?)?|managing director|general counsel|"
    r"(?:non-executive|independent|board|managing|regional|plant|site) director|head of [a-z]+(?: [a-z]+)?|"
    r"finance (?:chief|director)|"
    r"chief executive|company secretary|board member|treasurer)\b",
)
_SEAT = re.compile(r" (?:de la |de l['’]|du |des |de |d['’])?[A-ZÉÈÎ][\w'’-]+(?: [A-ZÉÈÎ][\w'’-]+)*")
_COURTS = (
    r"\btribunal (?:de commerce|judiciaire|des activites economiques|administratif|correctionnel)\b",
    r"\btribunal de grande instance\b",
    r"\bcour (?:d'appel|de cassation|administrative d'appel)\b",
    r"\bconseil (?:de prud'hommes|d'etat)\b",
    r"\b(?:cour de justice de l'union europeenne|autorite de la concurrence|autorite des marches financiers|amf|cnil|"
    r"dgccrf|acpr|parquet national financier|commission europeenne|repression des fraudes)\b",
    r"\b(?:federal trade commission|ftc|sec|department of justice|doj|financial conduct authority|fca|"
    r"european commission|"
    r"high court|supreme court|court of appeal|bankruptcy court|district court|serious fraud office)\b",
)
_PROCEDURES = (
    r"\b(?:sauvegarde acceleree|procedure de sauvegarde|plan de sauvegarde|redressement judiciaire|"
    r"liquidation judiciaire|plan de cession|plan de redressement|plan de continuation|mandat ad hoc|conciliation|"
    r"cloture pour insuffisance d'actif|plan de sauvegarde de l'emploi|plan social|rupture conventionnelle collective|"
    r"chomage partiel|activite partielle|pse|rcc)\b",
    r"\b(?:chapter (?:11|7|15)|administration|receivership|liquidation|bankruptcy protection|"
    r"company voluntary arrangement|redundancy consultation)\b",
)
_EMPLOYER = re.compile(r"\s+(?:du groupe|de|d['’]|du|des|of)\s?(?=[A-ZÉÈÀ])")
_QUOTED = re.compile(r"[«“\"]\s*([A-ZÀ-Ý0-9][^«»“”\"]{1,40}?)\s*[»”\"]")
_LONGEST = 4  # words in a product's name; more are a saying
_LAUNCH = re.compile(
    r"\b(?:lanc[eéè]\w*|d[ée]voil\w+|pr[ée]sent\w+|commercialis\w+|nouveaut\w+|sort(?:ent|ira)?|officialis\w+|arriv\w+|"
    r"launch\w*|unveil\w*|introduc\w+|releas\w+|roll\w* out|recall\w*|rappel\w+|brings? out|show(?:s|ed|cases?))\b"
)
_CALLED = r"(?:[a-z]?[A-ZÀ-Ý][\w'’+-]*|[A-Z]*\d+\w*)"
_NAME = rf"((?=[a-z]?[A-ZÀ-Ý]){_CALLED}(?: {_CALLED})*)"
# A name right after an article, "nouveau" or the kind of thing it is, somewhere after a word of launching.
_NAMED = re.compile(
    r"(?:\b(?:[Ll]e|[Ll]a|[Ss]on|[Ss]a|nouve(?:au|lle|l|aux|lles)|smartphone|voiture|SUV|gamme|application|appli|version|"
    r"mod[èe]le|jeu|montre|casque|console|logiciel|plateforme|offre|collection|parfum|berline|citadine|"
    r"[Tt]he|[Ii]ts|new|app|platform|phone|watch|car|range|model|software|device|drug) |\bl['’])"
    rf"{_NAME}"
)
_DIRECTLY = re.compile(rf" {_NAME}")


def functions(folded: Folded) -> list[tuple[int, int]]:
    """Where a sentence names functions, as spans of the original, in its order; none within another."""
    matches = (match for one in (*_COMPILED["role"], *_HELD) for match in one.finditer(folded.text))
    spans = sorted((match.span() for match in matches), key=_longest_first)
    found: list[tuple[int, int]] = []
    for start, end in spans:
        begin, finish = folded.span(start, end)
        if not found or begin >= found[-1][1]:
            said = _EMPLOYER.split(folded.original[begin:finish])[0].removesuffix(" du groupe")
            found.append((begin, begin + len(said.rstrip())))
    return found


def _longest_first(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], -span[1]


def _found(name: str, folded: Folded, patterns: Iterable[re.Pattern[str]]) -> list[str]:
    """What the patterns match, as the text writes it, in its order, once each; a court with its seat."""
    spans = [match.span() for pattern in patterns for match in pattern.finditer(folded.text)]
    texts, last = [], 0
    for start, end in sorted(spans, key=_longest_first):
        if end <= last:
            continue  # within a longer one: "liquidation" in "liquidation judiciaire"
        last = end
        begin, finish = folded.span(start, end)
        if seat := _SEAT.match(folded.original, finish) if name == "court" else None:
            finish = seat.end()
        text = folded.original[begin:finish].strip()
        texts.append(_EMPLOYER.split(text)[0] if name == "role" else text)
    return list(dict.fromkeys(text for text in texts if text))


_COMPILED = {
    name: [re.compile(pattern) for pattern in patterns]
    for name, patterns in {"role": _FUNCTIONS, "court": _COURTS, "procedure": _PROCEDURES}.items()
}


# What people are said to be beside their names, and seldom elsewhere.
_HELD = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:human resources|hr|people|sales|commercial|marketing|communications?|it|technical|technology|operations|"
        r"purchasing|procurement|export|supply chain|production|manufacturing|engineering|finance|factory) "
        r"(?:director|manager|chief|boss|lead)\b",
        r"\bresponsable (?:rh|achats|commerciale?|marketing|technique|informatique|qualite|logistique|production|"
        r"export)\b",
        r"\b(?:directeur|directrice)s? (?:rh|achats|qualite|logistique|supply chain|export|r&d)\b",
    )
)


def terms(text: str) -> dict[str, list[str]]:
    """Functions (`role`), courts and regulators (`court`) and legal procedures (`procedure`) of a sentence."""
    folded = fold(text)
    return {name: _found(name, folded, patterns) for name, patterns in _COMPILED.items()}


def products(text: str, names: frozenset[str]) -> list[str]:
    """Names of products: what stands between quotation marks, or with capitals after a word of launching."""
    quoted = [one for match in _QUOTED.finditer(text) if len((one := match[1]).split()) <= _LONGEST]
    cue = _LAUNCH.search(text)
    named = [match[1] for match in _NAMED.finditer(text, cue.end())] if cue else []
    if cue and (directly := _DIRECTLY.match(text, cue.end())):
        named.insert(0, directly[1])
    named = [one for one in named if not bearers(one)]
    found = quoted + [one for one in named if not any(one in other for other in quoted)]
    return [one for one in dict.fromkeys(found) if not any(one in name for name in names)]
