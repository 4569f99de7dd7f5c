"""Timetables: clipped to a box, with all that the kept trips need."""

import csv
import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from nhcplanner.base.errors import FetchError, InputError
from nhcplanner.layers.sources import Extent
from nhcplanner.layers.sources.timetables import REGIONS, TIMETABLE, clip, clip_feeds
from nhcplanner.travel.transit import Timetable
from nhcplanner.travel.transit.fields import WEEKDAYS

BOX = (300_000, 100_000, 310_000, 110_000)
DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)


def stop(name, x, y, parent=""):
    lon, lat = DEGREES.transform(x, y)
    return f"{name},{lat},{lon},{parent}"


FEED = {
    "agency.txt": ["agency_id,agency_name", "a,One", "b,Other"],
    "stops.txt": ["stop_id,stop_lat,stop_lon,parent_station",
                  stop("in1", 301_000, 101_000, "station"), stop("in2", 302_000, 101_000),
                  stop("out", 330_000, 101_000), stop("station", 311_000, 101_000)],
    "routes.txt": ["route_id,agency_id,route_type", "r1,a,3", "r2,b,3"],
    "trips.txt": ["route_id,service_id,trip_id,shape_id", "r1,week,t1,s", "r2,sun,t2,s",
                  "r1,week,t3,s"],
    "stop_times.txt": ["trip_id,departure_time,stop_id,stop_sequence",
                       "t1,08:00:00,in1,1", "t1,08:10:00,out,2", "t1,08:20:00,in2,3",
                       "t2,09:00:00,out,1", "t2,09:10:00,in1,2", "t3,10:00:00,out,1"],
    "calendar.txt": ["service_id,monday", "week,1", "sun,0"],
    "calendar_dates.txt": ["service_id,date,exception_type", "week,20260101,2", "sun,20260101,1"],
    "frequencies.txt": ["trip_id,headway_secs", "t1,600", "t2,600"],
    "transfers.txt": ["from_stop_id,to_stop_id,transfer_type", "in1,in2,2", "in1,out,2"],
    "shapes.txt": ["shape_id,shape_pt_lat", "s,50"],
}  # fmt: skip


@pytest.fixture
def feed(tmp_path):
    def write(**changes):
        path = tmp_path / "feed.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for name, lines in {**FEED, **changes}.items():
                if lines is not None:
                    packed.writestr(name, "\n".join(lines) + "\n")
        return path

    return write


def test_only_what_the_place_s_trips_need_is_kept(feed, tmp_path):
    with zipfile.ZipFile(clip(feed(), BOX, tmp_path / "out.zip")) as out:
        found = {name: out.read(name).decode().split() for name in out.namelist()}
    assert found["stop_times.txt"][1:] == ["t1,08:00:00,in1,1", "t1,08:20:00,in2,3"]
    assert [line.split(",")[0] for line in found["stops.txt"][1:]] == ["in1", "in2", "station"]
    assert found["trips.txt"] == ["route_id,service_id,trip_id", "r1,week,t1"]
    assert found["routes.txt"][1:] == ["r1,a,3"]
    assert found["agency.txt"][1:] == ["a,One"]
    assert found["calendar.txt"][1:] == ["week,1"]
    assert found["calendar_dates.txt"][1:] == ["week,20260101,2"]
    assert found["frequencies.txt"][1:] == ["t1,600"]
    assert found["transfers.txt"][1:] == ["in1,in2,2"]
    assert "shapes.txt" not in found


@pytest.mark.parametrize(("changes", "box", "words"), [
    ({"trips.txt": None}, BOX, "has no trips.txt"),
    ({"stops.txt": ["stop_id,stop_lat", "in1,50"]}, BOX, "stops.txt has no column stop_lon"),
    ({"stops.txt": []}, BOX, "stops.txt"),
    ({}, (500_000, 500_000, 510_000, 510_000), "no trip that calls twice"),
])  # fmt: skip
def test_feeds_that_cannot_serve_are_refused(feed, tmp_path, changes, box, words):
    with pytest.raises(InputError, match=words):
        clip(feed(**changes), box, tmp_path / "out.zip")
    assert [each.name for each in tmp_path.iterdir()] == ["feed.zip"]


def test_what_is_no_zip_is_refused(tmp_path):
    path = tmp_path / "feed.zip"
    path.write_bytes(b"PK\x03\x04 but no more")
    with pytest.raises(InputError, match="cannot be unpacked"):
        clip(path, BOX, tmp_path / "out.zip")


@pytest.mark.parametrize("name", ["stops.txt", "stop_times.txt"])
def test_a_damaged_zip_is_refused(feed, tmp_path, name):
    path = feed()
    raw = bytearray(path.read_bytes())
    at = raw.index(name.encode()) + len(name)
    raw[at : at + 6] = b"\xff" * 6
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"cannot be (unpacked|read)"):
        clip(path, BOX, tmp_path / "out.zip")
    assert [each.name for each in tmp_path.iterdir()] == ["feed.zip"]


class Recorder:
    """A web that only notes what it is asked."""

    def file(self, ask):
        self.asked = ask.address
        return ask.file


@pytest.mark.parametrize(("regions", "end"), [
    (("South West",), "/south_west/"),
    (("East of England",), "/east_anglia/"),
    (("South West", "South East"), "/all/"),
])  # fmt: skip
def test_the_feed_is_that_of_the_region(regions, end):
    web = Recorder()
    TIMETABLE.fetch(TIMETABLE, web, Extent(regions=regions))
    assert web.asked.endswith(end)


def test_a_region_that_is_not_known_is_told():
    assert len(REGIONS) == 9
    with pytest.raises(FetchError, match="region is not known"):
        TIMETABLE.fetch(TIMETABLE, Recorder(), Extent(regions=("Wales",)))


