"""Zones of demand-responsive transport: read from files, kept in a place folder, faults by row."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from nhcplanner import demo_place, layers, load
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.layers.zones import FILE, read_zones, with_zones


@pytest.fixture
def demo():
    return demo_place()


@pytest.fixture
def write(tmp_path, demo):
    """Write zones around the demo place, in degrees; each row overrides some cells."""

    def to_file(*rows, name="zones.geojson", drop=()):
        west, south, east, north = demo.areas.total_bounds
        usual = {"Service": "Fen link", "Operating hours": "Mon-Sat 7am-7pm", "Wait (min)": 30,
                 "Speed kmh": 28.5, "Detour": 1.4,
                 "geometry": shapely.box(west, south, east, north)}  # fmt: skip
        frame = gpd.GeoDataFrame([usual | row for row in rows or ({},)], crs=CRS)
        path = tmp_path / name
        frame.drop(columns=list(drop)).to_crs("EPSG:4326").to_file(path)
        return path

    return to_file


def test_zones_are_read_kept_and_read_again(write, demo, tmp_path):
    path = write({}, {"Service": None, "Operating hours": None, "Wait (min)": "45"})
    place = with_zones(demo, path)
    assert place.zones["zone"].tolist() == ["Fen link", "zone 2"]
    assert place.zones[["wait_minutes", "speed_kmh", "detour"]].to_numpy().tolist() == [
        [30.0, 28.5, 1.4], [45.0, 28.5, 1.4],
    ]  # fmt: skip
    record = place.intake[-1]
    assert (record.role, record.rows_read) == ("zones", 2)
    assert any("hours blank in 1 zone" in str(event) for event in record.events)
    again = load(layers.write_place(place, tmp_path / "place"))
    assert again.zones.drop(columns="geometry").equals(place.zones.drop(columns="geometry"))
    assert again.zones.geometry.geom_equals_exact(place.zones.geometry, 1e-6).all()
    assert again.zones["hours"].tolist() == ["Mon-Sat 7am-7pm", None]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"Speed kmh": 280}, "'280.0' is no km/h"),
        ({"Speed kmh": None}, "km/h is blank"),
        ({"Wait (min)": -1}, "is no minutes of waiting"),
        ({"Detour": 0.5}, "'0.5' is no detour"),
        ({"geometry": shapely.Point(450_000, 300_000)}, "has no polygon"),
    ],
)
def test_faults_name_the_row(write, row, words):
    with pytest.raises(InputError, match=words) as error:
        read_zones(write({}, row))
    assert [fault.row for fault in error.value.faults] == [2]


def test_a_missing_column_is_named(write):
    with pytest.raises(InputError, match="speed_kmh"):
        read_zones(write(drop=["Speed kmh"]))


def test_hours_that_are_not_understood_are_reported(write):
    table, _ = read_zones(write({"Operating hours": "when the bus is back"}))
    assert any("hours not understood in 1 zone" in str(event) for event in table.intake.events)


def test_zones_elsewhere_are_refused(write, demo):
    path = write({"geometry": shapely.box(100_000, 10_000, 101_000, 11_000)})
    with pytest.raises(InputError, match="no starting point of the place lies in a zone"):
        with_zones(demo, path)


def test_a_damaged_file_of_a_place_folder_is_a_fault(write, demo, tmp_path):
    place = with_zones(demo, write())
    folder = layers.write_place(place, tmp_path / "place")
    wrong = replace(place, zones=place.zones.assign(speed_kmh=0.0))
    wrong.zones.to_parquet(folder / FILE)
    with pytest.raises(InputError, match=r"zones\.parquet"):
        load(folder)
    place.zones.drop(columns="detour").to_parquet(folder / FILE)
    with pytest.raises(InputError, match="has no column detour"):
        load(folder)
