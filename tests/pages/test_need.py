import json
from dataclasses import replace

import pandas as pd
import pytest

from nhcplanner import workflow
from nhcplanner.domain.projection import Projection
from nhcplanner.hosting import settings


def radio(app):
    return next(one for one in app.radio if one.label == "Colour areas by")


def test_the_map_has_its_words_and_its_table(opened, said):
    app = opened("need")
    assert radio(app).value == "hle"
    assert "From 52.0 years" in said(app).replace("\\", "")
    table = app.dataframe[-1].value
    assert table["HLE, persons"].tolist()[0] == 52.0
    assert len(table) == 10
    shown = json.loads(app.dataframe[-1].proto.columns)
    assert set(shown) >= set(table)
    assert not any(shown[name].get("hidden") for name in table)
    assert shown["HLE, persons"]["label"] == "HLE, persons (years)"


def test_another_measure_is_explained_and_stays_chosen(opened, said):
    app = opened("need")
    radio(app).set_value("imd").run()
    assert "1 is the most deprived tenth" in said(app)
    app.run()
    assert radio(app).value == "imd"


def test_what_is_not_known_is_said(opened, said):
    words = said(opened("need"))
    assert "Data missing for this place" in words
    assert "Households without a car" in words


def test_a_measure_that_another_place_lacks_is_reset(opened, monkeypatch, tmp_path):
    app = opened("need")
    radio(app).set_value("imd").run()
    place = workflow.demo_place()
    bare = replace(place, areas=place.areas.drop(columns=["imd_decile", "imd_rank"]))
    monkeypatch.setattr(workflow, "load", lambda _: bare)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "place.toml").touch()
    monkeypatch.setenv(settings.PLACES, str(tmp_path))
    app.query_params["place"] = "elsewhere"
    del app.session_state["nhcplanner"]
    del app.query_params["work"]
    app.run()
    assert not app.exception
    assert radio(app).value == "hle"


@pytest.mark.parametrize(
    ("missing", "words"),
    [([], "lowest HLE"), (["hle"], "most deprived areas"), (["hle", "imd_rank"], "most need")],
)
def test_the_settings_name_what_orders_the_areas_of_this_place(opened, monkeypatch, missing, words):
    place = workflow.demo_place()
    bare = replace(place, areas=place.areas.drop(columns=missing))
    monkeypatch.setattr(workflow, "demo_place", lambda: bare)
    app = opened("method")
    assert words in " ".join(one.proto.body for one in app.sidebar.get("html"))


def with_projection(place):
    """The place with people that grow by a tenth to 2030 and shrink by half to 2040."""
    areas = place.areas.assign(projection_code="U")
    total = float(areas["people"].sum())
    table = pd.DataFrame(
        {"code": "U", "name": "Unit", "age": "people", "basis": [total], "areas": len(areas),
         "2022": total, "2030": 1.1 * total, "2040": 0.5 * total}
    )  # fmt: skip
    projection = Projection("Title", "2022-based", 2022, by_age=False, table=table)
    return replace(place, areas=areas, projection=projection)


def test_people_by_year_are_listed_with_source_and_method(opened, said, monkeypatch):
    place = with_projection(workflow.demo_place())
    monkeypatch.setattr(workflow, "demo_place", lambda: place)
    app = opened("need")
    table = app.dataframe[-1].value
    assert table["All ages"].tolist() == [15_000, 16_500, 7_500]
    assert table.index.tolist() == [2022, 2030, 2040]
    words = said(app).replace("\\", "")
    assert "units that are whole are scaled to the projection's total" in words
    assert "Totals agree with the projection to a person in Unit" in words


def test_without_a_projection_the_page_says_how_to_get_one(opened, said):
    assert "This place has no population projection" in said(opened("need"))