WHOLE = FEED | {
    "trips.txt": ["route_id,service_id,trip_id,block_id", "r1,week,t1,", "r1,week,a,x",
                  "r1,week,b,x"],
    "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence",
                       "t1,08:00:00,08:00:00,out,1", "t1,,,in1,2", "t1,,,in2,3",
                       "t1,08:30:00,08:30:00,out,4",
                       "a,09:00:00,09:00:00,in1,1", "a,09:10:00,09:10:00,out,2",
                       "b,09:10:00,09:10:00,out,1", "b,09:20:00,09:20:00,in2,2"],
    "calendar.txt": [f"service_id,{','.join(WEEKDAYS)},start_date,end_date",
                     "week,1,1,1,1,1,1,1,20250101,20251231"],
    "calendar_dates.txt": None, "frequencies.txt": None, "transfers.txt": None,
}  # fmt: skip
SEATED = {
    "trips.txt": [line.replace(",x", ",") for line in WHOLE["trips.txt"]],
    "transfers.txt": ["transfer_type,from_trip_id,to_trip_id", "4,a,b"],
}


@pytest.mark.parametrize("changes", [{}, SEATED])
@pytest.mark.parametrize("folder", ["", "feed/"])
def test_what_is_clipped_is_read_with_the_same_times(feed, tmp_path, changes, folder):
    """Times between 08:00 and 08:30 by count of calls; a and b are one vehicle by way of out."""
    path = feed(**(WHOLE | changes))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "again.zip", "w") as new:
        for name in old.namelist():
            new.writestr(folder + name, old.read(name))
    found = Timetable.read(clip(tmp_path / "again.zip", BOX, tmp_path / "out.zip"), "2025-06-03")
    calls, inside = found.calls, np.char.startswith(found.stop_id[found.calls.stop], "in")
    by_time = sorted(zip(calls.arrival[inside], found.stop_id[calls.stop[inside]], strict=True))
    assert by_time == [(29_400, "in1"), (30_000, "in2"), (32_400, "in1"), (33_600, "in2")]
    assert found.report["run_through"] == 1


def test_rows_that_are_read_askew_are_refused(feed, tmp_path):
    lines = [*FEED["stops.txt"][:2], FEED["stops.txt"][2] + ",a,b"]
    with pytest.raises(InputError, match=r"stops.txt, row 3: has more cells than the heading"):
        clip(feed(**{"stops.txt": lines}), BOX, tmp_path / "out.zip")


BOUNDS = (529_000.0, 179_000.0, 531_000.0, 181_000.0)
STOPS = [["s1", "One", 51.503, -0.127], ["s2", "Two", 51.504, -0.128]]


def feed_of_trip(path, stops=STOPS, departure="08:00:00"):
    """A feed of one trip that calls at two stops."""
    tables = {
        "agency.txt": [["agency_id", "agency_name", "agency_url", "agency_timezone"],
                       ["A", "Buses", "https://example.com", "Europe/London"]],
        "stops.txt": [["stop_id", "stop_name", "stop_lat", "stop_lon"], *stops],
        "routes.txt": [["route_id", "agency_id", "route_type"], ["r", "A", "3"]],
        "trips.txt": [["route_id", "service_id", "trip_id"], ["r", "w", "t"]],
        "stop_times.txt": [
            ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"],
            ["t", departure, departure, stops[0][0], "1"],
            ["t", "09:00:00", "09:00:00", stops[1][0], "2"],
        ],
        "calendar.txt": [["service_id", "tuesday", "start_date", "end_date"],
                         ["w", "1", "20260101", "20261231"]],
    }  # fmt: skip
    with zipfile.ZipFile(path, "w") as made:
        for name, rows in tables.items():
            text = io.StringIO(newline="")
            csv.writer(text).writerows(rows)
            made.writestr(name, text.getvalue())
    return path


def table(path, name):
    with zipfile.ZipFile(path) as opened, opened.open(name) as text:
        return pd.read_csv(text, dtype="str")


def test_stops_of_two_feeds_stand_once_and_their_trips_both(tmp_path):
    both = [
        feed_of_trip(tmp_path / "a.zip"),
        feed_of_trip(tmp_path / "b.zip", departure="08:30:00"),
    ]
    out, notes = clip_feeds(both, BOUNDS, tmp_path / "out.zip")
    assert table(out, "stops.txt")["stop_id"].tolist() == ["s1", "s2"]
    assert len(table(out, "agency.txt")) == 1
    calls = table(out, "stop_times.txt")
    assert calls["trip_id"].tolist() == ["0:t", "0:t", "1:t", "1:t"]
    assert calls["departure_time"].tolist()[::2] == ["08:00:00", "08:30:00"]
    trips = table(out, "trips.txt")
    assert set(trips["service_id"]) == set(table(out, "calendar.txt")["service_id"])
    assert set(trips["route_id"]) == set(table(out, "routes.txt")["route_id"])
    assert "2 timetables joined" in notes[0]


def test_a_feed_of_elsewhere_is_left_out_by_name(tmp_path):
    far = [["x1", "Far", 53.0, -2.0], ["x2", "Farther", 53.1, -2.0]]
    both = [feed_of_trip(tmp_path / "a.zip"), feed_of_trip(tmp_path / "far.zip", far)]
    out, notes = clip_feeds(both, BOUNDS, tmp_path / "out.zip")
    assert table(out, "stop_times.txt")["trip_id"].tolist() == ["t", "t"]
    assert notes[0].startswith("far.zip left out")
    with pytest.raises(InputError, match="no trip"):
        clip_feeds([both[1], both[1]], BOUNDS, tmp_path / "none.zip")
