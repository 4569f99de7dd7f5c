"""Journeys worked by hand: A, B, C and D lie 5 km apart, 100 metres take a minute on foot."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.base.errors import InputError, PlannerError
from nhcplanner.travel import best_of, estimate, lacks
from nhcplanner.travel.transit import Timetable, TransitRules, transit_times

HEADER = "trip_id,stop_sequence,stop_id,arrival_time,departure_time,pickup_type,drop_off_type\n"
TWO = "trip_id,service_id\nt1,daily\nt2,daily"


def changing(second_leaves: str) -> str:
    """t1 reaches B at 07:16; t2 goes on from there to C in 5 minutes."""
    return (
        f"{HEADER}t1,1,A,07:10:00,07:10:00,,\nt1,2,B,07:16:00,07:16:00,,\n"
        f"t2,1,B,{second_leaves},{second_leaves},,\nt2,2,C,07:30:00,07:30:00,,"
    )


def one(times) -> float:
    """The minutes of the only pair; inf where it is absent."""
    minutes = times.median.minutes
    return float(minutes.data[0]) if minutes.nnz else np.inf


def test_a_ride_counts_the_walks_and_the_wait(write, journeys):
    # 07:00 from home, 3 minutes to A, bus 07:10 to 07:22 at C, 2 minutes to the site.
    assert one(journeys(write(), [0.3], [10.2])) == 24


def test_walking_all_the_way_counts_where_it_is_faster(write, journeys):
    assert one(journeys(write(), [0], [1.5])) == 15


def test_a_change_takes_slack_and_waits_for_the_next_vehicle(write, journeys):
    feed = write(trips=TWO, stop_times=changing("07:18:00"))
    assert one(journeys(feed, [0], [10])) == 30


def test_a_change_is_missed_by_a_second(write, journeys):
    feed = write(trips=TWO, stop_times=changing("07:17:59"))
    assert one(journeys(feed, [0], [10])) == np.inf


def test_rides_are_limited(write, journeys):
    feed = write(trips=TWO, stop_times=changing("07:18:00"))
    assert one(journeys(feed, [0], [10], most_rides=1)) == np.inf
    assert one(journeys(feed, [0], [10], most_rides=2)) == 30


def test_a_change_may_be_walked_within_its_limit(write, journeys):
    # t2 leaves from D, 0.4 km beyond B, at 07:22: 07:16 + 4 minutes' walk + 2 of slack.
    times = changing("07:22:00").replace("t2,1,B", "t2,1,D")
    feed = write({"D": 5.4}, trips=TWO, stop_times=times)
    assert one(journeys(feed, [0], [10], access_walk=1)) == 30
    assert one(journeys(feed, [0], [10], access_walk=1, change_walk=3.9)) == np.inf


@pytest.mark.parametrize(
    ("rule", "leaves", "minutes"),
    [
        ("B,B,3,", "07:20:00", np.inf),  # nobody changes there
        ("B,B,2,60", "07:17:00", 30),  # a minute is enough
        ("B,B,2,600", "07:20:00", np.inf),  # ten are needed
        ("B,B,1,", "07:16:00", 30),  # the second waits for the first
        ("B,B,0,", "07:17:00", np.inf),  # says nothing: the slack stands
        ("hub,hub,3,", "07:20:00", np.inf),  # of the station, so of its stops
    ],
)
def test_transfers_of_the_feed_replace_walk_and_slack(write, journeys, rule, leaves, minutes):
    rules = f"from_stop_id,to_stop_id,transfer_type,min_transfer_time\n{rule}"
    feed = write({"hub": 5}, {"B": "hub"}, trips=TWO, stop_times=changing(leaves), transfers=rules)
    assert one(journeys(feed, [0], [10])) == minutes


def test_a_rule_of_the_stops_goes_before_that_of_their_station(write, journeys):
    rules = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nhub,hub,3,\nB,B,2,60"
    times = changing("07:17:00")
    feed = write({"hub": 5}, {"B": "hub"}, trips=TWO, stop_times=times, transfers=rules)
    assert one(journeys(feed, [0], [10])) == 30


def test_transfers_of_some_routes_only_are_left_out_and_said(write, journeys):
    rules = "from_stop_id,to_stop_id,transfer_type,from_route_id\nB,B,3,r\nB,B,4,"
    timetable = Timetable.read(write(transfers=rules), "2025-06-03")
    assert timetable.report["transfers_not_used"] == 2
    assert not len(timetable.transfers.source)
    ridden = journeys(write(transfers=rules), [0], [10]).median
    *_, line = lacks(best_of([ridden, replace(ridden, mode="walk", parameters={})]))
    assert line.startswith("2 rules of the timetable for changes between some routes")
    assert not any("rules of the" in line for line in lacks(journeys(write(), [0], [10]).median))


@pytest.mark.parametrize(
    ("flags", "minutes"),
    [((",", ","), 16), (("1,", ","), 50), ((",", ",1"), 50), (("2,", ",3"), 16)],  # 50: walked
)
def test_where_nobody_boards_or_alights(write, journeys, flags, minutes):
    first, last = flags
    times = f"{HEADER}t1,1,A,07:10:00,07:10:00,{first}\nt1,2,B,07:16:00,07:16:00,{last}"
    assert one(journeys(write(stop_times=times), [0], [5])) == minutes


def test_trips_run_on_past_midnight(write, journeys):
    times = f"{HEADER}t1,1,A,24:10:00,24:10:00,,\nt1,2,B,24:16:00,24:16:00,,"
    feed = write(stop_times=times)
    assert one(journeys(feed, [0], [5], ("00:05", "00:06"))) == 11  # of the day before
    assert one(journeys(feed, [0], [5], ("23:59", "24:00"))) == 17
    assert one(journeys(feed, [0], [5], ("24:05", "24:06"))) == 11


def test_early_trips_of_the_next_day_are_met_late_at_night(write, journeys):
    times = f"{HEADER}t1,1,A,00:10:00,00:10:00,,\nt1,2,B,00:16:00,00:16:00,,"
    assert one(journeys(write(stop_times=times), [0], [5], ("23:50", "23:51"))) == 26


def test_frequencies_leave_at_the_start_and_every_headway_but_not_at_the_end(write, journeys):
    often = "trip_id,start_time,end_time,headway_secs\nt1,07:05:00,07:25:00,600"
    feed = write(frequencies=often)
    found = [
        one(journeys(feed, [0], [5], (f"07:{m:02d}", f"07:{m + 1:02d}"))) for m in (4, 5, 6, 16)
    ]
    assert found == [7, 6, 15, 50]  # 07:05 and 07:15 leave, 07:25 does not: walked


def test_calendar_dates_add_and_remove(write, journeys):
    dates = "service_id,date,exception_type\ndaily,20250603,2\nextra,20250603,1"
    one_trip = write(calendar_dates=dates)
    with pytest.raises(InputError, match="nothing runs on Tuesday 2025-06-03"):
        journeys(one_trip, [0], [5])
    added = write(calendar_dates=dates, trips="trip_id,service_id\nt1,extra")
    assert one(journeys(added, [0], [5])) == 16


def test_statistics_count_departures_that_do_not_arrive_as_endless(write, journeys):
    # 07:06 to 07:13: five departures catch the 07:10, in 10, 9, 8, 7, 6 minutes; three miss it.
    found = journeys(write(), [0], [5], ("07:06", "07:14"), reach=8, horizon=40)
    assert found.times("median").minutes.data.tolist() == [9]
    assert found.times("p75").minutes.nnz == 0
    assert found.share.toarray() == pytest.approx(3 / 8)
    assert found.report["departures"] == 8


def test_no_statistic_is_made_up(write, journeys):
    with pytest.raises(InputError, match="use median or p75"):
        journeys(write(), [0], [5]).times("mean")


def test_what_shaped_the_minutes_is_recorded(write, journeys):
    found = journeys(write(), [0], [5], most_rides=2, day="2025-06-03").p75
    assert found.mode == "transit"
    assert found.window == "Tuesday 2025-06-03, 07:00 to 07:01, every 1 min"
    assert found.parameters["most_rides"] == 2
    assert found.parameters["statistic"] == "p75"
    assert found.parameters["timetable"] == "feed.zip"
    assert "line" in found.engine


def test_a_window_in_which_nothing_runs_is_walked(write, journeys):
    found = journeys(write(), [0, 1], [0.5], ("20:00", "20:02"))
    assert found.median.minutes.toarray().ravel().tolist() == [5, 5]


def test_straight_lines_walk_where_there_are_no_streets(write):
    homes, sites = np.array([[330_000, 190_000]]), np.array([[340_000, 190_000]])
    timetable = Timetable.read(write(), "2025-06-03", ("07:05", "07:06"))
    found = transit_times(timetable, estimate, homes, sites)
    assert found.median.estimate
    assert found.median.minutes.toarray() == pytest.approx(17, abs=0.1)


def test_batches_do_not_change_the_minutes_and_progress_may_stop(
    write, journeys, on_the_line, monkeypatch
):
    sites = [5, 10, 15, 0.4, 5.1]
    whole = journeys(write(), [0, 0.2, 4.9], sites)
    monkeypatch.setattr("nhcplanner.travel.transit.times.CELLS", 6)
    parts = journeys(write(), [0, 0.2, 4.9], sites)
    assert (whole.median.minutes != parts.median.minutes).nnz == 0
    assert (whole.share != parts.share).nnz == 0
    points = np.array([[330_000.0, 190_000.0]] * 5)
    timetable = Timetable.read(write(), "2025-06-03")
    seen = []
    with pytest.raises(PlannerError, match="stopped while measuring"):
        transit_times(
            timetable,
            on_the_line,
            points,
            points,
            progress=lambda done, total: seen.append((done, total)) or done < 2,
        )
    assert seen == [(0, 5), (1, 5), (2, 5)]


def test_rules_that_cannot_be_are_told_together():
    with pytest.raises(InputError) as caught:
        TransitRules(horizon=300, reach=400, slack=-1, most_rides=0, every=0.001, access_walk=0)
    assert len(caught.value.faults) == 6
