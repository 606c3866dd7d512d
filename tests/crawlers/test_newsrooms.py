from __future__ import annotations

from crawlers.newsrooms import read

PRESS = "https://www.forges-amblard.example/groupe/presse/"


def listed(body: str, url: str = PRESS) -> dict[str, str]:
    feed = read(f"<html><body>{body}</body></html>".encode(), url=url, content_type="text/html; charset=utf-8")
    return {entry.url.partition(".example")[2]: entry.title for entry in feed.entries}


def test_articles_are_those_with_a_headline_and_menus_are_not() -> None:
    assert listed(
        """<nav><a href="/groupe/notre-histoire">Notre histoire depuis 1921</a></nav>
        <div class="main-menu"><a href="/engagements">Nos engagements pour la planète</a></div>
        <h1>Communiqués</h1><ul>
        <li><a href="/presse/usine">Les Forges Amblard ouvrent une usine</a></li>
        <li><a href="four-electrique">Un four &eacute;lectrique
           &agrave; Firminy</a></li></ul>
        <a href="?page=2">Voir les pages suivantes</a> <a href="/presse/page/2">Voir les pages suivantes</a>
        <footer><a href="/mentions">Mentions légales du site</a></footer>"""
    ) == {
        "/presse/usine": "Les Forges Amblard ouvrent une usine",
        "/groupe/presse/four-electrique": "Un four électrique à Firminy",
    }


def test_the_headline_of_a_card_counts_for_its_links() -> None:
    card = """<div class="card"><a href="/cp/{0}"><img src="x.jpg"></a><p class="date">12 mai 2026</p>
    <h3>{1}</h3><p>Le fabricant de brides agrandit son atelier de la Loire pour la deuxième fois.</p>
    <a href="/cp/{0}">Lire la suite</a></div>"""
    cards = card.format(1, "Amblard agrandit son atelier") + card.format(2, "Une directrice pour Amblard")
    assert listed(f"<main>{cards}</main>") == {
        "/cp/1": "Amblard agrandit son atelier",
        "/cp/2": "Une directrice pour Amblard",
    }
    inside = "<article><a href='/cp/3'><header><h2>Amblard rachète un fondeur</h2></header></a></article>"
    assert listed(inside) == {"/cp/3": "Amblard rachète un fondeur"}


def test_other_hosts_files_and_the_way_back_are_left() -> None:
    assert listed(
        """<a href="https://ailleurs.example/a">Un article de la presse régionale</a>
        <a href="/cp/communique.pdf">Le communiqué de presse complet</a>
        <a href="/groupe/">Tout savoir sur le groupe</a> <a href="/">Retour à la page d'accueil</a>
        <a href="javascript:void(0)">Une fenêtre qui ne mène nulle part</a>
        <a href="https://forges-amblard.example/cp/b?utm_source=x">Un second article du même hôte</a>"""
    ) == {"/cp/b": "Un second article du même hôte"}


def test_the_base_of_the_page_counts() -> None:
    body = b"<html><head><base href='/actu/'></head><body><a href='x1'>Un article de trois mots</a></body></html>"
    feed = read(body, url=PRESS, content_type="text/html")
    assert [entry.url for entry in feed.entries] == ["https://www.forges-amblard.example/actu/x1"]


def test_a_page_without_articles_is_named() -> None:
    for body in (
        b"<html><head><base href='http://[x'></head><body><a href='http://[y'>Un deux trois</a></body></html>",
        b"",
        b"<html><body><a href='/a'>Accueil</a></body></html>",
        b"\x00\xff",
        b"<a href='http://[x'>Un deux trois quatre</a>",
    ):
        feed = read(body, url=PRESS, content_type="text/html")
        assert feed.error
        assert feed.entries == ()
