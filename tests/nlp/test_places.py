from pathlib import Path

import pytest

from nlp.places import Place, bearers, is_abroad, key, resolve, save


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
