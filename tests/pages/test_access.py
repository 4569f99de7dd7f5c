from nhcplanner import workflow
from nhcplanner.base.errors import InputError


def test_who_reaches_existing_centres_is_measured_and_said(opened, said):
    app = opened("access")
    words = said(app)
    assert "within 20 minutes of an existing neighbourhood health centre" in words
    assert "are an **estimate** from straight-line distances" in words
    shares = app.dataframe[0].value["on foot"]
    assert shares.is_monotonic_increasing
    assert shares.index.tolist() == [f"{limit} minutes" for limit in (10, 15, 20, 30)]


def test_other_buildings_and_modes_reach_more(opened):
    app = opened("access")
    first = app.dataframe[0].value["on foot"]
    app.multiselect[0].set_value(["library"]).run()
    assert (app.dataframe[0].value["on foot"] >= first).all()
    app.button_group[0].set_value(["walk", "drive"]).run()
    table = app.dataframe[0].value
    assert (table["by car"] >= table["on foot"]).all()


def test_the_unserved_are_listed_those_in_most_need_first(opened, said):
    app = opened("access")
    far = app.dataframe[-1].value
    assert len(far) > 0
    assert far["band"].is_monotonic_increasing
    assert "live in" in said(app)
    assert not (far["minutes"] <= 20).any()


def test_nothing_chosen_is_said(opened, said):
    app = opened("access")
    app.multiselect[0].set_value([]).run()
    assert "Choose at least one kind" in said(app)


def test_a_failure_is_words_and_is_not_tried_for_ever(opened, said, monkeypatch):
    asked = []

    def broken(*_, progress):
        asked.append(1)
        raise InputError(["no roads"])

    monkeypatch.setattr(workflow, "today", broken)
    app = opened("access")
    assert "no roads" in said(app)
    app.run()
    assert asked == [1]
