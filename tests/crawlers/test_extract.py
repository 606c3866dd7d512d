"""What is taken out of a page: its article, and nothing of the others that stand around it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.extract import Extracted, extract

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FIRST = """Les Forges Amblard ont ouvert mardi une usine de deux mille mètres carrés à Firminy, dans la Loire, où
travailleront cinquante personnes."""
LAST = """Le fabricant de brides avait annoncé ce projet au printemps dernier, après deux ans d'études menées avec la
région."""
OTHER = "La verrerie Durand licencie cent personnes"


def extracted(between: str = "", above: str = "", below: str = "") -> Extracted:
    article = f"<article><h1>Amblard ouvre une usine</h1><p>{FIRST}</p>{between}<p>{LAST}</p></article>"
    page = f'<html lang="fr"><head><meta charset="utf-8"></head><body>{above}{article}{below}</body></html>'
    return extract(page.encode(), "text/html", "https://journal.example/eco/usine", NOW)


LEADING = """Lire aussi :
À lire aussi
A LIRE ÉGALEMENT :
» Lire aussi –
[A lire]
À lire :
Voir également
Sur le même sujet
Notre dossier :
Pour aller plus loin :
Read also:
Also read
See also
Related:""".splitlines()


@pytest.mark.parametrize("said", LEADING)
def test_what_leads_to_other_articles_is_left_out(said: str) -> None:
    text = extracted(f'<p><strong>{said} </strong><a href="/y">{OTHER}</a></p>').text
    assert "Durand" not in text
    assert [line[:10] for line in text.splitlines()] == [FIRST[:10], LAST[:10]]


@pytest.mark.parametrize(
    "said",
    [
        "Pour aller plus loin dans l'électrification de ses fours, le groupe investit trois millions d'euros.",
        "Notre dossier de financement est complet, assure la directrice générale de l'entreprise de Firminy.",
        "Related Brands opens a second warehouse next to the plant, and says that it will hire sixty people.",
    ],
)
def test_a_paragraph_that_begins_alike_is_kept(said: str) -> None:
    assert said in extracted(f"<p>{said}</p>").text


@pytest.mark.parametrize(
    ("above", "day"),
    [
        ("<div class='date'>Publié le 14 sept. 2026 à 8h30</div>", "2026-09-14 06:30"),
        ("<p>Mis à jour le 20/11/2026 - Publié le 18/11/2026</p>", "2026-11-18 00:00"),
        ("<div class='meta'>Par Anne Roux, le 3 novembre 2026 à 18:02</div>", "2026-11-03 17:02"),
        ('<p class="byline"><time datetime="2026-11-20T08:30:00+01:00">20 novembre</time></p>', "2026-11-20 07:30"),
        ("<aside><p>Publié le 2 novembre 2026</p></aside>", None),
    ],
)
def test_the_day_may_stand_in_front_of_the_article(above: str, day: str | None) -> None:
    found = extracted(above=above).published_at
    assert (found and f"{found.astimezone(UTC):%Y-%m-%d %H:%M}") == day


def test_the_day_of_another_article_is_not_that_of_this_one() -> None:
    beside = f'<aside><ul><li><time datetime="2026-11-24">24 novembre</time> <a href="/y">{OTHER}</a></li></ul></aside>'
    assert extracted(below=beside).published_at is None


def test_the_day_at_the_foot_of_the_article_is_its_own() -> None:
    foot = '<footer><time class="entry-date" datetime="2026-11-19">19 novembre</time></footer>'
    assert extracted(foot).published_at == datetime(2026, 11, 19, tzinfo=UTC)
