from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from crawlers.agreement import replaced_by
from store.database import Database
from store.tables import Document
from tests.crawlers.test_collect import collect
from tests.support.press import Answer, Press

SAID = "Fonderies Orsel nomme une directrice commerciale\nFonderies Orsel nomme Jeanne Malet directrice commerciale."
MORE = "La direction a présenté le projet aux salariés jeudi matin dans l’atelier. " * 6
CONSENT = """Nos 512 partenaires et nous déposons des cookies pour mesurer notre audience. Tout accepter. Continuer sans
accepter. Sans publicité pour 3,49 € par mois. Déjà abonné ? Connectez-vous."""
ENGLISH = """We and our partners use cookies to store information. Accept all. Reject all. Read without ads for 4.99 a
month. Already a subscriber? Sign in."""


@pytest.mark.parametrize(
    ("title", "text", "is_article"),
    [
        ("Fonderies Orsel : une directrice", f"Jeanne Malet dirige le commerce des Fonderies Orsel. {MORE}", True),
        (
            "Jeanne Malet, des fonderies",
            f"Jeanne Malet prend la direction commerciale d’Orsel. {MORE}",
            True,
        ),
        ("Votre choix", CONSENT, False),
        ("Fonderies Orsel nomme une directrice commerciale", CONSENT, False),
        ("Fonderies Orsel nomme une directrice commerciale", ENGLISH, False),
        ("Fonderies Orsel nomme une directrice commerciale", "Se connecter.", False),
        ("Fonderies Orsel nomme une directrice", f"Fonderies Orsel nomme Jeanne Malet directrice. {CONSENT}", True),
        ("Page introuvable", "La page que vous cherchez n’existe plus. Retour à l’accueil.", False),
        ("Erreur 404", "Rien ici.", False),
        ("404 - Page not found", "The page you asked for has moved.", False),
        ("Cet article n’est plus disponible", "Il a été retiré par son auteur.", False),
        ("À la une", f"Le canal rouvre lundi. La malterie voisine licencie. {MORE}", False),
    ],
)
def test_a_page_is_the_article_or_what_came_in_its_place(title: str, text: str, is_article: bool) -> None:
    assert (replaced_by(SAID, title, text) is None) is is_article


@pytest.mark.parametrize(
    ("said", "title", "text", "is_article"),
    [
        ("Page introuvable : pourquoi tant de mairies perdent leurs archives",) * 2 + (MORE, True),
        ("La page Facebook de la ville supprimée par erreur",) * 2 + ("La ville a perdu sa page mardi.", True),
        ("Cookies : la Cnil sanctionne un éditeur",) * 2
        + ("La Cnil reproche à l’éditeur ses cookies : tout accepter était trop facile.", True),
        ("Brève", "Votre choix", CONSENT, True),  # so short an announcement tells nothing
        ("", "Page introuvable", "La page que vous cherchez n’existe plus.", False),
        ("", "Une usine à Dole", "Se connecter.", True),
        ("", "Peugeot 404 : cinquante ans", MORE * 4, True),
    ],
)
def test_what_is_said_of_such_pages_is_an_article(said: str, title: str, text: str, is_article: bool) -> None:
    assert (replaced_by(said, title, text) is None) is is_article


def stored(database: Database) -> dict[str, Document]:
    with database.session() as session:
        return {one.url.rpartition("/")[2]: one for one in session.scalars(select(Document))}


def test_the_words_of_the_feed_stay_where_a_wall_comes(database: Database, tmp_path: Path, press: Press) -> None:
    article = f"<article><h1>Les Fonderies Orsel agrandissent leur usine</h1><p>Une nouvelle ligne à Roanne. {MORE}</p>"
    press.answers["/wall"] = Answer(f"<html><body><main><h1>Votre choix</h1><p>{CONSENT}</p></main></body>".encode())
    press.answers["/here"] = Answer(f"<html><body><div>Nos partenaires</div>{article}</article></body></html>".encode())
    titles = ("Fonderies Orsel nomme une directrice commerciale", "Les Fonderies Orsel agrandissent leur usine")
    collect(database, tmp_path, press.rss("/feed", ("/wall", titles[0]), ("/here", titles[1])))
    found = stored(database)
    assert (found["wall"].title, found["wall"].text, found["wall"].announced_only) == (titles[0], "", True)
    assert "Une nouvelle ligne" in found["here"].text
    assert not found["here"].announced_only


def test_the_same_text_at_several_addresses_is_the_article_of_none(
    database: Database, tmp_path: Path, press: Press
) -> None:
    same = f"<html><body><article><h1>Orsel Fonderies</h1><p>Fonderies, usine, directeur, résultats, Orsel. {MORE}</p>"
    for path in "abc":
        press.answers[f"/{path}"] = Answer(f"{same}</article></body></html>".encode())
    items = (
        ("/a", "Fonderies Orsel : un nouveau directeur"),
        ("/b", "Les résultats semestriels d’Orsel reculent"),
        ("/c", "Orsel ouvre une usine en Lozère"),
    )
    collect(database, tmp_path, press.rss("/feed", *items))
    found = stored(database)
    assert sorted(found) == ["a", "b", "c"]
    assert {(one.text, one.announced_only) for one in found.values()} == {("", True)}
