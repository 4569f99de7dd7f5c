"""Feeds that cannot be used: each fault named with its file, row and column, all at once."""

import zipfile
from pathlib import PurePosixPath

import pytest

from nhcplanner.base import gtfs_zip
from nhcplanner.base.errors import InputError
from nhcplanner.travel.transit import Timetable
from nhcplanner.travel.transit.feed import Feed

TIMES = "trip_id,stop_sequence,stop_id,arrival_time,departure_time"


def faults(feed) -> list[str]:
    with pytest.raises(InputError) as caught:
        Timetable.read(feed)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("name", ["agency", "routes", "stops", "trips", "stop_times"])
def test_a_missing_file(write, name):
    (fault,) = faults(write(**{name: None}))
    assert fault.startswith(f"feed.zip: has no {name}.txt")


def test_neither_calendar(write):
    (fault,) = faults(write(calendar=None))
    assert "neither calendar.txt nor calendar_dates.txt" in fault


@pytest.mark.parametrize("time", ["25:99:00", "abc", "07:10", "-1:00:00", "07:10:60"])
def test_broken_times_are_named_by_row_and_column(write, time):
    times = f"{TIMES}\nt1,1,A,07:10:00,07:10:00\n\nt1,2,B,{time},{time}"
    first, second = faults(write(stop_times=times))
    assert first.startswith(f"stop_times.txt, row 4, column arrival_time: '{time}' is no time")
    assert second.startswith("stop_times.txt, row 4, column departure_time")


def test_cells_of_all_files_are_told_together(write):
    found = faults(
        write(
            stops="stop_id,stop_lat,stop_lon\nA,north,-3\nB,51.6,-3\nC,51.6,-3",
            trips="trip_id\nt1",
            calendar_dates="service_id,date,exception_type\ndaily,20250231,3",
            frequencies="trip_id,start_time,end_time,headway_secs\nt1,,08:00:00,soon",
        )
    )
    assert [fault.split(": ")[0] for fault in found] == [
        "stops.txt, row 2, column stop_lat",
        "trips.txt, column service_id",
        "calendar_dates.txt, row 2, column date",
        "calendar_dates.txt, row 2, column exception_type",
        "frequencies.txt, row 2, column start_time",
        "frequencies.txt, row 2, column headway_secs",
    ]


def test_headways_that_come_to_too_many_runs(write):
    rows = "\n".join(["t1,00:00:00,24:00:00,1"] * 12)
    (fault,) = faults(write(frequencies=f"trip_id,start_time,end_time,headway_secs\n{rows}"))
    assert "frequencies.txt, column headway_secs: its headways make 1,036,800 runs" in fault


def test_what_makes_a_feed_ambiguous_is_refused_together(write):
    times = f"{TIMES}\nt1,1,A,07:10:00,07:10:00\nt1,2,C,07:16:00,07:16:00\nt1,2,B,07:18:00,"
    found = faults(
        write(
            stop_times=times,
            trips="trip_id,service_id\nt1,daily\nt1,gone",
            frequencies="trip_id,start_time,end_time,headway_secs\nt1,09:00:00,08:00:00,0",
            calendar="service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
            "start_date,end_date\ndaily,1,1,1,1,1,1,1,20250603,20250602",
        )
    )
    assert {fault.split(". ")[0].replace(", column", "") for fault in found} == {
        "trips.txt, row 3 trip_id: appears twice",
        "stop_times.txt, row 4 trip_id and stop_sequence: appears twice",
        "frequencies.txt, row 2 end_time: is not after start_time",
        "frequencies.txt, row 2 headway_secs: is 0",
        "calendar.txt, row 2 end_date: lies before start_date",
    }


def test_a_file_full_of_faults_tells_the_first_and_counts_the_rest(write):
    rows = "\n".join(f"t1,{n},A,bad,07:10:00" for n in range(80))
    found = faults(write(stop_times=f"{TIMES}\n{rows}"))
    assert len(found) == 51
    assert found[-1] == "stop_times.txt, column arrival_time: 30 more rows like these"


def test_no_zip_and_no_file(tmp_path):
    path = tmp_path / "feed.zip"
    assert "no such file" in faults(path)[0]
    path.write_text("stop_id")
    assert "not a zip file" in faults(path)[0]
    path.write_bytes(b"")
    assert "not a zip file" in faults(path)[0]


def test_a_file_whose_packing_is_damaged(write):
    path = write(stops=None)
    rows = "".join(f"s{n},51.{n},-3.{n}\n" for n in range(3000))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("stops.txt", f"stop_id,stop_lat,stop_lon\n{rows}")
        start = packed.getinfo("stops.txt").header_offset
    broken = bytearray(path.read_bytes())
    broken[start + 200 : start + 400] = b"\xff" * 200
    path.write_bytes(bytes(broken))
    assert "damaged" in faults(path)[0]


def test_a_damaged_zip(write):
    path = write()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in faults(path)[0]
    broken = bytearray(whole)
    broken[60] ^= 0xFF
    path.write_bytes(bytes(broken))
    assert "damaged" in faults(path)[0]


