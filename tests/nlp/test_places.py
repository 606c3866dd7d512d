from pathlib import Path

import pytest

from nlp.places import Place, bearers, is_abroad, key, named, resolve, save


@pytest.mark.parametrize(
    ("name", "kind", "country", "department"),
    [
        ("Angers", "commune", "FR", "49"),
        ("angers", "commune", "FR", "49"),
        ("St-Nazaire", "commune", "FR", "44"),
        ("la Vendée", "department", "FR", "85"),
        ("Bretagne", "region", "FR", ""),
        ("Paris", "commune", "FR", "75"),
        ("Liège", "city", "BE", ""),
        ("Londres", "city", "GB", ""),
        ("Bavière", "region", "DE", ""),
        ("la Chine", "country", "CN", ""),
        ("Martinique", "region", "FR", ""),
    ],
)
def test_a_name_of_a_place_is_told_with_its_country_and_department(
    name: str, kind: str, country: str, department: str
) -> None:
    found = resolve([name], name)[0]
    assert (found.kind, found.country, found.department) == (kind, country, department)


def test_a_department_in_the_text_decides_between_communes_of_one_name() -> None:
    assert resolve(["Saint-Denis"], "Saint-Denis (93)")[0].department == "93"
    assert resolve(["Saint-Denis", "La Réunion"], "à Saint-Denis, à La Réunion")[0].department == "974"


def test_a_commune_with_namesakes_of_its_size_has_no_department_but_its_country() -> None:
    found = resolve(["Saint-Denis"], "Une usine à Saint-Denis")[0]
    assert found.as_slot() == {"text": "Saint-Denis", "kind": "commune", "country": "FR"}


def test_a_town_at_home_comes_before_a_larger_namesake_abroad() -> None:
    assert resolve(["Orange"], "Orange")[0].country == "FR"
    assert resolve(["Birmingham"], "Birmingham", "en")[0].country == "GB"


def test_what_no_list_has_is_left_out() -> None:
    assert resolve(["Mirandole", "Lyon"], "Mirandole, Lyon") == [Place("Lyon", "commune", "FR", "69", 519127)]
    assert bearers("") == []


def test_abroad_is_what_lies_outside_the_countries_of_the_language() -> None:
    leeds, lyon = resolve(["Leeds", "Lyon"], "")
    assert (is_abroad(leeds), is_abroad(lyon)) == (True, False)
    assert (is_abroad(leeds, "en"), is_abroad(lyon, "en")) == (False, True)


def test_names_are_looked_up_without_case_accents_hyphens_or_article() -> None:
    assert key("Le Puy-Sainte-Réparade") == key("puy ste reparade")


def test_the_same_places_give_the_same_file(tmp_path: Path) -> None:
    places = [Place("Lyon", "commune", "FR", "69", 5), Place("Leeds", "city", "GB", "", 5)]
    for name, order in (("a", places), ("b", places[::-1])):
        save(order, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        ("Forges Amblard ouvre une usine à Bourg-en-Bresse (01)", "fr", ["Bourg-en-Bresse"]),
        ("Saint-Loubès : un entrepôt de plus", "fr", ["Saint-Loubès"]),
        ("des magasins à Laval, Craon et Choisy-le-Roi", "fr", ["Laval", "Craon", "Choisy-le-Roi"]),
        ("un site dans l'Oise, un autre en Bavière", "fr", ["Oise", "Bavière"]),
        ("2 chemin des Prés 93000 Bobigny", "fr", ["Bobigny"]),
        ("inaugure son siege pres de lille", "fr", ["lille"]),
        ("Grève : la raffinerie est à l'arrêt", "fr", []),
        ("confie le poste à Marion Vidal", "fr", []),
        ("les satellites au sol", "fr", []),
        ("France Télévisions et China Mobile", "fr", []),
        ("Nine stores in southern California, Las Vegas and Phoenix", "en", ["California", "Las Vegas", "Phoenix"]),
        ("The UK sales of the group fell", "en", ["UK"]),
        ("they told us in March", "en", []),
    ],
)
def test_places_are_told_by_the_words_before_them(text: str, language: str, places: list[str]) -> None:
    assert named(text, language) == places


def test_the_name_of_a_company_or_a_person_is_no_place() -> None:
    assert named("Le siège d'Orange à Paris", "fr", ["Orange"]) == ["Paris"]
    assert named("confie à Nice Vidal", "fr", ["Nice Vidal"]) == []


def test_a_tagger_decides_after_a_doubtful_word() -> None:
    assert named("les locaux de Craon", "fr") == []
    assert named("les locaux de Craon", "fr", likely=["Craon"]) == ["Craon"]
