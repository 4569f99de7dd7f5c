from dataclasses import replace

from nhcplanner import workflow


def radio(app):
    return next(one for one in app.radio if one.label == "Colour areas by")


def test_the_map_has_its_words_and_its_table(opened, said):
    app = opened("need")
    assert radio(app).value == "hle"
    assert "From 52.0 years" in said(app).replace("\\", "")
    table = app.dataframe[-1].value
    assert table["HLE, persons"].tolist()[0] == 52.0
    assert len(table) == 10


def test_another_measure_is_explained_and_stays_chosen(opened, said):
    app = opened("need")
    radio(app).set_value("imd").run()
    assert "1 is the most deprived tenth" in said(app)
    app.run()
    assert radio(app).value == "imd"


def test_what_is_not_known_is_said(opened, said):
    words = said(opened("need"))
    assert "Not known of this place" in words
    assert "Households without a car" in words


def test_a_measure_that_another_place_lacks_is_let_go(opened, monkeypatch):
    app = opened("need")
    radio(app).set_value("imd").run()
    place = workflow.demo_place()
    bare = replace(place, areas=place.areas.drop(columns=["imd_decile", "imd_rank"]))
    monkeypatch.setattr(workflow, "load", lambda _: bare)
    app.query_params["place"] = "/elsewhere"
    del app.session_state["nhcplanner"]
    del app.query_params["work"]
    app.run()
    assert not app.exception
    assert radio(app).value == "hle"
