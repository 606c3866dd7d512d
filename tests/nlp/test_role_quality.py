from bench.roles import Told, measure


def test_right_companies_are_counted_by_role() -> None:
    told = Told()
    told.add(
        {"velmora": "acquirer", "texim": "target", "ordalie": "seller"},
        {"velmora": {"acquirer"}, "texim": {"subject"}, "calvane": {"subject"}},
    )
    assert (dict(told.right), dict(told.other_role), dict(told.missed), told.wrong) == (
        {"acquirer": 1},
        {"target": 1},
        {"seller": 1},
        1,
    )


def test_labelled_rows_are_read_with_their_companies_as_the_register() -> None:
    companies = [{"name": "Velmora", "role": "acquirer"}, {"name": "Texim", "role": "target"}]
    row = {"lang": "fr", "text": "Velmora rachète Texim", "signals": [5], "companies": companies}
    assert dict(measure([row]).right) == {"acquirer": 1, "target": 1}
    assert not measure([row | {"signals": [1]}]).right
