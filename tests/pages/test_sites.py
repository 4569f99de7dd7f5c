import pandas as pd

from nhcplanner import layers, workflow
from nhcplanner.outputs.tables import sites as tables_sites


def button(app, label):
    return next(one for one in app.button if one.label.startswith(label))


def text(app, label, number=0):
    return [one for one in app.text_input if one.label.startswith(label)][number]


def edits(app):
    return next(one.value for one in app.dataframe if "what" in one.value)


def test_sites_are_counted_by_what_may_become_of_them(opened, said):
    assert "5 sites: 1 existing, 4 available." in said(opened("sites"))


def test_a_site_is_added_by_typing_where_and_taken_back(opened, said):
    app = opened("sites")
    text(app, "Postcode").set_value("405000, 300400")
    text(app, "Name").set_value("Mill <b>House</b>")
    button(app, "Add this site").click().run()
    assert "6 sites" in said(app)
    assert "Mill <b>House</b>" in edits(app)["what"].iloc[0]
    button(app, "Undo last change").click().run()
    assert "5 sites" in said(app)
    assert button(app, "Undo last change").disabled
    button(app, "Redo").click().run()
    assert "6 sites" in said(app)
    assert button(app, "Redo").disabled
    assert not button(app, "Undo last change").disabled


def test_a_new_change_ends_what_can_be_made_again(opened, said):
    app = opened("sites")
    for name in ("Mill", "Barn"):
        text(app, "Postcode").set_value("405000, 300400")
        text(app, "Name").set_value(name)
        button(app, "Add this site").click().run()
        button(app, "Undo last change").click().run()
        assert not button(app, "Redo").disabled
    text(app, "Postcode").set_value("405000, 300400")
    button(app, "Add this site").click().run()
    assert button(app, "Redo").disabled
    assert "6 sites" in said(app)


def test_an_added_site_is_removed_again(opened, said):
    app = opened("sites")
    text(app, "Postcode").set_value("405000, 300400")
    button(app, "Add this site").click().run()
    chosen = [one for one in app.selectbox if one.label == "Site"][-1]
    chosen.select("own-001").run()
    button(app, "Undo it").click().run()
    assert "5 sites" in said(app)


def test_a_site_is_moved_by_grid_reference(opened):
    app = opened("sites")
    next(one for one in app.selectbox if one.label == "Site").select("S1")
    text(app, "Postcode", 1).set_value("SK 050 005")
    button(app, "Move this site").click().run()
    assert edits(app).to_dict("records") == [{"site_id": "S1", "what": "moved"}]


def test_far_away_or_unknown_is_a_sentence(opened, said):
    app = opened("sites")
    text(app, "Postcode").set_value("600000, 100000")
    button(app, "Add this site").click().run()
    assert "outside the place" in said(app)
    assert text(app, "Postcode").value == "600000, 100000"
    assert "see Colours" in said(app)  # the map is drawn below the form
    app = opened("sites")
    button(app, "Add this site").click().run()
    assert "The position is missing" in said(app)


def test_a_site_added_twice_is_refused_and_the_form_is_empty_after_the_first(opened, said):
    app = opened("sites")
    for _ in range(2):
        assert text(app, "Postcode").value == ""
        text(app, "Postcode").set_value("405000, 300400")
        text(app, "Name").set_value("Mill House")
        button(app, "Add this site").click().run()
    assert "Mill House is already at this point" in said(app)
    assert "6 sites" in said(app)


def test_the_list_can_be_read_back(opened, demo):
    place = workflow.demo_place()
    back = layers.read_estates(tables_sites.list_csv(place), "sites.csv").sites
    pd.testing.assert_series_equal(back["site_id"], place.sites["site_id"])
    assert back.geometry.distance(place.sites.geometry).max() < 0.1
