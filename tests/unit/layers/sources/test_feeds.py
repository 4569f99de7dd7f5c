"""Timetables of several regions together: stops once, trips of both."""

import csv
import io
import zipfile

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.sources.feeds import clip_feeds

BOUNDS = (529_000.0, 179_000.0, 531_000.0, 181_000.0)
STOPS = [["s1", "One", 51.503, -0.127], ["s2", "Two", 51.504, -0.128]]


def feed(path, stops=STOPS, departure="08:00:00"):
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
    both = [feed(tmp_path / "a.zip"), feed(tmp_path / "b.zip", departure="08:30:00")]
    out, notes = clip_feeds(both, BOUNDS, tmp_path / "out.zip")
    assert table(out, "stops.txt")["stop_id"].tolist() == ["s1", "s2"]
    assert len(table(out, "agency.txt")) == 1
    calls = table(out, "stop_times.txt")
    assert calls["trip_id"].tolist() == ["0:t", "0:t", "1:t", "1:t"]
    assert calls["departure_time"].tolist()[::2] == ["08:00:00", "08:30:00"]
    trips = table(out, "trips.txt")
    assert set(trips["service_id"]) == set(table(out, "calendar.txt")["service_id"])
    assert set(trips["route_id"]) == set(table(out, "routes.txt")["route_id"])
    assert "2 timetables brought together" in notes[0]


def test_a_feed_of_elsewhere_is_left_out_by_name(tmp_path):
    far = [["x1", "Far", 53.0, -2.0], ["x2", "Farther", 53.1, -2.0]]
    both = [feed(tmp_path / "a.zip"), feed(tmp_path / "far.zip", far)]
    out, notes = clip_feeds(both, BOUNDS, tmp_path / "out.zip")
    assert table(out, "stop_times.txt")["trip_id"].tolist() == ["t", "t"]
    assert notes[0].startswith("far.zip left out")
    with pytest.raises(InputError, match="no trip"):
        clip_feeds([both[1], both[1]], BOUNDS, tmp_path / "none.zip")
