import json
from urllib.parse import unquote

from nhcplanner.outputs.maps import deck, plan_map
from nhcplanner.outputs.maps.leaflet import Tiles
from nhcplanner.outputs.tables import need


def test_areas_are_written_with_their_colours_once(outcome, tmp_path):
    place = outcome.place
    measure = need.measures(place)["hle"]
    shading = measure.shading(place)
    name = deck.write_areas(place, shading, need.tips(place, measure), tmp_path)
    assert name == deck.write_areas(place, shading, need.tips(place, measure), tmp_path)
    features = json.loads((tmp_path / name).read_text())["features"]
    assert [one["properties"]["row"] for one in features] == list(range(len(place.areas)))
    colour = shading.colours[shading.of_area[0]]
    assert "#{:02X}{:02X}{:02X}".format(*features[0]["properties"]["c"]) == colour
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_old_files_go(outcome, tmp_path, monkeypatch):
    monkeypatch.setattr(deck, "MOST_FILES", 1)
    measures = need.measures(outcome.place)
    for one in measures.values():
        deck.write_areas(outcome.place, one.shading(outcome.place), str, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_the_map_asks_no_stranger_and_shows_points_above(outcome):
    said = json.loads(deck.deck(outcome.place, "/a.json", [plan_map.site_layer(outcome)]).to_json())
    assert said["mapStyle"].startswith("data:")
    areas, sites = said["layers"]
    assert areas["data"] == "/a.json"
    assert len(sites["data"]) == 1
    assert "http" not in json.dumps(said)


def test_tiles_lie_under_the_areas_where_they_are_set(outcome):
    tiles = Tiles("https://tiles.example.org/{z}/{x}/{y}.png", "Tiles <of> Example")
    said = json.loads(deck.deck(outcome.place, "/a.json", [], tiles).to_json())
    (source,) = json.loads(unquote(said["mapStyle"].partition(",")[2]))["sources"].values()
    assert source["tiles"] == [tiles.address]
    assert source["attribution"] == "Tiles &lt;of&gt; Example"
    assert said["layers"][0]["opacity"] < 1


def test_what_is_said_is_text_and_never_html(outcome, tmp_path):
    place, measure = outcome.place, need.measures(outcome.place)["people"]
    name = deck.write_areas(place, measure.shading(place), lambda _: "<b>A&lt;b</b><br>B", tmp_path)
    features = json.loads((tmp_path / name).read_text())["features"]
    assert features[0]["properties"]["tip"] == "A<b\nB"
    assert next(iter(deck.deck(place, "/a.json", [])._tooltip)) == "text"