@pytest.mark.parametrize("name", ["stop_times.txt", "deep/within/notes.txt"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(write, name, monkeypatch):
    monkeypatch.setattr(gtfs_zip, "SMALL_FEED", 1_000_000)
    path = write(stop_times=None)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, b"0" * 2_000_000)
    assert any(PurePosixPath(name).name in f and "times its size" in f for f in faults(path))


def test_a_feed_too_large_unpacked(write, monkeypatch):
    monkeypatch.setattr(gtfs_zip, "MOST_BYTES", 100)
    assert "unpacks to more than" in faults(write())[0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice(write):
    path = write()
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("stops.txt", "stop_id")
    (fault,) = faults(path)
    assert fault.startswith("feed.zip: stops.txt is in it 2 times")


def packed_again(feed, rename):
    """The same files under other names in the zip."""
    path = feed.with_name("again.zip")
    with zipfile.ZipFile(feed) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(rename(name), old.read(name))
    return path


@pytest.mark.parametrize(
    "rename", [str.upper, lambda name: f"feed/{name}", lambda name: f"a/b/{name.title()}"]
)
def test_folders_and_case_do_not_matter(write, rename):
    feed = write()
    plain, other = (Timetable.read(path) for path in (feed, packed_again(feed, rename)))
    assert other.report == plain.report
    assert other.calls.arrival.tolist() == plain.calls.arrival.tolist()


def test_two_feeds_in_one_zip_are_refused(write):
    feed = write()
    path = packed_again(feed, lambda name: f"one/{name}")
    with zipfile.ZipFile(path, "a") as packed, zipfile.ZipFile(feed) as old:
        packed.writestr("two/stops.txt", old.read("stops.txt"))
    (fault,) = faults(path)
    assert "holds 2 timetables (one, two)" in fault


def test_columns_in_another_order_more_files_and_mac_copies_do_not_matter(write):
    times = (
        "departure_time,notes,Stop_ID,arrival_time,trip_id,stop_sequence\n"
        '07:10:00,"a, b",A,07:10:00,t1,1\n07:17:00,,B,07:16:00,t1,2\n07:22:00,,C,07:22:00,t1,3'
    )
    path = write(stop_times=times, notes="anything")
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("__MACOSX/._stops.txt", b"\0\1")
    plain = Timetable.read(write())
    assert Timetable.read(path).calls.departure.tolist() == plain.calls.departure.tolist()


@pytest.mark.parametrize("row", ["t1,daily,Town, centre,b", "t1,daily,,b,extra", "t1,daily,,b,,9"])
def test_rows_with_more_cells_than_the_heading_are_refused(write, row):
    (fault,) = faults(write(trips=f"trip_id,service_id,trip_headsign,block_id\n{row}"))
    assert fault.startswith("trips.txt, row 2: has more cells than the heading")


def test_a_comma_at_the_end_of_rows_does_not_matter(write):
    trips = "trip_id,service_id\nt1,daily,\n"
    assert Timetable.read(write(trips=trips)).report["trips"] == 1


def test_a_column_that_is_named_twice_is_refused(write):
    (fault,) = faults(write(trips="trip_id,service_id,service_id\nt1,daily,daily"))
    assert fault.startswith("trips.txt: names a column twice (service_id)")


def test_text_that_is_no_table(write):
    (fault,) = faults(write(trips=""))
    assert fault.startswith("trips.txt: is empty")
    (fault,) = faults(write(trips='trip_id,service_id\n"t1,daily'))
    assert fault.startswith("trips.txt: is not a table")
    (fault,) = faults(write(trips="trip_id,service_id\nt1,d\u00e9".encode("latin-1")))
    assert fault.startswith("trips.txt: is not UTF-8 text")


def test_files_without_rows(write):
    found = faults(write(stop_times=TIMES, trips="trip_id,service_id"))
    assert [f.split(". ")[0] for f in found] == [
        "trips.txt: has no rows",
        "stop_times.txt: has no rows",
    ]


def test_marks_spaces_and_quotes_around_cells_do_not_matter(write):
    trips = '\ufefftrip_id , service_id,trip_headsign\n t1 ,"daily","Town, centre"'
    assert Timetable.read(write(trips=trips)).report["trips"] == 1


LOST = "a station that is not in stops.txt: changes there are on foot"
OVERLAP = "a trip whose headways overlap: vehicles of both are counted"


def test_trips_without_calls_lost_stations_and_headways_that_overlap_are_doubted(write):
    feed = Feed.read(
        write(
            parents={"B": "Centre"},
            trips="trip_id,service_id\nt1,daily\nt9,daily",
            frequencies="trip_id,start_time,end_time,headway_secs\n"
            "t1,07:05:00,08:05:00,600\nt1,08:00:00,09:00:00,600\nt1,09:00:00,10:00:00,600",
        )
    )
    doubts = [str(event) for event in feed.events if event.kind == "doubt"]
    assert doubts == [
        "trips.txt: 1 trip without calls: nobody can ride by them (row 3, 't9')",
        f"stops.txt: 1 stop in {LOST} (row 3, 'Centre')",
        f"frequencies.txt: 1 row of {OVERLAP} (row 3, 't1')",
    ]
