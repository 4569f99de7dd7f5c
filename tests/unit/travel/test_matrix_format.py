import pandas as pd
import pytest

from nhcplanner.domain.intake import Answers
from nhcplanner.travel.matrix_format import clock_fault, find_columns, to_numbers

NONE = Answers()


def found(header, *rows):
    names = header.split(",")
    cells = [row.split(",") for row in rows] or [["a", "s", *["12"] * (len(names) - 2)]]
    return find_columns(pd.DataFrame(cells, columns=names, dtype="str"), "m.csv", NONE)


@pytest.mark.parametrize(
    ("header", "columns", "unit", "tool"),
    [
        ("from_id,to_id,travel_time", ("from_id", "to_id", "travel_time"), "minutes", "r5py"),
        ("search_id,id,travel_time,distance", ("search_id", "id", "travel_time"), "seconds",
         "TravelTime"),
        ("OriginID,DestinationID,DestinationRank,Total_TravelTime,Total_Kilometers",
         ("OriginID", "DestinationID", "Total_TravelTime"), "minutes", "ArcGIS"),
        ("source,destination,duration,distance", ("source", "destination", "duration"), "seconds",
         "openrouteservice and OSRM"),
        ("lsoa21cd,site_id,drive_minutes", ("lsoa21cd", "site_id", "drive_minutes"), "minutes", ""),
        ("Origin,Destination,Time (secs)", ("Origin", "Destination", "Time (secs)"), "seconds", ""),
        ("origin,destination,travel_time_hours", ("origin", "destination", "travel_time_hours"),
         "hours", ""),
        ("origin_name,origin_id,site_name,site_id,mins", ("origin_id", "site_id", "mins"),
         "minutes", ""),
    ],
)  # fmt: skip
def test_headings_of_known_tools(header, columns, unit, tool):
    got, faults = found(header)
    assert faults == []
    assert (got.origin, got.destination, got.time) == columns
    assert (got.unit, got.convention) == (unit, tool)


@pytest.mark.parametrize(
    "extra", ["admin_level", "terminal", "minimum_age", "timezone", "feminine"]
)
def test_headings_that_only_contain_min_are_no_minutes(extra):
    got, faults = found(f"origin,destination,{extra},minutes")
    assert (got.time, faults) == ("minutes", [])
    got, faults = found(f"origin,destination,{extra},other")
    assert got is None
    assert "no column of times" in str(faults[0])


@pytest.mark.parametrize(
    "heading", ["distance_m", "Distance (km)", "km", "metres", "dist", "miles"]
)
def test_a_table_of_distances_is_refused_as_such(heading):
    """A question about their unit would make minutes of metres."""
    got, faults = found(f"origin,destination,{heading}")
    assert got is None
    assert f"holds distances ({heading}) and no times" in str(faults[0])
    got, faults = found(f"origin,destination,{heading},minutes")
    assert (got.time, faults) == ("minutes", [])


@pytest.mark.parametrize("columns", ["distance_m,S1,S2", "Distances (km),S1,S2"])
def test_a_wide_table_of_distances_is_refused_by_its_corner(columns):
    got, faults = found(columns)
    assert got is None
    assert "holds distances" in str(faults[0])


@pytest.mark.parametrize("heading", ["cost", "rank", "count"])
def test_one_figure_that_is_no_time_is_not_taken_for_one(heading):
    got, faults = found(f"origin,destination,{heading}")
    assert got is None
    assert "no column of times" in str(faults[0])


@pytest.mark.parametrize("extra", ["departure_time", "time_zone", "arrival_time", "time_rank"])
def test_clock_times_and_the_like_are_no_journeys(extra):
    got, faults = found(f"origin,destination,{extra},minutes")
    assert (got.time, faults) == ("minutes", [])


def test_a_wide_table_of_sites_named_site_is_no_long_one():
    assert found("area_code,site_1,site_2", "a,1,2") == (None, [])


def test_two_units_of_one_time_are_a_question():
    _, (question,) = found("origin,destination,minutes,seconds")
    assert question.answers == ("minutes", "seconds")


@pytest.mark.parametrize(
    ("cells", "unit", "values", "found", "converted"),
    [
        (["1", "2.5", "", "na"], "minutes", [1, 2.5], "minutes", 0),
        (["0:12:30", "01:00:00", "-"], "", [750, 3600], "seconds", 1),
        (["12,5", "3"], "minutes", [12.5, 3], "minutes", 1),
    ],
)
def test_cells_as_numbers(cells, unit, values, found, converted):
    numbers, got, words = to_numbers(pd.Series(cells), unit)
    assert numbers.dropna().tolist() == values
    assert (got, len(words)) == (found, converted)


def test_what_is_no_number_stays_blank():
    numbers, _, _ = to_numbers(pd.Series(["x", "0:12:30"]), "minutes")
    assert numbers.isna().all()


def test_two_numbers_with_a_colon_are_refused():
    (fault,) = clock_fault(pd.Series(["5", "12:30"]), "m.csv")
    assert (fault.row, "like 12:30" in fault.problem) == (3, True)
