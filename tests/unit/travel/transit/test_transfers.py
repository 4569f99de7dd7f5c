"""Through-running: minutes worked out by hand on a line of stops 5 km apart."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner.travel.transit import Timetable
from nhcplanner.travel.transit.transfers import Links, TripEnds, join_runs

TIMES = "trip_id,stop_sequence,stop_id,arrival_time,departure_time"
A_TO_B = "a,1,A,07:10:00,07:10:00\na,2,B,07:16:00,07:16:00"
B_TO_C = "b,1,B,07:16:00,07:16:00\nb,2,C,07:22:00,07:22:00"


def feed(write, blocks=("x", "x"), transfers=None, times=f"{A_TO_B}\n{B_TO_C}", **more):
    rows = [f"{trip},daily,{block}" for trip, block in zip("ab", blocks, strict=True)]
    return write(
        trips="\n".join(["trip_id,service_id,block_id", *rows]),
        stop_times=f"{TIMES}\n{times}",
        transfers=transfers and f"from_trip_id,to_trip_id,transfer_type\n{transfers}",
        **more,
    )


def minutes(journeys, path):
    """From A to C, setting out at 07:00: 22 minutes where the 07:16 at B is not missed."""
    return float(journeys(path, [0], [10], horizon=60).median.nearest([0])[0])


def test_riders_stay_aboard_under_one_block(write, journeys):
    assert minutes(journeys, feed(write)) == 22
    assert minutes(journeys, feed(write, ("x", "y"))) == np.inf
    assert minutes(journeys, feed(write, ("", ""))) == np.inf


@pytest.mark.parametrize("kind", [4, 5])
def test_riders_go_on_where_transfers_say_so(write, journeys, kind):
    assert minutes(journeys, feed(write, ("", ""), f"a,b,{kind}")) == 22
    assert minutes(journeys, feed(write, ("", ""), f"b,a,{kind}")) == np.inf


def test_riders_who_must_alight_cannot_where_the_stop_is_closed_to_them(write, journeys):
    times = "\n".join(f"{row},{flag}" for row, flag in zip(
        f"{A_TO_B}\n{B_TO_C}".splitlines(), (0, 1, 0, 0), strict=True))  # fmt: skip
    for kind, expected in ((4, 22), (5, np.inf)):
        path = write(
            trips="trip_id,service_id\na,daily\nb,daily",
            stop_times=f"{TIMES},drop_off_type\n{times}",
            transfers=f"from_trip_id,to_trip_id,transfer_type\na,b,{kind}",
        )  # fmt: skip
        assert minutes(journeys, path) == expected


def test_a_vehicle_that_begins_elsewhere_or_earlier_does_not_run_through(write, journeys):
    far = B_TO_C.replace("b,1,B", "b,1,D")
    assert minutes(journeys, feed(write, times=f"{A_TO_B}\n{far}")) == np.inf
    early = B_TO_C.replace("07:16", "07:15")
    assert minutes(journeys, feed(write, times=f"{A_TO_B}\n{early}")) == np.inf
    near = feed(write, times=f"{A_TO_B}\n{far}", moved={"D": 5.19})
    assert minutes(journeys, near) == 22


def test_trips_of_different_days_do_not_run_through(write, journeys):
    calendar = (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "daily,1,1,1,1,1,1,1,20250101,20251231\nsunday,0,0,0,0,0,0,1,20250101,20251231"
    )
    path = write(
        trips="trip_id,service_id,block_id\na,daily,x\nb,sunday,x", calendar=calendar,
        stop_times=f"{TIMES}\n{A_TO_B}\n{B_TO_C}",
    )  # fmt: skip
    assert minutes(journeys, path) == np.inf


def test_staying_aboard_is_one_ride_and_is_counted(write, journeys):
    path = feed(write)
    found = journeys(path, [0], [10], most_rides=1)
    assert found.median.nearest([0]).tolist() == [22]
    timetable = Timetable.read(path, "2025-06-03")
    assert (timetable.report["trips"], timetable.report["run_through"]) == (2, 1)
    assert "Vehicles go on as another trip 1 time; riders stay aboard" in timetable.notes


def test_a_single_call_that_a_clip_left_runs_through(write, journeys):
    times = "a,1,A,07:10:00,07:10:00\nb,2,C,07:22:00,07:22:00"
    path = feed(write, ("", ""), "a,b,4", times=times)
    assert minutes(journeys, path) == 22


def test_a_train_that_parts_carries_riders_both_ways(write, journeys):
    times = f"{A_TO_B}\n{B_TO_C}\nc,1,B,07:17:00,07:17:00\nc,2,D,07:32:00,07:32:00"
    path = write(
        trips="trip_id,service_id\na,daily\nb,daily\nc,daily", stop_times=f"{TIMES}\n{times}",
        transfers="from_trip_id,to_trip_id,transfer_type\na,b,4\na,c,4",
    )  # fmt: skip
    found = journeys(path, [0], [10, 15])
    assert [found.median.nearest([n])[0] for n in (0, 1)] == [22, 32]
    assert Timetable.read(path, "2025-06-03").report["trips"] == 3


def test_ways_without_end_are_cut_and_counted():
    """Forty trips, each joined to every later one: 2^38 ways, of which few are followed."""
    count = 40
    at = np.arange(count, dtype=np.int64) * 60
    nowhere = np.zeros((count, 2))
    ends = TripEnds(at, at + 30, nowhere, nowhere, np.full(count, -1))
    first, second = np.triu_indices(count, 1)
    runs = pd.DataFrame({"trip": np.arange(count), "shift": 0, "joinable": True})
    found = join_runs(runs, ends, Links(first, second))
    assert len(found.run) < 2000
    assert found.left_out > 0
    assert set(found.run) == set(range(count))
