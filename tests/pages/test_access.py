from dataclasses import replace
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import shapely

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS, Source
from nhcplanner.outputs.tables import access


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


def test_fairness_is_explained_and_buildings_are_shared_on_request(opened, said):
    app = opened("access")
    fairness = next(tab for tab in app.tabs if tab.label == "Fairness")
    table = fairness.dataframe[0].value.set_index("Measure")
    assert {"SII", "Kolm-Pollak EDE", "Gini", "Access poverty: depth"} <= set(table.index)
    assert "**SII**: The slope index of inequality" in said(app)
    app.checkbox[-1].check().run()
    words = said(app)
    assert "1,000 people share" in words
    assert "no building in their catchment" in words
    before = app.tabs[2].dataframe[-1].value["Supply"].tolist()
    assert before == [1.0]  # one existing centre
    method = next(box for box in app.selectbox if box.label == "Method")
    method.set_value("gaussian").run()
    assert "smoothly down to nothing" in said(app)


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


DEMO = workflow.demo_place
"""The whole demo place, which has a timetable without buses on Sundays."""


def test_hours_are_compared_side_by_side_with_the_day_of_each(opened, said, monkeypatch):
    monkeypatch.setattr(workflow, "demo_place", DEMO)
    app = opened("access", mode="transit")
    assert "Tuesday 2026-01-06, 07:00 to 10:00" in said(app).replace("\\", "")
    labels = ["By minutes", "By group", "Fairness", "People out of reach"]
    assert [tab.label for tab in app.tabs] == labels
    app.multiselect[1].set_value(["morning_peak", "sunday"]).run()
    words = said(app).replace("\\", "")
    assert "At 07:00 to 10:00 on Tuesday 6 January 2026" in words
    assert "At 10:00 to 16:00 on Sunday 4 January 2026" in words
    assert "longest of those in each window" in words
    assert app.tabs[-1].label == "By hours"
    bands = app.tabs[-1].dataframe[0].value
    assert list(bands) == [
        "Tuesday 6 January 2026, 07:00 to 10:00", "Sunday 4 January 2026, 10:00 to 16:00",
    ]  # fmt: skip
    assert (bands.iloc[:, 0] >= bands.iloc[:, 1]).all()


def test_buildings_that_are_closed_count_only_while_open(opened, said, monkeypatch):
    demo = DEMO()
    hours = demo.sites["kind"].map({"library": "Mo-Fr 09:00-17:00"})
    place = replace(demo, sites=demo.sites.assign(opening_hours=hours))
    monkeypatch.setattr(workflow, "demo_place", lambda: place)
    app = opened("access", mode="transit")
    app.multiselect[0].set_value(["library"]).run()
    app.multiselect[1].set_value(["midday", "sunday"]).run()
    assert " 0 people" not in said(app).replace("\\", "")
    app.checkbox[0].check().run()
    words = said(app).replace("\\", "")
    assert "on Sunday 4 January 2026 0 people, 0.0%" in words
    assert "buildings closed then" in words
    assert "Only sites that are open count" not in words


def test_walks_without_steps_and_trips_by_zone_are_choices(opened, said, monkeypatch):
    demo = DEMO()
    west, south, east, north = demo.areas.total_bounds
    zones = gpd.GeoDataFrame(
        {"zone": ["Fen"], "hours": [None], "wait_minutes": 10.0, "speed_kmh": 30.0, "detour": 1.4},
        geometry=[shapely.box(west, south, east, north)],
        crs=CRS,
    )
    heights = Source("heights", "Heights")
    place = replace(demo, zones=zones, sources=(*demo.sources, heights))
    monkeypatch.setattr(workflow, "demo_place", lambda: place)
    app = opened("access")
    boxes = {box.label: box for box in app.checkbox}
    assert {"Walk without steps", "Count slopes"} <= set(boxes)
    boxes["Walk without steps"].check().run()
    assert "Step-free walking avoids" in said(app).replace("\\", "")
    app = opened("access", mode="on_demand")
    words = said(app).replace("\\", "")
    assert "by on-demand transport are an **estimate**" in words
    assert "1 of 1 zone run then" in words
    assert "Hours to compare" in [field.label for field in app.multiselect]
    assert "Walk without steps" not in [box.label for box in app.checkbox]


def test_public_transport_that_reaches_no_more_than_walking_is_explained():
    def within(people):
        frame = pd.DataFrame({"people_after": [people]}, index=[20.0])
        return SimpleNamespace(people_within=frame)

    same = {"walk": within(900.0), "transit": within(900.2)}
    assert "no service is quicker within 20 minutes" in access.why_equal(same, 20.0)
    assert access.why_equal({**same, "transit": within(950.0)}, 20.0) == ""
    assert access.why_equal({"transit": within(900.0)}, 20.0) == ""
